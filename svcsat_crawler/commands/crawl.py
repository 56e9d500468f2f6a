"""``scrapy crawl``: Scrapy's own, with a table and a verdict at the end and in the exit code."""

from __future__ import annotations

import argparse
import gc
import sys

from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.exceptions import UsageError

from svcsat_crawler.commands import tables
from svcsat_crawler.commands.checks import preflight
from svcsat_crawler.extensions.verdict import EXIT_CODES, counts

# New objects between two collections (Python's default is 700): page trees alone are thousands.
GC_THRESHOLD = 20_000


class Command(ScrapyCrawl):
    """Crawl one site; exit code 0 only when the run was good or there was no news."""

    word = "crawl"

    def short_desc(self) -> str:
        return "Crawl a site; prints counts and verdict, exit code 0 only for a good run"

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        assert self.settings is not None
        if sys.stderr.isatty() and opts.loglevel is None:
            self.settings.set("LOG_LEVEL", "WARNING", priority="cmdline")
        # Before Scrapy says a word: what cannot work is refused in one line.
        if len(args) == 1 and (problem := preflight(self.settings, args[0], opts.spargs)):
            print(f"scrapy {self.word} {args[0]}: {problem.message}", file=sys.stderr)
            raise SystemExit(problem.exit_code)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if len(args) != 1:
            raise UsageError("name one spider: scrapy crawl ep18|nanfangplus|finews [-a NAME=VALUE …]")
        self.crawl(args[0], opts.spargs, replaying=False)

    def crawl(self, name: str, arguments: dict[str, str], *, replaying: bool) -> None:
        """Run one spider to its end; sets the exit code."""
        assert self.crawler_process
        crawler = self.crawler_process.create_crawler(name)
        crawler.settings.set("SVCSAT_REPLAYING", replaying, priority="cmdline")
        self.crawler_process.crawl(crawler, **arguments)
        # What is loaded by now stays: the collector need not walk over it again and again.
        gc.freeze()
        gc.set_threshold(GC_THRESHOLD, 20, 50)
        self.crawler_process.start()
        stats = crawler.stats.get_stats() if crawler.stats else {}
        verdict = stats.get("svcsat/verdict")
        if self.crawler_process.bootstrap_failed or verdict is None:
            print(f"scrapy {self.word} {name}: could not start or end, see the log above", file=sys.stderr)
            self.exitcode = 1
            return
        walks = [] if replaying else [walk.record() for walk in crawler.spider.walks]  # type: ignore[union-attr]
        tables.show_run(name, counts(stats), walks, verdict, stats["svcsat/cause"])
        self.exitcode = EXIT_CODES[verdict]
