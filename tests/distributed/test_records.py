"""What others make of the records of a shared crawl: the leader's is the crawl's, a helper's is its own."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from datetime import timedelta

import pytest

from svcsat_crawler.notifying.states import tells
from svcsat_crawler.prometheus.textfile import registry
from svcsat_crawler.schedule.memory import Memory
from svcsat_crawler.storage.documents import now
from svcsat_crawler.storage.mongo import Store
from tests.crawls.conftest import Line

STARTED = now()


@pytest.fixture
def store(line: Line) -> Iterator[Store]:
    with line.store() as opened:
        opened.prepare()
        yield opened


def record(part: str | None, verdict: str, seconds: int) -> dict:
    started = STARTED + timedelta(seconds=seconds)
    finished = None if verdict == "running" else started
    lists = [] if part == "helper" else [{"name": "企业风采"}]
    return {
        "_id": f"ep18-{part}-{seconds}",
        "spider": "ep18",
        "part": part,
        "host": socket.gethostname(),
        "pid": os.getpid(),
        "started": started,
        "finished": finished,
        "verdict": verdict,
        "counts": {"new": 5 if part == "helper" else 9},
        "lists": lists,
        "causes": [],
        "schema": 1,
    }


def test_a_helpers_verdict_is_not_the_spiders(store: Store) -> None:
    leader, helper = record("leader", "broken", 0), record("helper", "good", 1)
    store.database.runs.insert_many([leader, helper])
    found = registry(store.database)
    assert found.get_sample_value("svcsat_run_verdict", {"spider": "ep18", "verdict": "broken"}) == 1
    assert found.get_sample_value("svcsat_run_count", {"spider": "ep18", "what": "new"}) == 9
    assert found.get_sample_value("svcsat_last_good_run_timestamp_seconds", {"spider": "ep18"}) == 0
    assert (tells(leader), tells(helper)) == (True, False)


def test_a_shared_crawl_does_not_make_the_timetable_wait(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("svcsat_crawler.schedule.memory.alive", lambda record, at: True)
    store.database.runs.insert_many([record("leader", "running", 0), record("helper", "running", 1)])
    assert Memory(store).running("ep18", now()) is None
    alone = record(None, "running", 2)
    store.database.runs.insert_one(alone)
    assert Memory(store).running("ep18", now()) == alone["_id"]
