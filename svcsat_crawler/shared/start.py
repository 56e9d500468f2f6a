"""How a worker begins and ends: the leader walks the lists, all wait until nothing is left anywhere."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

from scrapy import Spider, signals
from scrapy.crawler import Crawler

from svcsat_crawler.shared.scheduler import LOOK, SharedScheduler
from svcsat_crawler.sources.news import NewsSpider

logger = logging.getLogger(__name__)

# Statistics that are counts, and so add up.
ADDED = ("svcsat/", "downloader/", "item_", "response_", "retry/", "spider_exceptions/")


class SharedStart:
    """Spider middleware around ``start``: Scrapy keeps a spider open for as long as its start goes on."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> SharedStart:
        middleware = cls(crawler)
        crawler.signals.connect(middleware.spider_closed, signals.spider_closed)
        return middleware

    @property
    def scheduler(self) -> SharedScheduler:
        assert self.crawler.engine
        scheduler = self.crawler.engine.scheduler
        assert isinstance(scheduler, SharedScheduler)
        return scheduler

    async def process_start(self, start: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """Walk the lists as the leader, help until then; the leader stays to the end of the others."""
        scheduler, spider = self.scheduler, self.crawler.spider
        assert isinstance(spider, NewsSpider)
        # What has not been walked here says nothing about its list.
        walks, spider.walks = spider.walks, []
        # What has failed before is closed by whoever reads it now.
        await spider.session.quarantine.load(spider.name)
        while not (scheduler.leading or scheduler.state.over or scheduler.failed):
            if not scheduler.state.led and scheduler.lead():
                logger.warning("the leader is gone: this worker walks the lists again")
            elif not self._help():
                await asyncio.sleep(LOOK)
        if not scheduler.leading:
            return
        spider.walks = walks
        async for output in start:
            yield output
        while not scheduler.failed and not (scheduler.idle() and scheduler.over()):
            if not self._help():
                await asyncio.sleep(LOOK)
        while not scheduler.failed and scheduler.state.workers > 1:
            if not self._help():
                await asyncio.sleep(LOOK)
        self._add_reports(spider)

    def _help(self) -> bool:
        """Take a request where there is room; the engine goes on from there by itself."""
        assert self.crawler.engine
        if self.crawler.engine.needs_backout() or not self.scheduler.state.pending:
            return False
        request = self.scheduler.take()
        if request:
            self.crawler.engine.crawl(request)
        return request is not None

    def spider_closed(self, spider: Spider) -> None:
        """Leave the leader what counts for the verdict on the whole crawl."""
        assert isinstance(spider, NewsSpider) and self.crawler.stats
        if self.scheduler.leading:
            return
        stats = self.crawler.stats.get_stats()
        added = {
            name: value for name, value in stats.items() if name.startswith(ADDED) and type(value) is int
        }
        self.scheduler.report(
            {"stats": added, "tally": spider.tally.record(), "examples": spider.tally.examples}
        )

    def _add_reports(self, spider: NewsSpider) -> None:
        assert self.crawler.stats
        for report in self.scheduler.reports():
            for name, value in report["stats"].items():
                self.crawler.stats.inc_value(name, value)
            spider.tally.failures.update(report["tally"]["failures"])
            spider.tally.fields.update(report["tally"]["fields"])
            for kind, example in report["examples"].items():
                spider.tally.examples.setdefault(kind, example)
