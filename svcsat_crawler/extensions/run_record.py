"""The stored record of a run: what was asked for, what came of it, and whether it was good."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import time
from typing import Any

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from svcsat_crawler.items import Article
from svcsat_crawler.metrics import RULES_VERSION
from svcsat_crawler.sources.news import NewsSpider
from svcsat_crawler.sources.session import SessionExtension
from svcsat_crawler.sources.walk import ListWalk, Row
from svcsat_crawler.storage.documents import SCHEMA, now
from svcsat_crawler.storage.errors import StoreAway
from svcsat_crawler.text.times import BEIJING
from svcsat_crawler.verdict import STORE_AWAY, Arrivals, Past, Usual, counts, judge
from svcsat_crawler.verdict.limits import PAST, RUNS

logger = logging.getLogger(__name__)

# Settings that explain a result; the store's address is never among them.
SETTINGS = ("SVCSAT_REPLICA", "SVCSAT_SITES", "ROBOTSTXT_OBEY", "DOWNLOAD_DELAY", "AUTOTHROTTLE_ENABLED")


class RunRecordExtension:
    """Opens the record with the spider and closes it, the lists and the store last of all."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.job = ""
        self.usual = Usual()
        self._recording: set[asyncio.Task[bool]] = set()
        self._closing: list[asyncio.Task[None]] = []

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RunRecordExtension:
        extension = cls(crawler)
        crawler.signals.connect(extension.spider_opened, signals.spider_opened)
        crawler.signals.connect(extension.spider_closed, signals.spider_closed)
        crawler.signals.connect(extension.item_error, signals.item_error)
        crawler.signals.connect(extension.spider_error, signals.spider_error)
        return extension

    async def spider_opened(self, spider: Spider) -> None:
        assert isinstance(spider, NewsSpider)
        started = now()
        job = getattr(spider, "job", None)
        self.job = job or f"{spider.name}-{time.strftime('%Y%m%dT%H%M%S', started.timetuple())}-{os.getpid()}"
        session = SessionExtension.of(self.crawler).session
        await session.end_dead_runs(spider.name)
        self.usual = Usual.of(await session.earlier_runs(spider.name, RUNS))
        if not spider.replaying:
            figures = await session.earlier_figures(spider.name, PAST)
            self.usual.past = Past.of(figures, spider.arguments.given)
            self.usual.now = started.astimezone(BEIJING)
        await session.save_run(
            self.job,
            {
                "spider": spider.name,
                "host": socket.gethostname(),
                "pid": os.getpid(),
                "started": started,
                "finished": None,
                "arguments": spider.arguments.given,
                "settings": {name: self.crawler.settings.get(name) for name in SETTINGS},
                "rules_version": RULES_VERSION,
                "part": spider.part,
                # A helper walks no list, however it ends.
                **({"lists": []} if spider.part == "helper" else {}),
                "verdict": "running",
                "cause": "",
                "schema": SCHEMA,
            },
        )

    async def item_error(self, item: Any, response: Response, spider: Spider, failure: Failure) -> None:
        """Count an item that a pipeline could not take, and have it tried again next time."""
        assert self.crawler.stats
        self.crawler.stats.inc_value("svcsat/item_errors")
        if self._store_is_away(failure):
            return
        if isinstance(item, Article):
            row = Row(key=item.key, url=item.url, title=item.title, signature=item.listed_as or "")
            reason = f"{type(failure.value).__name__}: {failure.value}"[:500]
            await SessionExtension.of(self.crawler).session.quarantine.record(
                spider.name, "item", item.url, reason, row=row.as_record()
            )

    def spider_error(self, failure: Failure, response: Response, spider: Spider) -> None:
        """Keep the page that the program itself stumbled over; the error counts against the verdict."""
        request = response.request if isinstance(response, Response) else None
        row = request.cb_kwargs.get("row") if request else None
        if self._store_is_away(failure) or not isinstance(row, Row):
            return
        reason = f"program error: {type(failure.value).__name__}: {failure.value}"[:500]
        session = SessionExtension.of(self.crawler).session
        page = NewsSpider.page(response)
        recording = asyncio.get_running_loop().create_task(
            session.quarantine.record(
                spider.name, "page", response.url, reason, row=row.as_record(), page=page
            )
        )
        self._recording.add(recording)
        recording.add_done_callback(self._recording.discard)

    def _store_is_away(self, failure: Failure) -> bool:
        """Stop the crawl when the store has stayed away: what is fetched now could not be kept."""
        if not isinstance(failure.value, StoreAway):
            return False
        if not self._closing:
            assert self.crawler.engine
            logger.error("%s; the crawl stops", failure.value)
            close = self.crawler.engine.close_spider_async(reason=STORE_AWAY)
            self._closing.append(asyncio.get_running_loop().create_task(close))
        return True

    async def spider_closed(self, spider: Spider, reason: str) -> None:
        assert isinstance(spider, NewsSpider) and self.crawler.stats
        extension = SessionExtension.of(self.crawler)
        session = extension.session
        await asyncio.gather(*self._recording)
        lists = [walk.record() for walk in spider.walks] if not spider.replaying else []
        found = counts(self.crawler.stats.get_stats())
        # What is new is only told by a run that asked for whatever is.
        if not set(spider.arguments.given) - {spider.lists_name, "max_pages", "recheck"}:
            self.usual.arrivals = {walk.url: Arrivals.of(walk.state, walk.scope) for walk in spider.walks}
        verdict = judge(found, lists, reason, spider.tally, self.usual)
        self.crawler.stats.set_value("svcsat/verdict", verdict.word)
        self.crawler.stats.set_value("svcsat/cause", verdict.cause)
        self.crawler.stats.set_value("svcsat/job", self.job)
        try:
            if reason == STORE_AWAY:
                return
            for walk in spider.walks:
                # Only a run that came to its end has seen every article of its lists stored.
                if walk.stopped and reason == "finished" and not found["errors"]:
                    await session.save_list(
                        spider.name, walk.url, {**walk.next_state(), **self._arrived(walk)}
                    )
            await session.save_run(
                self.job,
                {
                    "finished": now(),
                    "reason": reason,
                    "counts": found,
                    "part": spider.part,
                    "lists": lists,
                    "verdict": verdict.word,
                    "cause": verdict.cause,
                    "causes": [{"kind": cause.kind, "text": cause.text} for cause in verdict.causes],
                    "tally": spider.tally.record(),
                },
            )
        finally:
            await extension.close()

    def _arrived(self, walk: ListWalk) -> dict[str, Any]:
        before = self.usual.arrivals.get(walk.url)
        if before is None or self.usual.now is None:
            return {}
        return {"arrivals": before.after(self.usual.now.date(), walk.new)}
