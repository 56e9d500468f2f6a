"""Which process does which request: articles whoever comes to them, everything else the one that asked."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import socket
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any, Self, TypeVar

from scrapy import Request, Spider, signals
from scrapy.core.scheduler import BaseScheduler
from scrapy.core.scheduler import Scheduler as LocalScheduler
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy_redis import connection
from twisted.python.failure import Failure

from svcsat_crawler.shared.dedup import SharedTexts
from svcsat_crawler.shared.queue import ReliableQueue, SharedError, State
from svcsat_crawler.sources.news import NewsSpider
from svcsat_crawler.storage.address import read_address
from svcsat_crawler.storage.documents import digest
from svcsat_crawler.storage.embedded import data_directory
from svcsat_crawler.storage.errors import StoreAway

logger = logging.getLogger(__name__)

# Seconds between two looks at the crawl.
LOOK = 0.5
# While fewer articles wait than this, the leader reads on in its lists.
FEW = 64
Answer = TypeVar("Answer")


class SharedScheduler(BaseScheduler):
    """Scrapy's scheduler twice, and between them the queue that all workers share.

    Begun articles (further pages, retries, redirects) and lists stay in the process.  A request that was
    taken from the shared queue is done when nothing of its article is under way any more; its items are
    stored by then, as the line stores before it lets go.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.leading = False
        self.failed = ""
        self.state = State(over=False, pending=0, workers=1, led=True)
        self._begun = LocalScheduler.from_crawler(crawler)
        self._own = LocalScheduler.from_crawler(crawler)
        # By article; two when lists name it by two addresses.
        self._held: dict[str, list[str]] = {}
        self._kept: set[str] = set()
        self._waiting: Counter[str] = Counter()
        self._behind = 0
        self._closing: asyncio.Task[None] | None = None
        self._left = threading.Event()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        scheduler = cls(crawler)
        crawler.signals.connect(scheduler.item_error, signals.item_error)
        crawler.signals.connect(scheduler.spider_error, signals.spider_error)
        crawler.signals.connect(scheduler.engine_stopped, signals.engine_stopped)
        return scheduler

    def open(self, spider: Spider) -> None:
        """Join the crawl; raises SharedError."""
        assert isinstance(spider, NewsSpider)
        self.spider = spider
        self._begun.open(spider)
        self._own.open(spider)
        server = connection.from_settings(self.crawler.settings)
        lease = self.crawler.settings.getfloat("SVCSAT_REDIS_LEASE")
        self.queue = ReliableQueue(server, spider, crawl_name(spider, self.crawler.settings), lease)
        self._lead(self.queue.join())
        spider.texts = SharedTexts(self.queue, self._fail)
        logger.info("%s: worker %s, %s", self.queue.key, self.queue.worker, spider.part)
        self._loop = asyncio.get_running_loop()
        threading.Thread(target=self._look, name="shared", daemon=True).start()

    # What the engine asks

    def has_pending_requests(self) -> bool:
        return self._begun.has_pending_requests() or self._own.has_pending_requests()

    def enqueue_request(self, request: Request) -> bool:
        key = article_of(request)
        if key in self._held:
            queued = self._begun.enqueue_request(request)
            self._waiting[key] += queued
            return queued
        if not self._goes_to_all(request):
            return self._own.enqueue_request(request)
        return bool(self._ask(self.queue.push, request))

    def next_request(self) -> Request | None:
        self._settle()
        if request := self._begun.next_request():
            self._waiting[article_of(request) or ""] -= 1
            return request
        if self._behind < FEW and (request := self._own.next_request()):
            return request
        return self.take() or self._own.next_request()

    def take(self) -> Request | None:
        """Take a request from the shared queue."""
        taken = self._ask(self.queue.pop)
        self._behind = taken.waiting if taken else 0
        if taken is None:
            return None
        # Not to be begun once more when a new leader finds it in its list.
        self._begun.df.request_seen(taken.request)
        request = taken.request.replace(dont_filter=True)
        self._held.setdefault(article_of(request) or "", []).append(taken.id)
        return request

    def close(self, reason: str) -> None:
        """Let the others have what is not done."""
        self._settle()
        self._begun.close(reason)
        self._own.close(reason)
        self._ask(self.queue.give_back)

    # What the start asks

    def idle(self) -> bool:
        """Whether this process has nothing under way."""
        self._settle()
        return not (self._held or self.has_pending_requests() or self._active())

    def over(self) -> bool:
        """Whether nothing is left to do anywhere; to be asked by the leader when it is idle.

        Only the leader and holders of requests make new ones, so nothing can come after.
        """
        self.state = self._ask(self.queue.beat) or self.state
        if self.failed or self.state.pending:
            return False
        self._ask(self.queue.finish)
        return not self.failed

    def lead(self) -> bool:
        """Lead, when nobody does."""
        self._lead(bool(self._ask(self.queue.lead)))
        return self.leading

    def report(self, content: dict[str, Any]) -> None:
        """Leave *content* to the leader."""
        self._ask(self.queue.report, content)

    def reports(self) -> list[dict[str, Any]]:
        """Take what the helpers left."""
        return self._ask(self.queue.reports) or []

    # The requests of an article, from the first to the last

    def _goes_to_all(self, request: Request) -> bool:
        return request.callback == self.spider.parse_article and request.cb_kwargs.keys() == {"row"}

    def _active(self) -> list[Request]:
        engine = self.crawler.engine
        assert engine and engine.scraper.slot
        slot = engine.scraper.slot
        return [*engine.downloader.active, *slot.active, *(request for _, request, _ in slot.queue)]

    def _settle(self) -> None:
        """Tell Redis of the articles that nothing is under way of any more."""
        if not self._held or self.failed:
            return
        busy = {article_of(request) for request in self._active()}
        done = [
            key for key in self._held if key not in busy and not self._waiting[key] and key not in self._kept
        ]
        if not done:
            return
        self._ask(self.queue.done, [identity for key in done for identity in self._held.pop(key)])
        for key in done:
            del self._waiting[key]

    def item_error(self, item: Any, response: Response, spider: Spider, failure: Failure) -> None:
        """An item that the store was away for is not done: another worker, or another run, has to."""
        if isinstance(failure.value, StoreAway) and item.key in self._held:
            self._kept.add(item.key)

    def spider_error(self, failure: Failure, response: Any, spider: Spider) -> None:
        request = getattr(response, "request", None)
        key = article_of(request) if request else None
        if isinstance(failure.value, StoreAway) and key in self._held:
            self._kept.add(key)

    # Life and death

    def _lead(self, leading: bool) -> None:
        self.leading = leading
        self.spider.part = "leader" if leading else "helper"

    def _look(self) -> None:
        """Show life from a thread: whoever is busy with a long text is not dead."""
        while not self._left.wait(LOOK):
            try:
                self.state = self.queue.beat()
            except SharedError as error:
                if not self._left.is_set():
                    self._loop.call_soon_threadsafe(self._fail, error)
                return

    def _ask(self, question: Callable[..., Answer], *arguments: Any) -> Answer | None:
        """Return what Redis answers; None when it does not, now or any more."""
        if self.failed:
            return None
        try:
            return question(*arguments)
        except SharedError as error:
            self._fail(error)
            return None

    def _fail(self, error: SharedError) -> None:
        """End this process: without the others' word nothing it does is safe."""
        if self.failed:
            return
        self.failed = str(error)
        logger.error("%s; the crawl stops", error)
        if self.crawler.engine and self.crawler.engine.spider:  # else it is closed already
            close = self.crawler.engine.close_spider_async(reason=self.failed)
            self._closing = asyncio.get_running_loop().create_task(close)

    def engine_stopped(self) -> None:
        """Leave, now that the record of the run is stored."""
        self._left.set()
        self._ask(self.queue.leave)


def article_of(request: Request) -> str | None:
    """Return the key of the article that a request is made for."""
    row = request.cb_kwargs.get("row") or getattr(request.cb_kwargs.get("lost"), "row", None)
    return row.key if row else None


def crawl_name(spider: NewsSpider, settings: Any) -> str:
    """Return what all workers of one crawl have in common: spider, arguments, sites and store."""
    given = json.dumps(sorted(spider.arguments.given.items()), ensure_ascii=False)
    store = os.environ.get("MONGODB_URI", "").strip()
    where = read_address(store) if store else None
    place = f"{where.hosts}/{where.database}" if where else f"{socket.gethostname()}:{data_directory()}"
    return f"svcsat:{spider.name}:{digest(given, settings['SVCSAT_REPLICA'], place)[:16]}"
