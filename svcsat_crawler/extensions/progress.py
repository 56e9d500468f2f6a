"""What a person sees while a crawl runs: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import asyncio
import logging
import sys
from typing import TYPE_CHECKING, Any

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

logger = logging.getLogger(__name__)
LINE_EVERY = 15.0
BAR_EVERY = 0.5


class ProgressExtension:
    """Shows lists, pages, articles and what is still queued; off with ``SVCSAT_PROGRESS=0`` as a setting."""

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("SVCSAT_PROGRESS", True):
            raise NotConfigured("SVCSAT_PROGRESS is 0")
        self.crawler = crawler
        self._progress: Progress | None = None
        self._task: TaskID | None = None
        self._ticker: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ProgressExtension:
        extension = cls(crawler)
        crawler.signals.connect(extension.spider_opened, signals.spider_opened)
        crawler.signals.connect(extension.spider_closed, signals.spider_closed)
        return extension

    def spider_opened(self, spider: Spider) -> None:
        if sys.stderr.isatty():
            self._progress = _bar()
            self._task = self._progress.add_task(spider.name, total=None, said="")
            self._progress.start()
            # Log lines go through the bar's console now, or they would tear it.
            for handler in logging.root.handlers:
                if isinstance(handler, logging.StreamHandler) and handler.stream is sys.__stderr__:
                    handler.setStream(sys.stderr)
        self._ticker = asyncio.get_running_loop().create_task(self._tick(spider))

    async def _tick(self, spider: Spider) -> None:
        while True:
            await asyncio.sleep(BAR_EVERY if self._progress else LINE_EVERY)
            done, queued, said = self._state()
            if self._progress and self._task is not None:
                self._progress.update(self._task, completed=done, total=done + queued or None, said=said)
            else:
                logger.info("%s: %s", spider.name, said)

    def _state(self) -> tuple[int, int, str]:
        """Return articles done, requests queued, and the line that says so."""
        assert self.crawler.stats
        stats: dict[str, Any] = self.crawler.stats.get_stats()

        def value(name: str) -> int:
            return int(stats.get(f"svcsat/{name}", 0))

        done = sum(value(name) for name in ("new", "changed", "unchanged", "duplicate"))
        queued = int(stats.get("scheduler/enqueued", 0)) - int(stats.get("scheduler/dequeued", 0))
        trouble = value("quarantined")
        said = f"list pages {value('list_pages')}  articles {done}  facts {value('facts')}  queued {queued}"
        return done, queued, said + (f"  quarantined {trouble}" if trouble else "")

    def spider_closed(self) -> None:
        if self._ticker:
            self._ticker.cancel()
        if self._progress:
            self._progress.stop()
            for handler in logging.root.handlers:
                if isinstance(handler, logging.StreamHandler) and handler.stream is not sys.__stderr__:
                    handler.setStream(sys.__stderr__)


def _bar() -> Progress:
    # Imported only when somebody is looking.
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
    )

    return Progress(
        SpinnerColumn(),
        TextColumn("[bold]{task.description}"),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[said]}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
