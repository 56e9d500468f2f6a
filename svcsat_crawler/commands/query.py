"""``scrapy query``: articles, facts and runs from the store, as a table or JSON Lines."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from rich.table import Table
from rich.text import Text
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from svcsat_crawler.commands.facts import fact_lines
from svcsat_crawler.commands.tables import COLOURS, console
from svcsat_crawler.metrics.lexicon import metrics
from svcsat_crawler.storage import queries
from svcsat_crawler.storage.documents import beijing
from svcsat_crawler.storage.mongo import Store, StoreError

SUBJECTS: dict[str, Callable[..., Iterator[dict[str, Any]]]] = {
    "articles": queries.articles,
    "facts": queries.facts,
    "runs": queries.runs,
}


class Command(ScrapyCommand):
    """Ask the store."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        return "articles|facts|runs [options]"

    def short_desc(self) -> str:
        return "Show stored articles, facts (with their sentences) or runs"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--source", metavar="SPIDER", help="ep18, nanfangplus or finews")
        parser.add_argument(
            "--bureau", metavar="NAME", help="清远供电局, 清远, or an id like csg-gd-qingyuan"
        )
        parser.add_argument("--year", metavar="YYYY", help="year of a fact, of printing, or of a run")
        parser.add_argument("--metric", metavar="ID", help="for example satisfaction_score, saidi")
        parser.add_argument("--limit", metavar="N", default="50", help="at most so many (default 50)")
        parser.add_argument("--format", choices=("table", "jsonl"), default="table", help="default table")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if len(args) != 1 or args[0] not in SUBJECTS:
            raise UsageError(f"ask for one of {', '.join(SUBJECTS)}")
        wanted = filters(opts)
        try:
            store = Store.from_environment()
        except StoreError as error:
            print(f"scrapy query: {error}", file=sys.stderr)
            self.exitcode = 1
            return
        try:
            store.prepare()
            found = list(SUBJECTS[args[0]](store.database, wanted))
        finally:
            store.close()
        if opts.format == "jsonl":
            for document in found:
                print(json.dumps(document, ensure_ascii=False, default=plain))
        else:
            show(args[0], found)


def filters(opts: argparse.Namespace) -> queries.Filters:
    """Return the filters of the command line; raises UsageError naming the one that is wrong."""
    if opts.year is not None and not (opts.year.isdigit() and 1990 <= int(opts.year) <= 2100):
        raise UsageError(f"--year {opts.year!r} is no year")
    if not opts.limit.isdigit() or int(opts.limit) < 1:
        raise UsageError(f"--limit {opts.limit!r} is no whole number from 1")
    if opts.metric is not None and opts.metric not in metrics():
        raise UsageError(f"--metric {opts.metric!r} is unknown: there are {', '.join(sorted(metrics()))}")
    year = int(opts.year) if opts.year else None
    return queries.Filters(
        source=opts.source, bureau=opts.bureau, year=year, metric=opts.metric, limit=int(opts.limit)
    )


def plain(value: Any) -> Any:
    """Return what JSON has no word for: times in Beijing time."""
    if isinstance(value, datetime):
        moment = beijing(value)
        assert moment
        return moment.isoformat()
    raise TypeError(f"{type(value).__name__} in a result")


def show(subject: str, found: list[dict[str, Any]]) -> None:
    """Print a table of at most 80 columns, or that there is nothing."""
    out = console()
    if not found:
        out.print(f"no {subject} for these filters")
        return
    if subject == "facts":
        for fact in found:
            out.print(fact_lines(fact), soft_wrap=True)
    else:
        out.print(article_table(found) if subject == "articles" else run_table(found))
    out.print(f"[dim]{len(found)} {subject}[/dim]")


def article_table(found: list[dict[str, Any]]) -> Table:
    table = Table(box=None, pad_edge=False)
    for name in ("published", "source", "facts", "title"):
        table.add_column(name, no_wrap=name != "title", overflow="fold")
    for article in found:
        moment = beijing(article.get("published"))
        title = article["title"] + (" (reprint)" if article.get("duplicate_of") else "")
        table.add_row(
            f"{moment:%Y-%m-%d}" if moment else "?", article["source"], str(article["facts"]), title
        )
    return table


def run_table(found: list[dict[str, Any]]) -> Table:
    table = Table(box=None, pad_edge=False)
    for name in ("started", "spider", "new", "changed", "facts", "verdict", "cause"):
        table.add_column(name, no_wrap=name != "cause", overflow="fold")
    for run in found:
        moment = beijing(run["started"])
        counted = run.get("counts") or {}
        table.add_row(
            f"{moment:%m-%d %H:%M}",
            run["spider"],
            *(str(counted.get(name, "")) for name in ("new", "changed", "facts")),
            Text(run["verdict"], COLOURS.get(run["verdict"], "")),
            run.get("cause", ""),
        )
    return table
