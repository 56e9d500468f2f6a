"""robots.txt as RFC 9309 has it: a server that cannot say what it allows has not allowed anything."""

from __future__ import annotations

import logging
from http import HTTPStatus

from scrapy import Request
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.robotstxt import RobotParser

from svcsat_crawler.sources.guard import OffLimits
from svcsat_crawler.sources.pace import pace_of

# A page a minute is the slowest that is taken from a Crawl-delay; more is a mistake of the file.
LONGEST_DELAY = 60.0


def _in_one_line(record: logging.LogRecord) -> bool:
    """Drop the traceback of a file that cannot be fetched: the line before it says all, the verdict says why."""
    record.exc_info = None
    return True


logging.getLogger(RobotsTxtMiddleware.__module__).addFilter(_in_one_line)


class _Nothing(RobotParser):
    """Allows nothing."""

    def __init__(self, why: str) -> None:
        self.why = why

    @classmethod
    def from_crawler(cls, crawler: object, robotstxt_body: bytes) -> _Nothing:
        raise NotImplementedError("made by the middleware only")

    def allowed(self, url: str | bytes, user_agent: str | bytes) -> bool:
        return False


class RobotsMiddleware(RobotsTxtMiddleware):
    """Scrapy's middleware, which takes an error page for rules and silence for leave.

    2xx: its rules.  4xx: everything is allowed.  5xx, 429, silence: nothing is, and the reason is in
    every refusal.  A Crawl-delay is kept.
    """

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        status = response.status
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.TOO_MANY_REQUESTS:
            self._settle(netloc, _Nothing(f"HTTP {status}"))
            return
        if status >= HTTPStatus.BAD_REQUEST:
            response = response.replace(body=b"")
        await super()._parse_robots(response, netloc, request)
        parser = self._parsers[netloc]
        assert isinstance(parser, RobotParser)
        if delay := parser.crawl_delay(self._robotstxt_useragent or self._default_useragent):
            pace_of(self.crawler).slow_down(netloc.partition(":")[0], min(delay, LONGEST_DELAY))
            self._stats.set_value("svcsat/robots/crawl_delay", delay)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        if isinstance(exc, IgnoreRequest) and not isinstance(exc, OffLimits):
            super()._robots_error(exc, netloc)  # redirected in circles: unavailable, so nothing forbids
            return
        self._settle(netloc, _Nothing(f"{type(exc).__name__}: {exc}"[:200]))

    def _settle(self, netloc: str, parser: _Nothing) -> None:
        self._stats.inc_value("svcsat/robots/unreachable")
        waiting = self._parsers[netloc]
        self._parsers[netloc] = parser
        waiting.callback(parser)  # type: ignore[union-attr]

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        if isinstance(rp, _Nothing):
            self._stats.inc_value("robotstxt/forbidden")
            raise IgnoreRequest(f"robots.txt cannot be read ({rp.why}): nothing is asked for (RFC 9309)")
        super().process_request_2(rp, request)
