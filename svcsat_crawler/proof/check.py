"""Whether a store is whole: the findings behind ``scrapy store check``.  Nothing is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pymongo.database import Database

from svcsat_crawler.answers.due import waiting
from svcsat_crawler.answers.lease import holder
from svcsat_crawler.answers.rebuild import needed
from svcsat_crawler.ledger.keys import cell_of
from svcsat_crawler.proof.archive import KEYS_AT_ONCE, Document, articles_with_facts, facts_of, keys, pieces
from svcsat_crawler.proof.compare import evidence_error
from svcsat_crawler.proof.derived import Units, answers_differences, fact_differences
from svcsat_crawler.proof.forms import faults, version_fault
from svcsat_crawler.storage import validators
from svcsat_crawler.storage.mongo import COLLECTIONS, INDEXES, SCHEMA_VERSION, Store

PIECE = 200

# What is looked for, in the order it is shown, with what mends it; those of HARMLESS are no faults.
KINDS = {
    "schema version": "documents of another schema version (scrapy store migrate)",
    "form": "documents of another form than the program writes",
    "index": "missing indexes (any crawl creates them)",
    "validator": "collections without their validator (the login may not be allowed to set it)",
    "fact without article": "facts whose article is not stored",
    "evidence": "facts whose sentence does not stand at its offsets (scrapy reextract --apply)",
    "derived": "facts whose keys do not follow from them (scrapy reextract --apply)",
    "fact count": "articles that count another number of facts than are stored (scrapy reextract --apply)",
    "page": "articles whose archived page is missing",
    "reprint": "reprints of an article that is not stored (scrapy reextract --apply)",
    "cluster": "articles and facts whose cluster is not that of a stored article (scrapy ledger rebuild)",
    "sketch": "sketches of an article that is not stored (scrapy ledger rebuild)",
    "ledger": "ledger rows that rest on a fact that is not stored (scrapy reextract --apply, then scrapy ledger rebuild)",
    "row": "ledger rows that do not follow from the stored facts (scrapy ledger rebuild)",
    "audit": "findings of the audit that do not follow from the ledger (scrapy ledger rebuild)",
    "gap": "gaps that do not follow from the ledger (scrapy ledger rebuild)",
    "quarantine page": "failures whose archived page is missing",
    "behind": "reasons why ledger, audit and gaps were not compared with the facts (scrapy ledger update)",
    "unused page": "archived pages that nothing refers to (kept: a site sent them)",
}
HARMLESS = frozenset(("unused page", "validator", "behind"))


class Finding(NamedTuple):
    """One thing that is wrong: what kind, with which document, and how."""

    kind: str
    where: str
    what: str


class Step(NamedTuple):
    """How far the check has come."""

    documents: int


@dataclass(slots=True)
class _Seen:
    """What later parts of the check need of earlier ones: of documents only their keys."""

    referred: set[bytes] = field(default_factory=set)
    units: Units = field(default_factory=Units)
    damaged: set[str] = field(default_factory=set)


def is_empty(store: Store) -> bool:
    """Whether nothing has ever been stored."""
    database = store.database
    return all(database[name].find_one({}, {"_id": 1}) is None for name in COLLECTIONS if name != "meta")


def check(store: Store) -> Iterator[Finding | Step]:
    """Yield every finding as it comes, and now and then how many documents have been looked at."""
    database, seen = store.database, _Seen()
    yield from _server(database)
    yield from _articles(database, seen)
    yield from _facts_without_article(database, seen)
    yield from _quarantine(database, seen)
    yield from _pages(database, seen)
    for name in ("runs", "events"):
        for piece in _whole(database, name):
            for document in piece:
                yield from _form(name, document, seen)
            yield Step(len(piece))
    yield from _sketches(database, seen)
    yield from _ledger(database, seen)
    yield from _findings(database, seen)
    yield from _answers(database, seen)


def _server(database: Database[Document]) -> Iterator[Finding]:
    version = _schema(database)
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


def _schema(database: Database[Document]) -> Any:
    return (database.meta.find_one({"_id": "schema"}) or {}).get("version")


def _articles(database: Database[Document], seen: _Seen) -> Iterator[Finding | Step]:
    for piece in pieces(keys(database, {}), PIECE):
        articles = list(database.articles.find({"_id": {"$in": piece}}))
        facts = facts_of(database, piece)
        wanted = sorted({sha256 for article in articles for sha256 in _page_ids(article)})
        pages = _there(database, "pages", wanted)
        seen.referred.update(map(bytes.fromhex, wanted))
        others = {article.get(name) for article in articles for name in ("duplicate_of", "cluster")}
        known = _there(database, "articles", sorted({other for other in others if other}))
        for article in articles:
            yield from _form("articles", article, seen)
            yield from _article(article, facts[article["_id"]], pages, known)
            for fact in facts[article["_id"]]:
                yield from _fact(fact, article, seen)
        yield Step(len(articles) + sum(map(len, facts.values())))


def _there(database: Database[Document], collection: str, ids: list[str]) -> set[str]:
    """Return those of *ids* that are stored."""
    return {each["_id"] for each in database[collection].find({"_id": {"$in": ids}}, {"_id": 1})}


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
    if article.get("cluster") not in known:
        yield Finding("cluster", key, f"cluster {article.get('cluster')}, which is no stored article")
    for fact in facts:
        if fact.get("cluster") != article.get("cluster"):
            what = f"cluster {fact.get('cluster')}, its article's is {article.get('cluster')}"
            yield Finding("cluster", f"metrics {fact['_id']}", what)


def _fact(fact: Document, article: Document, seen: _Seen) -> Iterator[Finding]:
    yield from _form("metrics", fact, seen)
    if fact["_id"] in seen.damaged:
        return
    if error := evidence_error(fact, article):
        yield Finding("evidence", f"{article['_id']} {fact['_id']}", error)
    cell = cell_of(fact)
    if cell is not None:
        seen.units.cell(cell)
    if fact["cell"] != cell:
        seen.damaged.add(fact["_id"])  # it is found where it does not belong
    if found := fact_differences(fact, article):
        yield Finding("derived", f"{article['_id']} {fact['_id']}", "; ".join(found))


def _form(collection: str, document: Document, seen: _Seen) -> Iterator[Finding]:
    where = f"{collection} {document['_id']}"
    if fault := version_fault(collection, document):
        yield Finding("schema version", where, fault)
    elif found := list(faults(collection, document)):
        more = f" and {len(found) - 3} more" if len(found) > 3 else ""
        yield Finding("form", where, "; ".join(found[:3]) + more)
    else:
        return
    seen.damaged.add(document["_id"])


def _facts_without_article(database: Database[Document], seen: _Seen) -> Iterator[Finding | Step]:
    for piece in pieces(articles_with_facts(database, {}), KEYS_AT_ONCE):
        there = _there(database, "articles", piece)
        for key in piece:
            if key not in there:
                facts = list(database.metrics.find({"article": key}))
                for fact in facts:
                    yield from _form("metrics", fact, seen)
                    yield Finding(
                        "fact without article", f"metrics {fact['_id']}", f"{fact.get('metric')} of {key}"
                    )
                yield Step(len(facts))


def _quarantine(database: Database[Document], seen: _Seen) -> Iterator[Finding | Step]:
    for piece in _whole(database, "quarantine"):
        wanted = sorted({failure["page"] for failure in piece if failure.get("page")})
        seen.referred.update(map(bytes.fromhex, wanted))
        there = _there(database, "pages", wanted)
        for failure in piece:
            yield from _form("quarantine", failure, seen)
            if failure.get("page") and failure["page"] not in there:
                yield Finding("quarantine page", f"{failure.get('url') or failure['_id']}", failure["page"])
        yield Step(len(piece))


def _pages(database: Database[Document], seen: _Seen) -> Iterator[Finding | Step]:
    """All but the bytes themselves: ``scrapy verify`` reads those."""
    for piece in pieces(database.pages.find({}, {"body": 0}).batch_size(PIECE), PIECE):
        for page in piece:
            yield from _form("pages", {**page, "body": b""}, seen)
            if bytes.fromhex(page["_id"]) not in seen.referred:
                yield Finding("unused page", page["url"], page["_id"])
        yield Step(len(piece))


def _sketches(database: Database[Document], seen: _Seen) -> Iterator[Finding | Step]:
    for piece in _whole(database, "sketches"):
        there = _there(database, "articles", [sketch["_id"] for sketch in piece])
        for sketch in piece:
            yield from _form("sketches", sketch, seen)
            if sketch["_id"] not in there:
                yield Finding("sketch", f"sketches {sketch['_id']}", "of no stored article")
        yield Step(len(piece))


def _ledger(database: Database[Document], seen: _Seen) -> Iterator[Finding | Step]:
    for rows in _whole(database, "ledger"):
        there = _there(database, "metrics", sorted({fact for row in rows for fact in _facts_of_row(row)}))
        for row in rows:
            yield from _form("ledger", row, seen)
            if missing := [fact for fact in _facts_of_row(row) if fact not in there]:
                yield Finding("ledger", f"ledger {row['_id']}", f"{len(missing)} facts, e.g. {missing[0]}")
            if row["_id"] not in seen.damaged:
                seen.units.cell(row["cell"])
        yield Step(len(rows))


def _findings(database: Database[Document], seen: _Seen) -> Iterator[Finding | Step]:
    for name in ("audit", "gaps"):
        for piece in _whole(database, name):
            for document in piece:
                yield from _form(name, document, seen)
                if document["_id"] not in seen.damaged:
                    seen.units.unit(document["unit"] if name == "audit" else f"group:{document['unit']}")
            yield Step(len(piece))


def _answers(database: Database[Document], seen: _Seen) -> Iterator[Finding | Step]:
    """Compare ledger, audit and gaps with what the stored facts give, unless they lag behind them."""
    if behind := waiting(database):
        yield Finding("behind", "articles", f"{behind:,} wait for the ledger")
    elif by := holder(database):
        yield Finding("behind", "meta answers:lease", f"{by} works on the ledger now")
    elif needed(database) or database.meta.find_one({"_id": "answers:pending"}):
        yield Finding("behind", "meta answers", "the ledger is of older rules, or an update was interrupted")
    elif _schema(database) == SCHEMA_VERSION:
        for found in answers_differences(database, seen.units, frozenset(seen.damaged)):
            yield from (Finding(*each) for each in found)
            yield Step(0)


def _whole(database: Database[Document], name: str) -> Iterator[list[Document]]:
    """Yield all documents of a collection piece by piece: the embedded store answers a query as a whole."""
    for piece in pieces(_all(database[name].find({}, {"_id": 1})), PIECE):
        yield list(database[name].find({"_id": {"$in": piece}}))


def _all(found: Iterable[Document]) -> Iterator[Any]:
    for document in found:
        yield document["_id"]


def _facts_of_row(row: Document) -> Iterator[str]:
    said = [*(row.get("support") or ()), *(row.get("changes") or ())]
    for conflict in (*(row.get("conflicts") or ()), *(row.get("others") or ())):
        said += conflict.get("support") or ()
    yield from dict.fromkeys(fact for fact in (row.get("fact"), *(each["fact"] for each in said)) if fact)
