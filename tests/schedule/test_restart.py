"""R13: scrapyd is restarted with pending, running and scheduled jobs, and one spider is asked for twice:
none lost, none doubled.
"""

from __future__ import annotations

import logging
import shutil
import signal
import time
from datetime import datetime, timedelta
from typing import Any

import pytest

from svcsat_crawler.schedule.decisions import SETTLE, State
from svcsat_crawler.schedule.memory import Memory
from svcsat_crawler.schedule.runner import Runner
from svcsat_crawler.schedule.timetable import Entry
from svcsat_crawler.storage.documents import now
from svcsat_crawler.storage.mongo import Store
from tests.fields_page import PAGE
from tests.replica.faults import Fault
from tests.replica.server import Replica
from tests.schedule.conftest import Daemon, wait_for

QUICK = {"DOWNLOAD_DELAY": "0", "AUTOTHROTTLE_ENABLED": "0"}
HOUR = timedelta(hours=1)


class Clock:
    """The real time, and what a test adds to it."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return now() + self.ahead


class Desk:
    """A timetable against a real scrapyd and a real store."""

    def __init__(self, store: Store, daemon: Daemon) -> None:
        self.clock = Clock()
        self.daemon = daemon
        self.store = store
        self.memory = Memory(store)
        self.entries: list[Entry] = []
        self.most: dict[str, int] = {}
        self.runner = Runner(lambda: self.entries, store, daemon.client, self.clock)
        self.runner.lease.take(self.clock())

    def plan(self, name: str, spider: str, late: timedelta, **arguments: str) -> None:
        """Add a daily entry that came due *late* ago (before now) or comes due later (negative)."""
        due = self.clock() - late
        entry = Entry(name, spider, f"{due.minute} {due.hour} * * *", "UTC", 12 * HOUR, arguments, QUICK)
        self.entries.append(entry)
        counted = min(due, self.clock()) - HOUR
        self.memory.save(State(name, spider, entry.times, counted), self.clock())

    def look(self) -> dict[str, State]:
        """Have the scheduler look, and count the crawls of each spider."""
        self.runner.look()
        crawls = [command[command.index("crawl") + 1] for command in self.daemon.crawling()]
        for spider in crawls:
            self.most[spider] = max(self.most.get(spider, 0), crawls.count(spider))
        return self.memory.states()

    def until(self, what: Any, seconds: float = 240) -> None:
        """Look again and again until ``what(states)``."""

        def seen() -> Any:
            time.sleep(0.2)
            return what(self.look())

        wait_for(seen, seconds)

    def records(self, entry: str) -> list[dict[str, Any]]:
        return list(self.store.database.runs.find({"_id": {"$regex": f"^{entry}-2"}}).sort("started", 1))

    def said(self, entry: str) -> list[str]:
        """Return the kinds of the decisions about an entry, in their order."""
        found = self.store.database.events.find({"kind": "schedule", "key": entry}).sort("at", 1)
        return [event["name"] for event in found]


@pytest.fixture
def desk(store: Store, running: Daemon) -> Desk:
    return Desk(store, running)


@pytest.mark.slow
def test_none_lost_none_doubled(desk: Desk, replica: Replica, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "schedule")
    daemon = desk.daemon
    daemon.end(signal.SIGTERM)
    daemon.start(max_proc=1)
    replica.faults.append(Fault("ep18.cn", "/web", delay=0.5))
    desk.plan("runs", "ep18", HOUR, max_pages="1")
    desk.plan("waits", "ep18", HOUR / 2, max_pages="1")
    desk.plan("pending", "finews", HOUR / 2, max_pages="1")
    desk.plan("later", "nanfangplus", -HOUR, columns="38", max_pages="1")

    states = desk.look()
    assert {name: state.phase for name, state in states.items()} == {
        "runs": "asked",
        "waits": "idle",
        "pending": "asked",
        "later": "idle",
    }
    desk.until(lambda states: desk.records("runs"))
    jobs = daemon.client.jobs()
    assert (list(jobs.running.values()), list(jobs.pending.values())) == (["ep18"], ["finews"])

    # Power cut; scrapyd's memory of pending jobs goes with it, and a planned time passes meanwhile.
    daemon.end(signal.SIGKILL)
    shutil.rmtree(daemon.home / "dbs")
    desk.look()
    desk.look()
    desk.clock.ahead += 2 * HOUR
    assert desk.look()["later"].phase == "idle"
    assert [record.message for record in caplog.records if "does not answer" in record.message] == [
        f"scrapyd: scrapyd at {daemon.client.url} does not answer; is it running, the address right?"
    ]
    daemon.start(max_proc=2)
    states = desk.look()
    assert states["later"].phase == "asked"
    assert states["pending"].missing
    assert desk.said("runs") == ["ask", "lost", "wait"]
    assert states["waits"].phase == "asked"  # whose turn it is first
    desk.clock.ahead += SETTLE
    replica.faults.clear()
    desk.until(lambda states: desk.records("later"))

    # An ordinary restart, as systemd does it, in the middle of the rest.
    daemon.end(signal.SIGTERM)
    daemon.start(max_proc=2)
    desk.clock.ahead += SETTLE
    desk.look()
    desk.clock.ahead += SETTLE + timedelta(minutes=5)
    desk.until(lambda states: all(state.phase == "done" for state in states.values()))

    for entry in desk.entries:
        verdicts = [record["verdict"] for record in desk.records(entry.name)]
        good = [record for record in desk.records(entry.name) if record["verdict"] in ("good", "no news")]
        assert len(good) == 1, f"{entry.name}: {verdicts}\n{caplog.text}"
        assert desk.records(entry.name)[-1] == good[0]
        said = desk.said(entry.name)
        assert said.count("done") == 1 and said.count("ask") == 1
        assert said.count("lost") == said.count("again")
    assert desk.said("runs").count("again") >= 1
    assert desk.said("pending").count("again") >= 1
    assert desk.said("waits")[0] == "wait"
    assert set(desk.most.values()) == {1}, desk.most
    jobs = daemon.client.jobs()
    assert (jobs.pending, jobs.running) == ({}, {})

    # What is written down of it is what docs/fields.md describes.
    page = PAGE.read_text("utf-8")
    for title, collection, query in (
        ("An entry of the timetable", "meta", {"kind": "schedule"}),
        ("The scheduler", "meta", {"kind": "scheduler"}),
        ("A decision of the scheduler", "events", {"kind": "schedule"}),
    ):
        table = page.split(f"#### {title}\n", 1)[1].split("\n#", 1)[0]
        described = {line.split("`")[1] for line in table.splitlines() if line.startswith("| `")}
        stored = {name for document in desk.store.database[collection].find(query) for name in document}
        assert described == stored, title


@pytest.mark.slow
def test_a_job_that_outlives_its_scrapyd_is_not_doubled(desk: Desk, replica: Replica) -> None:
    """Killed alone, scrapyd leaves its jobs running and knows nothing of them afterwards."""
    replica.faults.append(Fault("ep18.cn", "/web", delay=0.3))
    desk.plan("orphan", "ep18", HOUR, max_pages="1")
    desk.until(lambda states: desk.records("orphan"))
    desk.daemon.end(signal.SIGKILL, alone=True)
    desk.daemon.start()
    assert desk.daemon.client.jobs().running == {}
    desk.look()
    desk.clock.ahead += 2 * SETTLE
    desk.plan("second", "ep18", timedelta(), max_pages="1")
    assert desk.look()["second"].waits == f"ep18 is under way as {desk.records('orphan')[0]['_id']}"
    replica.faults.clear()
    desk.until(lambda states: all(state.phase == "done" for state in states.values()))
    assert desk.said("orphan") == ["ask", "done"]
    assert desk.said("second") == ["wait", "ask", "done"]
    assert desk.most == {"ep18": 1}
