"""``scrapy query``: answers from the store, each number with its sentence and its page, or as a file."""

from __future__ import annotations

import argparse
from typing import Any, ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.spiderloader import get_spider_loader

from svcsat_crawler.terminal.output import printing


class Command(ScrapyCommand):
    """Ask the store."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        from svcsat_crawler.terminal.query import QUESTIONS

        return f"{'|'.join(QUESTIONS)} [options]"

    def short_desc(self) -> str:
        return "Answer a question from the store: series, league, streaks, movers, gaps, conflicts, …"

    def long_desc(self) -> str:
        from svcsat_crawler.terminal.query import QUESTIONS

        told = "; ".join(f"{name}: {about}" for name, (_, about) in QUESTIONS.items())
        return f"{told}. Exit code 0 also for an empty answer, 1 when the store or the file fails, 2 for a wrong command."

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        from svcsat_crawler.export import FORMATS
        from svcsat_crawler.terminal.query import ON_SCREEN

        super().add_options(parser)
        add = parser.add_argument
        add("--bureau", metavar="NAME", help="id, name or short name: csg-gd-qingyuan, 清远供电局, 清远")
        add("--province", metavar="NAME", help="for example 广东")
        add("--year", metavar="YEARS", help="2021, 2016-2021 or 2016-; of printing for articles")
        add("--metric", metavar="NAMES", help="ids or Chinese names, comma-separated: 满意度,saidi")
        add("--survey", metavar="NAME", help="id or name of the survey house, for example 省情中心")
        add("--source", metavar="SPIDER", help="ep18, nanfangplus or finews")
        add("--limit", metavar="N", help=f"at most so many (on the screen {ON_SCREEN}, in a file all)")
        add("--format", metavar="FORMAT", help=f"table, {', '.join(FORMATS)}; else as FILE is named")
        add("-o", "--output", metavar="FILE", help="write to this file, whole or not at all")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from svcsat_crawler.terminal.query import run

        assert self.settings is not None
        with printing("scrapy query"):
            self.exitcode = run(args, opts, get_spider_loader(self.settings).list())
