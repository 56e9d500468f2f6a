"""What is usual for a spider, from the records of its earlier runs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from svcsat_crawler.verdict.arrivals import Arrivals
from svcsat_crawler.verdict.limits import ENOUGH
from svcsat_crawler.verdict.past import Past


@dataclass(slots=True)
class Usual:
    """First pages of lists by address, and how often a field is there in the articles read.

    *past* and *arrivals* (by address of the list) are given where a run can be compared with its history,
    with *now*, when it began.
    """

    lists: dict[str, dict[str, Any]] = field(default_factory=dict)
    rows: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    fields: Counter[str] = field(default_factory=Counter)
    past: Past = field(default_factory=Past)
    arrivals: dict[str, Arrivals] = field(default_factory=dict)
    now: datetime | None = None

    @classmethod
    def of(cls, runs: Iterable[dict[str, Any]]) -> Usual:
        """Return what is usual in *runs*, latest first; broken ones do not count."""
        usual = cls()
        for run in runs:
            if run.get("verdict") not in ("good", "no news", "incomplete"):
                continue
            usual.fields.update((run.get("tally") or {}).get("fields", {}))
            for walk in run.get("lists", ()):
                if walk.get("first_rows"):
                    usual.lists.setdefault(walk["url"], walk)
                    usual.rows[walk["url"]].append(walk["first_rows"])
        return usual

    def share(self, name: str, of: str = "articles") -> float | None:
        """Return the usual share of articles with a field; None when there are too few to say."""
        total = self.fields[of]
        return self.fields[name] / total if total >= ENOUGH else None

    @property
    def length(self) -> float | None:
        """Return the usual length of an article in characters; None when there are too few to say."""
        total = self.fields["articles"]
        return self.fields["characters"] / total if total >= ENOUGH else None
