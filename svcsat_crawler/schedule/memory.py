"""What the timetable keeps in the store, and what it reads there of runs."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from svcsat_crawler.schedule.decisions import Decision, Jobs, Run, Seen, State
from svcsat_crawler.storage.documents import digest
from svcsat_crawler.storage.live_runs import alive
from svcsat_crawler.storage.mongo import Store
from svcsat_crawler.storage.patience import Patience

KIND = "schedule"


class Memory:
    """States (in ``meta``), decisions (in ``events``) and the records of runs.

    Raises StoreAway at once when the store does not answer.
    """

    def __init__(self, store: Store) -> None:
        self.patience = Patience(store, 0, {"away": 0, "back": 0, "away_seconds": 0, "retries": 0})

    def states(self) -> dict[str, State]:
        """Return what is remembered, by entry."""
        found = self.patience.run(lambda database: list(database.meta.find({"kind": KIND})))
        names = [field.name for field in dataclasses.fields(State)]
        return {each["entry"]: State(**{name: each[name] for name in names}) for each in found}

    def save(self, state: State, at: datetime) -> None:
        """Remember *state*; returns once it is in the journal."""
        fields = {"kind": KIND, **dataclasses.asdict(state), "at": at}
        where = {"_id": f"schedule:{state.entry}"}
        self.patience.run(lambda database: database.meta.update_one(where, {"$set": fields}, upsert=True))

    def note(self, state: State, decision: Decision, at: datetime) -> None:
        """Keep a decision among the events."""
        event = {
            "kind": KIND,
            "spider": state.spider,
            "key": state.entry,
            "name": decision.kind,
            "title": decision.text,
            "job": state.job,
            "at": at,
            "last_seen": at,
        }
        where = {"_id": digest(KIND, state.entry, decision.kind, at.isoformat())}
        self.patience.run(lambda database: database.events.update_one(where, {"$set": event}, upsert=True))

    def records(self, states: Iterable[State]) -> dict[str, dict[str, Any]]:
        """Return the records of the runs that were asked for last, by job."""
        asked = [state.job for state in states if state.job]
        found = self.patience.run(lambda database: list(database.runs.find({"_id": {"$in": asked}})))
        return {record["_id"]: record for record in found}

    def running(self, spider: str, now: datetime) -> str | None:
        """Return the job of a run of *spider* whose process is there, whoever began it.

        Workers of a shared crawl do not stand in each other's way.
        """
        query = {"spider": spider, "verdict": "running", "part": None}
        found = self.patience.run(lambda database: list(database.runs.find(query)))
        return next((record["_id"] for record in found if alive(record, now)), None)

    def look(self, jobs: Jobs, states: Iterable[State], spiders: Iterable[str], now: datetime) -> Seen:
        """Return what is to be seen; *jobs* have to be asked for before, so that no run falls between."""
        busy = {spider: job for waiting in (jobs.pending, jobs.running) for job, spider in waiting.items()}
        for spider in sorted(set(spiders) - set(busy)):
            if job := self.running(spider, now):
                busy[spider] = job
        return Seen(
            queued=frozenset({*jobs.pending, *jobs.running}),
            ended=jobs.finished,
            runs={job: _run(record, now) for job, record in self.records(states).items()},
            busy=busy,
        )


def _run(record: dict[str, Any], now: datetime) -> Run:
    return Run(
        verdict=record["verdict"],
        cause=record["cause"],
        reason=record.get("reason"),
        finished=record["finished"],
        alive=record["verdict"] == "running" and alive(record, now),
    )
