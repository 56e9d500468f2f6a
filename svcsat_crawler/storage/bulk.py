"""Sending one batch of writes, in the thread of the writer: fixed order, refusals told one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from typing import Any, NamedTuple

from bson.errors import BSONError
from pymongo import DeleteMany, DeleteOne, InsertOne, ReplaceOne, UpdateMany, UpdateOne
from pymongo.errors import BulkWriteError, OperationFailure, PyMongoError

from svcsat_crawler.storage.errors import StoreAway, StoreError, WriteRefused
from svcsat_crawler.storage.patience import Patience

Operation = (
    ReplaceOne[dict[str, Any]] | UpdateOne | UpdateMany | DeleteOne | DeleteMany | InsertOne[dict[str, Any]]
)

# An article may exist only when its pages and facts do; a run's record only when its articles do.
ORDER = {
    name: rank
    for rank, name in enumerate(
        ("pages", "quarantine", "events", "metrics", "ledger", "articles", "meta", "runs")
    )
}
MAX_OPERATIONS = 500

# Two processes upserting the same key at the same moment: the second try finds the document.
DUPLICATE_KEY = 11000
CONFLICTS = frozenset({DUPLICATE_KEY, 112})
CONFLICT_TRIES = 5
LOGIN_CODES = frozenset({13, 18, 8000})

# What an encoder or a check of pymongo says about a document, before anything is sent.
UNFIT = (BSONError, ValueError, TypeError, OverflowError, RecursionError)


class Write(NamedTuple):
    """One write of one collection; sending it twice must do no harm."""

    collection: str
    op: Operation


class Put:
    """Writes that are acknowledged together; ``error`` is why they were not."""

    __slots__ = ("error", "writes")

    def __init__(self, writes: Sequence[Write]) -> None:
        self.writes = writes
        self.error: StoreError | None = None


Piece = tuple[Put, Operation]


def keys_of(writes: Iterable[Write]) -> list[Hashable]:
    """The single documents that *writes* touch, as (collection, _id)."""
    found: list[Hashable] = []
    for collection, op in writes:
        target = op._doc if isinstance(op, InsertOne) else op._filter
        key = target.get("_id")
        if isinstance(key, Hashable):
            found.append((collection, key))
    return found


def send(puts: Sequence[Put], patience: Patience) -> int:
    """Write all of *puts* that the server takes; return how many were refused.

    Deletions of a put come before what it writes after them, as it lists them; of a put that is refused in
    one collection nothing goes into the later ones.  When patience ends, all that is not known to be
    written gets StoreAway.
    """
    runs: dict[tuple[int, str, int], list[Piece]] = defaultdict(list)
    for put in puts:
        phases: dict[str, int] = {}
        for collection, op in put.writes:
            # Even phases delete, odd ones write, so that each run is one command for all puts together.
            phase = phases.get(collection, 0)
            if isinstance(op, (DeleteMany, DeleteOne)) == phase % 2:
                phase += 1
            phases[collection] = phase
            runs[ORDER.get(collection, len(ORDER)), collection, phase].append((put, op))
    try:
        for (_, collection, _), run in sorted(runs.items(), key=lambda each: each[0]):
            for first in range(0, len(run), MAX_OPERATIONS):
                _write(collection, run[first : first + MAX_OPERATIONS], patience)
    except StoreAway as error:
        for put in puts:
            put.error = put.error or StoreAway(str(error))
    return sum(isinstance(put.error, WriteRefused) for put in puts)


def _write(collection: str, run: Sequence[Piece], patience: Patience, tries: int = 1) -> None:
    run = [piece for piece in run if piece[0].error is None]
    if not run:
        return
    operations = [op for _, op in run]
    try:
        patience.run(lambda database: database[collection].bulk_write(operations, ordered=False))
    except BulkWriteError as error:
        again = []
        for failure in error.details["writeErrors"]:
            put, op = run[failure["index"]]
            if failure.get("code") in CONFLICTS and tries < CONFLICT_TRIES:
                again.append((put, op))
            else:
                _refuse(put, collection, op, failure.get("errmsg", "no reason given"))
        _write(collection, again, patience, tries + 1)
    except (*UNFIT, PyMongoError) as error:
        whole = isinstance(error, OperationFailure) and error.code in LOGIN_CODES
        if len(run) == 1 or whole:
            for put, op in run:
                _refuse(put, collection, op, str(error))
        else:  # one bad document fails the whole command: find it by halves
            half = len(run) // 2
            _write(collection, run[:half], patience)
            _write(collection, run[half:], patience)


def _refuse(put: Put, collection: str, op: Operation, reason: str) -> None:
    target = op._doc if isinstance(op, InsertOne) else op._filter
    line = " ".join(reason.split())[:300]
    put.error = WriteRefused(f"{collection} {target.get('_id')!r} is refused: {line}")
