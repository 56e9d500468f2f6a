"""``scrapy metrics``: what the lexicon holds, what it does not claim, and the names it leaves open."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO, ClassVar

from rich.table import Table
from rich.text import Text
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from svcsat_crawler.commands.lines import Refused, entries
from svcsat_crawler.commands.tables import console
from svcsat_crawler.items import Unclaimed
from svcsat_crawler.metrics import read
from svcsat_crawler.metrics.lexicon import metrics
from svcsat_crawler.metrics.others import Noun, tally
from svcsat_crawler.organisations.ambiguous import ambiguous_names
from svcsat_crawler.storage.mongo import Store, StoreError
from svcsat_crawler.storage.unclaimed import unclaimed_nouns

SUBJECTS = ("unclaimed", "list", "ambiguous")
_CALLED = {"unclaimed": "nouns", "list": "metrics", "ambiguous": "names"}
# These columns take what the others leave of the line.
_LONG = ("title", "places", "example")
# Of an example, what stands before its noun, and how wide it is shown.
_LEAD = 6
_WIDTH = 36


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

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if len(args) != 1 or args[0] not in SUBJECTS:
            raise UsageError(f"ask for one of {', '.join(SUBJECTS)}")
        if opts.file is not None and args[0] != "unclaimed":
            raise UsageError("--file goes with unclaimed")
        if not opts.limit.isdigit() or int(opts.limit) < 1:
            raise UsageError(f"--limit {opts.limit!r} is no whole number from 1")
        try:
            rows = self._rows(args[0], opts.file, int(opts.limit))
        except StoreError as error:
            self._fail(str(error))
        except OSError as error:
            self._fail(f"{error.filename}: {error.strerror}")
        else:
            show(args[0], rows, opts.format)

    def _rows(self, subject: str, file: str | None, limit: int) -> list[dict[str, Any]]:
        if subject == "list":
            return [metric_row(id) for id in metrics()]
        if subject == "ambiguous":
            return [dataclasses.asdict(name) for name in ambiguous_names()]
        return [dataclasses.asdict(noun) for noun in self._nouns(file, limit)]

    def _nouns(self, file: str | None, limit: int) -> Sequence[Noun]:
        if file is None:
            with Store.from_environment() as store:
                store.prepare()
                return unclaimed_nouns(store.database, limit)
        with Path(file).open("rb") as lines:
            return tally(self._read(file, lines))[:limit]

    def _read(self, file: str, lines: BinaryIO) -> Iterator[list[Unclaimed]]:
        for entry in entries(lines):
            if isinstance(entry, Refused):
                self._fail(f"{file} line {entry.line}: {entry.reason}")
            else:
                yield read(entry.text, title=entry.title, published=entry.published).unclaimed

    def _fail(self, message: str) -> None:
        print(f"scrapy metrics: {message}", file=sys.stderr)
        self.exitcode = 1


def metric_row(id: str) -> dict[str, Any]:
    """Return what a list says of a metric."""
    metric = metrics()[id]
    return {
        "id": id,
        "title": metric.title,
        "unit": metric.unit,
        "better": metric.better,
        "core": metric.core,
    }


def show(subject: str, rows: list[dict[str, Any]], form: str) -> None:
    """Print the rows as JSON Lines, or as a table that fits 80 columns."""
    if form == "jsonl":
        for row in rows:
            print(json.dumps(row, ensure_ascii=False))
        return
    out = console()
    if not rows:
        out.print("nothing: every number with a noun is claimed by a metric")
        return
    table = Table(box=None, pad_edge=False)
    for name in (shown := [name for name in rows[0] if name != "core"]):
        number = name in ("n", "articles")
        table.add_column(
            name, no_wrap=name not in _LONG, overflow="fold", justify="right" if number else "left"
        )
    for row in rows:
        table.add_row(*(cell(name, row) for name in shown))
    out.print(table)
    out.print(f"[dim]{len(rows)} {_CALLED[subject]}[/dim]")


def cell(name: str, row: dict[str, Any]) -> Text:
    """Return a value as the table shows it: of an example what stands around its noun."""
    value = row[name]
    if name == "example":
        around = Text(value[max(0, value.find(row["head"]) - _LEAD) :].replace("\n", " "))
        around.truncate(_WIDTH, overflow="ellipsis")
        return around
    return Text("" if value is None else "、".join(value) if isinstance(value, tuple) else str(value))
