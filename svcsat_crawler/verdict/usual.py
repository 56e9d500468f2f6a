"""What is usual for a spider, from the records of its earlier runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

# Runs that are looked back at, and articles that make a share of them meaningful.
RUNS = 20
ENOUGH = 5


@dataclass(slots=True)
class Usual:
    """First pages of lists by address, and how often a field is there in the articles read."""

    lists: dict[str, dict[str, Any]] = field(default_factory=dict)
    fields: Counter[str] = field(default_factory=Counter)

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
