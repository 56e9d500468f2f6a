"""Flags what cannot be in one fact: a rank above its field, a share above 100.  A source is never repaired."""

from __future__ import annotations

from math import inf

from svcsat_crawler.items import Fact
from svcsat_crawler.metrics.changes import TOLD_IN
from svcsat_crawler.metrics.lexicon import metrics

# What a flag starts with -> what it means; those of one fact first, then those of two (see audit.py).
KINDS = {
    "rank_above_of": "a rank larger than the number of peers",
    "count_above_of": "more first places than units",
    "out_of_range": "a value outside the metric's limits, or a fall of more than 100 %",
    "change_above_value": "a rise larger than the level it led to",
    "direction_differs": "降至 a larger value, or 上升到 a worse rank",
    "share_differs": "a share of first places or of valid answers that its two counts do not give",
    "first_year_differs": "years in a row that do not reach back to the first year in the sentence",
    "earlier_value_differs": "value less change is not the earlier value that the article states",
    "value_differs": "two values for the same organisation, time, survey and part",
    "streak_start_differs": "two streaks of one organisation in one survey that begin in different years",
    "valid_above_issued": "more valid answers than questionnaires issued",
    "reliability_differs": "supply reliability and outage time that are no match by a factor of five",
    "more_named_than_counted": "more units named in first place than the count says",
}

# Unit of what is among so many -> kind of flag and the number's name; years in a row among 12 services may be 13.
AMONG = {"rank": ("rank_above_of", "rank "), "count": ("count_above_of", "")}
# Of a metric that has none of its own.
_LIMITS = (0.0, inf)


def flag(kind: str, message: str, sentence: str | None = None) -> str:
    """Return a flag as one line: its kind, what is odd, and the other sentence where there is one.

    >>> flag("rank_above_of", "rank 25 of 20")
    'rank_above_of: rank 25 of 20'
    """
    if kind not in KINDS:
        raise KeyError(f"{kind!r} is no kind of flag: there are {', '.join(KINDS)}")
    return f"{kind}: {message}" + (f" “{' '.join(sentence.split())}”" if sentence else "")


def kind_of(text: str) -> str:
    """Return the kind that a flag starts with.

    >>> kind_of("rank_above_of: rank 25 of 20")
    'rank_above_of'
    """
    return text.partition(":")[0]


def value_flags(metric: str, unit: str, value: float, of: int | None) -> list[str]:
    """Return what cannot be about a number: one above *of*, what it is among, or outside the limits of its metric."""
    flags: list[str] = []
    if of is not None and value > of and unit in AMONG:
        kind, what = AMONG[unit]
        flags.append(flag(kind, f"{what}{value:g} of {of}"))
    known = metrics().get(metric)
    low, high = known.limits if known and known.limits else _LIMITS
    if not low <= value <= high:
        flags.append(flag("out_of_range", f"{value:g} is not in {low:g} to {high:g}"))
    return flags


def flags_of(fact: Fact) -> list[str]:
    """Return what is odd about *fact* by itself."""
    flags: list[str] = []
    if fact.value is not None:
        flags = value_flags(fact.metric, fact.unit, fact.value, fact.rank.of if fact.rank else None)
    change = fact.comparison
    if change is not None and change.value is not None:
        if change.unit == "percent" and change.direction == "down" and change.value > 100:
            flags.append(flag("out_of_range", f"a fall of {change.value:g} %"))
        factor, told = TOLD_IN.get(fact.unit, (1, fact.unit))
        level = told == change.unit and fact.value is not None and change.kind != "from_to"
        rise = level and change.direction == "up" and fact.unit != "rank"
        if rise and change.value * factor > (fact.value or 0.0):
            flags.append(flag("change_above_value", f"up {change.value * factor:g} to {fact.value:g}"))
    return flags
