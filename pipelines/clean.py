"""Clean the text of an article."""

from __future__ import annotations

from scrapy.crawler import Crawler

from svcsat_crawler.items import Article
from svcsat_crawler.text.clean import clean_text
from svcsat_crawler.text.fingerprint import text_hash


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
        cleaned = clean_text(item.body, trailing_editor=trailing_editor, title=item.title)
        item.body = cleaned.body
        item.byline = item.byline or cleaned.byline
        item.editor = item.editor or cleaned.editor
        item.credits += cleaned.credits
        item.text_hash = text_hash(item.body)
        for what, count in cleaned.counts.items():
            self.crawler.stats.inc_value(f"svcsat/clean/{what}", count)
        return item
