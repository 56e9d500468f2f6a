"""``scrapy health``: look at each site, one list page and one article, and tell which selectors fit."""

from __future__ import annotations

import argparse
import sys

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from scrapy.spiderloader import get_spider_loader

from svcsat_crawler.sources.news import NewsSpider
from svcsat_crawler.terminal.output import printing

BROKEN = 4
# Nothing is stored, so nothing is there of what stores or tells.
EXTENSIONS = {
    "svcsat_crawler.sources.session.SessionExtension": 10,
    "scrapy.extensions.logstats.LogStats": None,
}


class Command(ScrapyCommand):
    """Check the sites live; exit code 4 when one cannot be read as it should be."""

    requires_project = True

    def syntax(self) -> str:
        return "[SPIDER …] [options]"

    def short_desc(self) -> str:
        return "Look at each site (one list page, one article): which selectors fit, which fields are there"

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        assert self.settings is not None
        if opts.loglevel is None:
            self.settings.set("LOG_LEVEL", "ERROR", priority="cmdline")

    @printing("scrapy health")
    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from svcsat_crawler.health.probe import Probe
        from svcsat_crawler.health.report import Report
        from svcsat_crawler.terminal import health

        assert self.crawler_process and self.settings is not None
        loader = get_spider_loader(self.settings)
        names = args or sorted(loader.list())
        if unknown := [name for name in names if name not in loader.list()]:
            raise UsageError(f"unknown spider {unknown[0]!r}: there are {', '.join(sorted(loader.list()))}")
        reports = []
        for name in names:
            kind = loader.load(name)
            assert issubclass(kind, NewsSpider)
            try:
                kind().configure(self.settings)
            except ValueError as error:
                print(f"scrapy health {name}: {error}", file=sys.stderr)
                self.exitcode = 2
                return
            reports.append(Report(name))
            crawler = self.crawler_process.create_crawler(Probe.of(kind, reports[-1]))
            crawler.settings.set("ITEM_PIPELINES", {}, priority="cmdline")
            crawler.settings.set("EXTENSIONS", EXTENSIONS, priority="cmdline")
            self.crawler_process.crawl(crawler)
        self.crawler_process.start()
        for report in reports:
            health.show(report)
        if self.crawler_process.bootstrap_failed:
            self.exitcode = 1
        elif any(list(report.problems()) for report in reports):
            self.exitcode = BROKEN
