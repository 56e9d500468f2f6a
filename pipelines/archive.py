"""Keep the raw bytes of every article page."""

from __future__ import annotations

from scrapy.crawler import Crawler

from svcsat_crawler.items import Article
from svcsat_crawler.sources.session import SessionExtension


class ArchivePipeline:
    """Compress the pages, by the sha256 of their bytes; they are stored before the article."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ArchivePipeline:
        return cls(crawler)

    def process_item(self, item: Article) -> Article:
        SessionExtension.of(self.crawler).session.archive(item)
        return item
