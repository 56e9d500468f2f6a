"""The time that a number covers, first to last day."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from svcsat_crawler.items import Period


class Span(NamedTuple):
    """First and last day with the words of the text."""

    first: date
    last: date
    label: str

    def period(self, how: str) -> Period:
        return Period(start=self.first.isoformat(), end=self.last.isoformat(), label=self.label, how=how)  # type: ignore[arg-type]

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
