"""Reading WARC files through the line: with ``-a warc=`` every page comes from them, and no request goes out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Headers, Response, TextResponse
from scrapy.responsetypes import responsetypes

from svcsat_crawler.items import Rescue
from svcsat_crawler.sources.failures import Unusable
from svcsat_crawler.sources.walk import Row
from svcsat_crawler.text.charset import detect
from svcsat_crawler.text.times import BEIJING
from svcsat_crawler.warc import index, records

if TYPE_CHECKING:
    from svcsat_crawler.sources.news import NewsSpider


class WarcMiddleware:
    """Downloader middleware, the first of all: answers from the spider's WARC files, when it has some."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> WarcMiddleware:
        return cls(crawler)

    async def process_request(self, request: Request) -> Response | None:
        files: index.Index | None = getattr(self.crawler.spider, "warc", None)
        if files is None:
            return None
        capture = request.meta.get("capture") or files.find(request.url)
        if capture is None:
            raise IgnoreRequest("not in the WARC files")
        try:
            response = await asyncio.to_thread(response_of, capture, request.url)
        except (records.WarcError, OSError) as error:
            raise IgnoreRequest(str(error)) from error
        request.meta["fetched"] = capture.at.astimezone(BEIJING) if capture.at else None
        return response


def response_of(capture: index.Capture, url: str) -> Response:
    """Return the recorded page as the answer to *url*; raises WarcError, OSError."""
    found = records.load(capture.place)
    headers = Headers()
    for name, value in found.headers:
        headers.appendlist(name, value)
    kind = responsetypes.from_args(headers=headers, url=url, body=found.body)
    return kind(url, status=found.status, headers=headers, body=found.body)


async def requests(spider: NewsSpider) -> AsyncIterator[Request]:
    """Yield the requests for all articles in the spider's WARC files; what is left out is counted."""
    await spider.session.quarantine.load(spider.name, everything=True)
    files = [Path(name) for name in spider.arguments.warc]
    found = spider.warc = await asyncio.to_thread(index.read, files, partial(_ours, spider))
    asked: set[str] = set()
    reprints = found.reprints()
    for row, capture, rescued in (*_described(spider, found), *_addressed(spider, found)):
        if row.key in asked:
            continue
        asked.add(row.key)
        request = spider.request(capture.url, spider.parse_article, spider.article_failed, row=row)
        request.meta.update(capture=capture, rescued=rescued)
        request.priority = -1 if row.key in reprints else 0  # what they reprint is stored before them
        yield request
    for reason, count in found.skipped.items():
        spider.count(f"warc/skipped/{reason}", count)
    for said in found.cut:
        spider.logger.error("WARC: %s", said)
        spider.count("warc/cut")


def _ours(spider: NewsSpider, host: str) -> bool:
    domains: list[str] = getattr(spider, "allowed_domains", [])
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)


Wanted = tuple[Row, index.Capture, Rescue | None]


def _described(spider: NewsSpider, found: index.Index) -> Iterator[Wanted]:
    """Articles that a metadata record of ours describes: list row and first page as they were."""
    for content in found.articles:
        try:
            row = Row.from_record(content["row"])
            first = content["pages"][0]
            capture = found.find(first["url"], first["digest"])
            rescued = _rescue(first.get("rescued"))
        except (KeyError, IndexError, TypeError, ValueError) as error:
            spider.logger.warning(
                "WARC: a metadata record cannot be read: %s %s", type(error).__name__, error
            )
            found.skipped["damaged metadata records"] += 1
            continue
        if capture is None:
            found.skipped["articles whose first page is not in these files"] += 1
        else:
            yield row, capture, rescued


def _rescue(stored: dict[str, Any] | None) -> Rescue | None:
    if not stored:
        return None
    return Rescue(url=stored["url"], timestamp=datetime.fromisoformat(stored["timestamp"]))


def _addressed(spider: NewsSpider, found: index.Index) -> Iterator[Wanted]:
    """Articles of any other crawler: known by their address, or by a list that was recorded too."""
    listed: dict[str, Row] = {}
    others: list[tuple[Row, index.Capture]] = []
    known = {content.get("row", {}).get("key") for content in found.articles}
    for capture in found.newest():
        row = spider.row_at(capture.url)
        if row is None:
            for each in _rows_in(spider, capture):
                listed.setdefault(each.key, each)
            found.skipped["pages that are no article"] += 1
        elif row.key not in known:
            others.append((row, capture))
    # Of several addresses of one article the canonical one comes first.
    others.sort(key=lambda each: records.address(each[0].url) != records.address(each[1].url))
    begun = {row.key for row, capture in others if spider.begins_article(capture.url)}
    for row, capture in others:
        if row.key not in begun:
            found.skipped["further pages of articles whose first page is not in these files"] += 1
        elif spider.begins_article(capture.url):
            if row.key not in listed and spider.keyword:
                row.data["filter"] = "text"
            yield listed.get(row.key, row), capture, None


def _rows_in(spider: NewsSpider, capture: index.Capture) -> list[Row]:
    try:
        response = response_of(capture, capture.url)
        if not isinstance(response, TextResponse):
            return []
        kind = response.headers.get("Content-Type")
        encoding = detect(response.body, kind.decode("latin-1") if kind else None).encoding
        return spider.rows_in(response.replace(encoding=encoding))
    except (records.WarcError, OSError, Unusable) as error:
        spider.logger.warning("WARC: %s: %s", capture.url, error)
        return []
