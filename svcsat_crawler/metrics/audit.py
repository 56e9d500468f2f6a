"""Compares the facts of one article with each other and with their sentences: flags, never repairs.

A flag stands on both facts, each with the sentence of the other.  Numbers are compared as the ranges that
they were rounded from.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import combinations

from svcsat_crawler.items import Comparison, Fact
from svcsat_crawler.metrics.changes import TOLD_IN
from svcsat_crawler.metrics.check import flag

Range = tuple[float, float]

# Of these an article states one value for one organisation, time and survey.
_SINGLE = ("satisfaction_score", "satisfaction_rate", "saidi", "saifi", "asai", "satisfaction_streak")
_CERTAIN = 0.9
# Converted minutes, and rounding on both sides of a change.
_SLACK = 0.01
_HOURS = 8760.0
_FACTOR = 5.0
_POINTS = 1.0
_FIRST_YEAR = re.compile(r"自(?P<year>(?:19|20)\d\d)年(?:起|开始|以来)")
_SHARE = re.compile(r"占(?:比|总数的|全部的)?(?:约|达|为|到|高达)*(?P<share>\d+(?:\.\d+)?)[%％]")
_VALID_SHARE = re.compile(r"(?:有效率|有效回收率|回收率)(?:约|达|为|到|高达)*(?P<share>\d+(?:\.\d+)?)[%％]")
_DOWN = re.compile(r"(?:降|减|缩|压|跌|退|下滑)[低少短小减缩步]?[至到为]了?(?:约|近)?$")
_UP = re.compile(r"(?:升|增|提|涨|攀|跃)[高升长加多]?[至到为]了?(?:约|近)?$")


def audit(facts: list[Fact]) -> None:
    """Add to each fact what does not agree with the others or with its own sentence."""
    groups: defaultdict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.status == "measured" and fact.value is not None:
            groups[fact.metric].append(fact)
            if fact.comparison is not None:
                _direction(fact, fact.comparison)
    for metric, group in groups.items():
        if metric == "satisfaction_streak":
            _streaks(group)
        elif len(group) > 1:
            _values(group)
            _earlier(group)
    _reliability(groups["asai"], groups["saidi"])
    _questionnaires(groups["survey_valid"], groups["survey_issued"])
    _first_places(groups["first_place_count"], groups["satisfaction_rank"])


def _add(fact: Fact, kind: str, message: str, sentence: str | None = None) -> None:
    text = flag(kind, message, sentence)
    if text not in fact.flags:
        fact.flags.append(text)


def _both(first: Fact, second: Fact, kind: str, message: str) -> None:
    _add(first, kind, message, second.evidence.sentence)
    _add(second, kind, message, first.evidence.sentence)


def _year(fact: Fact) -> int | None:
    return int(fact.period.end[:4]) if fact.period and fact.period.end else None


def _sure(fact: Fact) -> bool:
    """Whether the number is exact and its subject and time are more than a guess."""
    stated = fact.period is not None and fact.period.how != "publication" and fact.subject is not None
    return stated and fact.qualifier == "eq" and fact.confidence >= _CERTAIN


def _series(fact: Fact) -> tuple[str | None, ...]:
    """Return what facts of one series share: whose, by which survey, among whom, of which part."""
    subject, survey, rank = fact.subject, fact.survey, fact.rank
    return (
        (subject.id or subject.name) if subject else None,
        (survey.id or survey.org or survey.name) if survey else None,
        rank.kind if rank else None,
        fact.segment,
        fact.scope,
        fact.unit,
    )


def _days(fact: Fact) -> tuple[str, str] | None:
    """Return first and last day without the year: those of the same part of another year are equal."""
    if fact.period is None or fact.period.start is None or fact.period.end is None:
        return None
    return fact.period.start[5:], fact.period.end[5:]


def rounded(value: float) -> Range:
    """Return the range of what was printed as *value*: half a unit of its last digit that is no zero.

    >>> rounded(83.05), rounded(1200.0)
    ((83.045, 83.055), (1150.0, 1250.0))
    """
    digits = f"{abs(value):.10g}"
    if "e" in digits:
        digits = f"{abs(value):.0f}"
    whole, _, fraction = digits.partition(".")
    zeros = len(whole) - len(whole.rstrip("0")) if not fraction and value else 0
    half = 0.5 * 10.0 ** (zeros if not fraction else -len(fraction))
    return round(value - half, 10), round(value + half, 10)


def _meet(a: Range, b: Range) -> bool:
    slack = _SLACK * max(abs(a[1] - a[0]), abs(b[1] - b[0]), 1e-9)
    return a[0] <= b[1] + slack and b[0] <= a[1] + slack


def _values(group: list[Fact]) -> None:
    if group[0].metric not in _SINGLE:
        return
    for first, second in combinations([fact for fact in group if _sure(fact)], 2):
        if _series(first) != _series(second) or (_year(first), _days(first)) != (
            _year(second),
            _days(second),
        ):
            continue
        if not _meet(rounded(first.value or 0.0), rounded(second.value or 0.0)):
            _both(first, second, "value_differs", f"{first.value:g} and {second.value:g} {first.unit}")


def _earlier(group: list[Fact]) -> None:
    for fact in group:
        change = fact.comparison
        if change is None or (year := _year_before(fact, change)) is None:
            continue
        for other in group:
            if other is fact or _year(other) != year or not (_sure(fact) and _sure(other)):
                continue
            if _series(other) != _series(fact) or _days(other) != _days(fact):
                continue
            stated, expected = rounded(other.value or 0.0), _expected(fact, change)
            if not any(_meet(one, stated) for one in expected):
                low, high = expected[0]
                message = f"{year} was {other.value:g}, by value and change it was {(low + high) / 2:.6g}"
                _both(fact, other, "earlier_value_differs", message)


def _year_before(fact: Fact, change: Comparison) -> int | None:
    """Return the year that a fact is compared with, None where no size of a change from a known year is told."""
    year = _year(fact)
    if change.value is None or year is None or fact.value is None:
        return None
    if change.kind == "from_to":
        return year - 1 if change.base is not None and "同比" in fact.evidence.sentence else None
    if change.kind not in ("yoy", "previous") or change.direction == "flat":
        return None
    if change.base is not None:
        return int(change.base)
    return year - 1 if change.kind == "yoy" else None


def _expected(fact: Fact, change: Comparison) -> list[Range]:
    """Return what a fact's value must have been before its change."""
    if change.kind == "from_to":
        return [rounded(change.base or 0.0)]
    rising = change.direction == "up"
    return list(_before(fact.value or 0.0, change.value or 0.0, rising, change.unit, fact.unit))


def _before(value: float, change: float, rising: bool, unit: str | None, own: str) -> Iterator[Range]:
    """Yield the ranges of the value before a change; a percentage of a percentage is read both ways."""
    low, high = rounded(value)
    less, more = rounded(change)
    if unit == "percent":
        sign = 1 if rising else -1
        factors = [1 + sign * part / 100 for part in (less, more)]
        if min(factors) > 0:
            yield low / max(factors), high / min(factors)
    if unit != "percent" or own == "percent":
        factor, _ = TOLD_IN.get(own, (1, own))
        less, more = less * factor, more * factor
        up = rising != (own == "rank")
        yield (low - more, high - less) if up else (low + less, high + more)


def _streaks(group: list[Fact]) -> None:
    for fact in group:
        match = _FIRST_YEAR.search(fact.evidence.sentence)
        year = _year(fact)
        if (
            match
            and year
            and fact.qualifier == "eq"
            and abs(year - int(fact.value or 0) + 1 - int(match["year"])) > 1
        ):
            _add(
                fact, "first_year_differs", f"{fact.value:g} years to {year} do not begin in {match['year']}"
            )
    for first, second in combinations([fact for fact in group if _sure(fact)], 2):
        starts = [(_year(fact) or 0) - int(fact.value or 0) + 1 for fact in (first, second)]
        if _series(first) == _series(second) and starts[0] != starts[1]:
            told = " and ".join(
                f"{fact.value:g} years to {_year(fact)} begin in {start}"
                for fact, start in zip((first, second), starts, strict=True)
            )
            _both(first, second, "streak_start_differs", told)


def _reliability(reliabilities: list[Fact], outages: list[Fact]) -> None:
    """8760 hours times what is missing to 100 % is the outage time of a year, roughly."""
    if not reliabilities:
        return
    told = [(second, _whose_and_when(second)) for second in outages if _sure(second)]
    for first in reliabilities if told else ():
        own = _whose_and_when(first)
        for second, other in told:
            if own != other or not _sure(first):
                continue
            low, high = (
                _HOURS * (1 - part / 100) * _share_of_year(first)
                for part in reversed(rounded(first.value or 0.0))
            )
            hours = second.value or 0.0
            if not low / _FACTOR <= hours <= max(high, 0.0) * _FACTOR:
                _both(first, second, "reliability_differs", f"{first.value:g} % and {hours:g} hours")


def _whose_and_when(fact: Fact) -> tuple[object, ...]:
    return _series(fact)[:5], _year(fact), _days(fact)


def _share_of_year(fact: Fact) -> float:
    if fact.period is None or fact.period.start is None or fact.period.end is None:
        return 1.0
    days = (date.fromisoformat(fact.period.end) - date.fromisoformat(fact.period.start)).days + 1
    return min(days / 365, 1.0)


def _questionnaires(valid: list[Fact], issued: list[Fact]) -> None:
    for answered in valid:
        same = [
            fact
            for fact in issued
            if _series(fact)[1] == _series(answered)[1] and _year(fact) == _year(answered)
        ]
        if not same or answered.qualifier not in ("eq", "over", "at_least"):
            continue
        most = max(same, key=lambda fact: fact.value or 0.0)
        if rounded(answered.value or 0.0)[0] > rounded(most.value or 0.0)[1]:
            _both(answered, most, "valid_above_issued", f"{answered.value:g} of {most.value:g}")
        elif len(same) == 1:
            _share(answered, answered.value or 0.0, most.value or 0.0, _VALID_SHARE)


def _share(fact: Fact, part: float, whole: float, printed: re.Pattern[str]) -> None:
    match = printed.search(fact.evidence.sentence)
    if match and whole and abs(100 * part / whole - float(match["share"])) > _POINTS:
        share = 100 * part / whole
        _add(fact, "share_differs", f"{part:g} of {whole:g} is {share:.1f} %, not {match['share']} %")


def _first_places(counts: list[Fact], ranks: list[Fact]) -> None:
    for count in counts:
        if count.rank is not None and count.rank.of:
            _share(count, count.value or 0.0, count.rank.of, _SHARE)
        named = {
            fact.subject.name
            for fact in ranks
            if fact.subject
            and fact.value == 1
            and fact.evidence.sentence == count.evidence.sentence
            and fact.subject != count.subject
        }
        if count.qualifier == "eq" and len(named) > (count.value or 0.0):
            _add(count, "more_named_than_counted", f"{len(named)} named, {count.value:g} counted")


def _direction(fact: Fact, change: Comparison) -> None:
    """Read the verb before the number of a from-to pair against the two numbers."""
    if change.kind != "from_to" or change.direction == "flat":
        return
    before = fact.evidence.sentence.partition(fact.raw)[0]
    verb = "down" if _DOWN.search(before) else "up" if _UP.search(before) else change.direction
    if verb != change.direction:
        _add(
            fact,
            "direction_differs",
            f"{change.base:g} to {fact.value:g} is {change.direction}, the verb says {verb}",
        )
