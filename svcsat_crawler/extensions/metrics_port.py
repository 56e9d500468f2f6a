"""Metrics of the crawl under way on a port of this machine, where ``SVCSAT_METRICS_PORT`` names one."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

logger = logging.getLogger(__name__)
_LAST_PORT = 65_535


class MetricsPortExtension:
    """Answers Prometheus from the crawl's first request to its end; a port that cannot be had is only logged."""

    def __init__(self, crawler: Crawler, port: int) -> None:
        self.crawler = crawler
        self.port = port
        self._stop: Callable[[], None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> MetricsPortExtension:
        chosen = os.environ.get("SVCSAT_METRICS_PORT", "")
        if not chosen:
            raise NotConfigured
        if not chosen.isascii() or not chosen.isdigit() or not 0 < int(chosen) <= _LAST_PORT:
            logger.error("no metrics: SVCSAT_METRICS_PORT=%r is no port; right is e.g. 9411", chosen)
            raise NotConfigured
        extension = cls(crawler, int(chosen))
        crawler.signals.connect(extension.spider_opened, signals.spider_opened)
        crawler.signals.connect(extension.spider_closed, signals.spider_closed)
        return extension

    def spider_opened(self, spider: Spider) -> None:
        from svcsat_crawler.prometheus.endpoint import serve  # noqa: PLC0415 - imported only when asked for

        assert self.crawler.stats
        try:
            self._stop = serve(self.port, spider.name, self.crawler.stats.get_stats)
        except OSError as error:
            logger.error("no metrics: port %d of 127.0.0.1 cannot be had: %s", self.port, error.strerror)
        else:
            logger.info("metrics at http://127.0.0.1:%d/metrics", self.port)

    def spider_closed(self) -> None:
        if self._stop:
            self._stop()
