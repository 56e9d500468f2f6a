"""On which days a list brought something new, and whether it still does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from svcsat_crawler.verdict.causes import Cause
from svcsat_crawler.verdict.limits import DAYS_KEPT, DAYS_NEEDED, FLOOD, FLOODED, LONG, LONGER, PAUSES


@dataclass(frozen=True, slots=True)
class Arrivals:
    """New rows by day, oldest first, and when the list was looked at last."""

    scope: str = ""
    days: dict[date, int] = field(default_factory=dict)
    looked: date | None = None

    @classmethod
    def of(cls, state: dict[str, Any], scope: str) -> Arrivals:
        """Return what the state of a list tells; nothing of days on which other keywords were asked for."""
        kept = state.get("arrivals")
        if not kept or kept["scope"] != scope:
            return cls(scope)
        days = {date.fromisoformat(day): number for day, number in kept["days"]}
        return cls(scope, days, date.fromisoformat(kept["looked"]))

    def after(self, today: date, new: int) -> dict[str, Any]:
        """Return what the state keeps after a run that found *new* rows."""
        days = {**self.days, today: self.days.get(today, 0) + new} if new else self.days
        latest = sorted(days.items())[-DAYS_KEPT:]
        days_kept = [[day.isoformat(), number] for day, number in latest]
        return {"scope": self.scope, "looked": today.isoformat(), "days": days_kept}

    def signs(self, walk: dict[str, Any], today: date) -> Iterator[Cause]:
        """Yield what is unusual about the new rows of a walk that came to its own end."""
        if len(self.days) < DAYS_NEEDED:
            return
        days = sorted(self.days)
        silent, longest = (today - days[-1]).days, max((b - a).days for a, b in pairwise(days))
        if not walk["new"]:
            mean = (days[-1] - days[0]).days / (len(days) - 1)
            if silent > max(LONG, LONGER * longest, PAUSES * mean):
                said = (
                    f"list {walk['name']}: nothing new for {silent} days, before never longer than {longest}"
                )
                yield Cause("silent", f"{said}: {walk['url']}")
            return
        # The most ever may have been the first walk of all.
        most = sorted(self.days.values())[-2]
        away = max(1, (today - (self.looked or days[-1])).days)
        if walk["new"] > max(FLOOD, FLOODED * most * away):
            said = f"list {walk['name']}: {walk['new']} new articles, before never more than {most} a day"
            yield Cause("flood", f"{said}: have their addresses changed? {walk['url']}")
