"""What all sites have in common: walk lists, fetch what is not stored, lose nothing on the way."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import date
from typing import Any, ClassVar

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response, TextResponse
from twisted.python.failure import Failure

from svcsat_crawler.extensions.session import SessionExtension
from svcsat_crawler.items import Article, Page
from svcsat_crawler.sources import arguments, failures, options
from svcsat_crawler.sources.browser import NoBrowser, find_chromium
from svcsat_crawler.sources.handler import replica_address
from svcsat_crawler.sources.walk import Listing, ListWalk, Row
from svcsat_crawler.storage.documents import BEIJING, now
from svcsat_crawler.storage.session import Session

KEPT_HEADERS = ("Content-Type", "Date", "ETag", "Last-Modified", "Server")
Output = AsyncIterator[Request | Article]


class NewsSpider(Spider):
    """Base of the platforms.  A platform says how to read its lists and articles; nothing else.

    To be defined by a platform: ``lists_name``, ``choose_lists``, ``read_list``, ``read_article``.
    """

    lists_name: ClassVar[str] = "lists"
    extra_arguments: ClassVar[tuple[str, ...]] = ()
    # Articles first: the queue then holds one list page's articles, not a whole list's.
    list_priority: ClassVar[int] = -10

    def __init__(self, **given: Any) -> None:
        super().__init__(self.name)
        self.arguments = self.check_arguments(given)
        # scrapyd's id of the run; the record bears it.
        self.job: str | None = given.get("_job")
        self.replaying = False
        self.walks: list[ListWalk] = []
        self._asked: set[str] = set()

    @classmethod
    def check_arguments(cls, given: dict[str, Any]) -> arguments.Arguments:
        """Return the arguments typed, or raise ArgumentError with one line that says what is right."""
        return arguments.parse(given, lists_name=cls.lists_name, extra=cls.extra_arguments)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> NewsSpider:
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.configure(crawler.settings)
        return spider

    def configure(self, settings: Any) -> None:
        """Load the site's options and refuse what cannot work, before the first request."""
        self.options = options.load(self.name, settings["SVCSAT_SITES"])
        replica_address(settings["SVCSAT_REPLICA"])
        self.replaying = settings.getbool("SVCSAT_REPLAYING")
        if self.arguments.browser:
            try:
                find_chromium(settings["SVCSAT_CHROMIUM"])
            except NoBrowser as error:
                raise arguments.ArgumentError(str(error)) from error
        words = self.arguments.keywords or tuple(self.options["list"].get("keywords", ()))
        self.keyword = re.compile("|".join(map(re.escape, words))) if words else None
        cap = self.arguments.max_pages or self.options["list"].get("max_pages")
        self.chosen = self.choose_lists()
        for name, url in self.chosen.items():
            scope = ",".join(words)
            since = self.arguments.since
            walk = ListWalk(name, url, cap=cap, since=since, full=self.arguments.full, scope=scope)
            self.walks.append(walk)

    # A platform answers these

    def choose_lists(self) -> dict[str, str]:
        """Return name → address of the lists to walk; raises ArgumentError for an unknown one."""
        raise NotImplementedError

    def read_list(self, response: TextResponse, walk: ListWalk) -> Listing:
        """Return the rows of a list page; raises Unusable when it is none."""
        raise NotImplementedError

    def read_article(self, pages: list[TextResponse], row: Row) -> Article:
        """Return the article of these pages (the first one first); raises Unusable or Gone.

        Pure in the pages and the row, so that archived pages can be read again.
        """
        raise NotImplementedError

    def more_pages(self, response: TextResponse, row: Row) -> list[str]:
        """Return the addresses of an article's further pages."""
        return []

    def other_row(self, row: Row) -> Iterable[Request]:
        """Return requests for a row that is no article; by default it is only recorded."""
        return ()

    def list_request(self, walk: ListWalk, url: str) -> Request:
        return self.request(url, self.parse_list, self.list_failed, walk=walk, priority=self.list_priority)

    # The way of a crawl

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

    async def start(self) -> Output:
        """Ask first for what failed in an earlier run, then walk the lists."""
        everything = self.replaying or self.arguments.full
        for failure in await self.session.failures(self.name, everything=everything):
            row = Row.from_record(failure["row"])
            if self.replaying or self.arguments.keywords is None or self.wants(row):
                for request in self.article_request(row):
                    self.count("retried")
                    if self.replaying and failure.get("page"):
                        request.meta["stored_page"] = failure["page"]
                    yield request
        if self.replaying:
            return
        states = await self.session.list_states(self.name)
        await self.session.open_lists(self.name, [walk.url for walk in self.walks])
        for walk in self.walks:
            walk.remember(states.get(walk.url, {}))
            yield self.list_request(walk, walk.url)

    async def parse_list(self, response: Response, walk: ListWalk) -> Output:
        """Take in one page of a list: choose rows, ask for the next page or say why not."""
        try:
            listing = self.read_list(self.as_text(response), walk)
        except failures.Unusable as error:
            for request in await self.list_unusable(walk, response, str(error)):
                yield request
            return
        for broken in listing.broken:
            self.count("quarantined")
            await self.session.quarantine(
                self.name, "row", f"{response.url}#{broken[:200]}", "row cannot be read", list_url=walk.url
            )
        wanted, all_known = await self.choose(listing, walk)
        stopped = walk.turn(listing, all_known=all_known, url=response.url)
        if stopped is None:
            assert listing.next_url
            yield self.list_request(walk, listing.next_url)
        elif stopped == "empty" and walk.pages == 1:
            for request in await self.list_unusable(walk, response, "a list page without a single row"):
                yield request
        self.count("list_pages")
        for row in wanted:
            if row.kind == "article":
                for request in self.article_request(row):
                    walk.new += 1
                    yield request
            else:
                walk.external += 1
                self.count(f"noted/{row.reason}")
                await self.session.note(
                    self.name, row.reason, row.key, {"url": row.url, "title": row.title, "list": walk.url}
                )
                for request in self.other_row(row):
                    yield request

    async def choose(self, listing: Listing, walk: ListWalk) -> tuple[list[Row], bool]:
        """Return the rows to act on, and whether the page holds nothing that was not seen before."""
        wanted: list[Row] = []
        all_known = True
        keys = [row.key for row in listing.rows if row.kind == "article"]
        known = await self.session.known(keys) if keys else {}
        for row in listing.rows:
            if row.kind != "article":
                if not walk.seen(row):
                    all_known = False
                    wanted.append(row)
            elif row.key in self._asked:
                continue  # on the page before as well, or being tried again
            elif not self.in_time(row.listed):
                walk.outside += 1
            elif not self.wants(row):
                walk.filtered += 1
                all_known &= walk.seen(row)
            elif (stored := known.get(row.key)) and self.unchanged(row, stored.listed_as, stored.complete):
                walk.known += 1
                self.count("known")
            else:
                all_known = False
                wanted.append(row)
        return wanted, all_known

    def unchanged(self, row: Row, listed_as: frozenset[str], complete: bool) -> bool:
        """Whether a stored article stands in the list as it did when it was read."""
        return complete and (not listed_as or row.signature in listed_as)

    def in_time(self, listed: date | None) -> bool:
        """Whether a date lies in since … until; an unknown one does, until the article tells it."""
        since, until = self.arguments.since, self.arguments.until
        return listed is None or not ((since and listed < since) or (until and listed > until))

    def wants(self, row: Row) -> bool:
        """Whether the row passes the keyword filter; a listing without summaries leaves that to the text."""
        if self.keyword is None or row.data.get("filter") == "text":
            return True
        return bool(self.keyword.search(f"{row.title} {row.data.get('summary', '')}"))

    def article_request(self, row: Row) -> Iterable[Request]:
        """Yield the request for an article, once a run."""
        if row.key not in self._asked:
            self._asked.add(row.key)
            yield self.request(row.url, self.parse_article, self.article_failed, row=row)

    async def parse_article(
        self, response: Response, row: Row, pages: list[TextResponse] | None = None
    ) -> Output:
        """Read one page of an article; ask for its further pages; hand the whole one over."""
        try:
            pages = [*(pages or []), self.as_text(response)]
            failures.check_page(pages[-1].text)
            rest = self._rest(pages, row)
            if rest:
                yield self.request(
                    rest[0], self.parse_article, self.further_page_failed, priority=1, row=row, pages=pages
                )
                return
            article = self.finish(self.read_article(pages, row), row, pages, missing=[])
        except failures.Unusable as error:
            for request in await self.article_unusable(row, error, response):
                yield request
            return
        if article:
            yield article

    def _rest(self, pages: list[TextResponse], row: Row) -> list[str]:
        read = {page.url for page in pages}
        return [url for url in self.more_pages(pages[0], row) if url not in read]

    async def further_page_failed(self, failure: Failure) -> Output:
        """Hand over what is there of an article, and record what is missing."""
        row, pages = (failure.request.cb_kwargs[name] for name in ("row", "pages"))  # type: ignore[attr-defined]
        _, reason, _ = failures.explain(failure)
        missing = self._rest(pages, row)
        self.count("pages_missing", len(missing))
        await self.session.quarantine(
            self.name, "fetch", missing[0], f"further page: {reason}", row=row.as_record()
        )
        try:
            article = self.finish(self.read_article(pages, row), row, pages, missing=missing)
        except failures.Unusable as error:
            await self.record_failure(row, error.kind, str(error), pages[0])
            return
        if article:
            yield article

    def finish(
        self, article: Article, row: Row, responses: list[TextResponse], *, missing: list[str]
    ) -> Article | None:
        """Complete an article by what is the same for all sites; None when it is outside since … until."""
        if not self.in_time(
            article.published.astimezone(BEIJING).date() if article.published else row.listed
        ):
            self.count("outside")
            return None
        if row.data.get("filter") == "text" and self.keyword and not self.keyword.search(article.body):
            self.count("filtered")
            return None
        article.pages = [self.page(response) for response in responses]
        article.pages_missing = missing
        article.listed_as = row.signature or None
        article.replaced_characters = article.title.count("�") + article.body.count("�")
        if article.read_by == "generic":
            self.count("read/generic")
            self.logger.warning(
                "%s: no selector fits %s; read by the generic extractor", article.key, article.url
            )
        return article

    # When something is wrong

    async def article_unusable(
        self, row: Row, error: failures.Unusable, where: Response | Request
    ) -> list[Request]:
        """Record an article page that cannot be used; a platform may ask for another address instead."""
        await self.record_failure(row, error.kind, str(error), where)
        return []

    async def article_failed(self, failure: Failure) -> list[Request]:
        """Record an article that could not be fetched."""
        row: Row = failure.request.cb_kwargs["row"]  # type: ignore[attr-defined]
        kind, reason, response = failures.explain(failure)
        error = failures.Gone(reason) if kind == "gone" else failures.Blocked(reason)
        return await self.article_unusable(row, error, response or failure.request)  # type: ignore[attr-defined]

    async def record_failure(self, row: Row, kind: str, reason: str, where: Response | Request) -> None:
        """Put a failed article into quarantine, with its page when there is one."""
        self.count("gone" if kind == "gone" else "quarantined")
        self.logger.warning("%s: %s: %s", row.key, where.url, reason)
        page = self.page(where) if isinstance(where, Response) and where.body else None
        await self.session.quarantine(self.name, kind, where.url, reason, row=row.as_record(), page=page)

    async def list_failed(self, failure: Failure) -> list[Request]:
        """Record a list page that could not be fetched; its list is walked again next time."""
        walk: ListWalk = failure.request.cb_kwargs["walk"]  # type: ignore[attr-defined]
        _, reason, response = failures.explain(failure)
        return await self.list_unusable(walk, response or failure.request, reason)  # type: ignore[attr-defined]

    async def list_unusable(self, walk: ListWalk, where: Response | Request, reason: str) -> list[Request]:
        """Record a list page that is none; a platform may ask elsewhere instead."""
        walk.stopped, walk.why, walk.last_url = "failed", reason, where.url
        self.count("list_failures")
        self.count("quarantined")
        self.logger.error("list %s: %s: %s", walk.name, where.url, reason)
        page = self.page(where) if isinstance(where, Response) and where.body else None
        await self.session.quarantine(self.name, "list", where.url, reason, page=page, list_url=walk.url)
        return []

    @staticmethod
    def as_text(response: Response) -> TextResponse:
        """Return the response as text; raises Unusable for a picture, an archive and the like."""
        if not isinstance(response, TextResponse):
            kind = (response.headers.get("Content-Type") or b"an unknown type").decode("latin-1")
            raise failures.Unusable(f"no text but {kind}")
        return response

    @staticmethod
    def page(response: Response) -> Page:
        """Return the raw page of a response for the archive."""
        headers = {}
        for name in KEPT_HEADERS:
            if value := response.headers.get(name):
                headers[name] = value.decode("latin-1")
        encoding = response.encoding if isinstance(response, TextResponse) else ""
        return Page(
            url=response.url,
            fetched=now().astimezone(BEIJING),
            status=response.status,
            headers=headers,
            body=response.body,
            encoding=encoding,
        )
