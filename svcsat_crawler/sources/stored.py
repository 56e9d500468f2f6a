"""Read a page from the archive instead of the site, when a request names its sha256."""

from __future__ import annotations

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse, Response

from svcsat_crawler.sources.session import SessionExtension


class StoredPageMiddleware:
    """Downloader middleware: ``meta["stored_page"]`` is answered from the ``pages`` collection.

    First of all middlewares, so that robots.txt, delays and off-site rules do not come into it.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> StoredPageMiddleware:
        return cls(crawler)

    async def process_request(self, request: Request) -> Response | None:
        sha256 = request.meta.get("stored_page")
        if not sha256:
            return None
        page = await SessionExtension.of(self.crawler).session.page(sha256)
        if page is None:
            return None
        request.meta.update(fetched=page.fetched, rescued=page.rescued)
        return HtmlResponse(
            request.url, status=page.status, headers=page.headers, body=page.body, encoding=page.encoding
        )
