"""``scrapy metrics``: what the lexicon holds, what it does not claim, and the names it leaves open."""

from __future__ import annotations

import argparse
import sys
from typing import Any, ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from svcsat_crawler.storage.errors import StoreError
from svcsat_crawler.terminal.output import printing

SUBJECTS = ("unclaimed", "list", "ambiguous")


class Command(ScrapyCommand):
    """Look at the lexicon."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        return "unclaimed [--file IN.jsonl] | list | ambiguous"

    def short_desc(self) -> str:
        return "The metrics, the numbers that none of them claims, and names of several places"

    def long_desc(self) -> str:
        return (
            "unclaimed: the nouns whose numbers no metric claims, in the stored articles or in a file as "
            "scrapy extract reads it; list: every metric with its unit; ambiguous: names of places that "
            "several places bear, which get no id."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--file", metavar="IN.jsonl", help="unclaimed: of these articles, without a store"
        )
        parser.add_argument("--limit", metavar="N", default="50", help="at most so many rows (default 50)")
        parser.add_argument("--format", choices=("table", "jsonl"), default="table", help="default table")

    @printing("scrapy metrics")
    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from svcsat_crawler.terminal import metrics

        if len(args) != 1 or args[0] not in SUBJECTS:
            raise UsageError(f"ask for one of {', '.join(SUBJECTS)}")
        if opts.file is not None and args[0] != "unclaimed":
            raise UsageError("--file goes with unclaimed")
        if not opts.limit.isdigit() or int(opts.limit) < 1:
            raise UsageError(f"--limit {opts.limit!r} is no whole number from 1")
        try:
            rows = metrics.rows(args[0], opts.file, int(opts.limit), self._fail)
        except StoreError as error:
            self._fail(str(error))
        except OSError as error:
            self._fail(f"{error.filename}: {error.strerror}")
        else:
            metrics.show(args[0], rows, opts.format)

    def _fail(self, message: str) -> None:
        print(f"scrapy metrics: {message}", file=sys.stderr)
        self.exitcode = 1
