"""Special topics (专题) of JSON column sites: an item that stands for others; its members are the articles."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, ClassVar

from scrapy import Request
from scrapy.http import Response, TextResponse
from twisted.python.failure import Failure

from svcsat_crawler.sources import column_items, failures, reading
from svcsat_crawler.sources.base import Output
from svcsat_crawler.sources.browser import listing_meta
from svcsat_crawler.sources.failures import Unusable
from svcsat_crawler.sources.news import NewsSpider
from svcsat_crawler.sources.walk import Row
from svcsat_crawler.text.urls import absolute


class SpecialTopicSpider(NewsSpider):
    """Expand topics by the interface; by the topic's own page, in a browser, when that fails."""

    key_prefix: ClassVar[str]
    article_address: ClassVar[tuple[re.Pattern[str], ...]]

    def item_row(self, item: dict[str, Any]) -> Row:
        """Return the row of one item of the interface; raises KeyError, TypeError, ValueError."""
        raise NotImplementedError

    def canonical(self, url: str) -> str:
        """Return the canonical form of an article's address."""
        raise NotImplementedError

    def article_id(self, url: str) -> str | None:
        """Return the article id in an address of any of the site's forms."""
        for pattern in self.article_address:
            if match := pattern.search(url):
                return match["id"]
        return None

    def linked_rows(self, response: TextResponse) -> list[Row]:
        """Return the articles that a page built by scripts links to, each once."""
        rows: dict[str, Row] = {}
        for link in response.xpath("//a[@href]"):
            url = absolute(response.url, link.attrib["href"])
            identity = self.article_id(url) if url else None
            # A picture's link comes without words; the next one to the same article has them.
            if url and identity and not (identity in rows and rows[identity].title):
                title = reading.bare(link.attrib.get("title")) or reading.element_text(link)
                key = f"{self.key_prefix}:{identity}"
                rows[identity] = Row(key=key, url=self.canonical(url), title=title, data={"filter": "text"})
        return list(rows.values())

    def other_row(self, row: Row) -> Iterable[Request]:
        if row.reason != "special_topic" or not self.wants(row):
            return
        members = row.data.get("members") or ()
        yield from self._members([self.item_row(member) for member in members], {})
        if row.data.get("topic") and not members:
            url = self.options["topic_url"].format(topic=row.data["topic"])
            yield self.request(url, self.parse_topic, self.topic_failed, row=row)

    def _members(self, rows: Iterable[Row], known: dict[str, Any]) -> Iterable[Request]:
        for row in rows:
            if row.key in known:
                self.count("known")
            elif row.kind == "article" and self.in_time(row.listed):
                for request in self.article_request(row):
                    self.count("topic_members")
                    yield request

    async def parse_topic(self, response: Response, row: Row) -> Output:
        """Hand over the members of a special topic that are not stored yet."""
        try:
            members, broken = column_items.topic_members(self.as_text(response).text)
        except Unusable as error:
            for request in await self._topic_page(row, error.kind, str(error), response):
                yield request
            return
        if broken:
            reason = f"special topic: {len(broken)} members cannot be read: {broken[0]}"
            await self.record_failure(row, "page", reason, response)
        else:
            await self.session.quarantine.settle(row.key)
        rows = [self.item_row(member) for member in members]
        for request in self._members(rows, await self.session.known([member.key for member in rows])):
            yield request

    async def topic_failed(self, failure: Failure) -> list[Request]:
        """Ask for the topic's own page when the interface does not answer."""
        row: Row = failure.request.cb_kwargs["row"]  # type: ignore[attr-defined]
        kind, reason, response = failures.explain(failure)
        return await self._topic_page(row, kind, reason, response or failure.request)  # type: ignore[attr-defined]

    async def _topic_page(self, row: Row, kind: str, reason: str, where: Response | Request) -> list[Request]:
        if not self.arguments.browser or where.url == row.url:
            await self.record_failure(row, kind, f"special topic: {reason}", where)
            return []
        self.count("topic_pages")
        request = self.request(row.url, self.parse_topic_page, self.topic_failed, row=row)
        request.meta.update(listing_meta(self.options["list"]["max_pages"]))
        return [request]

    async def parse_topic_page(self, response: Response, row: Row) -> Output:
        """Hand over the articles that the topic's page links to once its scripts have run."""
        rows = self.linked_rows(self.as_text(response))
        if not rows:
            await self.record_failure(row, "page", "special topic: its page links to no article", response)
            return
        await self.session.quarantine.settle(row.key)
        for request in self._members(rows, await self.session.known([member.key for member in rows])):
            yield request
