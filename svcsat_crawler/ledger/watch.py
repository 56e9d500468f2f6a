"""Numbers that changed in an article after it was printed: from its earlier versions and the present one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache
from itertools import pairwise, zip_longest
from typing import NamedTuple

from svcsat_crawler.ledger.keys import Document, cell_of, slot_of
from svcsat_crawler.metrics import extract
from svcsat_crawler.text.digest import digest
from svcsat_crawler.text.times import BEIJING

METRICS = frozenset(
    "satisfaction_score satisfaction_rate satisfaction_rank satisfaction_streak first_place_count "
    "first_place_share_rank saidi saifi asai".split()
)
KINDS = ("number_changed", "number_gone", "number_added")


class Version(NamedTuple):
    """The text of one reading of an article; *since* is when it was read first, None for the oldest."""

    title: str
    body: str
    published: datetime | None
    since: datetime | None


# What a number is about: cell, peers, segment, scope, first and last day.
Key = tuple[str, ...]
# Its value and qualifier, with the fact that states it.
Numbers = dict[tuple[float, str], Document]


def changed_numbers(article: str, versions: Sequence[Version]) -> list[Document]:
    """Return what changed from each version to the next one, oldest first; all are read by the same rules."""
    found = []
    for old, new in pairwise(versions):
        before, after = _numbers(old), _numbers(new)
        for key in sorted(before.keys() | after.keys()):
            was, now = before.get(key, {}), after.get(key, {})
            gone = [was[number] for number in sorted(was.keys() - now.keys())]
            come = [now[number] for number in sorted(now.keys() - was.keys())]
            for one, other in zip_longest(gone, come):
                found.append(_event(article, key, one, other, new.since))
    return found


@lru_cache(maxsize=64)
def _numbers(version: Version) -> dict[Key, Numbers]:
    """The numbers of a version; an article that flips between two texts is read twice, not at every flip."""
    published = version.published.astimezone(BEIJING).date() if version.published else None
    found: dict[Key, Numbers] = defaultdict(dict)
    for fact in map(asdict, extract(version.body, title=version.title, published=published)):
        cell = cell_of(fact)
        if cell is not None and fact["metric"] in METRICS and fact["value"] is not None:
            peers = fact["rank"]["kind"] if fact["rank"] else ""
            found[cell, peers, *slot_of(fact)].setdefault((fact["value"], fact["qualifier"]), fact)
    return found


def _event(
    article: str, key: Key, was: Document | None, now: Document | None, at: datetime | None
) -> Document:
    kind = "number_changed" if was and now else "number_gone" if was else "number_added"
    fact = now or was
    assert fact
    told = [[one["value"], one["qualifier"]] if one else None for one in (was, now)]
    return {
        "_id": digest(kind, article, *key, told, at.isoformat() if at else None),
        "kind": kind,
        "article": article,
        "metric": fact["metric"],
        "subject": {"id": fact["subject"]["id"], "name": fact["subject"]["name"]}
        if fact["subject"]
        else None,
        "subject_key": key[0].partition("|")[0],
        "year": int(fact["period"]["end"][:4]),
        "before": _side(was),
        "after": _side(now),
        "at": at,
    }


def _side(fact: Document | None) -> Document | None:
    if fact is None:
        return None
    return {
        "value": fact["value"],
        "qualifier": fact["qualifier"],
        "raw": fact["raw"],
        "sentence": fact["evidence"]["sentence"],
    }
