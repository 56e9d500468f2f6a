"""What to do about one entry of the timetable, from what is known at one moment.

Pure: no clock, no store, no network.  The way of an entry:

    idle → asked → done            the run came to its end, good or not
             └→ lost → asked …     no end and no process: asked for again
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from svcsat_crawler.schedule.timetable import Entry
from svcsat_crawler.text.times import BEIJING

Phase = Literal["idle", "asked", "lost", "done"]
Kind = Literal["begin", "ask", "again", "wait", "skip", "lost", "done", "give up", "refused"]

# A job that is neither in scrapyd nor in the store may still be on its way (an answer that came too
# late, a process left over by a killed scrapyd that has not opened its record yet).
SETTLE = timedelta(seconds=30)
MOST_ASKS = 5
# Between the third ask for a planned time and the second, twice that before the fourth, and so on.
PAUSE = timedelta(minutes=5)
# Less than this may the clock be turned back before planned times are counted anew.
CLOCK_SLACK = timedelta(days=1)


class Decision(NamedTuple):
    """One decision, in words for the log."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Jobs:
    """What scrapyd knows of its jobs: spiders by job, and the ids of those whose end it has seen."""

    pending: dict[str, str]
    running: dict[str, str]
    finished: frozenset[str]


@dataclass(frozen=True, slots=True)
class Run:
    """The record of a run; ``alive`` while its process is there."""

    verdict: str
    cause: str
    reason: str | None
    finished: datetime | None
    alive: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """What scrapyd and the store hold at one moment.

    ``queued``: jobs that scrapyd has pending or running; ``ended``: those whose end it has seen;
    ``busy``: by spider, the job of it that waits or runs, whoever asked for it.
    """

    queued: frozenset[str] = frozenset()
    ended: frozenset[str] = frozenset()
    runs: Mapping[str, Run] = field(default_factory=dict)
    busy: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class State:
    """What is remembered of one entry.  Planned times up to ``counted`` are dealt with."""

    entry: str
    spider: str
    times: str
    counted: datetime
    phase: Phase = "idle"
    planned: datetime | None = None
    job: str | None = None
    asks: int = 0
    asked: datetime | None = None
    missing: datetime | None = None
    waits: str = ""
    skipped: datetime | None = None
    verdict: str = ""
    cause: str = ""


class Step(NamedTuple):
    """The state after a decision, or the same state and none."""

    state: State
    decision: Decision | None = None


def shown(moment: datetime | None) -> str:
    """Return a time as tables show it."""
    return f"{moment.astimezone(BEIJING):%m-%d %H:%M}" if moment else ""


def said(moment: datetime | None) -> str:
    """Return a planned time as logs say it, beside times of another zone."""
    return f"{shown(moment)} (+08:00)"


def begin(entry: Entry, state: State | None, now: datetime) -> Step:
    """Start counting: for a new entry, for changed times, and for a clock that was far ahead."""
    if state is None:
        fresh = State(entry.name, entry.spider, entry.times, counted=now)
        return Step(fresh, Decision("begin", f"new: {entry.times}; first at {said(next(entry.after(now)))}"))
    if state.times != entry.times:
        changed = replace(state, spider=entry.spider, times=entry.times, counted=now, waits="")
        text = f"new times: {entry.times} instead of {state.times}; next at {said(next(entry.after(now)))}"
        return Step(changed, Decision("begin", text))
    if state.counted - now > CLOCK_SLACK:
        text = f"planned times up to {state.counted:%Y-%m-%d} are ticked off, so the clock was ahead: counting from now"
        return Step(replace(state, counted=now, waits=""), Decision("begin", text))
    return Step(replace(state, spider=entry.spider))


def follow(state: State, seen: Seen, now: datetime) -> Step:
    """See what became of the job that was asked for."""
    if state.phase != "asked" or state.job is None:
        return Step(state)
    run = seen.runs.get(state.job)
    if state.job in seen.queued or (run and run.alive):
        return Step(replace(state, missing=None))
    if run is None and state.job not in seen.ended:
        missing = state.missing or now
        if now - missing < SETTLE:
            return Step(replace(state, missing=missing))
        return _lost(state, "scrapyd does not know it and it left no record")
    if run is None:
        return _lost(state, "it ended before its record began; its log in scrapyd's logs_dir says why")
    if run.finished is None:
        return _lost(state, "its process ended without a word")
    if run.reason == "shutdown" and state.job not in seen.ended:
        return _lost(state, "it was stopped together with scrapyd")
    done = replace(state, phase="done", missing=None, verdict=run.verdict, cause=run.cause)
    return Step(done, Decision("done", f"{state.job}: {run.verdict} – {run.cause}".removesuffix(" – ")))


def _lost(state: State, why: str) -> Step:
    lost = replace(state, phase="lost", missing=None, verdict="lost", cause=why)
    return Step(lost, Decision("lost", f"{state.job} is lost: {why}"))


def choose(entry: Entry, state: State, busy: Mapping[str, str], now: datetime) -> Step:
    """Decide whether to ask for a run now; a decision ``ask`` or ``again`` is to be carried out.

    Of several planned times that have passed only the latest counts; it is skipped when it is later
    than allowed.  A lost run is asked for again unless a newer time is due.
    """
    due, missed = entry.due(state.counted, now)
    if due is not None and now - due > entry.late:
        return _skip(entry, state, due, missed)
    if due is None and state.phase != "lost":
        return Step(state)
    if due is None:
        if state.asks >= MOST_ASKS:
            text = f"{state.job} was the ask number {state.asks} for {said(state.planned)}: no more"
            return Step(replace(state, phase="done", verdict="given up"), Decision("give up", text))
        if state.asked and now < state.asked + PAUSE * (state.asks - 1):
            return Step(state)
    if job := busy.get(entry.spider):
        why = f"{entry.spider} is under way as {job}"
        if why == state.waits:
            return Step(state)
        return Step(replace(state, waits=why), Decision("wait", f"{said(due or state.planned)}: {why}"))
    return _ask(entry, state, due, missed, now)


def _skip(entry: Entry, state: State, due: datetime, missed: int) -> Step:
    times = f"{missed} planned times, the last {said(due)}" if missed > 1 else said(due)
    text = f"{times}: skipped, later than the allowed {_hours(entry.late)}"
    if state.waits:
        text += f"; it waited: {state.waits}"
    return Step(replace(state, counted=due, waits="", skipped=due), Decision("skip", text))


def _ask(entry: Entry, state: State, due: datetime | None, missed: int, now: datetime) -> Step:
    job = f"{entry.name}-{now:%Y%m%dT%H%M%SZ}"
    asked = replace(
        state,
        phase="asked",
        job=job,
        asked=now,
        missing=None,
        waits="",
        verdict="",
        cause="",
        spider=entry.spider,
    )
    if due is None:
        again = replace(asked, asks=state.asks + 1)
        text = f"{job} for {said(state.planned)} (ask number {again.asks})"
        return Step(again, Decision("again", text))
    text = f"{job} for {said(due)}"
    if missed > 1:
        text += f", once for {missed} planned times"
    if state.phase == "lost":
        text += f"; the lost {state.job} is not asked for again"
    return Step(replace(asked, planned=due, counted=due, asks=1), Decision("ask", text))


def refused(before: State, why: str) -> Step:
    """Return what follows when scrapyd would not take the job: all as before the ask, said once."""
    if before.waits == why:
        return Step(before)
    return Step(replace(before, waits=why), Decision("refused", why))


def _hours(late: timedelta) -> str:
    """Return a lateness in the words of the timetable.

    >>> _hours(timedelta(minutes=90)), _hours(timedelta(hours=6)), _hours(timedelta(days=2))
    ('90m', '6h', '2d')
    """
    minutes = int(late.total_seconds()) // 60
    for size, unit in ((1440, "d"), (60, "h")):
        if minutes % size == 0:
            return f"{minutes // size}{unit}"
    return f"{minutes}m"
