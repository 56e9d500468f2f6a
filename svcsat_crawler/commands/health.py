"""``scrapy health``: look at each site, one list page and one article, and tell which selectors fit."""

from __future__ import annotations

import argparse
import sys

from rich.table import Table
from rich.text import Text
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from scrapy.spiderloader import get_spider_loader

from svcsat_crawler.commands.tables import console
from svcsat_crawler.health.probe import Probe
from svcsat_crawler.health.report import NEEDED, Report, fields
from svcsat_crawler.sources.news import NewsSpider

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

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
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
            show(report)
        if self.crawler_process.bootstrap_failed:
            self.exitcode = 1
        elif any(list(report.problems()) for report in reports):
            self.exitcode = BROKEN


def show(report: Report) -> None:
    """Print what was seen of one site."""
    out = console()
    problems = list(report.problems())
    word = Text("broken", "bold red") if problems else Text("good", "bold green")
    out.print(Text.assemble((report.spider, "bold"), ": ", word))
    for problem in problems:
        out.print(Text(f"  {problem}", "red"), soft_wrap=True)
    for host, answer in report.robots.items():
        out.print(Text(f"  robots.txt of {host}: {answer}"), soft_wrap=True)
    if report.quiet:
        out.print(Text(f"  {report.quiet}"), soft_wrap=True)
    if report.rows:
        more = "a next page" if report.more else "no next page"
        cannot = f", {report.broken_rows} rows cannot be read" if report.broken_rows else ""
        out.print(Text(f"  list {report.list_name}: {report.list_url}"), soft_wrap=True)
        out.print(Text(f"    {report.rows} articles{cannot}, {more}, {report.list_charset}"), soft_wrap=True)
    if report.article:
        out.print(Text(f"  article: {report.article.url}"), soft_wrap=True)
        out.print(Text(f"    read by {report.article.read_by}, {report.article_charset}"), soft_wrap=True)
    if report.fits:
        table = Table(box=None, padding=(0, 2, 0, 2))
        for label in ("selectors of", "name", "fits"):
            table.add_column(label)
        for fit in report.fits:
            told = f"yes, {fit.found}" if fit.found else "no"
            table.add_row(
                fit.place,
                fit.name,
                Text(f"{told}{' ← used' if fit.used else ''}", "green" if fit.used else ""),
            )
        out.print(table)
    if report.article:
        for name, value in fields(report.article).items():
            style = "red" if not value and name in NEEDED else ""
            out.print(Text(f"  {name:<20} {value or '–'}", style), soft_wrap=True)
