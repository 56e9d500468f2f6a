"""Trying again when the host says so, not at once."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus

from scrapy import Request, Spider
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached

from svcsat_crawler.sources.pace import pace_of, retry_after

_BUSY = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
# Without a Retry-After: four delays, then sixteen.
_BACKOFF = 4


class PatientRetryMiddleware(RetryMiddleware):
    """Scrapy's retries, which ask again at once; here 429 and 503 hold back the whole host first."""

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        if response.status in _BUSY and not self._wait(request, response):
            return response
        return super().process_response(request, response)

    def _wait(self, request: Request, response: Response) -> bool:
        """Have the host left alone as long as it asks for; False when that is longer than a run waits."""
        assert self.crawler.stats
        pace = pace_of(self.crawler)
        header = response.headers.get("Retry-After")
        asked = retry_after(header.decode("latin-1"), datetime.now(UTC)) if header else None
        if asked is None:
            asked = pace.gap * _BACKOFF ** (request.meta.get("retry_times", 0) + 1)
        self.crawler.stats.inc_value("svcsat/pace/asked_to_wait")
        return pace.wait(urlparse_cached(request).hostname or "", asked, f"HTTP {response.status}")
