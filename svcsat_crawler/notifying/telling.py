"""Tell every channel what it does not know yet: one message for each change of a spider's state."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from svcsat_crawler.notifying import memory, message, sending
from svcsat_crawler.notifying.channels import Channel
from svcsat_crawler.notifying.sending import Result
from svcsat_crawler.notifying.states import GOOD, State
from svcsat_crawler.storage.documents import now
from svcsat_crawler.storage.mongo import Store


@dataclass(frozen=True, slots=True)
class Told:
    """What was told of a spider, and how that went on each channel that did not know it."""

    spider: str
    state: State
    results: list[Result]


def tell(
    store: Store,
    channels: list[Channel],
    spiders: Iterable[str] | None = None,
    waits: tuple[float, ...] = sending.WAITS,
) -> list[Told]:
    """Tell the state of *spiders* (all that ever ran) to the channels that were told another one last.

    A channel that fails is tried again by the next call; by then only the state of then counts.
    """
    told = []
    for spider in spiders or memory.spiders(store.database):
        run = memory.latest(store.database, spider)
        if run is None:
            continue
        state = memory.note(store.database, run)
        found = memory.claim(store.database, spider, now())
        if found is None:
            continue
        done: list[str] = []
        try:
            for before, those in _unaware(found["told"], state, channels).items():
                what = message.changed(run, state, State.from_key(before), found["since"])
                results = sending.send_all(what, those, waits)
                done += [result.channel.name for result in results if not result.reason]
                told.append(Told(spider, state, results))
        finally:
            memory.release(store.database, spider, done, state)
    return told


def _unaware(told: dict[str, str], state: State, channels: list[Channel]) -> dict[str, list[Channel]]:
    """Return the channels that know another state, by what they know; a new channel takes all for good."""
    found: dict[str, list[Channel]] = defaultdict(list)
    for channel in channels:
        if (before := told.get(channel.name, GOOD)) != state.key:
            found[before].append(channel)
    return found
