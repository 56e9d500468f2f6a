"""What follows a run once its record is stored: messages, the metrics file, a hint; never in the crawl's way."""

from __future__ import annotations

import asyncio
import logging
import os

from pymongo.errors import PyMongoError
from scrapy import signals
from scrapy.crawler import Crawler

from svcsat_crawler.sources.news import NewsSpider
from svcsat_crawler.storage.errors import StoreError
from svcsat_crawler.storage.mongo import Store

logger = logging.getLogger(__name__)


class AftermathExtension:
    """Works when the engine has stopped: every page is stored and the run's verdict is known.

    What fails here is logged and changes neither the verdict nor the exit code.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.notify = any(name.startswith("SVCSAT_NOTIFY_") and value for name, value in os.environ.items())
        self.metrics_file = os.environ.get("SVCSAT_METRICS_FILE", "")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> AftermathExtension:
        extension = cls(crawler)
        crawler.signals.connect(extension.engine_stopped, signals.engine_stopped)
        return extension

    async def engine_stopped(self) -> None:
        assert self.crawler.stats
        spider, verdict = self.crawler.spider, self.crawler.stats.get_value("svcsat/verdict")
        if not isinstance(spider, NewsSpider) or verdict is None:
            return
        changed = spider.tally.failures["layout"] or "layout" in self.crawler.stats.get_value("svcsat/cause")
        if verdict in ("incomplete", "broken") and changed:
            logger.warning(
                "the layout may have changed: `scrapy propose %s` looks for selectors", spider.name
            )
        if self.notify or self.metrics_file:
            await asyncio.to_thread(self._tell, spider.name)

    def _tell(self, spider: str) -> None:
        try:
            with Store.from_environment() as store:
                if self.metrics_file:
                    self._write(store)
                if self.notify:
                    self._notify(store, spider)
        except (StoreError, PyMongoError) as error:
            logger.error("nobody was told of this run: %s", " ".join(str(error).split())[:300])

    def _write(self, store: Store) -> None:
        from svcsat_crawler.prometheus import textfile  # noqa: PLC0415 - imported only when asked for

        try:
            textfile.write(store.database, self.metrics_file)
        except OSError as error:
            logger.error("SVCSAT_METRICS_FILE=%r cannot be written: %s", self.metrics_file, error.strerror)

    def _notify(self, store: Store, spider: str) -> None:
        from svcsat_crawler.notifying import channels, telling  # noqa: PLC0415

        try:
            found = channels.configured()
        except channels.ChannelError as error:
            logger.error("no messages are sent: %s", error)
            return
        for told in telling.tell(store, found, [spider]):
            for result in told.results:
                if result.reason:
                    logger.error("message not sent, tried again next time: %s", result.reason)
                else:
                    logger.info("told %s: %s is %s", result.channel.name, spider, told.state.key)
