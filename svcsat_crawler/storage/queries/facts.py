"""Facts as they are stated, the latest printed first: one a statement, not one a number (that is the ledger)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice, product, zip_longest

from pymongo.database import Database

from svcsat_crawler.storage.queries.asked import Asked, Years
from svcsat_crawler.storage.queries.conditions import conditions
from svcsat_crawler.storage.queries.metric_order import CHIEF
from svcsat_crawler.storage.queries.plan import OneOf, Range, Read, Value
from svcsat_crawler.storage.queries.reading import Document, documents, merged
from svcsat_crawler.storage.queries.windows import Pace, printed

LATEST = {"published": -1}
TOGETHER = 200  # articles whose facts are looked up at once
MOST_READS = 10  # at once; each is little, but a question of its own
LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


def facts(database: Database[Document], asked: Asked, limit: int | None) -> Iterator[Document]:
    """Yield facts, the latest printed first; years are those that the facts are about."""
    if ways_in(asked):
        return islice(stated(database, asked, None, limit), limit)
    return islice(_of_newest(database, asked), limit)


def ways_in(asked: Asked) -> list[dict[str, Value]]:
    """Return the equalities, one set a read, by which the fewest facts are found; none when no index helps."""
    if asked.bureau:
        return [{"subject_key": asked.bureau.key}]
    years = range(asked.years.first, asked.years.last + 1) if asked.years else range(0)
    if asked.metrics and 0 < len(years) * len(asked.metrics) <= MOST_READS:
        return [{"metric": metric, "year": year} for metric, year in product(asked.metrics, years)]
    if 0 < len(asked.metrics) <= MOST_READS:
        return [{"metric": metric} for metric in asked.metrics]
    if asked.province and 0 < len(years) <= MOST_READS:
        return [{"province": asked.province, "year": year} for year in years]
    if asked.province:
        return [{"province": asked.province}]
    if 0 < len(years) <= MOST_READS:
        return [{"year": year} for year in years]
    return [{"survey_key": asked.survey}] if asked.survey is not None else []


def stated(
    database: Database[Document],
    asked: Asked,
    printed_in: Years | None,
    limit: int | None = None,
    fields: Mapping[str, int] | None = None,
) -> Iterator[Document]:
    """Yield facts by the ways in, the latest printed first, *limit* at most of each piece of time."""
    pace = Pace()
    for window in printed(printed_in, asked.at, pace):
        reads = [_read(way, window, asked) for way in ways_in(asked)]
        if len(reads) == 1:
            found = documents(database, reads, limit, fields)
        else:
            found = merged(database, reads, _printed_at, limit, fields)
        count = 0
        for fact in found:
            count += 1
            yield fact
        pace.found(count)


def _read(way: dict[str, Value], window: Range | None, asked: Asked) -> Read:
    rest = conditions(asked, *way)
    if window is None:
        return Read("metrics", {**way, "published": None}, also=rest)
    return Read("metrics", way, LATEST, ("published", window), rest)


def _printed_at(document: Document) -> datetime:
    return document.get("published") or LONG_AGO


def article_reads(asked: Asked) -> Iterator[Read]:
    """Yield the reads of all articles (of one source, of some years of printing), latest first."""
    equal: dict[str, Value] = {"source": asked.source} if asked.source else {}
    for window in printed(asked.years, asked.at):
        if window is None:
            yield Read("articles", {**equal, "published": None})
        else:
            yield Read("articles", equal, LATEST, ("published", window))


def _of_newest(database: Database[Document], asked: Asked) -> Iterator[Document]:
    """Yield the facts of the newest articles, in the order of their texts."""
    newest = documents(database, article_reads(asked.without("years")), None, {"_id": 1})
    for some in _pieces((article["_id"] for article in newest), TOGETHER):
        read = Read("metrics", between=("article", OneOf(some)), also=conditions(asked))
        found = defaultdict(list)
        for fact in documents(database, [read]):
            found[fact["article"]].append(fact)
        for key in some:
            yield from sorted(found[key], key=_place)


def _place(fact: Document) -> tuple[bool, int, str]:
    evidence = fact["evidence"]
    return evidence["where"] == "body", evidence["start"], fact["_id"]


def _pieces(values: Iterator[str], size: int) -> Iterator[tuple[str, ...]]:
    while some := tuple(islice(values, size)):
        yield some


def best_facts(database: Database[Document], count: int) -> list[Document]:
    """Return *count* certain measured facts of the chief metrics, each metric in turn, one a bureau."""
    columns = []
    shown: set[str | None] = set()
    for metric in CHIEF:
        latest = facts(database, Asked(metrics=(metric,)), count * 8)
        column: list[Document] = []
        for fact in sorted(latest, key=lambda fact: (-fact["confidence"], fact["_id"])):
            measured = fact["status"] == "measured" and fact["value"] is not None
            if measured and fact["subject"] and fact["subject"]["name"] not in shown:
                shown.add(fact["subject"]["name"])
                column.append(fact)
                if len(column) * len(CHIEF) >= count:
                    break
        columns.append(column)
    return [fact for row in zip_longest(*columns) for fact in row if fact][:count]
