"""What ``scrapy runs`` prints: how each spider stands, by its last runs."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import takewhile
from typing import Any

from pymongo import DESCENDING
from pymongo.database import Database
from pymongo.errors import PyMongoError
from rich.table import Table
from rich.text import Text

from svcsat_crawler.schedule.decisions import shown
from svcsat_crawler.storage.documents import now
from svcsat_crawler.storage.live_runs import alive
from svcsat_crawler.storage.mongo import Store, StoreError
from svcsat_crawler.terminal.tables import COLOURS, console
from svcsat_crawler.verdict import EXIT_CODES

Document = dict[str, Any]
# How many runs of a spider are looked at, and how many stand in its row.
LOOKED_AT, DRAWN = 60, 12
_MARKS = {"good": "●", "no news": "○", "incomplete": "▲", "broken": "✖"}


def run(names: Sequence[str]) -> int:
    """Print a row for each spider; returns the exit code of the worst of their last verdicts."""
    try:
        with Store.from_environment() as store:
            store.refuse_other_schema()
            found = {name: last_runs(store.database, name) for name in sorted(names)}
    except (StoreError, PyMongoError) as error:
        print(f"scrapy runs: {' '.join(str(error).split())[:300]}", file=sys.stderr)
        return 1
    show(found)
    return max((EXIT_CODES.get(runs[0]["verdict"], 0) for runs in found.values() if runs), default=0)


def last_runs(database: Database[Document], spider: str) -> list[Document]:
    """Return the last runs of a spider, latest first; a helper's is in its leader's."""
    query = {"spider": spider, "part": {"$ne": "helper"}}
    return list(database.runs.find(query, sort=[("started", DESCENDING)], limit=LOOKED_AT))


def show(found: dict[str, list[Document]]) -> None:
    out = console()
    table = Table(box=None, pad_edge=False)
    for name in ("spider", "last run", "verdict", "since", "new", "facts", f"last {DRAWN} runs"):
        table.add_column(name, justify="right" if name in ("new", "facts") else "left", overflow="fold")
    told: list[Text] = []
    for spider, runs in found.items():
        if not runs:
            table.add_row(spider, "never", "", "", "", "", "")
            continue
        last = runs[0]
        word = last["verdict"]
        same = list(takewhile(lambda each, word=word: each["verdict"] == word, runs))  # type: ignore[misc]
        counts = last.get("counts") or {}
        table.add_row(
            spider,
            shown(last["started"]),
            Text(word, COLOURS.get(word, "")),
            f"{len(same)}{'+' if len(same) == LOOKED_AT else ''} run{'s' * (len(same) > 1)}",
            str(counts.get("new", "")),
            str(counts.get("facts", "")),
            drawn(runs),
        )
        if word == "running" and not alive(last, now()):
            told.append(Text(f"{spider}: its process is gone; the next crawl closes the record"))
        elif EXIT_CODES.get(word, 0):
            told.append(Text.assemble(f"{spider}: ", (word, COLOURS[word]), f" – {last['cause']}"))
    out.print(table)
    for line in told:
        out.print(line, soft_wrap=True)


def drawn(runs: list[Document]) -> Text:
    """Return a mark for each of the last runs, the latest on the right."""
    text = Text()
    for each in reversed(runs[:DRAWN]):
        text.append(_MARKS.get(each["verdict"], "·"), COLOURS.get(each["verdict"], ""))
    return text
