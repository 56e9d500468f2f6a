"""A site's own spider, made to look and to keep nothing: one list page, one article that can be read."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response, TextResponse

from svcsat_crawler.health.report import Report, fits, title_rule
from svcsat_crawler.items import Article
from svcsat_crawler.sources.base import Output
from svcsat_crawler.sources.failures import Unusable
from svcsat_crawler.sources.news import NewsSpider
from svcsat_crawler.sources.walk import ListWalk, Row

# Articles that are asked for until one can be read: the first may be gone.
MOST_ARTICLES = 3


class Probe(NewsSpider):
    """Comes before a site's spider in the order of methods; whatever would go to the store goes to the report."""

    report: Report
    _waiting: list[Row]

    @classmethod
    def of(cls, spider: type[NewsSpider], report: Report) -> type[NewsSpider]:
        """Return *spider* as one that fills *report*."""
        return type(f"{spider.__name__}Probe", (cls, spider), {"report": report, "_waiting": []})

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Any:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.answered, signals.response_received)
        crawler.signals.connect(spider.ended, signals.spider_closed)
        return spider

    def answered(self, response: Response, request: Request) -> None:
        """Note what robots.txt was answered with; the rules themselves are kept by the middleware."""
        parts = urlsplit(response.url)
        if parts.path == "/robots.txt":
            self.report.robots[parts.netloc] = f"HTTP {response.status}, {len(response.body)} bytes"

    def ended(self) -> None:
        """Note a medium that has no posts at present."""
        self.report.quiet = self.walks[0].why if self.walks[0].stopped == "quiet" else ""

    async def start(self) -> Output:
        walk = self.walks[0]
        self.report.list_name = walk.name
        yield self.list_request(walk, walk.url)

    async def parse_list(self, response: Response, walk: ListWalk) -> Output:
        try:
            listing = self.read_list(self.as_text(response), walk)
        except Unusable as error:
            for request in await self.list_unusable(walk, response, str(error)):
                yield request
            return
        assert isinstance(response, TextResponse)
        articles = [row for row in listing.rows if row.kind == "article"]
        report = self.report
        report.list_url, report.list_charset = response.url, response.encoding
        report.rows, report.broken_rows = len(articles), len(listing.broken)
        report.more, report.rows_by = listing.next_url is not None, listing.read_by
        if rules := self.options["list"].get("rows"):
            report.fits += fits("list rows", response.text, rules, listing.read_by)
        preferred = [row for row in articles if self.wants(row)] or articles
        self._waiting.extend(preferred[:MOST_ARTICLES])
        for request in self._next():
            yield request

    def _next(self) -> list[Request]:
        return list(self.article_request(self._waiting.pop(0))) if self._waiting else []

    def _rest(self, pages: list[TextResponse], row: Row) -> list[str]:
        return []  # the first page tells

    def finish(
        self, article: Article, row: Row, responses: list[TextResponse], *, missing: list[str]
    ) -> Article | None:
        finished = super().finish(article, row, responses, missing=missing)
        page, report = responses[0], self.report
        report.article, report.article_charset = article, page.encoding
        rules = self.options.get("article", {})
        if "title" in rules:
            used = title_rule(page.text, rules["title"], article.title)
            report.fits += fits("title", page.text, rules["title"], used)
        if "body" in rules:
            report.fits += fits("body", page.text, rules["body"], article.read_by)
        return finished

    async def article_unusable(self, row: Row, error: Unusable, where: Response | Request) -> list[Request]:
        return await super().article_unusable(row, error, where) or self._next()

    async def record_failure(self, row: Row, kind: str, reason: str, where: Response | Request) -> None:
        self.report.failures.append(f"article {where.url}: {reason}")

    async def list_lost(self, walk: ListWalk, where: Response | Request, reason: str) -> None:
        self.report.list_url = where.url
        self.report.failures.append(f"list {walk.name}: {where.url}: {reason}")
