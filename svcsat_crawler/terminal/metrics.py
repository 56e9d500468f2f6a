"""What ``scrapy metrics`` looks up and prints."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from rich.table import Table
from rich.text import Text

from svcsat_crawler.items import Unclaimed
from svcsat_crawler.metrics import read
from svcsat_crawler.metrics.lexicon import metrics
from svcsat_crawler.metrics.others import Noun, tally
from svcsat_crawler.organisations.ambiguous import ambiguous_names
from svcsat_crawler.storage.mongo import Store
from svcsat_crawler.storage.unclaimed import unclaimed_nouns
from svcsat_crawler.terminal.lines import Refused, entries
from svcsat_crawler.terminal.tables import console

_CALLED = {"unclaimed": "nouns", "list": "metrics", "ambiguous": "names"}
# These columns take what the others leave of the line.
_LONG = ("title", "places", "example")
# Of an example, what stands before its noun, and how wide it is shown.
_LEAD = 6
_WIDTH = 36


def rows(subject: str, file: str | None, limit: int, fail: Callable[[str], None]) -> list[dict[str, Any]]:
    """Return the rows of a subject; what is wrong with single lines of *file* goes to *fail*."""
    if subject == "list":
        return [metric_row(id) for id in metrics()]
    if subject == "ambiguous":
        return [dataclasses.asdict(name) for name in ambiguous_names()]
    return [dataclasses.asdict(noun) for noun in _nouns(file, limit, fail)]


def _nouns(file: str | None, limit: int, fail: Callable[[str], None]) -> Sequence[Noun]:
    if file is None:
        with Store.from_environment() as store:
            store.prepare()
            return unclaimed_nouns(store.database, limit)
    with Path(file).open("rb") as lines:
        return tally(_read(file, lines, fail))[:limit]


def _read(file: str, lines: BinaryIO, fail: Callable[[str], None]) -> Iterator[list[Unclaimed]]:
    for entry in entries(lines):
        if isinstance(entry, Refused):
            fail(f"{file} line {entry.line}: {entry.reason}")
        else:
            yield read(entry.text, title=entry.title, published=entry.published).unclaimed


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
