"""Pages that are gone at their site, taken from a web archive (``-a rescue=1``).

The archive's index is asked which snapshots it has of an address; the newest that can be read is taken, in
its raw form, and goes through the site's own parser.  Requests to the archive go one at a time, with a
delay of their own (``DOWNLOAD_SLOTS``).
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from string import Formatter
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from scrapy import Request
from scrapy.http import Response, TextResponse
from twisted.python.failure import Failure

from svcsat_crawler.items import Article, Rescue
from svcsat_crawler.sources import cdx, failures
from svcsat_crawler.sources.options import OptionsError
from svcsat_crawler.sources.walk import ListWalk, Row
from svcsat_crawler.text.times import BEIJING

if TYPE_CHECKING:
    from svcsat_crawler.sources.news import NewsSpider

# Snapshots of one page that are tried, newest first.
TRIES = 3
SLOT = "rescue"
# Snapshots that one answer of the index holds at most.
PAGE_CAPTURES = 50
LIST_CAPTURES = 5_000
_STAMP = re.compile(r"/(\d{14})(?:id_)?/")
_EXACT = {"output": "json", "fl": "timestamp,original,statuscode", "filter": "statuscode:200"}

Output = AsyncIterator[Request | Article]


@dataclass(frozen=True, slots=True)
class Lost:
    """A page that its site no longer has: of which row, why, and what the archive still offers of it.

    *pages* are the article's pages before it; *where* is the site's answer, or the request without one.
    """

    row: Row
    url: str
    kind: str
    reason: str
    where: Response | Request
    pages: list[TextResponse] = field(default_factory=list)
    snapshots: tuple[cdx.Snapshot, ...] = ()


class Rescuer:
    """Asks one web archive for what a spider could not get.

    *addresses*: ``index`` and ``snapshot`` of ``[web_archive]`` in sites.toml.
    """

    def __init__(self, spider: NewsSpider, addresses: dict[str, Any]) -> None:
        for name, value in addresses.items():
            if not urlsplit(value).hostname or urlsplit(value).scheme not in ("http", "https"):
                raise OptionsError(f"[web_archive] {name} = {value!r} is no address")
        if not {"timestamp", "url"} <= {name for _, name, _, _ in Formatter().parse(addresses["snapshot"])}:
            raise OptionsError("[web_archive] snapshot needs {timestamp} and {url} in it")
        self.spider = spider
        self.index: str = addresses["index"]
        self.snapshot: str = addresses["snapshot"]

    @property
    def hosts(self) -> list[str]:
        """The archive's hosts: allowed only while it is asked."""
        return sorted({urlsplit(url).hostname or "" for url in (self.index, self.snapshot)})

    def ask(self, lost: Lost) -> Request:
        """Return the request that asks the index for the snapshots of a page."""
        self.spider.count("rescue/asked")
        query = {"url": lost.url, **_EXACT, "collapse": "digest", "limit": PAGE_CAPTURES}
        return self._request(
            f"{self.index}?{urlencode(query)}", self.parse_index, self.index_failed, lost=lost
        )

    def ask_list(self, walk: ListWalk, prefix: str, more: str | None = None) -> Request:
        """Return the request that asks the index for every address that begins with *prefix*."""
        query = {"url": prefix, "matchType": "prefix", **_EXACT, "collapse": "urlkey", "limit": LIST_CAPTURES}
        query["showResumeKey"] = "true"
        if more:
            query["resumeKey"] = more
        address = f"{self.index}?{urlencode(query)}"
        return self._request(address, self.parse_list, self.list_failed, walk=walk, prefix=prefix)

    async def parse_index(self, response: Response, lost: Lost) -> Output:
        """Take the newest snapshots, or record that there are none."""
        try:
            found = cdx.read(self.spider.as_text(response).text).snapshots
        except (ValueError, failures.Unusable) as error:
            async for output in self._give_up(
                lost, f"the web archive's index cannot be read: {error}", "fetch"
            ):
                yield output
            return
        newest = tuple(reversed(found[-TRIES:]))
        async for output in self.take(replace(lost, snapshots=newest), "not in the web archive either"):
            yield output

    async def take(self, lost: Lost, otherwise: str) -> Output:
        """Yield the request for the next snapshot; when there is none left, what is to be done *otherwise*."""
        if not lost.snapshots:
            async for output in self._give_up(lost, otherwise, lost.kind):
                yield output
            return
        first, *rest = lost.snapshots
        url = self.snapshot.format(timestamp=first.timestamp, url=first.original)
        left = replace(lost, snapshots=tuple(rest))
        request = self._request(url, self.parse_snapshot, self.snapshot_failed, lost=left)
        request.meta["rescued"] = Rescue(url=url, timestamp=first.at.astimezone(BEIJING))
        yield request

    async def parse_snapshot(self, response: Response, lost: Lost) -> Output:
        """Hand the page to the site's parser, as if the site had sent it."""
        assert response.request
        response.request.meta["rescued"] = _as_sent(response.request.meta["rescued"], response.url)
        response.request.meta["lost"] = lost
        page = response.replace(url=lost.url)
        async for output in self.spider.parse_article(page, lost.row, lost.pages):
            yield output

    async def unusable(self, lost: Lost, error: failures.Unusable) -> Output:
        """Try the next snapshot when this one is no article (an error page that was recorded as one)."""
        async for output in self.take(lost, f"no snapshot of the web archive can be read: {error}"):
            yield output

    async def snapshot_failed(self, failure: Failure) -> Output:
        """Try the next snapshot when this one is not handed out."""
        lost: Lost = failure.request.cb_kwargs["lost"]  # type: ignore[attr-defined]
        kind, reason, _ = failures.explain(failure)
        lost = lost if kind == "gone" else replace(lost, kind="fetch")
        async for output in self.take(lost, f"the web archive does not hand it out: {reason}"):
            yield output

    async def index_failed(self, failure: Failure) -> Output:
        """Record that the archive could not be asked: the next run with rescue=1 asks again."""
        lost: Lost = failure.request.cb_kwargs["lost"]  # type: ignore[attr-defined]
        _, reason, _ = failures.explain(failure)
        async for output in self._give_up(lost, f"the web archive does not answer: {reason}", "fetch"):
            yield output

    async def _give_up(self, lost: Lost, why: str, kind: str) -> Output:
        self.spider.count("rescue/missing")
        reason = f"{lost.reason}; {why}"
        if lost.pages:
            async for output in self.spider.without_rest(lost.row, lost.pages, reason):
                yield output
        else:
            await self.spider.record_failure(lost.row, kind, reason, lost.where)

    async def parse_list(self, response: Response, walk: ListWalk, prefix: str) -> Output:
        """Ask for the snapshots of all articles under a list that is no more."""
        try:
            found = cdx.read(self.spider.as_text(response).text)
        except (ValueError, failures.Unusable) as error:
            await self.spider.list_lost(walk, response, f"the web archive's index cannot be read: {error}")
            return
        if found.more:
            yield self.ask_list(walk, prefix, found.more)
        reason = f"the list is gone: {walk.why}"
        for row in await self.spider.choose_lost(found.snapshots, walk):
            yield self.ask(Lost(row, row.url, "gone", reason, Request(row.url)))
        walk.stopped = "rescued"

    async def list_failed(self, failure: Failure) -> None:
        """Record that neither the list nor the archive could be asked."""
        walk: ListWalk = failure.request.cb_kwargs["walk"]  # type: ignore[attr-defined]
        _, reason, response = failures.explain(failure)
        where = response or failure.request  # type: ignore[attr-defined]
        await self.spider.list_lost(walk, where, f"{walk.why}; the web archive does not answer: {reason}")

    def _request(self, url: str, callback: Any, errback: Any, **kwargs: Any) -> Request:
        request = self.spider.request(url, callback, errback, priority=1, **kwargs)
        request.meta.update(download_slot=SLOT, autothrottle_dont_adjust_delay=True)
        return request


def _as_sent(asked: Rescue, url: str) -> Rescue:
    """Return the snapshot that was sent: an archive may lead to a neighbour of the one asked for."""
    stamp = _STAMP.search(url)
    if url == asked.url or stamp is None:
        return asked
    at = datetime.strptime(stamp[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC).astimezone(BEIJING)
    return Rescue(url=url, timestamp=at)
