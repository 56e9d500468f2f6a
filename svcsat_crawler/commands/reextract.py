"""``scrapy reextract``: read the whole archive again with the rules of today; writes only with --apply."""

from __future__ import annotations

import argparse

from svcsat_crawler.proof.command import ArchiveCommand, Chosen


class Command(ArchiveCommand):
    """Re-extract; exit code 0 when all pages could be read."""

    word = "reextract"

    def syntax(self) -> str:
        return f"{super().syntax()} [--apply] [--examples N]"

    def short_desc(self) -> str:
        return "Read all archived pages again with today's rules, show what differs, write with --apply"

    def long_desc(self) -> str:
        return (
            "Starts from the bytes of the archived pages: charset, the site's parser, clean, extract. Shows how "
            "many facts would be added, removed and changed, with examples; writes only with --apply. It may be "
            "interrupted and run again: what is up to date already is left alone. Exit code 0: all pages were "
            "read, 1: some could not be and were left as they are."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--apply", action="store_true", help="write the new reading")
        parser.add_argument("--examples", type=int, default=5, metavar="N", help="of each kind; default 5")

    def refusal(self, opts: argparse.Namespace) -> str | None:
        return f"--examples {opts.examples}: right is a number from 0" if opts.examples < 0 else None

    def over(self, chosen: Chosen, opts: argparse.Namespace) -> int:
        from svcsat_crawler.terminal import reextract

        assert self.settings is not None
        return reextract.run(chosen, self.settings, apply=opts.apply, examples=opts.examples)
