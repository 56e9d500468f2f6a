"""The time that a number covers, first to last day."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from msgspec import Struct

from svcsat_crawler.items import How, Period

_LEAP_DAY = 29


# Many facts share one.
@lru_cache(maxsize=1024)
def _period(first: date, last: date, label: str, how: How) -> Period:
    return Period(start=first.isoformat(), end=last.isoformat(), label=label, how=how)


class Span(Struct, frozen=True, gc=False):
    """First and last day with the words of the text."""

    first: date
    last: date
    label: str

    def period(self, how: str) -> Period:
        return _period(self.first, self.last, self.label, how)

    @property
    def year(self) -> int:
        return self.last.year


@lru_cache(maxsize=128)
def whole_year(year: int, label: str = "") -> Span:
    """Return the span of a calendar year.

    >>> whole_year(2021).last
    datetime.date(2021, 12, 31)
    """
    return Span(date(year, 1, 1), date(year, 12, 31), label)


def next_year(span: Span) -> Span:
    """Return the same days, one year later.

    >>> next_year(Span(date(2021, 8, 1), date(2021, 8, 31), "8月")).last
    datetime.date(2022, 8, 31)
    """
    year = span.last.year + 1
    leap_day = span.last.month == 2 and span.last.day == _LEAP_DAY
    return Span(
        span.first.replace(year=span.first.year + 1),
        span.last.replace(year=year, day=28 if leap_day else span.last.day),
        span.label,
    )
