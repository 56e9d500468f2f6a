"""What every spider of a news site has: checked arguments, the site's options, the store, its counts."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, Protocol, Self

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response, TextResponse

from svcsat_crawler.items import Article, Page
from svcsat_crawler.sources import arguments, failures, options
from svcsat_crawler.sources.browser import NoBrowser, find_chromium
from svcsat_crawler.sources.handler import replica_address
from svcsat_crawler.sources.session import SessionExtension
from svcsat_crawler.sources.walk import ListWalk, Row
from svcsat_crawler.storage.documents import BEIJING, now
from svcsat_crawler.storage.session import Session
from svcsat_crawler.verdict.tally import Tally
from svcsat_crawler.warc.index import Index

KEPT_HEADERS = ("Content-Type", "Date", "ETag", "Last-Modified", "Server")
Output = AsyncIterator[Request | Article]


class FirstTexts(Protocol):
    """By the hash of a text, key and time of the article that had it first."""

    def setdefault(
        self, text_hash: str, first: tuple[str, datetime | None], /
    ) -> tuple[str, datetime | None]: ...


class SiteSpider(Spider):
    """Arguments, options, store and failures of one site; reading is added by its subclasses."""

    lists_name: ClassVar[str] = "lists"
    extra_arguments: ClassVar[tuple[str, ...]] = ()

    def __init__(self, **given: Any) -> None:
        super().__init__(self.name)
        self.arguments = self.check_arguments(given)
        # scrapyd's id of the run; the record bears it.
        self.job: str | None = given.get("_job")
        self.replaying = False
        # What this process is in a crawl of several: leader or helper.
        self.part: str | None = None
        # The article that a text was first seen in.
        self.texts: FirstTexts = {}
        self.walks: list[ListWalk] = []
        self.warc: Index | None = None
        self.tally = Tally()
        self._asked: set[str] = set()

    @classmethod
    def check_arguments(cls, given: dict[str, Any]) -> arguments.Arguments:
        """Return the arguments typed, or raise ArgumentError with one line that says what is right."""
        return arguments.parse(given, lists_name=cls.lists_name, extra=cls.extra_arguments)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.configure(crawler.settings)
        return spider

    def configure(self, settings: Any) -> None:
        """Load the site's options and refuse what cannot work, before the first request."""
        self.options = options.load(self.name, settings["SVCSAT_SITES"])
        replica_address(settings["SVCSAT_REPLICA"])
        self.replaying = settings.getbool("SVCSAT_REPLAYING")
        for name in self.arguments.warc:
            if not Path(name).is_file():
                raise arguments.ArgumentError(f"warc={name!r} is no file")
        if self.arguments.browser:
            try:
                find_chromium(settings["SVCSAT_CHROMIUM"])
            except NoBrowser as error:
                raise arguments.ArgumentError(str(error)) from error
        words = self.arguments.keywords or tuple(self.options["list"].get("keywords", ()))
        self.keyword = re.compile("|".join(map(re.escape, words))) if words else None
        cap = self.arguments.max_pages or self.options["list"].get("max_pages")
        self.chosen = {} if self.arguments.warc else self.choose_lists()
        for name, url in self.chosen.items():
            scope = ",".join(words)
            since = self.arguments.since
            walk = ListWalk(name, url, cap=cap, since=since, full=self.arguments.full, scope=scope)
            walk.until = self.arguments.until.isoformat() if self.arguments.until else None
            if self.arguments.recheck:
                walk.recheck = now().astimezone(BEIJING).date() - timedelta(days=self.arguments.recheck)
            self.walks.append(walk)

    def choose_lists(self) -> dict[str, str]:
        """Return name → address of the lists to walk; raises ArgumentError for an unknown one."""
        raise NotImplementedError

    @property
    def session(self) -> Session:
        return SessionExtension.of(self.crawler).session

    def count(self, what: str, by: int = 1) -> None:
        assert self.crawler.stats
        self.crawler.stats.inc_value(f"svcsat/{what}", by)

    def request(
        self,
        url: str,
        callback: Callable[..., Any],
        errback: Callable[..., Any],
        *,
        priority: int = 0,
        **kwargs: Any,
    ) -> Request:
        return Request(url, callback=callback, errback=errback, priority=priority, cb_kwargs=kwargs)

    def in_time(self, listed: date | None) -> bool:
        """Whether a date lies in since … until; an unknown one does, until the article tells it."""
        since, until = self.arguments.since, self.arguments.until
        return listed is None or not ((since and listed < since) or (until and listed > until))

    def wants(self, row: Row) -> bool:
        """Whether the row passes the keyword filter; a listing without summaries leaves that to the text."""
        if self.keyword is None or row.data.get("filter") == "text":
            return True
        return bool(self.keyword.search(f"{row.title} {row.data.get('summary', '')}"))

    async def record_failure(self, row: Row, kind: str, reason: str, where: Response | Request) -> None:
        """Put a failed article into quarantine, with its page when there is one."""
        request = where.request if isinstance(where, Response) else where
        if request and request.meta.get("redirect_urls"):
            reason = f"{reason} (redirected to {where.url})"
        self.tally.failed(reason, row.url)
        self.logger.warning("%s: %s: %s", row.key, where.url, reason)
        page = self.page_if_any(where)
        record = row.as_record()
        open_still = await self.session.quarantine.record(
            self.name, kind, where.url, reason, row=record, page=page
        )
        if kind == "gone":
            self.count("gone")
        elif open_still:
            self.count("quarantined")

    @staticmethod
    def as_text(response: Response) -> TextResponse:
        """Return the response as text; raises Unusable for a picture, an archive and the like."""
        if not isinstance(response, TextResponse):
            kind = (response.headers.get("Content-Type") or b"an unknown type").decode("latin-1")
            raise failures.Unusable(f"no text but {kind}")
        return response

    @classmethod
    def page_if_any(cls, where: Response | Request) -> Page | None:
        """Return the raw page of an answer; None when there was none, or one without a byte."""
        return cls.page(where) if isinstance(where, Response) and where.body else None

    @staticmethod
    def page(response: Response) -> Page:
        """Return the raw page of a response for the archive."""
        headers = {}
        for name in KEPT_HEADERS:
            if value := response.headers.get(name):
                headers[name] = value.decode("latin-1")
        encoding = response.encoding if isinstance(response, TextResponse) else ""
        # Pages that do not come from the site itself say when they did, and where from.
        known = response.request.meta if response.request else {}
        return Page(
            url=response.url,
            fetched=known.get("fetched") or now().astimezone(BEIJING),
            status=response.status,
            headers=headers,
            body=response.body,
            encoding=encoding,
            rescued=known.get("rescued"),
        )
