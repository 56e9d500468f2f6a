"""Give every response the charset that its bytes are written in."""

from __future__ import annotations

import re

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response, TextResponse

from svcsat_crawler.text.charset import detect

_SAYS_UTF8 = re.compile(rb"charset=[\"']?utf-8\b", re.IGNORECASE)


class CharsetMiddleware:
    """Downloader middleware: sets the encoding by bytes and counts the odd cases.

    Runs above decompression (590), so that it sees the page's own bytes.
    """

    def __init__(self, crawler: Crawler) -> None:
        assert crawler.stats
        self.stats = crawler.stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CharsetMiddleware:
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        if not isinstance(response, TextResponse) or not response.body:
            return response
        content_type = response.headers.get("Content-Type")
        found = detect(response.body, content_type.decode("latin-1") if content_type else None)
        if found.source in ("fallback", "damaged"):
            self.stats.inc_value(f"svcsat/charset/{found.source}")
        if found.encoding == "utf-8" and _SAYS_UTF8.search(content_type or b""):
            return response  # a copy would say the same
        return response.replace(encoding=found.encoding)
