"""Read the facts of an article."""

from __future__ import annotations

from svcsat_crawler.items import Article
from svcsat_crawler.metrics import RULES_VERSION
from svcsat_crawler.metrics.article import article_reading


class ExtractMetricsPipeline:
    """Add facts with their evidence, and what no metric claims; a reprint states nothing of its own."""

    def process_item(self, item: Article) -> Article:
        item.rules_version = RULES_VERSION
        if item.change != "unchanged" and item.duplicate_of is None:
            reading = article_reading(item)
            item.facts, item.unclaimed = reading.facts, reading.unclaimed
        return item
