"""Read the facts of an article."""

from __future__ import annotations

from svcsat_crawler.items import Article
from svcsat_crawler.metrics import RULES_VERSION, extract
from svcsat_crawler.text.times import BEIJING


class ExtractMetricsPipeline:
    """Add facts with their evidence; a reprint states no fact of its own."""

    def process_item(self, item: Article) -> Article:
        item.rules_version = RULES_VERSION
        if item.change != "unchanged" and item.duplicate_of is None:
            published = item.published.astimezone(BEIJING).date() if item.published else None
            item.facts = extract(item.body, title=item.title, published=published)
        return item
