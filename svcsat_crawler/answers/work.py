"""An update or a rebuild as commands ask for it: alone, patient with the store, told how far it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pymongo.database import Database
from pymongo.errors import PyMongoError

from svcsat_crawler.answers.changes import Changes
from svcsat_crawler.answers.due import waiting
from svcsat_crawler.answers.lease import Lease, leased
from svcsat_crawler.answers.rebuild import begin, needed, rebuild
from svcsat_crawler.answers.update import update_batch
from svcsat_crawler.storage.errors import StoreError
from svcsat_crawler.storage.mongo import Store
from svcsat_crawler.storage.patience import Patience
from svcsat_crawler.storage.session import patience


@dataclass(slots=True)
class Watcher:
    """Is told what happens; override what is to be shown."""

    def step(self, what: str, done: int, total: int) -> None:
        """So much of one kind of work is done."""

    def held(self, holder: str) -> None:
        """Another process works on the answers; this one waits."""


def update(store: Store, watcher: Watcher | None = None, *, everything: bool = False) -> Changes:
    """Bring the answers up to date; make them all anew with *everything*, or when their rules have changed.

    Raises StoreError, with one line, when the store stays away, refuses something, or another process does not
    come to its end; what is done by then stays, and the next update goes on from there.
    """
    watcher = watcher or Watcher()
    patient = Patience(store, patience(), {"away": 0, "retries": 0, "back": 0, "away_seconds": 0})
    try:
        with leased(store.database, waiting=watcher.held) as lease:
            total = Changes()
            patient.run(begin)
            if everything or patient.run(needed):
                total.add(patient.run(lambda database: _rebuild(database, lease, watcher)))
            total.add(_batches(patient, lease, watcher))
            return total
    except PyMongoError as error:
        raise StoreError(f"the store refuses: {' '.join(str(error).split())[:300]}") from error


def _rebuild(database: Database[dict[str, Any]], lease: Lease, watcher: Watcher) -> Changes:
    def progress(what: str, done: int, total: int) -> None:
        lease.renew()
        watcher.step(what, done, total)

    return rebuild(database, progress)


def _batches(patient: Patience, lease: Lease, watcher: Watcher) -> Changes:
    def batch(database: Database[dict[str, Any]]) -> Changes | None:
        lease.renew()
        return update_batch(database, watcher.step)

    total = Changes()
    left = patient.run(waiting)
    while (done := patient.run(batch)) is not None:
        total.add(done)
        watcher.step("articles", total.articles, max(left, total.articles))
    return total
