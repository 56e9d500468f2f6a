"""One run of a spider at a time on a machine, whatever became of the one before."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from svcsat_crawler.storage.documents import now
from svcsat_crawler.storage.live_runs import claim
from svcsat_crawler.storage.mongo import Store

WAIT = "print(flush=True); input()"


@pytest.fixture
def other() -> Iterator[subprocess.Popen[bytes]]:
    """A process that looks like a crawl begun by hand."""
    command = [sys.executable, "-c", WAIT, "crawl", "ep18"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()  # its command line is not there from the first moment on
        yield process
        process.kill()


def said_by(store: Store, pid: int) -> None:
    """Let another process have claimed ep18."""
    assert claim(store.database, "ep18", None, now()) is None
    store.database.meta.update_one({"kind": "crawl"}, {"$set": {"pid": pid}})


def claims(store: Store) -> list[dict[str, Any]]:
    return list(store.database.meta.find({"kind": "crawl"}))


def test_the_second_is_told_of_the_first(store: Store, other: subprocess.Popen[bytes]) -> None:
    said_by(store, other.pid)
    before = claims(store)
    assert claim(store.database, "ep18", None, now()) == before[0]
    assert claims(store) == before


def test_other_spiders_are_free(store: Store, other: subprocess.Popen[bytes]) -> None:
    said_by(store, other.pid)
    assert claim(store.database, "finews", None, now()) is None


def test_a_killed_one_is_followed(store: Store, other: subprocess.Popen[bytes]) -> None:
    said_by(store, other.pid)
    other.kill()
    other.wait()
    assert claim(store.database, "ep18", "nightly-1", now()) is None
    assert [(each["pid"], each["job"]) for each in claims(store)] == [(os.getpid(), "nightly-1")]


def test_a_number_that_is_another_program_now(store: Store) -> None:
    said_by(store, os.getppid())
    assert claim(store.database, "ep18", None, now()) is None


def test_of_two_in_the_same_moment_one_is_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the look and the write another process has claimed it."""
    meta = type(store.database.meta)
    find_one = meta.find_one

    def blind(self: Any, *where: Any) -> None:
        monkeypatch.setattr(meta, "find_one", find_one)
        said_by(store, 1)

    monkeypatch.setattr(meta, "find_one", blind)
    told = claim(store.database, "ep18", None, now())
    assert told and told["pid"] == 1
