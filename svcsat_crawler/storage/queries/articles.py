"""Articles and runs."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from pymongo.database import Database

from svcsat_crawler.storage.queries.asked import Asked, printed_between
from svcsat_crawler.storage.queries.facts import article_reads, stated
from svcsat_crawler.storage.queries.plan import OneOf, Range, Read, Value
from svcsat_crawler.storage.queries.reading import Document, documents

TOGETHER = 200
WITHOUT_TEXT = {"body": 0, "revisions": 0, "row": 0}


def articles(
    database: Database[Document], asked: Asked, limit: int | None, *, whole: bool = False
) -> Iterator[Document]:
    """Yield articles, latest first; years are those of printing, all else but the source is that of their
    facts.  Body and earlier versions only when *whole*.
    """
    fields = None if whole else WITHOUT_TEXT
    about = asked.without("years")
    if not about.without("source").given():
        return documents(database, article_reads(asked), limit, fields)
    facts = stated(database, about, asked.years, fields={"article": 1, "published": 1})
    keys = islice(_once(fact["article"] for fact in facts), limit)
    return _by_key(database, keys, fields)


def _once(keys: Iterator[str]) -> Iterator[str]:
    seen = set()
    for key in keys:
        if key not in seen:
            seen.add(key)
            yield key


def _by_key(
    database: Database[Document], keys: Iterator[str], fields: dict[str, int] | None
) -> Iterator[Document]:
    while some := tuple(islice(keys, TOGETHER)):
        read = Read("articles", between=("_id", OneOf(some)))
        found = {document["_id"]: document for document in documents(database, [read], fields=fields)}
        yield from (found[key] for key in some if key in found)


def runs(database: Database[Document], asked: Asked, limit: int | None) -> Iterator[Document]:
    """Yield run records, latest first."""
    equal: dict[str, Value] = {"spider": asked.source} if asked.source else {}
    between = ("started", Range(*printed_between(asked.years))) if asked.years else None
    return documents(database, [Read("runs", equal, {"started": -1}, between)], limit)
