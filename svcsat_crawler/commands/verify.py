"""``scrapy verify``: every stored fact derived again from its archived page; no network."""

from __future__ import annotations

import argparse

from svcsat_crawler.proof.command import ArchiveCommand, Chosen


class Command(ArchiveCommand):
    """Verify the facts; exit code 0 only when every one of them follows from its page."""

    word = "verify"

    def short_desc(self) -> str:
        return "Derive every stored fact again from its archived page, offline"

    def long_desc(self) -> str:
        return (
            "Reads the archived bytes of every article with facts again (charset, the site's parser, clean, "
            "extract) and compares: the same fact, the same sentence, the same offsets. Each fact that fails "
            "is named with the reason. Exit code 0: all follow, 1: some do not."
        )

    def over(self, chosen: Chosen, opts: argparse.Namespace) -> int:
        from svcsat_crawler.terminal import verify

        assert self.settings is not None
        return verify.run(chosen, self.settings)
