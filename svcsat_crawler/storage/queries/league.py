"""Bureaus beside each other: who is first, who moved, who has been first for how long."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from math import inf

from pymongo.database import Database

from svcsat_crawler.storage.queries.asked import Asked
from svcsat_crawler.storage.queries.conditions import conditions, descending
from svcsat_crawler.storage.queries.metric_order import low_is_good
from svcsat_crawler.storage.queries.plan import Range, Read, Set
from svcsat_crawler.storage.queries.reading import Document, any_of, counted, documents
from svcsat_crawler.storage.queries.series import BY_BUREAU, KIND
from svcsat_crawler.storage.queries.windows import STREAKS, years_down

USUAL = "satisfaction_score"
STREAK = "satisfaction_streak"
SMALLEST = 1e-9  # of a difference of two floats that is one


def league(database: Database[Document], asked: Asked, limit: int | None) -> Iterator[Document]:
    """Yield rows of the ledger, best value first within each metric, year, survey and peer group.

    Each row has its ``place`` (equal values share one) among the ``listed``.  Without a year: the latest
    that has any.  A bureau's row is shown with its place among all.
    """
    return islice(_leagues(database, asked, limit), limit)


def _leagues(database: Database[Document], asked: Asked, limit: int | None) -> Iterator[Document]:
    everybody = asked.without("bureau")
    for metric in asked.metrics or (USUAL,):
        for year in chosen_years(database, everybody, metric, "value"):
            equal = _of_year(everybody, metric, year)
            rest = conditions(everybody, "metric", *equal)
            for group in _groups(database, Read("ledger", equal, also={**rest, "value": Set()})):
                same = {name: group[name] for name in ("survey_key", *KIND)}
                read = Read(
                    "ledger",
                    {**equal, **same},
                    {"value": 1 if low_is_good(metric) else -1},
                    ("value", Range(-inf)),
                    {name: rest[name] for name in rest if name not in same},
                )
                rows = _placed(documents(database, [read], None if asked.bureau else limit), group["n"])
                yield from (row for row in rows if not asked.bureau or row["subject_key"] == asked.bureau.key)


def _of_year(asked: Asked, metric: str, year: int) -> dict[str, str | int | None]:
    province = {"province": asked.province} if asked.province else {}
    return {**province, "metric": metric, "year": year}


def chosen_years(database: Database[Document], asked: Asked, metric: str, field: str) -> Iterable[int]:
    """Return the years that are asked for; when none is, the latest in which any row has the *field*."""
    if asked.years:
        return years_down(asked.years, asked.at)
    for year in years_down(None, asked.at):
        equal = _of_year(asked, metric, year)
        if any_of(
            database, Read("ledger", equal, also={**conditions(asked, "metric", *equal), field: Set()})
        ):
            return (year,)
    return ()


def _groups(database: Database[Document], read: Read) -> list[Document]:
    """Return survey, peer group, segment and scope of the values there are, the largest group first."""
    groups = counted(database, read, "survey_key", *KIND)
    return sorted(groups, key=lambda group: (-group["n"], *(str(group[name]) for name in group)))


def _placed(rows: Iterable[Document], listed: int) -> Iterator[Document]:
    place, before = 0, None
    for count, row in enumerate(rows, 1):
        if row["value"] != before:
            place, before = count, row["value"]
        yield {**row, "place": place, "listed": listed}


def movers(database: Database[Document], asked: Asked, limit: int | None) -> Iterator[Document]:
    """Yield rows whose value changed since the year before: the most improved first, then the most worsened,
    half of *limit* each.  A bureau's changes come year by year.
    """
    if asked.bureau:
        reads = (
            Read(
                "ledger",
                {"subject_key": asked.bureau.key, "metric": metric},
                BY_BUREAU,
                also={**conditions(asked, "subject_key", "metric"), "delta": Set()},
            )
            for metric in asked.metrics or (USUAL,)
        )
        return documents(database, reads, limit)
    return islice(_moved(database, asked, limit), limit)


def _moved(database: Database[Document], asked: Asked, limit: int | None) -> Iterator[Document]:
    for metric in asked.metrics or (USUAL,):
        better, worse = (-1, 1) if low_is_good(metric) else (1, -1)
        for year in chosen_years(database, asked, metric, "delta"):
            equal = _of_year(asked, metric, year)
            sides = []
            for way in (better, worse):
                moved = Range(SMALLEST) if way > 0 else Range(None, 0.0)
                rest = conditions(asked, "metric", *equal)
                read = Read("ledger", equal, {"delta": -way}, ("delta", moved), rest)
                sides.append(list(documents(database, [read], limit)))
            yield from _halves(sides[0], sides[1], limit)


def _halves(up: list[Document], down: list[Document], limit: int | None) -> list[Document]:
    if limit is None:
        return [*up, *reversed(down)]
    room = max(limit - len(down), (limit + 1) // 2)
    up = up[:room]
    return [*up, *reversed(down[: limit - len(up)])]


def streaks(database: Database[Document], asked: Asked, limit: int | None) -> Iterator[Document]:
    """Yield the streaks of first places, longest first: of each the row that tells it at its longest."""
    if asked.bureau:
        equal = {"subject_key": asked.bureau.key, "metric": STREAK}
        read = Read("ledger", equal, descending(BY_BUREAU), also=conditions(asked, *equal))
        rows: Iterable[Document] = sorted(
            (row for row in documents(database, [read]) if row["value"] is not None),
            key=lambda row: (-row["value"], -row["year"]),
        )
    else:
        reads = (
            Read(
                "ledger",
                {"metric": STREAK},
                {"value": -1, "year": -1},
                ("value", length),
                conditions(asked, "metric"),
            )
            for length in STREAKS
        )
        rows = documents(database, reads)
    return islice(_longest(rows), limit)


def _longest(rows: Iterable[Document]) -> Iterator[Document]:
    """Yield of each streak the first row; it is known by whose it is, by which survey, and its first year."""
    seen = set()
    for row in rows:
        streak = (row["subject_key"], row["survey_key"], row["year"] - round(row["value"]))
        if streak not in seen:
            seen.add(streak)
            yield row
