"""The facts of one clean article, shared by the crawl and by all that reads archived pages again."""

from __future__ import annotations

from svcsat_crawler.items import Article
from svcsat_crawler.metrics import Reading, read
from svcsat_crawler.text.times import BEIJING


def article_reading(article: Article) -> Reading:
    """Return what the clean text states; its day of publication is that of Beijing."""
    published = article.published.astimezone(BEIJING).date() if article.published else None
    return read(article.body, title=article.title, published=published)
