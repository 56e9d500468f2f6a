"""What the commands do and print: imported when a command runs, as Scrapy imports all commands at every start."""
