"""What ``scrapy ledger`` does and prints; what a crawl and ``scrapy reextract`` say of the ledger."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from pymongo.errors import PyMongoError

from svcsat_crawler.answers import work
from svcsat_crawler.answers.changes import Changes
from svcsat_crawler.answers.due import waiting
from svcsat_crawler.answers.lease import holder
from svcsat_crawler.answers.rebuild import needed
from svcsat_crawler.storage.mongo import Store, StoreError
from svcsat_crawler.storage.queries import Asked
from svcsat_crawler.terminal.bar import Steps, steps
from svcsat_crawler.terminal.tables import counted


def update() -> None:
    """Bring the answers up to date."""
    _work(everything=False)


def rebuild() -> None:
    """Make all answers anew."""
    _work(everything=True)


def _work(*, everything: bool) -> None:
    with Store.from_environment() as store, shown() as watcher:
        store.prepare()
        began = time.monotonic()
        changes = work.update(store, watcher, everything=everything)
        seconds = time.monotonic() - began
    print(f"ledger: {told(changes)}, {seconds:.1f} s")


def status() -> None:
    """Say how much there is, and what is still to be done."""
    with Store.from_environment() as store:
        database = store.database
        try:
            behind, anew, by = waiting(database), needed(database), holder(database)
            parts = {
                "row": database.ledger.estimated_document_count(),
                "open finding": database.audit.count_documents({"state": "open"}),
                "closed finding": database.audit.count_documents({"state": "closed"}),
                "gap": database.gaps.count_documents({"due": {"$gt": "", "$lt": Asked().day}}),
            }
        except PyMongoError as error:
            raise StoreError(f"{store.shown_uri}: {error}") from error
    print(", ".join(counted(count, what) for what, count in parts.items()))
    if by:
        print(f"{by} works on it now")
    if anew:
        print("it is of older rules, or a rebuild was interrupted: the next update makes it anew")
    print(
        f"waiting for scrapy ledger update: {counted(behind, 'article')}" if behind else "all articles are in"
    )


def told(changes: Changes) -> str:
    """Say in one line what was done."""
    if changes == Changes():
        return "was up to date"
    parts = [
        ("article", changes.articles, ""),
        ("row", changes.rows, "written"),
        ("row", changes.rows_gone, "gone"),
        ("finding", changes.findings, "written"),
        ("finding", changes.findings_closed, "closed"),
        ("gap", changes.gaps, "written"),
        ("gap", changes.gaps_filled, "filled"),
        ("changed number", changes.events, ""),
        ("foreign document", changes.foreign, "removed"),
    ]
    return ", ".join(f"{counted(count, what)} {verb}".rstrip() for what, count, verb in parts if count)


class _Told(work.Watcher):
    """Tells on stderr how far it is, and who is waited for."""

    def __init__(self, steps: Steps) -> None:
        self._steps = steps

    def step(self, what: str, done: int, total: int) -> None:
        self._steps(what, done, total)

    def held(self, holder: str) -> None:
        print(f"waiting: {holder} works on the ledger", file=sys.stderr)


@contextmanager
def shown() -> Iterator[work.Watcher]:
    """Yield a watcher that shows how far an update or a rebuild is."""
    with steps() as step:
        yield _Told(step)
