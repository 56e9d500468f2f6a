"""What one crawl asks of the store and tells it, in the words of the line.  No Scrapy in here."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pymongo import DeleteMany, ReplaceOne, UpdateOne

from svcsat_crawler.items import Article, Page
from svcsat_crawler.storage import documents
from svcsat_crawler.storage.mongo import Store
from svcsat_crawler.storage.writer import BatchWriter, Write

# After so many tries a failing article is set aside: shown, but asked for only with full=1 or replay.
MAX_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Known:
    """What the store holds of an article."""

    listed_as: frozenset[str]
    complete: bool


def _set_aside(failure: dict[str, Any]) -> bool:
    return failure["kind"] == "gone" or failure.get("attempts", 0) >= MAX_ATTEMPTS


class Session:
    """The open store of one crawl."""

    def __init__(self, store: Store, writer: BatchWriter) -> None:
        self.store = store
        self.writer = writer
        self._open_failures: dict[str, dict[str, Any]] = {}
        self._stored: dict[str, dict[str, Any]] = {}
        self._pages: dict[str, list[Write]] = {}

    @classmethod
    async def open(cls) -> Session:
        """Connect to the store that the environment names and make its indexes.

        Raises StoreError with one clear line.
        """

        def connect() -> Store:
            store = Store.from_environment()
            store.prepare()
            return store

        store = await asyncio.to_thread(connect)
        return cls(store, BatchWriter(store))

    async def close(self) -> None:
        """Write what is left, then let go of the store."""
        await self.writer.close()
        await asyncio.to_thread(self.store.close)

    # What is there already

    async def known(self, keys: list[str]) -> dict[str, Known]:
        """Return, by key, the articles that are stored or known to be gone."""
        found = {
            key: Known(frozenset(), complete=True)
            for key in keys
            if (failure := self._open_failures.get(key)) and _set_aside(failure)
        }
        fields = {"listed_as": 1, "pages_missing": 1}
        for document in await self.writer.lookup("articles", "_id", keys, fields):
            found[document["_id"]] = Known(
                frozenset(document.get("listed_as", ())), complete=not document.get("pages_missing")
            )
        return found

    async def change_of(self, article: Article) -> Literal["new", "changed", "unchanged"]:
        """Compare an article with its stored version, which is kept until ``store_article``."""
        fields = dict.fromkeys((*documents.VERSION_FIELDS, "pages", "revisions", "pages_missing"), 1)
        found = await self.writer.lookup("articles", "_id", [article.key], fields)
        if not found:
            return "new"
        self._stored[article.key] = found[0]
        same = found[0]["text_hash"] == article.text_hash and found[0]["title"] == article.title
        return "unchanged" if same else "changed"

    async def same_text(self, text_hash: str) -> list[tuple[str, datetime | None]]:
        """Return (key, published) of the stored articles with this folded text, earliest stored first."""
        fields = {"text_hash": 1, "published": 1, "duplicate_of": 1, "first_seen": 1}
        found = await self.writer.lookup("articles", "text_hash", [text_hash], fields)
        found.sort(key=lambda document: document["first_seen"])
        return [
            (document.get("duplicate_of") or document["_id"], documents.beijing(document["published"]))
            for document in found
        ]

    async def page(self, sha256: str) -> Page | None:
        """Return an archived page."""
        found = await self.writer.find("pages", {"_id": sha256}, limit=1)
        return documents.page_from_document(found[0]) if found else None

    # Lists

    async def list_states(self, spider: str) -> dict[str, dict[str, Any]]:
        """Return the state that the last run left of each list, by address."""
        found = await self.writer.find("meta", {"kind": "list", "spider": spider})
        return {document["url"]: document for document in found}

    async def open_lists(self, spider: str, urls: list[str]) -> None:
        """Mark lists as being walked: until ``save_list`` the next run relies on nothing of them."""
        fields = {"kind": "list", "spider": spider, "complete": False}
        await self.writer.put(
            *(
                Write(
                    "meta",
                    UpdateOne({"_id": f"list:{spider}:{url}"}, {"$set": {**fields, "url": url}}, upsert=True),
                )
                for url in urls
            )
        )

    async def save_list(self, spider: str, url: str, state: dict[str, Any]) -> None:
        """Keep a list's state; ``complete`` only once all its articles are stored or recorded."""
        fields = {"kind": "list", "spider": spider, "url": url, "at": documents.now(), **state}
        await self.writer.put(
            Write("meta", UpdateOne({"_id": f"list:{spider}:{url}"}, {"$set": fields}, upsert=True))
        )

    # Articles

    def archive(self, article: Article) -> None:
        """Compress the raw pages of an article; they are written with it, before it."""
        self._pages[article.key] = self._page_writes(article.pages, article.key)

    def _page_writes(self, pages: Iterable[Page], key: str | None) -> list[Write]:
        writes = []
        for page in pages:
            document = documents.page_document(page, key)
            identity = {"_id": document.pop("_id")}
            writes.append(Write("pages", UpdateOne(identity, {"$setOnInsert": document}, upsert=True)))
        return writes

    async def store_article(self, article: Article) -> None:
        """Store an article and its facts; returns once the store has acknowledged all of it.

        Facts that it no longer states go; the article itself is written after its facts, so that
        "stored" means complete.  Of an unchanged one only is noted that it was seen.
        """
        seen = documents.now()
        stored = self._stored.pop(article.key, None)
        writes = [*self._pages.pop(article.key, ()), *self._resolve(article.key, seen)]
        change: dict[str, Any]
        if article.change == "unchanged":
            change = {"$set": {"last_seen": seen, "pages_missing": article.pages_missing}}
        else:
            facts = {
                fact["_id"]: fact for fact in (documents.fact_document(article, f) for f in article.facts)
            }
            fields = {**documents.article_document(article), "last_seen": seen}
            change = {"$set": fields}
            if stored is None:
                change["$setOnInsert"] = {"first_seen": seen, "revisions": []}
            else:
                fields["revisions"] = [*(stored.get("revisions") or []), documents.revision(stored, seen)]
                stale = {"article": article.key, "_id": {"$nin": list(facts)}}
                writes.append(Write("metrics", DeleteMany(stale)))
            writes += [
                Write("metrics", ReplaceOne({"_id": identity}, fact, upsert=True))
                for identity, fact in facts.items()
            ]
        if article.listed_as:
            change["$addToSet"] = {"listed_as": article.listed_as}
        writes.append(Write("articles", UpdateOne({"_id": article.key}, change, upsert=True)))
        await self.writer.put(*writes)

    def _resolve(self, key: str, seen: datetime) -> list[Write]:
        """Close the open failure of an article that could now be read."""
        failure = self._open_failures.pop(key, None)
        if failure is None:
            return []
        return [Write("quarantine", UpdateOne({"_id": failure["_id"]}, {"$set": {"resolved": seen}}))]

    # What went wrong, and what is only noted

    async def quarantine(
        self,
        spider: str,
        kind: str,
        url: str,
        reason: str,
        *,
        row: dict[str, Any] | None = None,
        page: Page | None = None,
        list_url: str | None = None,
    ) -> None:
        """Record a page, row or answer that could not be used.

        *kind*: fetch, gone, page, list, row.  The page's bytes go to the archive.  Recording
        the same failure again counts one more attempt.
        """
        seen = documents.now()
        key = row["key"] if row else None
        identity = documents.digest(spider, key or url)
        fields = {
            "spider": spider,
            "kind": kind,
            "url": url,
            "key": key,
            "reason": reason,
            "row": row,
            "page": page.sha256 if page else None,
            "list": list_url,
            "last_seen": seen,
            "resolved": None,
        }
        before = self._open_failures.get(key or url)
        fields["attempts"] = before["attempts"] + 1 if before else 1
        self._open_failures[key or url] = {"_id": identity, **fields, "first_seen": seen}
        writes = self._page_writes([page], key) if page else []
        change = {"$set": fields, "$setOnInsert": {"first_seen": seen}}
        writes.append(Write("quarantine", UpdateOne({"_id": identity}, change, upsert=True)))
        await self.writer.put(*writes)

    async def failures(self, spider: str, *, everything: bool = False) -> list[dict[str, Any]]:
        """Return the open failures of articles that are to be tried again, oldest first.

        Pages that are gone or have failed MAX_ATTEMPTS times only with *everything*.  To be called
        before the first article: it also tells ``known`` what has been set aside.
        """
        found = await self.writer.find("quarantine", {"spider": spider, "resolved": None})
        self._open_failures = {document.get("key") or document["url"]: document for document in found}
        again = [
            document for document in found if document.get("row") and (everything or not _set_aside(document))
        ]
        return sorted(again, key=lambda document: document["first_seen"])

    async def note(self, spider: str, kind: str, key: str, details: dict[str, Any]) -> None:
        """Note something worth knowing (an external link, a new column): once, with when it was seen."""
        seen = documents.now()
        change = {
            "$set": {"last_seen": seen, **details},
            "$setOnInsert": {"kind": kind, "spider": spider, "key": key, "at": seen},
        }
        await self.writer.put(
            Write("events", UpdateOne({"_id": documents.digest(spider, kind, key)}, change, upsert=True))
        )

    async def save_run(self, job: str, fields: dict[str, Any]) -> None:
        """Store or update the record of a run."""
        await self.writer.put(Write("runs", UpdateOne({"_id": job}, {"$set": fields}, upsert=True)))
