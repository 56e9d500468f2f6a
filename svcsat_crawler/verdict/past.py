"""The figures of earlier runs, and whether those of this run are still from the same site."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import takewhile
from typing import Any

from svcsat_crawler.verdict.causes import Cause, Kind
from svcsat_crawler.verdict.limits import (
    HALF,
    RECENT,
    REST,
    STRETCH,
    STRETCHES,
    SURPRISE,
)

# Runs that one of these was named in are no example of how things usually are.
_NAMED: frozenset[Kind] = frozenset(("layout", "charset", "no_figures"))
_FIELDS = (
    ("title", "title"),
    ("clock", "time of publication"),
    ("origin", "source (来源)"),
    ("long", "text to speak of"),
)


@dataclass(frozen=True, slots=True)
class Figures:
    """What one run read: its articles and their fields, and how many of the new ones state a figure."""

    at: datetime
    fields: Counter[str]
    new: int
    telling: int | None
    usual: bool = True

    @classmethod
    def of(cls, run: dict[str, Any]) -> Figures:
        """Return the figures of a stored run."""
        counts = run.get("counts") or {}
        named = {cause["kind"] for cause in run.get("causes") or ()}
        return cls(
            at=run["started"],
            fields=Counter((run.get("tally") or {}).get("fields", {})),
            new=counts.get("new", 0) + counts.get("changed", 0),
            telling=counts.get("telling"),
            usual=run["verdict"] in ("good", "no news", "incomplete") and not named & _NAMED,
        )


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    found: int
    of: int

    @property
    def value(self) -> float:
        return self.found / self.of

    def __add__(self, other: Share) -> Share:
        return Share(self.found + other.found, self.of + other.of)


def surprise(share: Share, usual: float) -> float:
    """Return how unlikely it is to find so few, in nats: Chernoff's bound on the binomial.

    >>> surprise(Share(0, 20), 0.5) > 13.8 > surprise(Share(0, 19), 0.5)
    True
    >>> surprise(Share(10, 20), 0.5)
    0.0
    """
    if share.value >= usual:
        return 0.0
    usual = min(usual, 1 - 1 / (share.of + 1))  # what has always been there may still be missing once
    nats = (1 - share.value) * math.log((1 - share.value) / (1 - usual))
    if share.found:
        nats += share.value * math.log(share.value / usual)
    return share.of * nats


@dataclass(slots=True)
class Past:
    """Earlier runs with the same arguments, latest first."""

    runs: list[Figures] = field(default_factory=list)

    @classmethod
    def of(cls, runs: Iterable[dict[str, Any]], arguments: dict[str, str]) -> Past:
        """Return the comparable ones of *runs* (latest first)."""
        return cls([Figures.of(run) for run in runs if run.get("arguments") == arguments])

    def signs(self, now: Figures) -> Iterator[Cause]:
        """Yield what the articles of this run lack, measured by those of all earlier ones."""
        for name, word in _FIELDS:
            yield from self._sunk(now, name, word)
        yield from self._no_figures(now)

    def _sunk(self, now: Figures, name: str, word: str) -> Iterator[Cause]:
        def share(run: Figures) -> Share:
            return Share(run.fields[name], run.fields["articles"])

        own = recent = share(now)
        earlier = list(self.runs)
        while recent.of < RECENT and earlier:
            recent += share(earlier.pop(0))
        usual = leanest(earlier, share)
        if not own.of or recent.of < RECENT or usual is None:
            return
        if max(own.value, recent.value) <= HALF * usual and surprise(recent, usual) >= SURPRISE:
            said = f"layout: {recent.found} of the last {recent.of} articles have a {word}, before at least {usual:.0%}"
            yield Cause("layout", said)

    def _no_figures(self, now: Figures) -> Iterator[Cause]:
        if not now.new or now.telling:
            return
        barren = [now, *takewhile(lambda run: not run.telling, self.runs)]
        before = self.runs[len(barren) - 1 :]
        dry = Share(0, sum(run.new for run in barren if run.telling is not None))
        usual = leanest(before, lambda run: Share(run.telling or 0, run.new), known=True)
        if usual is None or surprise(dry, usual) < SURPRISE:
            return
        days = (now.at - min(run.at for run in barren if run.new)).days
        if days >= REST or dry.of >= REST * a_day(before):
            said = f"none of the last {dry.of} new articles states a figure, before at least {usual:.0%} did"
            yield Cause("no_figures", said)


def a_day(runs: list[Figures]) -> float:
    """Return how many new articles a day *runs* (latest first, two or more) have brought."""
    return sum(run.new for run in runs) / max(1, (runs[0].at - runs[-1].at).days)


def leanest(
    runs: Iterable[Figures], share: Callable[[Figures], Share], *, known: bool = False
) -> float | None:
    """Return the smallest share in any stretch of usual *runs*; None when there are too few to say.

    *known*: only runs that say how many of their articles state a figure.
    """
    shares, stretch = [], Share(0, 0)
    for run in runs:
        if run.usual and not (known and run.telling is None):
            stretch += share(run)
            if stretch.of >= STRETCH:
                shares.append(stretch.value)
                stretch = Share(0, 0)
    return min(shares) if len(shares) >= STRETCHES else None
