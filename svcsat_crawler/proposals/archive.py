"""The archived pages that selectors are looked for and tried on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pymongo.database import Database
from scrapy.http import TextResponse

from svcsat_crawler.proof.rereading import Unreadable, page_of, response_of
from svcsat_crawler.sources.walk import Row
from svcsat_crawler.storage.rows import row_record

# Pages of each kind that are looked at: more say nothing new.
MOST = 40

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Archived:
    """An article's first page with its list row; title and body are those stored, if it was read."""

    response: TextResponse
    row: Row
    title: str = ""
    body: str = ""


def unusable(database: Database[Document], spider: str) -> list[Archived]:
    """Return the pages in quarantine, and those that only the generic extractor could read, latest first."""
    query = {"spider": spider, "resolved": None, "kind": "page", "page": {"$ne": None}}
    failures = [failure for failure in database.quarantine.find(query) if failure.get("row")]
    failures.sort(key=lambda failure: failure["last_seen"], reverse=True)
    found = [
        (
            {"sha256": failure["page"], "url": failure["url"], "fetched": failure["last_seen"]},
            Row.from_record(failure["row"]),
            "",
            "",
        )
        for failure in failures[:MOST]
    ]
    generic = database.articles.find({"source": spider, "read_by": "generic"}).sort("published", -1)
    return _archived(database, [*found, *_stored(generic.limit(MOST))])


def readable(database: Database[Document], spider: str) -> list[Archived]:
    """Return the first pages of articles of one page that a selector has read, latest first."""
    query = {"source": spider, "read_by": {"$ne": "generic"}, "pages": {"$size": 1}}
    return _archived(database, _stored(database.articles.find(query).sort("published", -1).limit(MOST)))


Reference = tuple[Document, Row, str, str]


def _stored(articles: Iterable[Document]) -> list[Reference]:
    return [
        (article["pages"][0], Row.from_record(row_record(article)), article["title"], article["body"])
        for article in articles
        if article.get("pages")
    ]


def _archived(database: Database[Document], found: list[Reference]) -> list[Archived]:
    wanted = [reference["sha256"] for reference, _, _, _ in found]
    pages = {page["_id"]: page for page in database.pages.find({"_id": {"$in": wanted}})}
    archived = []
    for reference, row, title, body in found:
        try:
            archived.append(Archived(response_of(page_of(reference, pages)), row, title, body))
        except Unreadable:  # a page that is not there can be no example; `scrapy verify` tells of it
            continue
    return archived
