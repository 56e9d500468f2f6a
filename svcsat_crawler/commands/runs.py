"""``scrapy runs``: how each spider stands, by its last runs."""

from __future__ import annotations

import argparse
from typing import Any, ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from scrapy.spiderloader import get_spider_loader

from svcsat_crawler.terminal.output import printing


class Command(ScrapyCommand):
    """Show the last verdict of every spider."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        return "[spider ...]"

    def short_desc(self) -> str:
        return "Show how each spider stands: its last verdict and for how many runs, with the cause"

    def long_desc(self) -> str:
        return (
            "One row a spider: ● good, ○ no news, ▲ incomplete, ✖ broken, the latest run on the right. Exit code "
            "0 when all last runs were good or without news, 3 when one was incomplete, 4 when one was broken, "
            "1 when the store fails. Every single run: scrapy query runs."
        )

    @printing("scrapy runs")
    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from svcsat_crawler.terminal.runs import run

        assert self.settings is not None
        known = get_spider_loader(self.settings).list()
        unknown = sorted(set(args) - set(known))
        if unknown:
            raise UsageError(f"unknown: {', '.join(unknown)}; there are {', '.join(sorted(known))}")
        self.exitcode = run(args or known)
