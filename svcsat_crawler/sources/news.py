"""The way of a crawl: walk lists, fetch what is not stored, stop where nothing new is to be had."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, ClassVar

from scrapy import Request
from scrapy.http import Response, TextResponse
from twisted.python.failure import Failure

from svcsat_crawler.sources import failures, options, recorded
from svcsat_crawler.sources.articles import ArticleSpider
from svcsat_crawler.sources.base import Output
from svcsat_crawler.sources.cdx import Snapshot
from svcsat_crawler.sources.rescue import Rescuer
from svcsat_crawler.sources.walk import Listing, ListWalk, Row
from svcsat_crawler.storage.session import Known


class NewsSpider(ArticleSpider):
    """Base of the platforms.  A platform says how to read its lists and articles; nothing else.

    To be defined by a platform: ``lists_name``, ``choose_lists``, ``read_list``, ``read_article``.
    """

    # Articles first: the queue then holds one list page's articles, not a whole list's.
    list_priority: ClassVar[int] = -10

    def read_list(self, response: TextResponse, walk: ListWalk) -> Listing:
        """Return the rows of a list page; raises Unusable when it is none."""
        raise NotImplementedError

    def row_at(self, url: str) -> Row | None:
        """Return the row of an article's own address, in any of its forms; None for any other page.

        For pages that no list has named: what only a list says is left empty.
        """
        raise NotImplementedError

    def begins_article(self, url: str) -> bool:
        """Whether an article's address is that of its first page."""
        return True

    def rows_in(self, response: TextResponse) -> list[Row]:
        """Return the rows that a page names which is no article; [] where only articles tell."""
        return []

    def other_row(self, row: Row) -> Iterable[Request]:
        """Return requests for a row that is no article; by default it is only recorded."""
        return ()

    def list_request(self, walk: ListWalk, url: str) -> Request:
        return self.request(url, self.parse_list, self.list_failed, walk=walk, priority=self.list_priority)

    def rescue_prefix(self, walk: ListWalk) -> str | None:
        """Return what the addresses of a list's articles begin with; None where that does not tell."""
        return None

    def configure(self, settings: Any) -> None:
        super().configure(settings)
        if self.arguments.rescue:
            self.rescuer = Rescuer(self, options.load("web_archive", settings["SVCSAT_SITES"]))
            own: list[str] = getattr(self, "allowed_domains", [])
            self.allowed_domains = [*own, *self.rescuer.hosts]

    async def start(self) -> Output:
        """Ask first for what failed in an earlier run, then walk the lists."""
        if self.arguments.warc:
            async for request in recorded.requests(self):
                yield request
            return
        everything = self.replaying or self.arguments.full or self.arguments.rescue
        for failure in await self.session.quarantine.load(self.name, everything=everything):
            row = Row.from_record(failure["row"])
            if self.replaying or self.arguments.keywords is None or self.wants(row):
                again = self.article_request(row) if row.kind == "article" else self.other_row(row)
                for request in again:
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
            first = self.list_request(walk, walk.url)
            if (conditions := walk.conditions()) and not first.meta.get("playwright"):
                first.headers.update(conditions)
                first.meta["handle_httpstatus_list"] = [HTTPStatus.NOT_MODIFIED]
            yield first

    async def parse_list(self, response: Response, walk: ListWalk) -> Output:
        """Take in one page of a list: choose rows, ask for the next page or say why not."""
        if response.status == HTTPStatus.NOT_MODIFIED:
            walk.unchanged()
            return
        try:
            listing = self.read_list(self.as_text(response), walk)
        except failures.Unusable as error:
            for request in await self.list_unusable(walk, response, str(error)):
                yield request
            return
        await self._settle_rows(response, listing, walk)
        if walk.pages == 0:
            walk.validators = self.validators(response)
        wanted, again, all_known = await self.choose(listing, walk)
        stopped = walk.turn(listing, all_known=all_known, url=response.url)
        if stopped is None:
            assert listing.next_url
            yield self.list_request(walk, listing.next_url)
        elif stopped == "empty" and walk.pages == 1:
            for request in await self.list_unusable(walk, response, "a list page without a single row"):
                yield request
        self.count("list_pages")
        await self._note([row for row in wanted if row.kind != "article"], walk)
        for row in wanted:
            requests = self.article_request(row) if row.kind == "article" else self.other_row(row)
            for request in requests:
                walk.new += row.kind == "article"
                yield request
        for row in again:
            for request in self.article_request(row):
                self.count("asked_again")
                yield request

    async def _settle_rows(self, response: Response, listing: Listing, walk: ListWalk) -> None:
        """Record the rows that cannot be read; close what failed on this page before and no longer does."""
        broken = [f"{response.url}#{text[:200]}" for text in listing.broken]
        await self.session.quarantine.settle(response.url, broken)
        recorded = await asyncio.gather(
            *(
                self.session.quarantine.record(self.name, "row", url, "row cannot be read", list_url=walk.url)
                for url in broken
            )
        )
        self.count("quarantined", sum(recorded))

    async def _note(self, rows: list[Row], walk: ListWalk) -> None:
        """Note rows that are no articles: recorded, not crawled."""
        walk.external += len(rows)
        for row in rows:
            self.count(f"noted/{row.reason}")
        details = ({"url": row.url, "title": row.title, "list": walk.url} for row in rows)
        await asyncio.gather(
            *(
                self.session.note(self.name, row.reason, row.key, more)
                for row, more in zip(rows, details, strict=True)
            )
        )

    async def choose(self, listing: Listing, walk: ListWalk) -> tuple[list[Row], list[Row], bool]:
        """Return the rows to act on, those to look at again, and whether all were seen before and may stay so."""
        wanted: list[Row] = []
        again: list[Row] = []
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
                if self._recent(row, stored, walk):
                    again.append(row)
                else:
                    self.count("known")
            else:
                all_known = False
                wanted.append(row)
        return wanted, again, all_known and not again

    @staticmethod
    def _recent(row: Row, stored: Known, walk: ListWalk) -> bool:
        """Whether a stored article is so recent that it is to be asked for again."""
        printed = stored.published.date() if stored.published else row.listed
        return walk.recheck is not None and printed is not None and printed >= walk.recheck

    def unchanged(self, row: Row, listed_as: frozenset[str], complete: bool) -> bool:
        """Whether a stored article stands in the list as it did when it was read."""
        return complete and (not listed_as or row.signature in listed_as)

    @staticmethod
    def validators(response: Response) -> dict[str, str]:
        """Return what a later request can name to be told that the page has not changed."""
        found = {name: response.headers.get(name) for name in ("ETag", "Last-Modified")}
        return {name: value.decode("latin-1") for name, value in found.items() if value}

    async def list_failed(self, failure: Failure) -> list[Request]:
        """Record a list page that could not be fetched; its list is walked again next time."""
        walk: ListWalk = failure.request.cb_kwargs["walk"]  # type: ignore[attr-defined]
        kind, reason, response = failures.explain(failure)
        walk.gone = kind == "gone" or failures.is_host_gone(failure)
        return await self.list_unusable(walk, response or failure.request, reason)  # type: ignore[attr-defined]

    async def list_unusable(self, walk: ListWalk, where: Response | Request, reason: str) -> list[Request]:
        """Record a list page that is none; a platform may ask elsewhere instead."""
        prefix = self.rescue_prefix(walk) if self.rescuer and walk.gone and not walk.pages else None
        if self.rescuer and prefix:
            walk.why = reason
            return [self.rescuer.ask_list(walk, prefix)]
        await self.list_lost(walk, where, reason)
        return []

    async def choose_lost(self, snapshots: Iterable[Snapshot], walk: ListWalk) -> list[Row]:
        """Return the rows of the articles among *snapshots* that are not stored, each once."""
        rows: dict[str, Row] = {}
        for snapshot in snapshots:
            row = self.row_at(snapshot.original) if self.begins_article(snapshot.original) else None
            if row and row.key not in self._asked and self.in_time(row.listed):
                row.data.update({"filter": "text"} if self.keyword else {})
                rows.setdefault(row.key, row)
        walk.rows += len(rows)
        known = await self.session.known(list(rows))
        walk.known += len(known)
        wanted = [row for row in rows.values() if row.key not in known]
        walk.new += len(wanted)
        self._asked.update(row.key for row in wanted)
        return wanted

    async def list_lost(self, walk: ListWalk, where: Response | Request, reason: str) -> None:
        """Record a list that could not be read anywhere."""
        walk.stopped, walk.why, walk.last_url = "failed", reason, where.url
        self.count("list_failures")
        self.count("quarantined")
        self.logger.error("list %s: %s: %s", walk.name, where.url, reason)
        await self.session.quarantine.record(
            self.name, "list", where.url, reason, page=self.page_if_any(where), list_url=walk.url
        )
