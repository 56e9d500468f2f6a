"""The archive as one WARC file: a response record for each page, a metadata record for each article.

The metadata (JSON) is the article's list row and its pages: with it the file can be read into an empty store
again and gives the same articles.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import zstandard
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from svcsat_crawler.export.output import whole
from svcsat_crawler.proof import archive
from svcsat_crawler.storage.documents import page_from_document
from svcsat_crawler.storage.errors import StoreError
from svcsat_crawler.storage.mongo import Store
from svcsat_crawler.storage.rows import row_record
from svcsat_crawler.warc.index import ARTICLE, SITES

Document = dict[str, Any]
VERSION = "WARC/1.1"  # whose dates may have fractions of a second
PIECE = 100


@dataclass(slots=True)
class Exported:
    """What was written; ``damaged`` names pages whose bytes are missing or do not match their sha256."""

    articles: int = 0
    pages: int = 0
    damaged: int = 0


def export(store: Store, path: Path, source: str | None, advance: Callable[[int], None]) -> Exported:
    """Write the pages of all articles (of *source*, or of all with the pages that are in quarantine too).

    The file gets its name only when it is whole.  Raises StoreError.
    """
    try:
        with whole(path) as file:
            return _Export(store, file, compressed=path.suffix == ".gz").run(source, advance)
    except OSError as error:
        raise StoreError(f"{path}: cannot be written: {error.strerror or error}") from error


class _Export:
    def __init__(self, store: Store, file: BinaryIO, *, compressed: bool) -> None:
        self.database = store.database
        self.writer = WARCWriter(file, gzip=compressed, warc_version=VERSION)
        self.written: dict[tuple[bytes, str], str] = {}
        self.done = Exported()

    def run(self, source: str | None, advance: Callable[[int], None]) -> Exported:
        sites = self.database.meta.find_one({"_id": "sites"}) or {}
        information = {
            "software": "svcsat_crawler",
            "format": "WARC File Format 1.1",
            "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
            SITES: sites.get("sites", "live"),
        }
        self.writer.write_record(self.writer.create_warcinfo_record("", information))
        keys = archive.keys(self.database, archive.chosen(source, None))
        for piece in archive.pieces(keys, PIECE):
            self._articles(list(self.database.articles.find({"_id": {"$in": piece}})))
            advance(len(piece))
        self._failures({"spider": source} if source else {})
        if source is None:
            self._others()
        return self.done

    def _articles(self, articles: list[Document]) -> None:
        versions = [version for article in articles for version in _versions(article)]
        pages = archive.pages_of(self.database, versions)
        for article in articles:
            for version in _versions(article):
                for reference in version.get("pages") or ():
                    self._page(pages.get(reference["sha256"]), reference)
            self._article(article, pages)
            self.done.articles += 1

    def _page(self, document: Document | None, reference: Document) -> None:
        identity = (bytes.fromhex(reference["sha256"]), reference["url"])
        if identity in self.written:
            return
        try:
            if document is None:
                raise KeyError(reference["sha256"])
            page = page_from_document(document)
        except (KeyError, ValueError, zstandard.ZstdError):
            self.done.damaged += 1
            return
        status = f"{page.status} {HTTPStatus(page.status).phrase if page.status in _PHRASES else ''}".strip()
        headers = [*page.headers.items(), ("Content-Length", str(len(page.body)))]
        record = self.writer.create_warc_record(
            reference["url"],
            "response",
            payload=BytesIO(page.body),
            length=len(page.body),
            http_headers=StatusAndHeaders(status, headers, protocol="HTTP/1.1"),
            warc_headers_dict={
                "WARC-Date": _date(reference["fetched"]),
                "WARC-Payload-Digest": f"sha256:{page.sha256}",
            },
        )
        self.writer.write_record(record)
        self.written[identity] = record.rec_headers.get_header("WARC-Record-ID")
        self.done.pages += 1

    def _article(self, article: Document, pages: dict[str, Document]) -> None:
        references = article.get("pages") or []
        if not references:
            return
        first = references[0]
        content = {
            ARTICLE: article["_id"],
            "row": row_record(article),
            "duplicate_of": article.get("duplicate_of"),
            "pages": [
                {
                    "url": reference["url"],
                    "digest": f"sha256:{reference['sha256']}",
                    "rescued": (pages.get(reference["sha256"]) or {}).get("rescued"),
                }
                for reference in references
            ],
        }
        payload = json.dumps(content, ensure_ascii=False, default=datetime.isoformat).encode()
        headers = {"Content-Type": "application/json", "WARC-Date": _date(first["fetched"])}
        described = self.written.get((bytes.fromhex(first["sha256"]), first["url"]))
        if described:
            headers["WARC-Refers-To"] = described
        self.writer.write_record(
            self.writer.create_warc_record(
                first["url"],
                "metadata",
                payload=BytesIO(payload),
                length=len(payload),
                warc_content_type="application/json",
                warc_headers_dict=headers,
            )
        )

    def _failures(self, query: Document) -> None:
        """Write the article pages in quarantine with their rows: read again, they fail for the same reason."""
        failed = {**query, "resolved": None, "page": {"$ne": None}, "row": {"$ne": None}}
        for piece in archive.pieces(self.database.quarantine.find(failed), PIECE):
            wanted = {"_id": {"$in": sorted({failure["page"] for failure in piece})}}
            pages = {page["_id"]: page for page in self.database.pages.find(wanted)}
            for failure in piece:
                page = pages.get(failure["page"])
                if page and failure["row"]["kind"] == "article":
                    reference = {"url": page["url"], "sha256": page["_id"], "fetched": page["fetched"]}
                    self._page(page, reference)
                    self._article({"_id": failure["key"], "row": failure["row"], "pages": [reference]}, pages)

    def _others(self) -> None:
        """Write the pages that belong to neither: of lists, or other bytes of the same text."""
        known = {sha256 for sha256, _ in self.written}
        ids = (page["_id"] for page in self.database.pages.find({}, {"_id": 1}))
        left = (sha256 for sha256 in ids if bytes.fromhex(sha256) not in known)
        for piece in archive.pieces(left, PIECE):
            for document in self.database.pages.find({"_id": {"$in": piece}}):
                reference = {name: document[name] for name in ("url", "fetched")}
                self._page(document, {**reference, "sha256": document["_id"]})


_PHRASES = frozenset(status.value for status in HTTPStatus)


def _versions(article: Document) -> Iterator[Document]:
    yield from article.get("revisions") or ()
    yield article


def _date(moment: datetime) -> str:
    utc = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    return utc.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
