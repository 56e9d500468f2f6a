"""One task for many articles: a process for each core, piece by piece, so that memory stays flat.

The keys are streamed and only a few pieces are under way at any moment; every process has a connection
and a reader of its own.
"""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.util import Finalize
from typing import Any, TypeVar

from pymongo.errors import PyMongoError
from scrapy.settings import BaseSettings

from svcsat_crawler.proof.archive import PIECE, pieces
from svcsat_crawler.proof.rereading import Rereader
from svcsat_crawler.storage.errors import StoreError
from svcsat_crawler.storage.mongo import Store

__all__ = ["PIECE", "Bench", "Task", "cores", "pieces", "work"]

Result = TypeVar("Result")
# Pieces under way for each process: one at work, one waiting, so that none is idle.
AHEAD = 2


@dataclass(frozen=True, slots=True)
class Bench:
    """What a task works with: the store, and a reader of archived pages."""

    store: Store
    reader: Rereader


Task = Callable[[Bench, list[str]], Result]
_bench: Bench


def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def work(
    task: Task[Result], keys: Iterable[str], store: Store, settings: BaseSettings, processes: int
) -> Generator[Result, None, None]:
    """Yield what *task* returns for each piece of *keys*, as it comes; with one process, in this one.

    *task* and its results are sent between processes.  Raises StoreError when the store or a process
    fails; whoever stops iterating stops the work at the next piece.
    """
    if processes < 2:
        bench = Bench(store, Rereader(settings))
        for piece in pieces(keys):
            yield _guarded(task, bench, piece)
        return
    pool = ProcessPoolExecutor(processes, get_context("spawn"), _begin, (settings,))
    try:
        under_way: set[Future[Result]] = set()
        for piece in pieces(keys):
            under_way.add(pool.submit(_do, task, piece))
            if len(under_way) >= processes * AHEAD:
                done, under_way = wait(under_way, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in done)
        while under_way:
            done, under_way = wait(under_way, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in done)
    except BrokenProcessPool as error:
        raise StoreError(
            "a worker process ended without a word (killed, out of memory?); run again"
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _begin(settings: BaseSettings) -> None:
    """Set a process up: an interruption is the main process's to deal with."""
    global _bench
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    store = Store.from_environment()
    Finalize(None, store.close, exitpriority=1)
    _bench = Bench(store, Rereader(settings))
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)  # page trees are thousands of objects each


def _do(task: Task[Any], piece: list[str]) -> Any:
    return _guarded(task, _bench, piece)


def _guarded(task: Task[Result], bench: Bench, piece: list[str]) -> Result:
    try:
        return task(bench, piece)
    except PyMongoError as error:
        raise StoreError(f"{bench.store.shown_uri}: {' '.join(str(error).split())[:300]}") from error
