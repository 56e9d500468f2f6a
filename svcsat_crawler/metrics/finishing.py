"""What a fact is given when its sentence has been read: survey figures their house, streaks their years."""

from __future__ import annotations

from msgspec.structs import replace

from svcsat_crawler.metrics.found import Found
from svcsat_crawler.metrics.spans import whole_year
from svcsat_crawler.metrics.state import State
from svcsat_crawler.metrics.subjects import Bound
from svcsat_crawler.metrics.surveys import asking


def finish(state: State, fact: Found) -> list[Found]:
    """Return a fact with what only its article tells, one for each party of "A、B及C供电局都排第一"."""
    if fact.metric.startswith("survey_"):
        _of_survey(state, fact)
    elif fact.metric == "satisfaction_streak":
        _since(fact)
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


def _spread(fact: Found, bound: Bound) -> list[Found]:
    """Return a copy of a fact for each of its parties."""
    return [replace(fact, bound=Bound((party,), bound.how)) for party in bound.parties]
