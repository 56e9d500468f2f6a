"""The one download handler: live site or stand-in, plain or browser.

``SVCSAT_REPLICA=http://127.0.0.1:8018`` (environment or ``-s``) sends every request, robots.txt
included, as plain HTTP to that address with the original path and query and the original host in the
``Host`` header; the spiders see the original addresses.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import NotSupported
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached

from svcsat_crawler.sources.browser import BrowserFetcher
from svcsat_crawler.sources.pace import pace_of


def replica_address(value: str) -> str:
    """Return the stand-in's ``scheme://host:port`` from the setting, or "" when it is not set.

    Raises ValueError when it is no plain http address.

    >>> replica_address("http://127.0.0.1:8018/")
    'http://127.0.0.1:8018'
    """
    value = (value or "").strip().rstrip("/")
    if not value:
        return ""
    parts = urlsplit(value)
    if parts.scheme != "http" or not parts.hostname or parts.path or parts.query:
        raise ValueError(f"SVCSAT_REPLICA={value!r} is no plain address like http://127.0.0.1:8018")
    return value


class SwitchingDownloadHandler(HTTP11DownloadHandler):
    """Scrapy's HTTP/1.1 handler behind the replica switch; starts a browser on first use only."""

    lazy = True

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.replica = replica_address(crawler.settings["SVCSAT_REPLICA"])
        self._fetcher: BrowserFetcher | None = None
        self._pace = pace_of(crawler)

    async def download_request(self, request: Request) -> Response:
        """Send a request as soon as its host may be asked; raises OffLimits when not in this run."""
        await self._pace.turn(urlparse_cached(request).hostname or "", request.meta.get("download_slot", ""))
        if request.meta.get("playwright"):
            arguments = getattr(self._crawler.spider, "arguments", None)
            if arguments is None or not arguments.browser:
                raise NotSupported(f"{request.url} needs JavaScript: run with -a browser=1")
            if self._fetcher is None:
                self._fetcher = await BrowserFetcher.start(self._crawler, self.replica)
            return await self._fetcher.fetch(request)
        if not self.replica:
            return await super().download_request(request)
        parts = urlsplit(request.url)
        path = parts.path or "/"
        target = f"{self.replica}{path}?{parts.query}" if parts.query else f"{self.replica}{path}"
        headers = request.headers.copy()
        headers["Host"] = parts.netloc
        moved = request.replace(url=target, headers=headers)
        response = await super().download_request(moved)
        request.meta["download_latency"] = moved.meta.get("download_latency", 0.0)
        return response.replace(url=request.url, request=request)

    async def close(self) -> None:
        if self._fetcher is not None:
            await self._fetcher.close()
        await super().close()
