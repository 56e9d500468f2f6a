"""Spiders as a crawl builds them, without a crawl."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from scrapy.crawler import Crawler
from scrapy.settings import Settings
from scrapy.spiderloader import SpiderLoader
from scrapy.statscollectors import MemoryStatsCollector

ROOT = Path(__file__).resolve().parents[1]
PAGES = ROOT / "tests" / "pages"


def settings(**changes: Any) -> Settings:
    """Return the project's settings."""
    found = Settings()
    found.setmodule("svcsat_crawler.settings")
    found.update(changes, priority="cmdline")
    return found


def spider_names() -> list[str]:
    """Return the spiders that Scrapy finds."""
    return sorted(SpiderLoader.from_settings(settings()).list())


def build(name: str, **arguments: str) -> Any:
    """Return the spider *name* with a crawler that counts; nothing is connected or fetched."""
    project = settings(SVCSAT_REPLICA="", SVCSAT_SITES="")
    crawler = Crawler(SpiderLoader.from_settings(project).load(name), project)
    crawler.stats = MemoryStatsCollector(crawler)
    crawler.spider = crawler.spidercls.from_crawler(crawler, **arguments)
    return crawler.spider
