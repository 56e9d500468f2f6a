"""Writes only what differs, so that doing it again changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from pymongo import DeleteOne, InsertOne, ReplaceOne, UpdateOne
from pymongo.database import Database
from pymongo.errors import BulkWriteError

from svcsat_crawler.storage.documents import SCHEMA

Document = dict[str, Any]
Operation = InsertOne[Document] | ReplaceOne[Document] | UpdateOne | DeleteOne
# By ``_id``.
Stored = Mapping[str, Document]

MOST_OPERATIONS = 500
DUPLICATE_KEY = 11000


class Plan(NamedTuple):
    """The writes, how many documents they make or change, and how many go (or close)."""

    operations: list[Operation]
    written: int
    gone: int


def replacing(stored: Stored, wanted: Iterable[Document], seen: datetime) -> Plan:
    """Plan to turn *stored* into *wanted*; what is not wanted any more is deleted.

    ``first_seen`` stays, ``updated`` is when the content changed last.
    """
    made = {document["_id"]: document for document in wanted}
    operations: list[Operation] = [
        _replace(document, stored.get(identity), seen)
        for identity, document in made.items()
        if not _says(stored.get(identity), document)
    ]
    written = len(operations)
    operations += [DeleteOne({"_id": identity}) for identity in stored if identity not in made]
    return Plan(operations, written, len(operations) - written)


def closing(stored: Stored, wanted: Iterable[Document], seen: datetime) -> Plan:
    """Plan to turn *stored* findings into *wanted*; what does not hold any more is closed, and opened again when
    it comes back.
    """
    made = {document["_id"]: {**document, "state": "open", "closed": None} for document in wanted}
    operations: list[Operation] = []
    for identity, document in made.items():
        before = stored.get(identity)
        if not _says(before, document):
            closed = before is not None and before["state"] == "closed"
            reopened = seen if closed else before["reopened"] if before else None
            operations.append(_replace({**document, "reopened": reopened}, before, seen))
    written = len(operations)
    operations += [
        UpdateOne({"_id": identity}, {"$set": {"state": "closed", "closed": seen, "updated": seen}})
        for identity, before in stored.items()
        if identity not in made and before["state"] == "open"
    ]
    return Plan(operations, written, len(operations) - written)


def write(database: Database[Document], collection: str, operations: list[Operation]) -> None:
    """Send *operations*, each of which may be sent again; an insert of what is there after all replaces it."""
    for first in range(0, len(operations), MOST_OPERATIONS):
        try:
            database[collection].bulk_write(operations[first : first + MOST_OPERATIONS], ordered=False)
        except BulkWriteError as error:
            database[collection].bulk_write(_replacing(error), ordered=False)


def _replacing(error: BulkWriteError) -> list[ReplaceOne[Document]]:
    """Turn refused inserts into replacements; raise the error when it tells of anything else."""
    refused = error.details["writeErrors"]
    if error.details["writeConcernErrors"] or any(one["code"] != DUPLICATE_KEY for one in refused):
        raise error
    return [ReplaceOne({"_id": one["op"]["_id"]}, one["op"], upsert=True) for one in refused]


def _says(before: Document | None, wanted: Document) -> bool:
    return before is not None and all(before.get(name, ...) == value for name, value in wanted.items())


def _replace(document: Document, before: Document | None, seen: datetime) -> Operation:
    times = {"first_seen": before["first_seen"] if before else seen, "updated": seen, "schema": SCHEMA}
    if before is None:  # half the work of an upsert for the embedded store
        return InsertOne({**document, **times})
    return ReplaceOne({"_id": document["_id"]}, {**document, **times})
