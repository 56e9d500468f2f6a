"""``scrapy crawl``: Scrapy's own, with a table and a verdict at the end and in the exit code."""

from __future__ import annotations

import argparse
import gc
import logging
import signal
import sys

from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.exceptions import UsageError

from svcsat_crawler.storage.mongo import Store, StoreError
from svcsat_crawler.verdict import EXIT_CODES, counts

logger = logging.getLogger(__name__)

# New objects between two collections (Python's default is 700): page trees alone are thousands.
GC_THRESHOLD = 20_000
# The run was good, but ledger, audit and gaps do not hold it yet.
ANSWERS_BEHIND = 5


class Command(ScrapyCrawl):
    """Crawl one site; exit code 0 only when the run was good or there was no news."""

    word = "crawl"

    def short_desc(self) -> str:
        return "Crawl a site; prints counts and verdict, exit code 0 only for a good run"

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        from svcsat_crawler.terminal.checks import preflight

        super().process_options(args, opts)
        assert self.settings is not None
        if sys.stderr.isatty() and opts.loglevel is None:
            self.settings.set("LOG_LEVEL", "WARNING", priority="cmdline")
        # Before Scrapy says a word: what cannot work is refused in one line.
        if len(args) == 1 and (
            problem := preflight(self.settings, args[0], opts.spargs, shares=self.word == "crawl")
        ):
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
        crawler.settings.set("SVCSAT_SHARES", not replaying, priority="cmdline")
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
        from svcsat_crawler.terminal.tables import show_run

        show_run(name, counts(stats), walks, verdict, stats["svcsat/cause"])
        assert self.settings is not None
        # Of several processes the leader does it, which ends last.
        answers = self.settings.getbool("SVCSAT_ANSWERS") and crawler.spider.part != "helper"  # type: ignore[union-attr]
        behind = self.answer(name) if answers else 0
        self.exitcode = EXIT_CODES[verdict] or behind

    def answer(self, name: str) -> int:
        """Bring the answers up to date with what was stored; the exit code when that fails.

        The verdict is stored by now.  An end by a signal is harmless: the next run goes on from there.
        """
        from svcsat_crawler.answers import work
        from svcsat_crawler.terminal.ledger import shown, told

        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        try:
            with Store.from_environment() as store, shown() as watcher:
                print(f"ledger: {told(work.update(store, watcher))}")
        except StoreError as error:
            why = str(error)
        except KeyboardInterrupt:
            why = "interrupted"
        except Exception as error:
            logger.exception("the ledger could not be brought up to date")
            why = f"program error: {type(error).__name__}: {error}"
        else:
            return 0
        hint = "`scrapy ledger update` goes on from there"
        print(f"scrapy {self.word} {name}: the ledger is behind: {why}; {hint}", file=sys.stderr)
        return ANSWERS_BEHIND
