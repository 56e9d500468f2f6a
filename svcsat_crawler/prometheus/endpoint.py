"""The counts of a crawl under way, for Prometheus to fetch."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from svcsat_crawler.verdict import counts

_STATUS = "downloader/response_status_count/"


class CrawlCollector:
    """Reads Scrapy's statistics whenever Prometheus asks; it keeps nothing of its own."""

    def __init__(self, spider: str, stats: Callable[[], dict[str, Any]]) -> None:
        self._spider = spider
        self._stats = stats
        self._began = time.time()

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics; called from the thread of the server."""
        stats = dict(self._stats())
        counted = CounterMetricFamily(
            "svcsat_crawl_count", "Counts of this crawl so far", labels=["spider", "what"]
        )
        for what, number in counts(stats).items():
            counted.add_metric([self._spider, what], number)
        yield counted
        answers = CounterMetricFamily(
            "svcsat_crawl_responses", "Answers by HTTP status", labels=["spider", "status"]
        )
        for name, number in sorted(stats.items()):
            if name.startswith(_STATUS):
                answers.add_metric([self._spider, name.removeprefix(_STATUS)], number)
        yield answers
        queued = stats.get("scheduler/enqueued", 0) - stats.get("scheduler/dequeued", 0)
        for name, about, value in (
            ("svcsat_crawl_queued", "Requests that wait", queued),
            ("svcsat_crawl_start_timestamp_seconds", "When this crawl began", self._began),
        ):
            gauge = GaugeMetricFamily(name, about, labels=["spider"])
            gauge.add_metric([self._spider], value)
            yield gauge


def serve(port: int, spider: str, stats: Callable[[], dict[str, Any]]) -> Callable[[], None]:
    """Answer on *port* of this machine only; returns what ends that.  Raises OSError for a taken port."""
    registry = CollectorRegistry()
    registry.register(CrawlCollector(spider, stats))
    server, thread = start_http_server(port, addr="127.0.0.1", registry=registry)

    def stop() -> None:
        server.shutdown()
        server.server_close()
        thread.join()

    return stop
