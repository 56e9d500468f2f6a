"""``python -m benchmarks.together``: one crawl by 1, 2 and 4 processes that share a Redis.

Beside them one process without Redis, on the same pages of the stand-in (32 KB each) in the same run.  Said
are pages a second from the first request to the last and the CPU of all crawling processes a page; store
and Redis are processes of their own and shown apart.  First with politeness off, where CPU is the limit;
then, with ``--polite SECONDS``, one page of the list with that delay, which all processes share.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import redis
from rich.console import Console
from rich.table import Table

from benchmarks.line import QUIET, ROOT, RUDE, crawling
from benchmarks.processes import Cost, cpu_of, run
from svcsat_crawler.storage import embedded
from tests.replica.server import Replica

COUNTS = (0, 1, 2, 4)
SOME = 32


class Row(NamedTuple):
    """What a number of *processes* did; 0 is one process without Redis."""

    processes: int
    pages: int
    twice: int
    seconds: float
    gap: float
    cpu: float
    store: float
    redis: float
    waiting: float
    seen: float
    load: float


def crawl(replica: Replica, port: int, processes: int, more: tuple[str, ...]) -> Row:
    """Crawl the load list with so many processes and look at the requests that arrived."""
    replica.reset()
    command = [*crawling("bench"), *more, *QUIET, "-s", "SVCSAT_ANSWERS=0", "-s", "SVCSAT_PROGRESS=0"]
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder, redis.Redis(port=port) as server:
        server.flushall()
        environment = {**os.environ, "SVCSAT_REPLICA": replica.url, "SVCSAT_DATA_DIR": folder}
        environment |= {"SVCSAT_REDIS": f"redis://127.0.0.1:{port}/0" if processes else ""}
        environment.pop("MONGODB_URI", None)
        uri = [sys.executable, "-m", "scrapy", "store", "uri"]
        subprocess.run(uri, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
        store = embedded.status(Path(folder)).pid
        assert store
        ours = int(server.info()["process_id"])
        before = cpu_of(store), cpu_of(ours)
        costs: list[Cost] = []
        crawls = [
            threading.Thread(target=lambda: costs.append(run(command, environment, ROOT)))
            for _ in range(max(1, processes))
        ]
        for each in crawls:
            each.start()
        waiting = seen = 0.0
        while any(each.is_alive() for each in crawls):
            time.sleep(0.1)
            waiting = max(waiting, apiece(server, "bodies", server.hlen))
            seen = max(seen, apiece(server, "seen", server.scard))
        after = cpu_of(store), cpu_of(ours)
        assert all(cost.code in (0, 3) for cost in costs), [cost.out for cost in costs]
        embedded.stop(Path(folder))
    asked = [seen.path for seen in replica.requests if seen.path != "/robots.txt"]
    arrivals = sorted(replica.arrivals)
    return Row(
        processes=processes,
        pages=len(asked),
        twice=len(asked) - len(set(asked)),
        seconds=arrivals[-1] - arrivals[0],
        gap=min(later - earlier for earlier, later in pairwise(arrivals)),
        cpu=sum(cost.cpu for cost in costs),
        store=after[0] - before[0],
        redis=after[1] - before[1],
        waiting=waiting,
        seen=seen,
        load=load,
    )


def apiece(server: redis.Redis, name: str, length: Callable[[str], int]) -> float:
    """Return the bytes a member of a crawl's collection *name*, once it has some."""
    for key in server.keys(f"svcsat:*:{name}"):
        if (members := length(key)) >= SOME:
            return (server.memory_usage(key, samples=0) or 0) / members
    return 0.0


def show(out: Console, title: str, rows: list[Row]) -> None:
    table = Table(title=title)
    for name in ("processes", "pages", "twice", "pages/s", "ratio", "CPU ms/page", "ratio", "store", "Redis"):
        table.add_column(name, justify="right")
    table.add_column("smallest gap s", justify="right")
    table.add_column("load before", justify="right")
    alone = rows[0]
    for row in rows:
        rate, cpu = row.pages / row.seconds, row.cpu / row.pages
        table.add_row(
            str(row.processes) if row.processes else "1, no Redis",
            str(row.pages),
            str(row.twice),
            f"{rate:.1f}",
            f"{rate / (alone.pages / alone.seconds):.2f}",
            f"{cpu * 1000:.1f}",
            f"{cpu / (alone.cpu / alone.pages):.2f}",
            f"{row.store / row.pages * 1000:.1f}",
            f"{row.redis / row.pages * 1000:.2f}",
            f"{row.gap:.3f}",
            f"{row.load:.1f}",
        )
    out.print(table)
    waiting, seen = max(row.waiting for row in rows), max(row.seen for row in rows)
    out.print(f"Redis: {waiting:.0f} bytes a request that is not done, {seen:.0f} bytes one ever asked for")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.together", description=__doc__)
    parser.add_argument("--articles", type=int, default=600)
    parser.add_argument("--polite", type=float, default=0.0, help="also with this delay, on one list page")
    options = parser.parse_args()
    if shutil.which("redis-server") is None:
        print("redis-server is not installed (Debian: apt-get install redis-server)", file=sys.stderr)
        return 2
    out = Console(highlight=False, width=130)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder, Replica(articles=options.articles) as replica:
        words = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        server = subprocess.Popen(["redis-server", *words], cwd=folder, stdout=subprocess.DEVNULL)
        try:
            redis.Redis(port=port, retry=redis.retry.Retry(redis.backoff.ConstantBackoff(0.2), 25)).ping()
            out.print(f"{os.cpu_count()} cores; stand-in sites, store and Redis on them too")
            show(out, "politeness off", [crawl(replica, port, count, RUDE) for count in COUNTS])
            if options.polite:
                slow = ("-a", "max_pages=1", "-s", f"DOWNLOAD_DELAY={options.polite}")
                slow += ("-s", "AUTOTHROTTLE_ENABLED=0")
                rows = [crawl(replica, port, count, slow) for count in COUNTS]
                show(out, f"one delay of {options.polite} s for all", rows)
        finally:
            server.terminate()
            server.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
