"""What a fact is given when its sentence has been read: survey figures their house, streaks and sums their years."""

from __future__ import annotations

import re
from datetime import date

from msgspec.structs import replace

from svcsat_crawler.metrics.bound import Bound
from svcsat_crawler.metrics.found import Found
from svcsat_crawler.metrics.spans import whole_year
from svcsat_crawler.metrics.state import State
from svcsat_crawler.metrics.surveys import asking
from svcsat_crawler.metrics.yearly import last_year, number_of_years, years_before_now

_SUMMED = frozenset(("kWh", "CNY", "count"))
_SUM = re.compile("累计|合计|总计|共[计]?|总共|一共")
_SAVED = ("bill_saved", "investment_saved", "customer_savings", "complaints")


def finish(state: State, fact: Found) -> list[Found]:
    """Return a fact with what only its article tells, one for each party of "A、B及C供电局都排第一"."""
    if fact.metric.startswith("survey_"):
        _of_survey(state, fact)
    elif fact.metric == "satisfaction_streak":
        _since(fact)
    elif fact.unit in _SUMMED and fact.period_how != "stated":
        _over_years(state, fact)
    return [fact] if fact.bound is None or len(fact.bound.parties) < 2 else _spread(fact, fact.bound)


def _of_survey(state: State, fact: Found) -> None:
    """Give a survey figure to who holds the survey."""
    house, place = state.surveys.house, state.surveys.place
    # A house of the table stands for its survey; of a council that asked once, the place does.
    nation = place is not None and place.level == "nation"
    party = house if house and (house.id or nation) else asking(fact.sentence) or place or house
    party = party or (fact.bound.parties[0] if fact.bound else None)
    fact.bound = Bound((party,), "inherited") if party else None
    fact.survey = state.surveys.current()


def _since(fact: Found) -> None:
    """Let the time of a streak begin with its first year."""
    if fact.span is None or not fact.value:
        return
    last = fact.span.year
    span = whole_year(last, fact.span.label)
    first = last - int(fact.value) + 1
    if first > 1900:
        fact.span = replace(span, first=span.first.replace(year=first))


def _over_years(state: State, fact: Found) -> None:
    """Let the time of a sum be that of the years it sums: 近五年累计节省3.2亿元."""
    if fact.span is None or not fact.value or fact.comparison is not None or fact.status != "measured":
        return
    match = years_before_now(fact.sentence, fact.start)
    if match is None:
        return
    if fact.metric not in _SAVED and not _SUM.search(fact.sentence.text, match.end(), fact.start):
        return
    last = last_year(fact.span, state.published)
    first = date(last - number_of_years(match) + 1, 1, 1)
    fact.span, fact.period_how = replace(whole_year(last, match[0]), first=first), "stated"


def _spread(fact: Found, bound: Bound) -> list[Found]:
    """Return a copy of a fact for each of its parties."""
    return [replace(fact, bound=Bound((party,), bound.how)) for party in bound.parties]
