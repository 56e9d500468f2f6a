"""What a task reads from the store for a piece of keys: articles, their pages and their facts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

from pymongo.database import Database

from svcsat_crawler.proof.rereading import page_ids

Document = dict[str, Any]
Item = TypeVar("Item")
PIECE = 50
KEYS_AT_ONCE = 5_000


def pieces(items: Iterable[Item], size: int = PIECE) -> Iterator[list[Item]]:
    """Cut *items* into lists of *size*.

    >>> list(pieces("abcde", 2))
    [['a', 'b'], ['c', 'd'], ['e']]
    """
    rest = iter(items)
    while piece := list(islice(rest, size)):
        yield piece


def chosen(source: str | None, article: str | None) -> Document:
    """Return the query of the articles that were asked for."""
    query: Document = {}
    if source:
        query["source"] = source
    if article:
        query["_id"] = article
    return query


def chosen_facts(source: str | None, article: str | None) -> Document:
    """Return the query of the facts of the articles that were asked for."""
    query: Document = {}
    if source:
        query["source"] = source
    if article:
        query["article"] = article
    return query


def keys(database: Database[Document], query: Document) -> Iterator[str]:
    """Yield the keys of the articles that fit *query*; their documents stay where they are."""
    for document in database.articles.find(query, {"_id": 1}).batch_size(KEYS_AT_ONCE):
        yield document["_id"]


def articles_of(database: Database[Document], piece: list[str]) -> list[Document]:
    """Return the articles of these keys, without their history."""
    return list(database.articles.find({"_id": {"$in": piece}}, {"revisions": 0}))


def pages_of(database: Database[Document], articles: list[Document]) -> dict[str, Document]:
    """Return the archived pages of *articles* by their sha256; those that are missing are left out."""
    wanted = {"_id": {"$in": page_ids(articles)}}
    return {page["_id"]: page for page in database.pages.find(wanted)}


def facts_of(database: Database[Document], piece: list[str]) -> dict[str, list[Document]]:
    """Return the stored facts by the key of their article."""
    found: dict[str, list[Document]] = defaultdict(list)
    for fact in database.metrics.find({"article": {"$in": piece}}):
        found[fact["article"]].append(fact)
    return found


def articles_with_facts(database: Database[Document], query: Document) -> Iterator[str]:
    """Yield the article keys that facts name, each once."""
    seen: set[str] = set()
    for fact in database.metrics.find(query, {"article": 1}).batch_size(KEYS_AT_ONCE):
        if fact["article"] not in seen:
            seen.add(fact["article"])
            yield fact["article"]


def stale_reprints(database: Database[Document], query: Document) -> Iterator[str]:
    """Yield the articles that are stored as reprints of one whose text is another one (or is not there)."""
    reprints = database.articles.find(
        {**query, "duplicate_of": {"$ne": None}}, {"duplicate_of": 1, "text_hash": 1}
    )
    for piece in pieces(reprints.batch_size(KEYS_AT_ONCE), KEYS_AT_ONCE):
        wanted = {"_id": {"$in": sorted({reprint["duplicate_of"] for reprint in piece})}}
        texts = {each["_id"]: each["text_hash"] for each in database.articles.find(wanted, {"text_hash": 1})}
        for reprint in piece:
            if texts.get(reprint["duplicate_of"]) != reprint["text_hash"]:
                yield reprint["_id"]
