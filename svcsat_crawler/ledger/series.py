"""The rows of one subject and metric over the years, and what of them is last year's of what."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import NamedTuple

from svcsat_crawler.ledger.keys import Document
from svcsat_crawler.ledger.named_streaks import name_streaks
from svcsat_crawler.ledger.stated import since_last_year


class Line(NamedTuple):
    """What stays the same from one year to the next, beside the survey."""

    segment: str
    scope: str
    peers: str
    span: str


def line_of(row: Document) -> Line:
    """Return the line of a row; *span* is its period without the year: 01-01..11-30."""
    start, end = row["period"]["start"] or "", row["period"]["end"]
    years = int(end[:4]) - int(start[:4] or end[:4])
    span = f"{start[5:]}..{end[5:]}{f' -{years}' if years else ''}".replace("02-29", "02-28")
    return Line(row["segment"] or "", row["scope"] or "", row["rank_kind"] or "", span)


class Series:
    """The rows of one series by line, survey and year."""

    def __init__(self, rows: Iterable[Document]) -> None:
        self.rows = sorted(rows, key=lambda row: (row["year"], row["_id"]))
        self._places: dict[tuple[Line, int], dict[str, Document]] = {}
        for row in self.rows:
            self._places.setdefault((line_of(row), row["year"]), {})[row["survey_key"]] = row

    def before(self, row: Document) -> Document | None:
        """Return the row of the year before that is to be compared with *row*.

        It is of the same survey.  Where both years together name one survey at most, a row that does not name
        its survey is taken for that one's.
        """
        line, year = line_of(row), row["year"]
        now, then = (self._places.get((line, other), {}) for other in (year, year - 1))
        found = then.get(row["survey_key"])
        if found is None and len({*now, *then} - {""}) == 1:
            found = next(iter(then.values()), None)
        return found

    def link(self, years: Container[int]) -> None:
        """Set ``previous`` and ``delta`` of the rows of these years, and ``streak`` of all.

        ``delta`` is the difference of the two values (``delta_by`` is ``rows``), else what the shown statement
        says itself (``stated``).  One of several numbers of a year has no difference.
        """
        name_streaks(self.rows)
        for row in self.rows:
            if row["year"] not in years:
                continue
            before = self.before(row)
            row["previous"] = before and {
                "year": before["year"],
                "value": before["value"],
                "row": before["_id"],
            }
            row["delta"], row["delta_by"] = _delta(row, before)


def _delta(row: Document, before: Document | None) -> tuple[float | None, str | None]:
    both = before is not None and row["value"] is not None and before["value"] is not None
    if before is not None and both and "several" not in (row["state"], before["state"]):
        return round(row["value"] - before["value"], 9), "rows"
    stated = since_last_year(row)
    return stated, None if stated is None else "stated"
