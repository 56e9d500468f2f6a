"""Makes all answers anew from the stored articles and facts: the same functions as an update, over everything."""

from __future__ import annotations

from typing import Any

from pymongo import UpdateOne
from pymongo.database import Database

from svcsat_crawler.answers import clusters, foreign, reconcile
from svcsat_crawler.answers.changes import Changes
from svcsat_crawler.answers.due import due, settle
from svcsat_crawler.answers.foreign import parts
from svcsat_crawler.answers.recompute import Progress, recompute
from svcsat_crawler.answers.watching import watch
from svcsat_crawler.ledger import VERSION
from svcsat_crawler.ledger.keys import cell_of
from svcsat_crawler.storage.documents import now

Document = dict[str, Any]

STATE = "answers"
REBUILDING = "answers:rebuild"


def needed(database: Database[Document]) -> bool:
    """Whether the stored answers are of other rules, or a rebuild was interrupted."""
    return of_other_rules(database) or database.meta.find_one({"_id": REBUILDING}) is not None


def of_other_rules(database: Database[Document]) -> bool:
    """Whether the stored answers have another form than this program writes and reads."""
    state = database.meta.find_one({"_id": STATE})
    return state is not None and state["version"] != VERSION


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
    removed = foreign.remove(database)
    cells = _cells(database, progress)
    judged, series, groups = _units(database)
    done = recompute(database, cells | judged, seen, progress, series, groups)
    done.articles = len(keys)
    done.foreign = removed
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
    for facts in parts(database, "metrics", fields):
        wrong: list[reconcile.Operation] = []
        for fact in facts:
            cell = cell_of(fact)
            found.add(cell)
            if fact.get("cell", "") != cell:
                wrong.append(UpdateOne({"_id": fact["_id"]}, {"$set": {"cell": cell}}))
        reconcile.write(database, "metrics", wrong)
        count += len(facts)
        progress("facts", count, max(count, total))
    found |= {row["cell"] for part in parts(database, "ledger", {"cell": 1}) for row in part}
    return {cell for cell in found if cell is not None}


def _units(database: Database[Document]) -> tuple[set[str], set[str], set[str]]:
    """The cells, series and groups of which there are findings or gaps."""
    found: dict[str, set[str]] = {"facts": set(), "cell": set(), "series": set(), "group": set()}
    for finding in database.audit.find({}, {"unit": 1}):
        kind, _, unit = finding["unit"].partition(":")
        found[kind].add(unit)
    found["group"] |= {gap["unit"] for gap in database.gaps.find({}, {"unit": 1})}
    return found["cell"] | found["facts"], found["series"], found["group"]
