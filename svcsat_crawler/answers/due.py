"""Articles that the answers do not hold yet: those with the field ``changed``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from pymongo import UpdateOne
from pymongo.database import Database

from svcsat_crawler.answers import reconcile

Document = dict[str, Any]

_DUE = {"changed": {"$gt": datetime(1970, 1, 1, tzinfo=UTC)}}


def waiting(database: Database[Document]) -> int:
    """Return how many there are."""
    return database.articles.count_documents(_DUE)


def due(database: Database[Document], most: int = 0) -> list[Document]:
    """Return ``_id``, ``changed`` and ``duplicate_of`` of those that wait longest, at most *most* (0 = all)."""
    fields = {"changed": 1, "duplicate_of": 1}
    return list(database.articles.find(_DUE, fields).sort("changed", 1).limit(most))


def settle(database: Database[Document], done: Iterable[Document]) -> None:
    """Take ``changed`` away; one that has changed again since it was read goes on waiting."""
    taken: list[reconcile.Operation] = [
        UpdateOne({"_id": article["_id"], "changed": article["changed"]}, {"$unset": {"changed": ""}})
        for article in done
    ]
    reconcile.write(database, "articles", taken)
