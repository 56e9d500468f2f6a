"""Clean the text of an article."""

from __future__ import annotations

from scrapy.crawler import Crawler

from svcsat_crawler.items import Article
from svcsat_crawler.text.article import clean_article


class CleanPipeline:
    """Take boilerplate, credits, byline and editor out of the body; count every change."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CleanPipeline:
        return cls(crawler)

    def process_item(self, item: Article) -> Article:
        assert self.crawler.stats
        trailing_editor = getattr(self.crawler.spider, "trailing_editor", False)
        for what, count in clean_article(item, trailing_editor=trailing_editor).items():
            self.crawler.stats.inc_value(f"svcsat/clean/{what}", count)
        return item
