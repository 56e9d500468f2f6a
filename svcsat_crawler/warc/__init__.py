"""WARC files (ISO 28500), the format of web archives: the archive written to one, and others read from them."""
