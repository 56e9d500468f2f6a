"""Whole crawls: the real command in a process of its own, stand-in sites, the real embedded store."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from svcsat_crawler.storage import embedded
from svcsat_crawler.storage.mongo import Store
from tests.replica.server import Replica

ROOT = Path(__file__).resolve().parents[2]
QUICK = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=0", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=8")
# Ledger, audit and gaps have tests of their own; most crawls do without.
QUICK += ("-s", "SVCSAT_ANSWERS=0")
ANSWERS = ("-s", "SVCSAT_ANSWERS=1")
EP18_LISTS = "http://ep18.cn/web/dianwang/qiye/,http://ep18.cn/web/dianwang/fuwu/,http://ep18.cn/e/action/ListInfo/?classid=96"
NANFANG_COLUMNS = "14,16,59,38,39,41,75,76,85,87,90"


@dataclass
class Line:
    """A checkout with data of its own."""

    data: Path
    replica: str = ""
    environment: dict[str, str] = field(default_factory=dict)
    answers: bool = False

    @property
    def env(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if name != "MONGODB_URI"}
        own = {"SVCSAT_DATA_DIR": str(self.data), "SVCSAT_REPLICA": self.replica, "SVCSAT_STORE_IDLE": "30"}
        return {**inherited, **own, **self.environment}

    def start(self, *command: str) -> subprocess.Popen[str]:
        """Start ``scrapy COMMAND`` and return at once."""
        return subprocess.Popen(
            [sys.executable, "-m", "scrapy", *command],
            cwd=ROOT,
            env=self.env,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def scrapy(self, *command: str, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        """Run ``scrapy COMMAND`` to its end."""
        process = self.start(*command)
        out, err = process.communicate(timeout=timeout)
        return subprocess.CompletedProcess(command, process.returncode, out, err)

    def crawl(self, spider: str, *arguments: str, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        """Crawl with the given ``name=value`` arguments."""
        given = [part for argument in arguments for part in ("-a", argument)]
        answers = ANSWERS if self.answers else ()
        return self.scrapy("crawl", spider, *given, *QUICK, *answers, timeout=timeout)

    def store(self) -> Store:
        return Store.from_environment(self.env)

    def documents(self, collection: str, query: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        with self.store() as store:
            return list(store.database[collection].find(query or {}))

    def last_run(self, spider: str) -> dict[str, Any]:
        with self.store() as store:
            return store.database.runs.find({"spider": spider}).sort("started", -1).to_list(1)[0]


@pytest.fixture(scope="module")
def replica() -> Iterator[Replica]:
    with Replica() as running:
        yield running


@pytest.fixture
def line(tmp_path: Path, replica: Replica) -> Iterator[Line]:
    """An empty store and the stand-in sites as they are at first."""
    replica.reset()
    made = Line(tmp_path / "data", replica.url)
    yield made
    embedded.stop(made.data)
