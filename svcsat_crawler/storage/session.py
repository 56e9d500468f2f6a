"""What one crawl asks of the store and tells it, in the words of the line.  No Scrapy in here."""

from __future__ import annotations

import asyncio
import os
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pymongo import DeleteMany, ReplaceOne, UpdateOne

from svcsat_crawler.items import Article, Page
from svcsat_crawler.storage import documents
from svcsat_crawler.storage.errors import StoreError
from svcsat_crawler.storage.live_runs import alive
from svcsat_crawler.storage.mongo import Store
from svcsat_crawler.storage.quarantine import Quarantine, page_writes
from svcsat_crawler.storage.writer import BatchWriter, Write


def patience(environ: Mapping[str, str] = os.environ) -> float:
    """Return how many seconds a crawl waits for a store that is away: ``SVCSAT_STORE_PATIENCE``.

    Raises StoreError for anything but a number of seconds.
    """
    chosen = environ.get("SVCSAT_STORE_PATIENCE") or "600"
    if not re.fullmatch(r"\d+(\.\d+)?", chosen):
        raise StoreError(f"SVCSAT_STORE_PATIENCE={chosen!r} is no number of seconds; right is e.g. 600")
    return float(chosen)


@dataclass(frozen=True, slots=True)
class Known:
    """What the store holds of an article."""

    listed_as: frozenset[str]
    complete: bool
    # None also for what is known to be gone.
    published: datetime | None = None


class Session:
    """The open store of one crawl."""

    def __init__(self, store: Store, writer: BatchWriter) -> None:
        self.store = store
        self.writer = writer
        self.quarantine = Quarantine(writer)
        self._stored: dict[str, dict[str, Any]] = {}
        self._pages: dict[str, list[Write]] = {}
        self._absent: set[str] = set()

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
        return cls(store, BatchWriter(store, patience=patience()))

    async def close(self) -> None:
        """Write what is left, then let go of the store."""
        await self.writer.close()
        await asyncio.to_thread(self.store.close)

    # What is there already

    async def known(self, keys: list[str]) -> dict[str, Known]:
        """Return, by key, the articles that are stored or known to be gone."""
        found = {key: Known(frozenset(), complete=True) for key in keys if self.quarantine.set_aside(key)}
        fields = {"listed_as": 1, "pages_missing": 1, "published": 1}
        for document in await self.writer.lookup("articles", "_id", keys, fields):
            found[document["_id"]] = Known(
                frozenset(document.get("listed_as", ())),
                complete=not document.get("pages_missing"),
                published=None if document["_id"] in found else documents.beijing(document["published"]),
            )
        self._absent.update(key for key in keys if key not in found)
        return found

    async def change_of(self, article: Article) -> Literal["new", "changed", "unchanged"]:
        """Compare an article with its stored version, which is kept until ``store_article``."""
        if article.key in self._absent:  # its list has just been compared with the store
            self._absent.remove(article.key)
            return "new"
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
        self._pages[article.key] = page_writes(article.pages, article.key)

    async def store_article(self, article: Article) -> None:
        """Store an article and its facts; returns once the store has acknowledged all of it.

        Facts that it no longer states go; the article itself is written after its facts, so that
        "stored" means complete.  Of an unchanged one only is noted that it was seen.
        """
        seen = documents.now()
        stored = self._stored.pop(article.key, None)
        writes = [*self._pages.pop(article.key, ())]
        if not article.pages_missing:
            writes += self.quarantine.closing(article.key, seen)
        change: dict[str, Any]
        if article.change == "unchanged":
            change = {"$set": {"last_seen": seen, "pages_missing": article.pages_missing}}
        else:
            facts = {
                fact["_id"]: fact for fact in (documents.fact_document(article, f) for f in article.facts)
            }
            fields = {**documents.article_document(article), "last_seen": seen}
            fields |= {"changed": seen, "changed_by": "site"}
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

    # What is only noted

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

    async def end_dead_runs(self, spider: str) -> None:
        """Close the records of runs on this machine whose process is no more: killed, without a word."""
        here, now = socket.gethostname(), documents.now()
        for run in await self.writer.find("runs", {"spider": spider, "verdict": "running", "host": here}):
            if not alive(run, now):
                fields = {"verdict": "incomplete", "cause": "the process ended without a word (killed?)"}
                await self.save_run(run["_id"], fields)

    async def earlier_runs(self, spider: str, limit: int) -> list[dict[str, Any]]:
        """Return what the last *limit* finished runs of a spider were like, latest first.

        What a helper of a shared crawl did is in its leader's record.
        """
        query = {"spider": spider, "verdict": {"$ne": "running"}, "part": {"$ne": "helper"}}
        fields = {"verdict": 1, "lists": 1, "tally": 1}
        return await self.writer.find("runs", query, fields, limit, [("started", -1)])

    async def earlier_figures(self, spider: str, limit: int) -> list[dict[str, Any]]:
        """Return the figures of the last *limit* finished runs of a spider, without their lists, latest first."""
        query = {"spider": spider, "verdict": {"$ne": "running"}, "part": {"$ne": "helper"}}
        fields = dict.fromkeys(("verdict", "started", "arguments", "counts", "causes", "tally.fields"), 1)
        return await self.writer.find("runs", query, fields, limit, [("started", -1)])

    async def save_run(self, job: str, fields: dict[str, Any]) -> None:
        """Store or update the record of a run."""
        await self.writer.put(Write("runs", UpdateOne({"_id": job}, {"$set": fields}, upsert=True)))
