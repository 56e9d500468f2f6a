"""Crawls of several processes: a real Redis of the test's own, and workers that can be killed."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("redis", reason="requirements-redis.txt is not installed")
from redis import Redis, RedisError

from tests.crawls.conftest import EP18_LISTS, QUICK, Line, line, replica
from tests.replica.server import Replica

__all__ = ["line", "replica"]

COMMAND = ("crawl", "ep18", "-a", f"lists={EP18_LISTS}", *QUICK)
LEASE = 6


class RedisServer:
    """A Redis on a free port of this machine that keeps nothing on disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        options = {"--port": str(self.port), "--bind": "127.0.0.1", "--save": "", "--appendonly": "no"}
        words = [word for option in options.items() for word in option]
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(["redis-server", *words], cwd=self.folder, stdout=quiet, stderr=quiet)
        deadline = time.monotonic() + 20
        with self.client() as client:
            while True:
                try:
                    client.ping()
                except RedisError:
                    assert time.monotonic() < deadline, "redis-server does not start"
                    time.sleep(0.05)
                else:
                    return

    def client(self) -> Redis:
        return Redis.from_url(self.url, decode_responses=True)

    def left(self) -> list[str]:
        """Everything in it but the turns of hosts, which go by themselves."""
        with self.client() as client:
            return [key for key in client.keys("*") if not key.startswith("svcsat:pace:")]

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    if shutil.which("redis-server") is None:
        pytest.skip("redis-server is not installed (Debian: apt-get install redis-server)")
    server = RedisServer(tmp_path)
    server.start()
    yield server
    server.kill()


class Workers:
    """Processes of one shared crawl, started together."""

    def __init__(self, line: Line, redis: RedisServer) -> None:
        line.environment |= {"SVCSAT_REDIS": redis.url}
        self.line = line
        self.redis = redis
        self.processes: list[subprocess.Popen[str]] = []

    def start(self, count: int, *command: str) -> list[subprocess.Popen[str]]:
        """Start *count* of them and wait until all have joined."""
        lease = ("-s", f"SVCSAT_REDIS_LEASE={LEASE}")
        started = [self.line.start(*(command or COMMAND), *lease) for _ in range(count)]
        self.processes += started
        self.wait(lambda: len(self.joined()) >= count, "not all workers have joined")
        return started

    def wait(self, done, what: str) -> None:
        deadline = time.monotonic() + 60
        while not done():
            assert time.monotonic() < deadline, what
            ended = [process.returncode for process in self.processes if process.poll() is not None]
            assert len(ended) < len(self.processes), f"{what}; all have ended: {ended}"
            time.sleep(0.01)

    def joined(self) -> list[str]:
        with self.redis.client() as client:
            return [worker for key in client.keys("svcsat:*:workers") for worker in client.zrange(key, 0, -1)]

    def leader(self) -> subprocess.Popen[str]:
        """Return the process that leads."""
        with self.redis.client() as client:
            crawl = next(
                key for key in client.keys("svcsat:*") if client.type(key) == "hash" and key.count(":") == 2
            )
            pid = int(client.hget(crawl, "leader").split("-")[-2])
        return next(process for process in self.processes if process.pid == pid)

    def held(self, process: subprocess.Popen[str]) -> int:
        """Return how many requests a worker has taken and not done."""
        with self.redis.client() as client:
            return sum(client.scard(key) for key in client.keys(f"svcsat:*:held:*-{process.pid}-*"))

    def end(self, timeout: float = 120) -> dict[int, tuple[int, str]]:
        """Wait for all; return exit code and output by process id."""
        ended = {}
        for process in self.processes:
            out, err = process.communicate(timeout=timeout)
            ended[process.pid] = (process.returncode, out + err)
        return ended


@pytest.fixture
def workers(line: Line, redis: RedisServer) -> Iterator[Workers]:
    made = Workers(line, redis)
    yield made
    for process in made.processes:
        if process.poll() is None:
            process.kill()
            process.communicate()


def fetched(replica: Replica) -> Counter[str]:
    """Return how often each address was asked for, but robots.txt: each process reads that for itself."""
    return Counter(f"{seen.host}{seen.path}" for seen in replica.requests if seen.path != "/robots.txt")


def hold(replica: Replica, host: str = "ep18.cn", seconds: float = 0.1) -> None:
    """Make a site slow enough for several workers to have something to do."""
    replica.fault(host, "/", delay=seconds)
