"""One scheduler at a time: a lease in the store."""

from __future__ import annotations

import os
import secrets
import socket
from datetime import datetime, timedelta
from typing import Any

import psutil
from pymongo.errors import DuplicateKeyError

from svcsat_crawler.schedule.decisions import said
from svcsat_crawler.schedule.memory import Memory

KEY = "scheduler"
# Longer than the longest time between two renewals: one question to scrapyd.
SECONDS = 120


class Held(Exception):  # noqa: N818
    """Another scheduler holds the lease; the message says which."""


class Lease:
    """Says in the store that this process decides."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._token = secrets.token_hex(8)

    def take(self, now: datetime) -> None:
        """Take the lease, also from a holder that is gone; raises Held."""
        fields = {
            "kind": KEY,
            "token": self._token,
            "host": socket.gethostname(),
            "pid": os.getpid(),
            "started": now,
            "until": now + timedelta(seconds=SECONDS),
        }
        holder = holding(self._memory)
        if holder is None:
            try:
                self._memory.patience.run(lambda database: database.meta.insert_one({"_id": KEY, **fields}))
            except DuplicateKeyError:
                raise Held("another scheduler has just started") from None
        elif in_force(holder, now) or not self._replace(holder["token"], fields):
            raise Held(
                f"another scheduler runs on {holder['host']} (process {holder['pid']}, "
                f"since {said(holder['started'])}): stop that one first"
            )

    def renew(self, now: datetime) -> None:
        """Hold it for longer; raises Held when somebody else has taken it meanwhile."""
        if not self._replace(self._token, {"until": now + timedelta(seconds=SECONDS)}):
            raise Held("another scheduler has taken over: this one was silent for too long")

    def release(self) -> None:
        """Let others take it."""
        where = {"_id": KEY, "token": self._token}
        self._memory.patience.run(lambda database: database.meta.delete_one(where))

    def _replace(self, token: str, fields: dict[str, Any]) -> bool:
        where = {"_id": KEY, "token": token}
        result = self._memory.patience.run(lambda database: database.meta.update_one(where, {"$set": fields}))
        return bool(result.matched_count)


def holding(memory: Memory) -> dict[str, Any] | None:
    """Return the lease as it is stored."""
    return memory.patience.run(lambda database: database.meta.find_one({"_id": KEY}))


def in_force(holder: dict[str, Any], now: datetime) -> bool:
    """Whether its holder is alive, as far as that can be told from here."""
    if holder["host"] == socket.gethostname() and not psutil.pid_exists(holder["pid"]):
        return False
    return bool(holder["until"] > now)
