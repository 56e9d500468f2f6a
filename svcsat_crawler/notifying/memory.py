"""What is kept of messages: each spider's state, since when, and which channel was told what."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from pymongo import ReturnDocument
from pymongo.database import Database

from svcsat_crawler.notifying.states import GOOD, State, state_of, tells
from svcsat_crawler.text.digest import digest

KIND = "notify"
EVENT = "state_changed"
# Runs that are looked back at for one that says something about the site.
_RUNS = 20
# Longer than a sending takes: a process that was killed while it told holds up nobody for longer.
_BUSY = timedelta(minutes=5)

Document = dict[str, Any]


def spiders(database: Database[Document]) -> list[str]:
    """Return the spiders that have ever run."""
    return sorted(database.runs.distinct("spider"))


def latest(database: Database[Document], spider: str) -> Document | None:
    """Return the latest run that says something about its site."""
    runs = database.runs.find({"spider": spider}).sort("started", -1).limit(_RUNS)
    return next((run for run in runs if tells(run)), None)


def note(database: Database[Document], run: Document) -> State:
    """Take in the state that *run* shows; a change becomes an event.  Returns the state."""
    state, spider = state_of(run), run["spider"]
    where = {"_id": f"{KIND}:{spider}"}
    since = run.get("finished") or run["started"]
    first = {"kind": KIND, "spider": spider, "state": GOOD, "since": since, "told": {}, "busy_until": None}
    database.meta.update_one(where, {"$setOnInsert": first}, upsert=True)
    change = {"state": state.key, "since": since}
    before = database.meta.find_one_and_update({**where, "state": {"$ne": state.key}}, {"$set": change})
    if before is not None:
        event = {
            "kind": EVENT,
            "spider": spider,
            "key": spider,
            "name": state.key,
            "title": f"{before['state']} → {state.key}: {run['cause']}",
            "job": run["_id"],
            "at": since,
            "last_seen": since,
        }
        identity = {"_id": digest(EVENT, spider, run["_id"])}
        database.events.update_one(identity, {"$set": event}, upsert=True)
    return state


def claim(database: Database[Document], spider: str, at: datetime) -> Document | None:
    """Return what is remembered of *spider* and keep others from telling it; None while somebody else does."""
    free = {"$or": [{"busy_until": None}, {"busy_until": {"$lt": at}}]}
    return database.meta.find_one_and_update(
        {"_id": f"{KIND}:{spider}", **free},
        {"$set": {"busy_until": at + _BUSY}},
        return_document=ReturnDocument.AFTER,
    )


def release(database: Database[Document], spider: str, told: Iterable[str], state: State) -> None:
    """Keep which channels know the state by now, and let others tell."""
    fields = {f"told.{channel}": state.key for channel in told}
    database.meta.update_one({"_id": f"{KIND}:{spider}"}, {"$set": {**fields, "busy_until": None}})
