"""The scheduler: looks every few seconds, decides, asks scrapyd, and says so."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from svcsat_crawler.schedule import decisions
from svcsat_crawler.schedule.decisions import Decision, State, Step
from svcsat_crawler.schedule.lease import Lease
from svcsat_crawler.schedule.memory import Memory
from svcsat_crawler.schedule.scrapyd import Scrapyd, ScrapydAway, ScrapydError, ScrapydRefused
from svcsat_crawler.schedule.timetable import Entry, ScheduleError
from svcsat_crawler.storage.documents import now
from svcsat_crawler.storage.errors import StoreAway, StoreError
from svcsat_crawler.storage.mongo import Store

logger = logging.getLogger("schedule")

LEVELS = {
    "lost": logging.WARNING,
    "skip": logging.WARNING,
    "give up": logging.ERROR,
    "refused": logging.ERROR,
}


class Runner:
    """Keeps one timetable.

    *read* returns its entries, anew at every look, so that a changed file counts from then on.
    """

    def __init__(
        self,
        read: Callable[[], list[Entry]],
        store: Store,
        scrapyd: Scrapyd,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._read = read
        self._store = store
        self._scrapyd = scrapyd
        self._clock = clock
        self._memory = Memory(store)
        self.lease = Lease(self._memory)
        self._entries = read()
        self._troubles: dict[str, str] = {}

    def run(self, stop: threading.Event, every: float) -> None:
        """Look every *every* seconds until *stop* is set.

        Raises Held when another scheduler works on the same store.
        """
        self.lease.take(self._clock())
        logger.info("%s; scrapyd at %s, a look every %g s", self._names(), self._scrapyd.url, every)
        try:
            while not stop.is_set():
                self.look()
                stop.wait(every)
        finally:
            try:
                self.lease.release()
            except StoreError as error:
                logger.warning("the lease stays until it runs out: %s", error)
        logger.info("stopped")

    def look(self) -> None:
        """Decide once about every entry; what keeps it from deciding is said once, and tried again."""
        try:
            self.lease.renew(self._clock())
            self._reread()
            self._decide()
        except StoreAway:  # said by the store's own patience, as is its return
            self._revive()
        except ScrapydError as error:
            self._bad("scrapyd", str(error))
        else:
            self._good("scrapyd")

    def _names(self) -> str:
        return ", ".join(entry.name for entry in self._entries)

    def _revive(self) -> None:
        try:
            self._store.revive()
        except StoreError as error:
            self._bad("store", str(error))
        else:
            self._good("store")

    def _reread(self) -> None:
        try:
            entries = self._read()
        except ScheduleError as error:
            self._bad("timetable", f"{error}; the timetable of before counts")
            return
        self._good("timetable")
        if entries != self._entries:
            self._entries = entries
            logger.info("the timetable has changed: %s", self._names())

    def _decide(self) -> None:
        jobs = self._scrapyd.jobs()
        states = self._memory.states()
        at = self._clock()
        seen = self._memory.look(jobs, states.values(), {entry.spider for entry in self._entries}, at)
        busy = dict(seen.busy)
        followed: list[tuple[Entry, State]] = []
        for entry in self._entries:
            before = states.get(entry.name)
            begun = self._keep(before, decisions.begin(entry, before, at), at)
            state = self._keep(begun, decisions.follow(begun, seen, at), at)
            followed.append((entry, state))
            if state.phase == "asked":
                busy.setdefault(state.spider, state.job or "")
        # Whose last time lies furthest back comes first: two entries of one spider take turns.
        for entry, state in sorted(followed, key=lambda pair: pair[1].counted):
            step = decisions.choose(entry, state, busy, at)
            if step.decision and step.decision.kind in ("ask", "again"):
                self._ask(entry, state, step, at)
                busy[entry.spider] = step.state.job or ""
            else:
                self._keep(state, step, at)

    def _ask(self, entry: Entry, before: State, step: Step, at: datetime) -> None:
        """Ask scrapyd for a job that the store knows of already: whatever happens now, none is forgotten.

        Without an answer it may run or not: the next looks find out.
        """
        self.lease.renew(self._clock())
        assert step.state.job and step.decision
        self._memory.save(step.state, at)
        try:
            self._scrapyd.schedule(entry.spider, step.state.job, entry.arguments, entry.settings)
        except ScrapydRefused as error:
            self._memory.save(before, at)
            self._keep(before, decisions.refused(before, str(error)), at)
            return
        except ScrapydAway as error:
            unsure = Decision(step.decision.kind, f"{step.decision.text}; no answer ({error})")
            self._tell(step.state, unsure, at)
            raise
        self._tell(step.state, step.decision, at)

    def _keep(self, before: State | None, step: Step, at: datetime) -> State:
        """Store a step that changes something, and tell its decision; returns the state."""
        if step.state != before:
            self._memory.save(step.state, at)
        if step.decision is not None:
            self._tell(step.state, step.decision, at)
        return step.state

    def _tell(self, state: State, decision: Decision, at: datetime) -> None:
        self._memory.note(state, decision, at)
        level = LEVELS.get(decision.kind, logging.INFO)
        logger.log(level, "%s: %s: %s", state.entry, decision.kind, decision.text)

    def _bad(self, what: str, message: str) -> None:
        if self._troubles.get(what) != message:
            self._troubles[what] = message
            logger.error("%s: %s", what, message)

    def _good(self, what: str) -> None:
        if self._troubles.pop(what, None) is not None:
            logger.info("%s: works again", what)
