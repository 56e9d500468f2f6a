"""Store articles and facts; a stored item is an acknowledged one."""

from __future__ import annotations

from scrapy.crawler import Crawler

from svcsat_crawler.items import Article
from svcsat_crawler.sources.session import SessionExtension


class StorePipeline:
    """Write each article in one batch with others; the item is done when the store says so."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> StorePipeline:
        return cls(crawler)

    async def open_spider(self) -> None:
        await SessionExtension.of(self.crawler).open()

    async def process_item(self, item: Article) -> Article:
        assert self.crawler.stats
        await SessionExtension.of(self.crawler).session.store_article(item)
        outcome = "duplicate" if item.duplicate_of and item.change == "new" else item.change
        self.crawler.stats.inc_value(f"svcsat/{outcome}")
        self.crawler.stats.inc_value("svcsat/facts", len(item.facts))
        self.crawler.stats.inc_value("svcsat/telling", bool(item.facts))
        return item
