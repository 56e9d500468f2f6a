"""Items to documents and back: pure, no database.  Times are UTC in documents, +08:00 in items."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from functools import cache
from typing import Any

import zstandard

from svcsat_crawler.items import Article, Fact, Page, Rescue
from svcsat_crawler.ledger.keys import cell_of, province_of, subject_key, survey_key
from svcsat_crawler.text.digest import digest
from svcsat_crawler.text.times import BEIJING

SCHEMA = 2

# MongoDB refuses documents of 16 MB; pages are cut off at 8 MiB long before.
_COMPRESSOR = zstandard.ZstdCompressor(level=1)


def now() -> datetime:
    """Return the present in UTC, to the millisecond that MongoDB keeps."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def utc(moment: datetime | None) -> datetime | None:
    return moment.astimezone(UTC) if moment else None


def beijing(moment: datetime | None) -> datetime | None:
    """Return a stored time (naive means UTC, as pymongo hands it out) in Beijing time."""
    if moment is None:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(BEIJING)


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))


def plain(item: Any) -> dict[str, Any]:
    """Return a dataclass and those in its fields as dictionaries: ``dataclasses.asdict`` at a quarter
    of its cost, as it copies nothing that needs no copy.
    """
    found = {}
    for name in _names(item.__class__):
        value = getattr(item, name)
        found[name] = plain(value) if hasattr(value, "__dataclass_fields__") else value
    return found


def fact_id(article_key: str, fact: Fact) -> str:
    """Return the ``_id`` of a fact: the same number stated again is the same fact.

    The value takes part, so that two different values for one key are both kept.
    """
    change = fact.comparison
    return digest(
        article_key,
        fact.metric,
        (fact.subject.id or fact.subject.name) if fact.subject else None,
        (fact.survey.id or fact.survey.org or fact.survey.name) if fact.survey else None,
        fact.rank.kind if fact.rank else None,
        fact.segment,
        fact.scope,
        [fact.period.start, fact.period.end] if fact.period else None,
        fact.status == "measured",
        fact.value,
        [change.direction, change.value] if fact.value is None and change else None,
    )


def derived_keys(fact: dict[str, Any]) -> dict[str, Any]:
    """Return what a fact, as a document, is looked up by: year, cell, subject, survey and province."""
    period_end = fact["period"]["end"] if fact["period"] else None
    subject = fact["subject"]
    return {
        "year": int(period_end[:4]) if period_end else None,
        "cell": cell_of(fact),
        "subject_key": subject_key(subject),
        "survey_key": survey_key(fact["survey"]),
        "province": province_of(subject["id"], subject["name"]) if subject else None,
    }


def fact_document(article: Article, fact: Fact) -> dict[str, Any]:
    """Return the ``metrics`` document of one fact, with what is needed to read it alone."""
    fields = plain(fact)
    return {
        "_id": fact_id(article.key, fact),
        **fields,
        **derived_keys(fields),
        "article": article.key,
        "cluster": article.duplicate_of or article.key,
        "column": article.column,
        "source": article.source,
        "url": article.url,
        "title": article.title,
        "published": utc(article.published),
        "page": article.pages[0].sha256 if article.pages else None,
        "rules_version": article.rules_version,
        "schema": SCHEMA,
    }


def rescue_document(rescue: Rescue | None) -> dict[str, Any] | None:
    """Return what is kept of a rescue, its time in UTC."""
    return {"url": rescue.url, "timestamp": utc(rescue.timestamp)} if rescue else None


def _rescue(stored: dict[str, Any] | None) -> Rescue | None:
    return Rescue(url=stored["url"], timestamp=beijing(stored["timestamp"]) or now()) if stored else None


def page_document(page: Page, article_key: str | None) -> dict[str, Any]:
    """Return the ``pages`` document: raw bytes compressed with Zstandard, by their sha256."""
    return {
        "_id": page.sha256,
        "url": page.url,
        "fetched": utc(page.fetched),
        "status": page.status,
        "headers": page.headers,
        "encoding": page.encoding,
        "rescued": rescue_document(page.rescued),
        "article": article_key,
        "bytes": len(page.body),
        "compression": "zstd",
        "body": _COMPRESSOR.compress(page.body),
        "schema": SCHEMA,
    }


def page_from_document(document: dict[str, Any]) -> Page:
    """Return the page of a ``pages`` document, with the bytes as they were fetched.

    Raises ValueError when the bytes do not match their id.
    """
    body = zstandard.ZstdDecompressor().decompress(document["body"], max_output_size=document["bytes"])
    page = Page(
        url=document["url"],
        fetched=beijing(document["fetched"]) or now(),
        status=document["status"],
        headers=document["headers"],
        body=body,
        encoding=document["encoding"],
        rescued=_rescue(document.get("rescued")),
    )
    if page.sha256 != document["_id"]:
        raise ValueError(f"pages {document['_id']}: the stored bytes do not match their sha256")
    return page


VERSION_FIELDS = ("title", "body", "text_hash", "published", "updated")


def article_document(article: Article) -> dict[str, Any]:
    """Return the fields of the ``articles`` document that this reading sets (without the history)."""
    skip = ("key", "facts", "pages", "images", "change", "listed_as")
    fields = {
        field.name: getattr(article, field.name)
        for field in dataclasses.fields(article)
        if field.name not in skip
    }
    return {
        **fields,
        "published": utc(article.published),
        "updated": utc(article.updated),
        "rescued": rescue_document(article.rescued),
        "images": [plain(image) for image in article.images],
        "pages": [
            {"url": page.url, "sha256": page.sha256, "fetched": utc(page.fetched)} for page in article.pages
        ],
        "facts": len(article.facts),
        "unclaimed": [plain(entry) for entry in article.unclaimed],
        "cluster": article.duplicate_of or article.key,
        "schema": SCHEMA,
    }


def revision(stored: dict[str, Any], seen: datetime) -> dict[str, Any]:
    """Return what is kept of a stored article when a changed one takes its place."""
    return {
        **{name: stored.get(name) for name in VERSION_FIELDS},
        "pages": stored.get("pages", []),
        "replaced": seen,
    }
