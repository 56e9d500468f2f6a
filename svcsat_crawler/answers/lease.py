"""One process at a time works on the answers: a lease in ``meta`` that ends by itself."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from svcsat_crawler.storage.documents import now
from svcsat_crawler.storage.errors import StoreError

LEASE = "answers:lease"
# Longer than any batch takes; of a process of this machine that has died the lease ends at once.
SECONDS = 300
PATIENCE = 900.0


class Lease:
    """The right to write answers, from :func:`leased`."""

    def __init__(self, database: Database[dict[str, Any]]) -> None:
        self._meta = database.meta
        self.holder = f"{socket.gethostname()}:{os.getpid()}:{os.urandom(4).hex()}"

    def _mine(self) -> dict[str, Any]:
        return {"kind": "answers", "holder": self.holder, "until": now() + timedelta(seconds=SECONDS)}

    def take(self) -> str | None:
        """Take the lease; return None, or who holds it."""
        held = self._meta.find_one({"_id": LEASE})
        if held is None:
            try:
                self._meta.insert_one({"_id": LEASE, **self._mine()})
            except DuplicateKeyError:
                return "another process"
            return None
        if held["until"] > now() and not _dead(held["holder"]):
            return str(held["holder"])
        other = {"_id": LEASE, "holder": held["holder"], "until": held["until"]}
        return None if self._meta.replace_one(other, self._mine()).modified_count else "another process"

    def renew(self) -> None:
        """Hold on to it; StoreError when it went to another process (this one slept for too long)."""
        mine = {"_id": LEASE, "holder": self.holder}
        if not self._meta.replace_one(mine, self._mine()).matched_count:
            raise StoreError("another process works on the ledger since this one was slow; run it again")

    def give_back(self) -> None:
        self._meta.delete_one({"_id": LEASE, "holder": self.holder})


@contextmanager
def leased(
    database: Database[dict[str, Any]],
    patience: float = PATIENCE,
    waiting: Callable[[str], None] | None = None,
) -> Iterator[Lease]:
    """Hold the lease inside; *waiting* is told once who else holds it.

    Raises StoreError when that one does not come to its end within *patience* seconds.
    """
    lease = Lease(database)
    ends = time.monotonic() + patience
    told = False
    while (holder := lease.take()) is not None:
        if time.monotonic() >= ends:
            raise StoreError(f"{holder} has been working on the ledger for {patience:.0f} s; try again later")
        if waiting and not told:
            waiting(holder)
            told = True
        time.sleep(0.2)
    try:
        yield lease
    finally:
        lease.give_back()


def holder(database: Database[dict[str, Any]]) -> str | None:
    """Return who works on the answers now, as host, process and a mark of its own."""
    held = database.meta.find_one({"_id": LEASE})
    working = held is not None and held["until"] > now() and not _dead(held["holder"])
    return str(held["holder"]) if held is not None and working else None


def _dead(holder: str) -> bool:
    """Whether the holder was a process of this machine and is no more."""
    host, pid, _ = holder.rsplit(":", 2)
    if host != socket.gethostname():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
