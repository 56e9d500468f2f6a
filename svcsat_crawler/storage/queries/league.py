"""Bureaus beside each other: who is first, who moved, who has been first for how long."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from math import inf

from pymongo.database import Database

from svcsat_crawler.ledger.keys import level_of
from svcsat_crawler.storage.queries.asked import Asked
from svcsat_crawler.storage.queries.conditions import conditions, descending
from svcsat_crawler.storage.queries.metric_order import low_is_good
from svcsat_crawler.storage.queries.plan import Range, Read, Set, Value
from svcsat_crawler.storage.queries.reading import Document, any_of, documents, merged
from svcsat_crawler.storage.queries.series import BY_BUREAU, KIND
from svcsat_crawler.storage.queries.windows import STREAKS, years_down

USUAL = "satisfaction_score"
STREAK = "satisfaction_streak"
LEVELS = ("prefecture", "county", "province")  # in this order, then all others
SMALLEST = 1e-9  # of a difference of two floats that is one


def league(database: Database[Document], asked: Asked, limit: int | None) -> Iterator[Document]:
    """Yield rows of the ledger, best value first within each metric, year, level, survey and peer group.

    Each row has its ``place`` (equal values share one) among the ``listed`` of its ``level``: cities are not
    beside counties or provinces.  Without a year: the latest
    that has any.  A bureau's row is shown with its place among all, in the years in which it is listed.
    """
    return islice(_leagues(database, asked), limit)


def _leagues(database: Database[Document], asked: Asked) -> Iterator[Document]:
    everybody = asked.without("bureau")
    for metric in asked.metrics or (USUAL,):
        way = 1 if low_is_good(metric) else -1
        for year in _league_years(database, asked, metric):
            equal = _of_year(everybody, metric, year)
            rest = conditions(everybody, *equal)
            read = Read("ledger", equal, {"value": way}, ("value", Range(-inf)), rest)
            for group in _groups(documents(database, [read])):
                rows = _placed(group)
                yield from (row for row in rows if not asked.bureau or row["subject_key"] == asked.bureau.key)


def _league_years(database: Database[Document], asked: Asked, metric: str) -> Iterable[int]:
    """Return the years of the leagues; for a bureau those in which it is listed, the latest of them by itself."""
    if asked.bureau is None:
        return chosen_years(database, asked, metric, "value")
    equal: dict[str, Value] = {"subject_key": asked.bureau.key, "metric": metric}
    read = Read("ledger", equal, also={**conditions(asked, *equal), "value": Set()})
    years = sorted({row["year"] for row in documents(database, [read], fields={"year": 1})}, reverse=True)
    return years if asked.years else years[:1]


def _of_year(asked: Asked, metric: str, year: int) -> dict[str, Value]:
    equal: dict[str, Value] = {"province": asked.province} if asked.province else {}
    return {**equal, "metric": metric, "year": year}


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


def _groups(rows: Iterable[Document]) -> list[list[Document]]:
    """Return the rows of each level, survey, peer group, segment and scope, in their order: cities first, then the
    largest group.
    """
    groups: dict[tuple[str, ...], list[Document]] = defaultdict(list)
    for row in rows:
        subject = row["subject"]
        level = level_of(subject["id"], subject["name"]) if subject else None
        kind = tuple(str(row[name]) for name in ("survey_key", *KIND))
        groups[level or "", *kind].append({**row, "level": level})
    return [group for _, group in sorted(groups.items(), key=_city_first)]


def _city_first(item: tuple[tuple[str, ...], list[Document]]) -> tuple[int, int, tuple[str, ...]]:
    key, group = item
    return (LEVELS.index(key[0]) if key[0] in LEVELS else len(LEVELS)), -len(group), key


def _placed(rows: list[Document]) -> Iterator[Document]:
    place, before = 0, None
    for count, row in enumerate(rows, 1):
        if row["value"] != before:
            place, before = count, row["value"]
        yield {**row, "place": place, "listed": len(rows)}


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
    return islice(_longest(_long_first(database, replace(asked, metrics=(STREAK,)))), limit)


def _long_first(database: Database[Document], asked: Asked) -> Iterable[Document]:
    if asked.bureau:
        equal: dict[str, Value] = {"subject_key": asked.bureau.key, "metric": STREAK}
        read = Read("ledger", equal, descending(BY_BUREAU), also=conditions(asked, *equal))
        return sorted(
            (row for row in documents(database, [read]) if row["value"] is not None),
            key=_length,
            reverse=True,
        )
    if asked.province or asked.years:
        reads = []
        for year in years_down(asked.years, asked.at):
            equal = _of_year(asked, STREAK, year)
            rest = conditions(asked, *equal)
            reads.append(Read("ledger", equal, {"value": -1}, ("value", Range(0.0)), rest))
        return merged(database, reads, _length)
    by_length = {"value": -1, "year": -1}
    rest = conditions(asked, "metric")
    return documents(
        database, (Read("ledger", {"metric": STREAK}, by_length, ("value", long), rest) for long in STREAKS)
    )


def _length(row: Document) -> tuple[float, int]:
    return row["value"], row["year"]


def _longest(rows: Iterable[Document]) -> Iterator[Document]:
    """Yield of each streak the first row."""
    seen = set()
    for row in rows:
        streak = (row["subject_key"], row["streak"]["survey_key"], row["streak"]["began"])
        if streak not in seen:
            seen.add(streak)
            yield row
