"""One delay for a host, whatever number of processes ask it: the gap is kept in Redis."""

from __future__ import annotations

import asyncio
import logging
from typing import Self

from redis import Redis, RedisError
from scrapy.crawler import Crawler
from scrapy_redis import connection

from svcsat_crawler.sources.pace import Pace

logger = logging.getLogger(__name__)


class SharedPace(Pace):
    """The pace of this process, and then a turn among all that use this Redis.

    A turn is a key that lives as long as the gap: who can set it may ask, the others wait for its end.
    """

    def __init__(self, crawler: Crawler, server: Redis, gap: float, longest: float) -> None:
        super().__init__(gap, longest)
        self._crawler = crawler
        self._server = server

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        settings = crawler.settings
        gap, longest = settings.getfloat("DOWNLOAD_DELAY"), settings.getfloat("SVCSAT_LONGEST_WAIT")
        return cls(crawler, connection.from_settings(settings), gap, longest)

    async def turn(self, host: str, slot: str = "") -> None:
        await super().turn(host)
        gap = self._gap(host, slot or host)
        try:
            while left := self._left(self._key(host), gap):
                self.waited += left
                await asyncio.sleep(left)
        except RedisError as error:
            # The scheduler ends the crawl; what has begun goes out at this process's own pace.
            logger.warning("the pace of %s is not shared: %s", host, error)

    def _left(self, key: str, gap: float) -> float:
        """Take the turn *key* for *gap* seconds and return 0, or return the seconds until it is free."""
        if gap and self._server.set(key, 1, nx=True, px=max(1, round(gap * 1000))):
            return 0.0
        left: int = self._server.pttl(key)  # negative when there is none
        return max(left, 1 if gap else 0) / 1000

    def wait(self, host: str, seconds: float, why: str) -> bool:
        """Have all processes wait; what another one was asked for counts if it is longer."""
        waits = super().wait(host, seconds, why)
        key, left = self._key(host), round(seconds * 1000)
        if waits and left > 0:
            try:
                if self._server.pttl(key) < left:
                    self._server.set(key, 1, px=left)
            except RedisError as error:
                logger.warning("the pace of %s is not shared: %s", host, error)
        return waits

    def _gap(self, host: str, slot: str) -> float:
        """Return the delay in force: as set, as AutoThrottle has it, or as the host asks for."""
        assert self._crawler.engine
        lane, kept = self._lanes.get(host), self._crawler.engine.downloader.slots.get(slot)
        return max(lane.gap if lane else 0.0, kept.delay if kept else self.gap)

    @staticmethod
    def _key(host: str) -> str:
        return f"svcsat:pace:{host}"
