"""Looking up many documents by the values of one indexed field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pymongo.database import Database

Document = dict[str, Any]

# So many keys a query: the embedded store compares each with each document that it finds, a real server with none.
KEYS = 20


def chunks(keys: Iterable[str], size: int) -> Iterator[list[str]]:
    """Yield the keys, sorted, *size* at a time.

    >>> list(chunks({"b", "c", "a"}, 2))
    [['a', 'b'], ['c']]
    """
    ordered = sorted(keys)
    for first in range(0, len(ordered), size):
        yield ordered[first : first + size]


def find_in(
    database: Database[Document],
    collection: str,
    field: str,
    keys: Iterable[str],
    projection: Document | None = None,
) -> Iterator[Document]:
    """Yield the documents whose *field* is one of *keys*."""
    for some in chunks(set(keys), KEYS):
        yield from database[collection].find({field: {"$in": some}}, projection)
