"""From pairs to clusters: what hangs together, unless two of it contradict each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from svcsat_crawler.clusters.decide import contradiction, decide
from svcsat_crawler.clusters.features import Features

_UNKNOWN = datetime.max.replace(tzinfo=UTC)


class Member(NamedTuple):
    """An article of a group; ``links`` are the articles that it is a copy of or that are copies of it."""

    features: Features
    links: frozenset[str]


def order(key: str, published: datetime | None) -> tuple[datetime, str]:
    """Sort by who printed first; unknown dates last."""
    return (published or _UNKNOWN, key)


def group(members: Mapping[str, Member]) -> dict[str, str]:
    """Return for each article the key of its cluster: that of its earliest printed member.

    The nearest copies join first; two clusters stay apart when a member of one contradicts a member of the other, so that
    a copy without a year or a name is no bridge between two years or bureaus.  The order of the members does not matter.
    """
    clusters = {key: [key] for key in members}
    for one, other in _nearest_first(members):
        mine, theirs = clusters[one], clusters[other]
        if mine is theirs or _contradict(members, mine, theirs):
            continue
        mine += theirs
        for key in theirs:
            clusters[key] = mine
    firsts = {
        id(cluster): min(cluster, key=lambda key: order(key, members[key].features.published))
        for cluster in clusters.values()
    }
    return {key: firsts[id(cluster)] for key, cluster in clusters.items()}


def _nearest_first(members: Mapping[str, Member]) -> list[tuple[str, str]]:
    pairs = {
        tuple(sorted((key, link)))
        for key, member in members.items()
        for link in member.links
        if link in members
    }
    ranked = [
        (-decide(members[one].features, members[other].features).strength, one, other) for one, other in pairs
    ]
    return [(one, other) for _, one, other in sorted(ranked)]


def _contradict(members: Mapping[str, Member], mine: Iterable[str], theirs: list[str]) -> bool:
    return any(
        contradiction(members[one].features, members[other].features) for one in mine for other in theirs
    )
