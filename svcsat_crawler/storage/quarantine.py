"""Pages, rows and answers that could not be used: kept with the reason, tried again, closed when read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pymongo import UpdateOne

from svcsat_crawler.items import Page
from svcsat_crawler.storage import documents
from svcsat_crawler.storage.writer import BatchWriter, Write

# After so many tries a failing article is set aside: shown, but asked for only with full=1 or replay.
MAX_ATTEMPTS = 5


def page_writes(pages: Iterable[Page], key: str | None) -> list[Write]:
    """Return the writes that archive *pages*; the same bytes are stored once."""
    writes = []
    for page in pages:
        document = documents.page_document(page, key)
        identity = {"_id": document.pop("_id")}
        writes.append(Write("pages", UpdateOne(identity, {"$setOnInsert": document}, upsert=True)))
    return writes


class Quarantine:
    """The failures of one spider that are still open, by the article's key or by the address."""

    def __init__(self, writer: BatchWriter) -> None:
        self._writer = writer
        self._open: dict[str, dict[str, Any]] = {}

    async def load(self, spider: str, *, everything: bool = False) -> list[dict[str, Any]]:
        """Return the failures of articles and topics that are to be tried again, oldest first.

        Pages that are gone or have failed MAX_ATTEMPTS times only with *everything*.  To be called
        before the first article: it also tells what has been set aside.
        """
        found = await self._writer.find("quarantine", {"spider": spider, "resolved": None})
        self._open = {document.get("key") or document["url"]: document for document in found}
        again = [
            document
            for name, document in self._open.items()
            if document.get("row") and (everything or not self.set_aside(name))
        ]
        return sorted(again, key=lambda document: document["first_seen"])

    def set_aside(self, name: str) -> bool:
        """Whether an article is gone, or has failed so often that it is no longer asked for."""
        failure = self._open.get(name)
        return failure is not None and (failure["kind"] == "gone" or failure["attempts"] >= MAX_ATTEMPTS)

    def closing(self, name: str, seen: datetime) -> list[Write]:
        """Return the write that closes the open failure of *name*, if there is one."""
        failure = self._open.pop(name, None)
        if failure is None:
            return []
        return [Write("quarantine", UpdateOne({"_id": failure["_id"]}, {"$set": {"resolved": seen}}))]

    async def settle(self, name: str, broken: Iterable[str] = ()) -> None:
        """Close the failures of a list page (by address) or a topic (by key) that could now be read.

        Of the page's rows those stay open that are still *broken* (their addresses).
        """
        still = set(broken)
        done = [
            other
            for other in self._open
            if other == name or (other.startswith(f"{name}#") and other not in still)
        ]
        seen = documents.now()
        await self._writer.put(*(write for other in done for write in self.closing(other, seen)))

    async def record(
        self,
        spider: str,
        kind: str,
        url: str,
        reason: str,
        *,
        row: dict[str, Any] | None = None,
        page: Page | None = None,
        list_url: str | None = None,
    ) -> bool:
        """Record a failure; True unless it is set aside by now.

        *kind*: fetch, gone, page, list, row, item.  The page's bytes go to the archive.  Recording
        the same failure again counts one more attempt.
        """
        seen = documents.now()
        key = row["key"] if row else None
        name = key or url
        before = self._open.get(name)
        attempts = before["attempts"] + 1 if before else 1
        fields = {
            "spider": spider,
            "kind": kind,
            "url": url,
            "key": key,
            "reason": reason,
            "row": row,
            "page": page.sha256 if page else None,
            "list": list_url,
            "attempts": attempts,
            "last_seen": seen,
            "resolved": None,
        }
        identity = documents.digest(spider, name)
        self._open[name] = {"_id": identity, **fields, "first_seen": seen}
        change = {"$set": fields, "$setOnInsert": {"first_seen": seen}}
        await self._writer.put(
            *page_writes([page] if page else [], key),
            Write("quarantine", UpdateOne({"_id": identity}, change, upsert=True)),
        )
        return attempts <= MAX_ATTEMPTS
