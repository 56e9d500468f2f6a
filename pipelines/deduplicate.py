"""Tell new, changed and unchanged articles apart, and find reprints with the same text."""

from __future__ import annotations

from scrapy.crawler import Crawler

from svcsat_crawler.items import Article
from svcsat_crawler.sources.base import SiteSpider
from svcsat_crawler.sources.session import SessionExtension
from svcsat_crawler.text.fingerprint import same_article


class DeduplicatePipeline:
    """Compare with the store; nothing is dropped that is a different article."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> DeduplicatePipeline:
        return cls(crawler)

    async def process_item(self, item: Article) -> Article:
        session = SessionExtension.of(self.crawler).session
        item.change = await session.change_of(item)
        if item.change == "unchanged" or not item.text_hash:
            return item
        spider = self.crawler.spider
        assert isinstance(spider, SiteSpider)
        earlier = spider.texts.setdefault(item.text_hash, (item.key, item.published))
        candidates = [earlier, *await session.same_text(item.text_hash)]
        for key, published in candidates:
            if key != item.key and same_article(item.body, item.published, published):
                item.duplicate_of = key
                break
        return item
