"""Read a stored article again: archived bytes → charset → its site's parser → clean → facts.  No network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

import zstandard
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse, TextResponse
from scrapy.settings import BaseSettings
from scrapy.spiderloader import get_spider_loader
from scrapy.statscollectors import MemoryStatsCollector

from svcsat_crawler.items import Article, Page
from svcsat_crawler.metrics import RULES_VERSION
from svcsat_crawler.metrics.article import article_reading
from svcsat_crawler.sources.failures import Unusable, check_page
from svcsat_crawler.sources.news import NewsSpider
from svcsat_crawler.sources.walk import Row
from svcsat_crawler.storage.documents import beijing, page_from_document
from svcsat_crawler.storage.rows import row_record
from svcsat_crawler.text.article import clean_article
from svcsat_crawler.text.charset import detect

Document = dict[str, Any]


class Unreadable(Exception):  # noqa: N818 - a state of the archive, not of the program
    """An archived article that cannot be read again; the message says why."""


class Rereader:
    """Builds each site's spider once; it parses, and never asks anybody."""

    def __init__(self, settings: BaseSettings) -> None:
        self._settings = settings
        self._loader = get_spider_loader(settings)
        self._spiders: dict[str, NewsSpider] = {}

    def read(self, stored: Document, pages: Mapping[str, Document]) -> Article:
        """Return the article of *stored* as it reads today, with all facts that its text states.

        *pages* are the documents of its pages by their sha256.  Raises Unreadable.
        """
        spider = self._spider(stored["source"])
        row = Row.from_record(row_record(stored))
        if not stored.get("pages"):
            raise Unreadable("page missing: the article names none")
        found = [page_of(reference, pages) for reference in stored["pages"]]
        responses = [response_of(page) for page in found]
        try:
            for response in responses:
                check_page(response.text)
            article = spider.read_article(responses, row)
        except Unusable as error:
            raise Unreadable(f"the page no longer reads as an article: {error}") from error
        except Exception as error:  # noqa: BLE001 - told with the article's name; the others go on
            raise Unreadable(f"program error: {type(error).__name__}: {error}"[:300]) from error
        article.pages = found
        clean_article(article, trailing_editor=getattr(spider, "trailing_editor", False))
        article.replaced_characters = article.title.count("�") + article.body.count("�")
        article.row = row.as_record()
        reading = article_reading(article)
        article.facts, article.unclaimed = reading.facts, reading.unclaimed
        article.rules_version = RULES_VERSION
        return article

    def _spider(self, name: str) -> NewsSpider:
        if name not in self._spiders:
            if name not in self._loader.list():
                raise Unreadable(
                    f"unknown source {name!r}: there are {', '.join(sorted(self._loader.list()))}"
                )
            crawler = Crawler(self._loader.load(name), cast(Any, self._settings))
            crawler.stats = MemoryStatsCollector(crawler)
            self._spiders[name] = cast(NewsSpider, crawler.spidercls.from_crawler(crawler))
            crawler.spider = self._spiders[name]
        return self._spiders[name]


def page_of(reference: Document, pages: Mapping[str, Document]) -> Page:
    """Return an archived page; raises Unreadable when it is missing or damaged.

    *reference* is an entry of ``articles.pages``: the same bytes may have stood at several addresses.
    """
    document = pages.get(reference["sha256"])
    if document is None:
        raise Unreadable(f"page missing: {reference['url']} ({reference['sha256'][:12]}…)")
    try:
        page = page_from_document(document)
    except (ValueError, KeyError, zstandard.ZstdError) as error:
        raise Unreadable(f"bytes damaged: {reference['url']}: {error}") from error
    page.url = reference["url"]
    page.fetched = beijing(reference["fetched"]) or page.fetched
    page.encoding = detect(page.body, page.headers.get("Content-Type")).encoding
    return page


def response_of(page: Page) -> TextResponse:
    """Return a page as the crawl's parser got it."""
    return HtmlResponse(
        page.url, status=page.status, headers=page.headers, body=page.body, encoding=page.encoding
    )


def page_ids(articles: Iterable[Document]) -> list[str]:
    """Return the sha256 of all pages that *articles* were read from."""
    return sorted({reference["sha256"] for article in articles for reference in article.get("pages") or ()})
