"""The read side of the store: what commands (and later pages) ask.  Filters are typed values, never text
that could become an operator."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import zip_longest
from typing import Any

from pymongo.database import Database

from svcsat_crawler.text.times import BEIJING


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What to look for; None means anything."""

    source: str | None = None
    bureau: str | None = None
    year: int | None = None
    metric: str | None = None
    limit: int = 50


def articles(database: Database[dict[str, Any]], wanted: Filters) -> Iterator[dict[str, Any]]:
    """Yield articles, latest first; *bureau* and *metric* are those of their facts, *year* of printing."""
    query: dict[str, Any] = {}
    if wanted.source:
        query["source"] = wanted.source
    if wanted.year:
        query["published"] = {
            "$gte": datetime(wanted.year, 1, 1, tzinfo=BEIJING).astimezone(UTC),
            "$lt": datetime(wanted.year + 1, 1, 1, tzinfo=BEIJING).astimezone(UTC),
        }
    if wanted.bureau or wanted.metric:
        facts_of = _fact_query(Filters(source=wanted.source, bureau=wanted.bureau, metric=wanted.metric))
        query["_id"] = {"$in": database.metrics.distinct("article", facts_of)}
    fields = {"title": 1, "source": 1, "published": 1, "published_precision": 1, "url": 1, "facts": 1}
    fields |= {"duplicate_of": 1, "origin": 1, "byline": 1, "read_by": 1, "revisions": 1, "body": 1}
    yield from database.articles.find(query, fields).sort("published", -1).limit(wanted.limit)


def _fact_query(wanted: Filters) -> dict[str, Any]:
    query: dict[str, Any] = {}
    if wanted.metric:
        query["metric"] = wanted.metric
    if wanted.source:
        query["source"] = wanted.source
    if wanted.year:
        query["year"] = wanted.year
    if wanted.bureau:
        query["$or"] = [{"subject.id": wanted.bureau}, {"subject.name": {"$in": _names(wanted.bureau)}}]
    return query


def _names(bureau: str) -> list[str]:
    """Return the names a bureau may be asked for by: 清远 means 清远供电局."""
    return [bureau, f"{bureau}供电局", f"{bureau}供电公司", f"{bureau}市"]


def facts(database: Database[dict[str, Any]], wanted: Filters) -> Iterator[dict[str, Any]]:
    """Yield facts, latest year first, the most certain first within a year."""
    order = [("year", -1), ("confidence", -1), ("_id", 1)]
    yield from database.metrics.find(_fact_query(wanted)).sort(order).limit(wanted.limit)


def best_facts(database: Database[dict[str, Any]], count: int) -> list[dict[str, Any]]:
    """Return the *count* most certain measured facts of the five chief metrics, each metric in turn,
    one a bureau.
    """
    metrics = ("satisfaction_score", "satisfaction_rank", "satisfaction_streak", "saidi", "saifi")
    shown: set[str | None] = set()
    columns = []
    for metric in metrics:
        query = {"metric": metric, "status": "measured", "value": {"$ne": None}}
        column: list[dict[str, Any]] = []
        for fact in database.metrics.find(query).sort([("confidence", -1), ("_id", 1)]).limit(count * 8):
            name = fact["subject"]["name"] if fact.get("subject") else None
            if name not in shown and len(column) * len(metrics) < count:
                shown.add(name)
                column.append(fact)
        columns.append(column)
    return [fact for row in zip_longest(*columns) for fact in row if fact][:count]


def runs(database: Database[dict[str, Any]], wanted: Filters) -> Iterator[dict[str, Any]]:
    """Yield run records, latest first."""
    query: dict[str, Any] = {"spider": wanted.source} if wanted.source else {}
    if wanted.year:
        query["started"] = {
            "$gte": datetime(wanted.year, 1, 1, tzinfo=UTC),
            "$lt": datetime(wanted.year + 1, 1, 1, tzinfo=UTC),
        }
    yield from database.runs.find(query).sort("started", -1).limit(wanted.limit)
