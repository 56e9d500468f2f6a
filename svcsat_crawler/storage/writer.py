"""Writing from the event loop: many puts become few bulks, and a put returns when its own is on disk."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from pymongo.database import Database
from pymongo.errors import PyMongoError

from svcsat_crawler.storage.bulk import MAX_OPERATIONS, Put, Write, keys_of, send
from svcsat_crawler.storage.errors import StoreAway, StoreError, WriteRefused
from svcsat_crawler.storage.lookup import Lookups
from svcsat_crawler.storage.mongo import Document, Store
from svcsat_crawler.storage.patience import Patience

__all__ = ["BatchWriter", "StoreAway", "StoreError", "Write", "WriteRefused"]

Result = TypeVar("Result")


class _Batch:
    """Puts that go together; no document is touched by two of them."""

    __slots__ = ("begun", "keys", "puts", "size")

    def __init__(self, begun: float) -> None:
        self.begun = begun
        self.size = 0
        self.keys: set[Hashable] = set()
        self.puts: list[tuple[Put, asyncio.Future[None]]] = []


class BatchWriter:
    """Writes to and reads from *store* without blocking the event loop that it is used in.

    *patience*: seconds that a store may be away before puts fail.  *delay*: seconds that a put waits for
    company.  *room*: operations not yet acknowledged, beyond which puts wait.  ``stats`` counts puts,
    operations, batches, refused, finds, lookups, away, back, away_seconds, retries.
    """

    def __init__(
        self,
        store: Store,
        *,
        patience: float = 600.0,
        delay: float = 0.1,
        room: int = 4 * MAX_OPERATIONS,
    ) -> None:
        self.stats: dict[str, float] = defaultdict(float)
        self._patience = Patience(store, patience, self.stats)
        self._delay = delay
        self._most = room
        self._waiting = 0
        self._batches: deque[_Batch] = deque()
        self._flight: asyncio.Future[int] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._moved = asyncio.Event()
        self._closed = False
        self._lookups = Lookups(self.find, delay=0.003)
        # One thread writes, at most one batch at a time; the other keeps short reads out of its way.
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="svcsat-store")

    async def put(self, *writes: Write) -> None:
        """Write *writes*; returns once all of them are acknowledged and in the server's journal.

        Raises WriteRefused when the server does not take one of them (then what comes after it in the
        order of the collections is not written either), StoreAway when the store stays away.
        """
        while self._waiting >= self._most and not self._closed:
            self._moved.clear()
            await self._moved.wait()
        if self._closed:
            raise StoreError("the writer is closed")
        if not writes:
            return
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()
        self._add(Put(writes), done, loop.time())
        self.stats["puts"] += 1
        self.stats["operations"] += len(writes)
        self._waiting += len(writes)
        self._consider(loop)
        await done

    async def find(
        self,
        collection: str,
        filter: Document,
        projection: Mapping[str, Any] | None = None,
        limit: int = 0,
        sort: list[tuple[str, int]] | None = None,
    ) -> list[Document]:
        """All documents that match, at most *limit* (0 = no limit); waits for a store that is away."""
        self.stats["finds"] += 1
        return await self._in_thread(
            lambda database: list(database[collection].find(filter, projection, limit=limit, sort=sort))
        )

    async def lookup(
        self,
        collection: str,
        field: str,
        values: Iterable[Hashable],
        projection: Mapping[str, Any] | None = None,
    ) -> list[Document]:
        """The documents whose *field* is one of *values*; look-ups at the same moment ask only once."""
        self.stats["lookups"] += 1
        return await self._lookups.get(collection, field, values, projection)

    async def close(self, patience: float | None = None) -> None:
        """Write what is left and stop; waits *patience* seconds at most for a store that is away.

        Puts that fail raise where they are awaited, not here.
        """
        self._closed = True
        self._moved.set()
        if patience is not None:
            self._patience.limit(patience)
        self._lookups.ask_now()
        while self._batches or self._flight is not None:
            self._consider(asyncio.get_running_loop())
            self._moved.clear()
            await self._moved.wait()
        if self._lookups.tasks:
            await asyncio.wait(self._lookups.tasks)
        self._threads.shutdown(wait=False)

    def _add(self, put: Put, done: asyncio.Future[None], now: float) -> None:
        keys = keys_of(put.writes)
        batch = self._batches[-1] if self._batches else None
        if batch is None or batch.size + len(put.writes) > MAX_OPERATIONS or not batch.keys.isdisjoint(keys):
            batch = _Batch(now)
            self._batches.append(batch)
        batch.keys.update(keys)
        batch.size += len(put.writes)
        batch.puts.append((put, done))

    def _consider(self, loop: asyncio.AbstractEventLoop) -> None:
        """Send the oldest batch when it is full or old enough and none is under way."""
        if self._flight is not None or not self._batches:
            return
        batch = self._batches[0]
        left = batch.begun + self._delay - loop.time()
        if left > 0 and len(self._batches) == 1 and batch.size < MAX_OPERATIONS and not self._closed:
            if self._timer is None:
                self._timer = loop.call_later(left, self._ring, loop)
            return
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._batches.popleft()
        self.stats["batches"] += 1
        puts = [put for put, _ in batch.puts]
        self._flight = loop.run_in_executor(self._threads, send, puts, self._patience)
        self._flight.add_done_callback(lambda flight: self._landed(batch, flight, loop))

    def _ring(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = None
        self._consider(loop)

    def _landed(self, batch: _Batch, flight: asyncio.Future[int], loop: asyncio.AbstractEventLoop) -> None:
        self._flight = None
        self._waiting -= batch.size
        broken = flight.exception()
        if broken is None:
            self.stats["refused"] += flight.result()
        for put, done in batch.puts:
            if done.done():  # its caller was cancelled
                continue
            if error := broken or put.error:
                done.set_exception(error)
            else:
                done.set_result(None)
        self._moved.set()
        self._consider(loop)

    async def _in_thread(self, call: Callable[[Database[Document]], Result]) -> Result:
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._threads, self._patience.run, call)
        except PyMongoError as error:
            raise StoreError(f"the store refuses a query: {' '.join(str(error).split())[:300]}") from error
