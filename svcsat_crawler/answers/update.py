"""Brings the answers up to date: what changed since they were last, and what that touches.

An article says by its field ``changed`` that the answers do not hold it yet.  A batch of such articles is taken;
the cells that they touch, by their facts of now and by the rows they stand in, are written down in ``meta``
before anything else is; everything of these cells is made anew; only then the articles' ``changed`` is taken away,
if it is still the one that was read.  Ended at any point and run again, the same documents come out.
"""

from __future__ import annotations

from typing import Any

from pymongo.database import Database

from svcsat_crawler.answers import clusters
from svcsat_crawler.answers.changes import Changes
from svcsat_crawler.answers.due import due, settle
from svcsat_crawler.answers.finding import find_in
from svcsat_crawler.answers.recompute import Progress, recompute, silent
from svcsat_crawler.answers.watching import watch
from svcsat_crawler.storage.documents import now

Document = dict[str, Any]

BATCH = 500
PENDING = "answers:pending"


def update_batch(database: Database[Document], progress: Progress = silent) -> Changes | None:
    """Bring up to date what the next articles touch; None when nothing is left to do."""
    changed = due(database, BATCH)
    pending = database.meta.find_one({"_id": PENDING})
    if not changed and pending is None:
        return None
    seen = now()
    keys = [article["_id"] for article in changed]
    clusters.assign(database, keys)
    cells = set(pending["cells"] if pending else ()) | _touched(database, changed)
    database.meta.replace_one({"_id": PENDING}, {"kind": "answers", "cells": sorted(cells)}, upsert=True)
    done = recompute(database, cells, seen, progress)
    done.articles = len(keys)
    done.events = watch(database, keys, seen, progress)
    settle(database, changed)
    database.meta.delete_one({"_id": PENDING})
    return done


def _touched(database: Database[Document], changed: list[Document]) -> set[str]:
    """The cells that the facts of these articles are in, or were in when their rows were written."""
    keys = {article[name] for article in changed for name in ("_id", "duplicate_of") if article.get(name)}
    facts = find_in(database, "metrics", "article", keys, {"cell": 1})
    rows = find_in(database, "ledger", "articles", keys, {"cell": 1})
    return {document["cell"] for some in (facts, rows) for document in some if document.get("cell")}
