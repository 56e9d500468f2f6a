"""When a host may be asked again: what it said with Retry-After, and the gap after that.

Scrapy's slots keep the delay between requests, but what already waits in a slot goes out although the
host has just asked to be left alone.  This is asked right before a request leaves.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Self
from weakref import WeakKeyDictionary

from scrapy.crawler import Crawler
from scrapy.utils.misc import load_object

from svcsat_crawler.sources.guard import OffLimits


def retry_after(value: str, now: datetime) -> float | None:
    """Return the seconds that a Retry-After header asks for; None for what is neither form of it.

    >>> at = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
    >>> retry_after("120", at), retry_after("Sun, 22 Nov 2026 04:01:30 GMT", at), retry_after("soon", at)
    (120.0, 90.0, None)
    """
    value = value.strip()
    if re.fullmatch(r"[0-9]{1,9}", value):
        return float(value)
    try:
        then = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, ((then if then.tzinfo else then.replace(tzinfo=UTC)) - now).total_seconds())


class _Lane:
    """One host: not before a time, and with a gap between requests."""

    __slots__ = ("closed", "gap", "last", "lock", "until")

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.until = self.last = self.gap = 0.0
        self.closed = ""


class Pace:
    """The hosts that have asked for patience; all others pass at once.

    *gap*: least seconds between two requests to such a host.  *longest*: seconds that a run waits for a
    host; one that asks for more is not asked again in this run.
    """

    def __init__(self, gap: float, longest: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.gap = gap
        self.longest = longest
        self._clock = clock
        self._lanes: dict[str, _Lane] = {}
        self.waited = 0.0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        settings = crawler.settings
        return cls(settings.getfloat("DOWNLOAD_DELAY"), settings.getfloat("SVCSAT_LONGEST_WAIT"))

    def slow_down(self, host: str, gap: float) -> None:
        """Keep at least *gap* seconds between requests to *host* (its Crawl-delay)."""
        self._lane(host).gap = gap

    def wait(self, host: str, seconds: float, why: str) -> bool:
        """Ask nothing of *host* for *seconds*; False when that is too long to wait for in this run."""
        lane = self._lane(host)
        if seconds > self.longest:
            lane.closed = (
                f"{host} asks to be left alone for {seconds:.0f} s ({why}); not asked again in this run"
            )
            return False
        lane.until = max(lane.until, self._clock() + seconds)
        return True

    async def turn(self, host: str, slot: str = "") -> None:
        """Return when *host* may be asked; raises OffLimits when not in this run.

        *slot* names the download slot where it is not the host's own.
        """
        lane = self._lanes.get(host)
        if lane is None:
            return
        async with lane.lock:
            while (left := max(lane.until, lane.last + lane.gap) - self._clock()) > 0 and not lane.closed:
                self.waited += left
                await asyncio.sleep(left)
            if lane.closed:
                raise OffLimits(lane.closed)
            lane.last = self._clock()

    def _lane(self, host: str) -> _Lane:
        lane = self._lanes.get(host)
        if lane is None:
            lane = self._lanes[host] = _Lane()
            lane.gap = self.gap
        return lane


_PACES: WeakKeyDictionary[Crawler, Pace] = WeakKeyDictionary()


def pace_of(crawler: Crawler) -> Pace:
    """Return the one pace of a crawl, which its download handler keeps and its middlewares set."""
    if crawler not in _PACES:
        _PACES[crawler] = load_object(crawler.settings["SVCSAT_PACE"]).from_crawler(crawler)
    return _PACES[crawler]
