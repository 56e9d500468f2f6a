"""What is odd, what is missing, what has changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from pymongo.database import Database

from svcsat_crawler.ledger.keys import province_of
from svcsat_crawler.ledger.watch import KINDS
from svcsat_crawler.storage.queries.asked import Asked, printed_between
from svcsat_crawler.storage.queries.conditions import ascending, conditions
from svcsat_crawler.storage.queries.plan import Condition, Range, Read, Value
from svcsat_crawler.storage.queries.reading import Document, documents, merged
from svcsat_crawler.storage.queries.windows import years_down

IN_A_YEAR = ascending("metric", "subject_key")


def gaps(database: Database[Document], asked: Asked, limit: int | None) -> Iterator[Document]:
    """Yield figures that should be there by the day that is asked about and are not, latest year first; a source is
    one that usually has them.
    """
    due: dict[str, Condition] = {"due": Range(None, asked.day)}
    return documents(database, _reads("gaps", {}, asked, source="where.source", further=due), limit)


def audit(database: Database[Document], asked: Asked, limit: int | None) -> Iterator[Document]:
    """Yield the open findings, latest year first; they are of no single source."""
    return documents(database, _reads("audit", {"state": "open"}, asked, source=None), limit)


def _reads(
    collection: str,
    equal: dict[str, Value],
    asked: Asked,
    source: str | None,
    further: Mapping[str, Condition] | None = None,
) -> Iterator[Read]:
    rest: dict[str, Condition] = {**conditions(asked.without("source")), **(further or {})}
    if asked.source and source:
        rest[source] = asked.source
    for name in ("subject_key", "province"):
        if name in rest:
            also = {**equal, **{other: rest[other] for other in rest if other != name}}
            yield Read(collection, {name: _text(rest[name])}, {"year": -1, "metric": 1}, also=also)
            return
    for year in years_down(asked.years, asked.at):
        also = {name: rest[name] for name in rest if name != "year"}
        yield Read(collection, {**equal, "year": year}, IN_A_YEAR, also=also)


def _text(condition: Condition) -> str:
    assert isinstance(condition, str)
    return condition


def watch(database: Database[Document], asked: Asked, limit: int | None) -> Iterator[Document]:
    """Yield changes of numbers in articles that were changed, latest first; years are those of the change."""
    rest = conditions(asked.without("years", "province", "survey", "source"))
    if asked.source:
        rest["spider"] = asked.source
    between = ("at", Range(*printed_between(asked.years))) if asked.years else None
    reads = [Read("events", {"kind": kind}, {"at": -1}, between, rest) for kind in KINDS]
    # Events are few and do not tell the province: it is looked up.
    found = merged(database, reads, lambda event: event["at"], None if asked.province else limit)
    return islice((event for event in found if not asked.province or _lies_in(event, asked.province)), limit)


def _lies_in(event: Document, province: str) -> bool:
    subject = event["subject"]
    return subject is not None and province_of(subject["id"], subject["name"]) == province
