"""``scrapy replay``: run quarantined pages again, after a fix, from their stored bytes."""

from __future__ import annotations

import argparse

from scrapy.exceptions import UsageError

from svcsat_crawler.commands.crawl import Command as Crawl


class Command(Crawl):
    """Replay the open quarantine of one spider; pages without stored bytes are fetched."""

    word = "replay"

    def syntax(self) -> str:
        return "[options] <spider>"

    def short_desc(self) -> str:
        return "Run the quarantined pages of a spider again, from their stored bytes"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if len(args) != 1 or opts.spargs:
            raise UsageError("name one spider and no arguments: scrapy replay ep18|nanfangplus|finews")
        self.crawl(args[0], {}, replaying=True)
