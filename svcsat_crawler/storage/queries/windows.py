"""Long answers in pieces, in their order.

The embedded server takes up everything that the index finds before it sorts and cuts, so what may be many is
asked for piece by piece, until there is enough.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from svcsat_crawler.storage.queries.asked import FIRST_YEAR, Years, printed_between
from svcsat_crawler.storage.queries.plan import Range

QUARTER = timedelta(days=91)
LITTLE = 200  # documents; so many are little to sort
EARLY = datetime(2005, 1, 1, tzinfo=UTC)  # little on the sites is older: all of that is one piece
# Years in a row, longest first.
STREAKS = (Range(20, None), *(Range(length, length + 2) for length in range(18, 0, -2)), Range(None, 2))


class Pace:
    """How much time the next piece covers: twice as much after one in which little was found."""

    def __init__(self) -> None:
        self.span = QUARTER

    def found(self, count: int) -> None:
        """Take note of how much a piece held."""
        self.span = self.span * 2 if count < LITTLE else max(QUARTER, self.span / 2)


def printed(years: Years | None, now: datetime, pace: Pace | None = None) -> Iterator[Range | None]:
    """Yield times of publication, latest first; None at the end for articles without a date.

    The pieces are quarters of a year, or as the *pace* says that is told what each has held.

    >>> pieces = list(printed(Years(2021, 2021), datetime(2026, 1, 1, tzinfo=UTC)))
    >>> len(pieces), pieces[0].high.year, pieces[-1].low.year
    (5, 2021, 2020)
    >>> list(printed(None, datetime(2026, 1, 1, tzinfo=UTC)))[-1] is None
    True
    """
    pace = pace or Pace()
    if years is None:
        first, end = EARLY, now
        yield Range(end, None)
    else:
        first, end = printed_between(years)
    while end > first:
        start = max(first, end - pace.span)
        yield Range(start, end)
        end = start
    if years is None:
        yield Range(None, first)
        yield None


def years_down(years: Years | None, now: datetime) -> range:
    """Years, latest first; a figure of next year may be told in advance.

    >>> list(years_down(Years(2019, 2021), datetime(2026, 1, 1, tzinfo=UTC)))
    [2021, 2020, 2019]
    """
    first, last = years or (FIRST_YEAR, now.year + 1)
    return range(min(last, now.year + 1), first - 1, -1)
