"""Waiting for a store that is away: try again until it is back or the patience is at its end."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

from pymongo.database import Database
from pymongo.errors import BulkWriteError, ConnectionFailure, OperationFailure, PyMongoError

from svcsat_crawler.storage.errors import StoreAway, StoreError
from svcsat_crawler.storage.mongo import Store

logger = logging.getLogger(__name__)

Result = TypeVar("Result")

FIRST_WAIT = 0.1
LONGEST_WAIT = 5.0

# The server answers, but not now: no primary, shutting down, stepping down, network behind it
# (https://github.com/mongodb/specifications: retryable writes).
AWAY_CODES = frozenset({6, 7, 64, 89, 91, 134, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436})


def is_away(error: PyMongoError) -> bool:
    """Whether trying the same again later can help; the outcome of what was sent is unknown."""
    if isinstance(error, BulkWriteError):
        failures = (*error.details.get("writeErrors", ()), *error.details.get("writeConcernErrors", ()))
        return any(failure.get("code") in AWAY_CODES for failure in failures)
    if isinstance(error, OperationFailure):
        return error.code in AWAY_CODES
    return isinstance(error, ConnectionFailure)


class Patience:
    """Runs calls against the store, for all threads of one writer.

    *stats* gets ``away`` and ``back`` (how often), ``away_seconds`` and ``retries``.
    """

    def __init__(self, store: Store, seconds: float, stats: dict[str, float]) -> None:
        self.store = store
        self.seconds = seconds
        self._stats = stats
        self._lock = threading.Lock()
        self._away_since: float | None = None

    def limit(self, seconds: float) -> None:
        """Be patient for no longer than *seconds*, also in calls that wait already."""
        self.seconds = min(self.seconds, seconds)

    def run(self, call: Callable[[Database[dict[str, Any]]], Result]) -> Result:
        """What *call* returns, however often that takes; StoreAway when patience is at its end.

        Once it is, every further call is tried once, until the store is back.
        """
        wait = FIRST_WAIT
        while True:
            try:
                result = call(self.store.database)
            except PyMongoError as error:
                if not is_away(error):
                    self._back()
                    raise
                self._away(error)
            else:
                self._back()
                return result
            time.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT)
            try:
                self.store.revive()
            except StoreError as error:
                self._away(error)

    def _away(self, trouble: Exception) -> None:
        """Note that the store does not answer; StoreAway when that has lasted too long."""
        now = time.monotonic()
        with self._lock:
            if self._away_since is None:
                self._away_since = now
                self._stats["away"] += 1
                logger.warning("the store %s is away: %s", self.store.shown_uri, _short(trouble))
            gone = now - self._away_since
            self._stats["retries"] += 1
        if gone >= self.seconds:
            raise StoreAway(f"the store {self.store.shown_uri} is away for {gone:.0f} s: {_short(trouble)}")

    def _back(self) -> None:
        with self._lock:
            since, self._away_since = self._away_since, None
        if since is None:
            return
        gone = time.monotonic() - since
        self._stats["back"] += 1
        self._stats["away_seconds"] += gone
        logger.info("the store %s is back after %.1f s", self.store.shown_uri, gone)


def _short(error: Exception) -> str:
    return str(error).partition(", Timeout:")[0].partition(" (configured timeouts:")[0].replace("\n", " ")
