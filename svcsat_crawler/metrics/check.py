"""Flags what cannot be: a rank above its field, a share above 100.  A source is never repaired."""

from __future__ import annotations

from svcsat_crawler.items import Fact
from svcsat_crawler.metrics.lexicon import metrics


def flags_of(fact: Fact) -> list[str]:
    """Return what is odd about *fact*, in words that a report can print.

    ``rank_above_of``, ``count_above_of``, ``out_of_range``, ``change_above_value``.
    """
    flags: list[str] = []
    metric = metrics()[fact.metric]
    if fact.value is not None:
        of = fact.rank.of if fact.rank else None
        if of is not None and fact.value > of:
            flags.append("count_above_of" if fact.metric == "first_place_count" else "rank_above_of")
        low, high = metric.limits or (0.0, float("inf"))
        if not low <= fact.value <= high:
            flags.append("out_of_range")
    change = fact.comparison
    if change is not None and change.value is not None:
        if change.unit == "percent" and change.direction == "down" and change.value > 100:
            flags.append("out_of_range")
        level = fact.unit == change.unit and fact.value is not None and change.kind != "from_to"
        if level and change.direction == "up" and change.value > (fact.value or 0.0) and fact.unit != "rank":
            flags.append("change_above_value")
    return list(dict.fromkeys(flags))
