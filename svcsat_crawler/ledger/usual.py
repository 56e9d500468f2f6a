"""When a result of a year is usually printed, by when the results of other years were."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from svcsat_crawler.ledger.keys import Document
from svcsat_crawler.text.times import BEIJING

# A result printed later than this after its year began is a look back.
_LOOK_BACK = timedelta(days=730)
# So long after the last usual day a result is still awaited, not missing.
_GRACE = timedelta(days=31)


def lags(rows: Iterable[Document]) -> list[timedelta]:
    """Return how long after the first of January of its year each result was first printed, shortest first."""
    found = []
    for row in rows:
        if (printed := row["printed"]["first"]) is not None:
            after = printed.astimezone(BEIJING).date() - date(row["year"], 1, 1)
            if timedelta() <= after <= _LOOK_BACK:
                found.append(after)
    return sorted(found)


def usual_days(lag: Sequence[timedelta], year: int) -> Document | None:
    """Return the days between which a result of *year* would be printed: the middle 80 of 100, in thirds of months."""
    if not lag:
        return None
    tenth = len(lag) // 10
    first, last = (date(year, 1, 1) + lag[place] for place in (tenth, -1 - tenth))
    until = calendar.monthrange(last.year, last.month)[1] if last.day > 20 else 10 if last.day <= 10 else 20
    return {
        "from": first.replace(day=1 + 10 * min((first.day - 1) // 10, 2)).isoformat(),
        "to": last.replace(day=until).isoformat(),
    }


def due_day(usual: Document | None, year: int) -> str:
    """Return the day after which a result of *year* is missing; with nothing to go by, at the end of the next year.

    >>> due_day({"from": "2021-12-21", "to": "2022-01-20"}, 2021), due_day(None, 2021)
    ('2022-02-20', '2022-12-31')
    """
    return (date.fromisoformat(usual["to"]) + _GRACE).isoformat() if usual else f"{year + 1}-12-31"
