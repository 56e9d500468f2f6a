"""Running the crawler every day: scrapyd, the egg, systemd.  Not part of the egg."""
