"""Makes all answers anew from the stored articles and facts: the same functions as an update, over everything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pymongo import UpdateOne
from pymongo.database import Database

from svcsat_crawler.answers import clusters, reconcile
from svcsat_crawler.answers.changes import Changes
from svcsat_crawler.answers.due import due, settle
from svcsat_crawler.answers.recompute import Progress, recompute
from svcsat_crawler.answers.watching import watch
from svcsat_crawler.ledger import VERSION
from svcsat_crawler.ledger.keys import cell_of
from svcsat_crawler.storage.documents import now

Document = dict[str, Any]

STATE = "answers"
REBUILDING = "answers:rebuild"
_DIGITS = "0123456789abcdef"


def needed(database: Database[Document]) -> bool:
    """Whether the stored answers are of other rules, or a rebuild was interrupted."""
    found = {state["_id"]: state for state in database.meta.find({"_id": {"$in": [STATE, REBUILDING]}})}
    return REBUILDING in found or (STATE in found and found[STATE]["version"] != VERSION)


def begin(database: Database[Document]) -> None:
    """Note in a store without answers by which rules its first ones are made."""
    fresh = {"kind": "answers", "version": VERSION}
    database.meta.update_one({"_id": STATE}, {"$setOnInsert": fresh}, upsert=True)


def rebuild(database: Database[Document], progress: Progress) -> Changes:
    """Make everything anew; what is right already is not written.  May be repeated after an interruption."""
    seen = now()
    database.meta.replace_one({"_id": REBUILDING}, {"kind": "answers"}, upsert=True)
    changed = due(database)
    keys = [article["_id"] for article in database.articles.find({}, {"_id": 1})]
    progress("clusters", 0, len(keys))
    clusters.forget(database)
    clusters.assign(database, keys, progress)
    cells = _cells(database, progress)
    judged, series, groups = _units(database)
    done = recompute(database, cells | judged, seen, progress, series, groups)
    done.articles = len(keys)
    done.events = watch(database, keys, seen, progress)
    settle(database, changed)
    database.meta.replace_one({"_id": STATE}, {"kind": "answers", "version": VERSION}, upsert=True)
    database.meta.delete_one({"_id": REBUILDING})
    return done


def _cells(database: Database[Document], progress: Progress) -> set[str]:
    """The cells of all facts and rows; a fact that stands in another one by these rules is put right."""
    found = set()
    fields = dict.fromkeys(("cell", "status", "metric", "subject", "survey", "period"), 1)
    total = database.metrics.estimated_document_count()
    count = 0
    for facts in _parts(database, "metrics", total, fields):
        wrong: list[reconcile.Operation] = []
        for fact in facts:
            cell = cell_of(fact)
            found.add(cell)
            if fact.get("cell", "") != cell:
                wrong.append(UpdateOne({"_id": fact["_id"]}, {"$set": {"cell": cell}}))
        reconcile.write(database, "metrics", wrong)
        count += len(facts)
        progress("facts", count, max(count, total))
    rows = database.ledger.estimated_document_count()
    found |= {row["cell"] for part in _parts(database, "ledger", rows, {"cell": 1}) for row in part}
    return {cell for cell in found if cell is not None}


def _units(database: Database[Document]) -> tuple[set[str], set[str], set[str]]:
    """The cells, series and groups of which there are findings or gaps."""
    found: dict[str, set[str]] = {"cell": set(), "series": set(), "group": set()}
    for finding in database.audit.find({}, {"unit": 1}):
        kind, _, unit = finding["unit"].partition(":")
        found[kind].add(unit)
    found["group"] |= {gap["unit"] for gap in database.gaps.find({}, {"unit": 1})}
    return found["cell"], found["series"], found["group"]


def _parts(
    database: Database[Document], collection: str, total: int, fields: Document
) -> Iterator[list[Document]]:
    """Yield all documents, whose ``_id`` is hexadecimal, in parts of some thousand.

    The embedded store holds the whole answer of a query in memory.
    """
    length = 0
    while total > 4_000 * 16**length and length < 4:
        length += 1
    firsts = [""]
    for _ in range(length):
        firsts = [first + digit for first in firsts for digit in _DIGITS]
    for first in firsts:
        yield list(database[collection].find({"_id": {"$gte": first, "$lt": first + "g"}}, fields))
