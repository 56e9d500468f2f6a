"""Whether a store is whole: the findings behind ``scrapy store check``.  Nothing is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from pymongo.database import Database

from svcsat_crawler.proof.archive import KEYS_AT_ONCE, Document, articles_with_facts, facts_of, keys, pieces
from svcsat_crawler.proof.compare import evidence_error
from svcsat_crawler.storage import schema, validators
from svcsat_crawler.storage.mongo import INDEXES, SCHEMA_VERSION, Store

PIECE = 200

# What is looked for, in the order it is shown; the last one is no fault.
KINDS = {
    "schema version": "documents of another schema version (scrapy store migrate)",
    "form": "documents of another form than their schema says",
    "index": "missing indexes (any crawl creates them)",
    "validator": "collections without their validator (the login may not be allowed to set it)",
    "fact without article": "facts whose article is not stored",
    "evidence": "facts whose sentence does not stand at its offsets",
    "fact count": "articles that count another number of facts than are stored",
    "page": "articles whose archived page is missing",
    "reprint": "reprints of an article that is not stored",
    "ledger": "ledger rows that rest on a fact that is not stored",
    "quarantine page": "failures whose archived page is missing",
    "unused page": "archived pages that nothing refers to (kept: a site sent them)",
}
HARMLESS = frozenset(("unused page", "validator"))


class Finding(NamedTuple):
    """One thing that is wrong: what kind, with which document, and how."""

    kind: str
    where: str
    what: str


class Step(NamedTuple):
    """How far the check has come."""

    documents: int


def check(store: Store) -> Iterator[Finding | Step]:
    """Yield every finding as it comes, and now and then how many documents have been looked at."""
    database = store.database
    yield from _server(database)
    referred: set[bytes] = set()
    yield from _articles(database, referred)
    yield from _facts_without_article(database)
    yield from _quarantine(database, referred)
    yield from _pages(database, referred)
    yield from _versions(database, "runs")
    yield from _ledger(database)


def _server(database: Database[Document]) -> Iterator[Finding]:
    version = (database.meta.find_one({"_id": "schema"}) or {}).get("version")
    if version != SCHEMA_VERSION:
        yield Finding("schema version", "meta schema", f"version {version}, where {SCHEMA_VERSION} is right")
    there: dict[str, list[Any]] = {}
    for index in INDEXES:
        if index.collection not in there:
            information = database[index.collection].index_information().values()
            there[index.collection] = [list(each["key"]) for each in information]
        if [(name, way) for name, way in index.keys.items()] not in there[index.collection]:
            yield Finding("index", index.collection, ", ".join(index.keys))
    for name in validators.missing(database):
        yield Finding("validator", name, "not the one of this program")


def _articles(database: Database[Document], referred: set[bytes]) -> Iterator[Finding | Step]:
    for piece in pieces(keys(database, {}), PIECE):
        articles = list(database.articles.find({"_id": {"$in": piece}}))
        facts = facts_of(database, piece)
        wanted = sorted({sha256 for article in articles for sha256 in _page_ids(article)})
        pages = {page["_id"] for page in database.pages.find({"_id": {"$in": wanted}}, {"_id": 1})}
        referred.update(map(bytes.fromhex, wanted))
        originals = [article["duplicate_of"] for article in articles if article.get("duplicate_of")]
        known = {each["_id"] for each in database.articles.find({"_id": {"$in": originals}}, {"_id": 1})}
        for article in articles:
            yield from _form("articles", article)
            yield from _article(article, facts[article["_id"]], pages, known)
        yield Step(len(articles) + sum(map(len, facts.values())))


def _page_ids(article: Document) -> Iterator[str]:
    for version in (article, *(article.get("revisions") or ())):
        for reference in version.get("pages") or ():
            yield reference["sha256"]


def _article(article: Document, facts: list[Document], pages: set[str], known: set[str]) -> Iterator[Finding]:
    key = article["_id"]
    for sha256 in _page_ids(article):
        if sha256 not in pages:
            yield Finding("page", key, sha256)
    if article.get("facts") != len(facts):
        yield Finding("fact count", key, f"says {article.get('facts')}, stored are {len(facts)}")
    if article.get("duplicate_of") and article["duplicate_of"] not in known:
        yield Finding("reprint", key, f"of {article['duplicate_of']}")
    for fact in facts:
        yield from _form("metrics", fact)
        if error := evidence_error(fact, article):
            yield Finding("evidence", f"{key} {fact['_id']}", error)


def _form(collection: str, document: Document) -> Iterator[Finding]:
    where = f"{collection} {document['_id']}"
    if document.get("schema") != SCHEMA_VERSION:
        version = document.get("schema")
        yield Finding("schema version", where, f"schema {version}, where {SCHEMA_VERSION} is right")
    elif faults := list(schema.faults(schema.schema_of(collection), document)):
        more = f" and {len(faults) - 3} more" if len(faults) > 3 else ""
        yield Finding("form", where, "; ".join(faults[:3]) + more)


def _facts_without_article(database: Database[Document]) -> Iterator[Finding]:
    for piece in pieces(articles_with_facts(database, {}), KEYS_AT_ONCE):
        there = {each["_id"] for each in database.articles.find({"_id": {"$in": piece}}, {"_id": 1})}
        for key in piece:
            if key not in there:
                for fact in database.metrics.find({"article": key}, {"metric": 1}):
                    yield Finding(
                        "fact without article", f"metrics {fact['_id']}", f"{fact['metric']} of {key}"
                    )


def _quarantine(database: Database[Document], referred: set[bytes]) -> Iterator[Finding | Step]:
    for piece in pieces(database.quarantine.find({"page": {"$ne": None}}, {"page": 1, "url": 1}), PIECE):
        wanted = sorted({failure["page"] for failure in piece})
        referred.update(map(bytes.fromhex, wanted))
        there = {page["_id"] for page in database.pages.find({"_id": {"$in": wanted}}, {"_id": 1})}
        for failure in piece:
            if failure["page"] not in there:
                yield Finding("quarantine page", failure["url"], failure["page"])
        yield Step(len(piece))


def _pages(database: Database[Document], referred: set[bytes]) -> Iterator[Finding | Step]:
    """All but the bytes themselves: ``scrapy verify`` reads those."""
    for piece in pieces(database.pages.find({}, {"body": 0}).batch_size(PIECE), PIECE):
        for page in piece:
            yield from _form("pages", {**page, "body": b""})
            if bytes.fromhex(page["_id"]) not in referred:
                yield Finding("unused page", page["url"], page["_id"])
        yield Step(len(piece))


def _versions(database: Database[Document], collection: str) -> Iterator[Finding]:
    for document in database[collection].find({"schema": {"$ne": SCHEMA_VERSION}}, {"schema": 1}):
        what = f"schema {document.get('schema')}, where {SCHEMA_VERSION} is right"
        yield Finding("schema version", f"{collection} {document['_id']}", what)


def _ledger(database: Database[Document]) -> Iterator[Finding | Step]:
    for piece in pieces(_all(database.ledger.find({}, {"_id": 1})), PIECE):
        rows = list(database.ledger.find({"_id": {"$in": piece}}))
        wanted = sorted({fact for row in rows for fact in _facts_of_row(row)})
        there = {fact["_id"] for fact in database.metrics.find({"_id": {"$in": wanted}}, {"_id": 1})}
        for row in rows:
            if missing := [fact for fact in _facts_of_row(row) if fact not in there]:
                yield Finding("ledger", f"ledger {row['_id']}", f"{len(missing)} facts, e.g. {missing[0]}")
        yield Step(len(rows))


def _all(found: Iterable[Document]) -> Iterator[str]:
    for document in found:
        yield document["_id"]


def _facts_of_row(row: Document) -> Iterator[str]:
    if row.get("fact"):
        yield row["fact"]
    for statement in row.get("support") or ():
        yield statement["fact"]
    for conflict in (*(row.get("conflicts") or ()), *(row.get("others") or ())):
        for statement in conflict.get("support") or ():
            yield statement["fact"]
