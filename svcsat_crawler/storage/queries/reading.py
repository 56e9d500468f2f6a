"""Reads one after the other, until there is enough."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from pymongo.database import Database

from svcsat_crawler.storage.queries.plan import Read

Document = dict[str, Any]
Reads = Iterable[Read]


def documents(
    database: Database[Document],
    reads: Reads,
    limit: int | None = None,
    fields: Mapping[str, int] | None = None,
) -> Iterator[Document]:
    """Yield what the reads find, in their order, at most *limit*."""
    left = limit
    for read in reads:
        if left is not None and left <= 0:
            return
        for document in database[read.collection].aggregate(read.stages(left, fields)):
            yield document
            if left is not None:
                left -= 1


def merged(
    database: Database[Document],
    reads: Reads,
    key: Callable[[Document], Any],
    limit: int | None = None,
    fields: Mapping[str, int] | None = None,
) -> Iterator[Document]:
    """Yield what the reads find as one row, largest *key* first; each read comes in that order already."""
    found = [database[read.collection].aggregate(read.stages(limit, fields)) for read in reads]
    for count, document in enumerate(heapq.merge(*found, key=key, reverse=True)):
        if limit is not None and count >= limit:
            return
        yield document


def any_of(database: Database[Document], read: Read) -> bool:
    """Whether a read finds anything."""
    return next(iter(database[read.collection].aggregate(read.stages(1, {"_id": 1}))), None) is not None


def counted(database: Database[Document], read: Read, *names: str) -> list[Document]:
    """Return the different values of some fields among what a read finds, each with how often (``n``)."""
    group = {"_id": {name: f"${name}" for name in names}, "n": {"$sum": 1}}
    stages = [*Read(read.collection, read.equal, {}, read.between, read.also).stages(), {"$group": group}]
    return [{**found["_id"], "n": found["n"]} for found in database[read.collection].aggregate(stages)]
