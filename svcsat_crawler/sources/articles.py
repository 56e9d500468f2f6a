"""From a list's row to the whole article: its pages one after the other, nothing lost on the way."""

from __future__ import annotations

from collections.abc import Iterable

from scrapy import Request
from scrapy.http import Response, TextResponse
from twisted.python.failure import Failure

from svcsat_crawler.items import Article
from svcsat_crawler.sources import failures
from svcsat_crawler.sources.base import Output, SiteSpider
from svcsat_crawler.sources.rescue import Lost, Rescuer
from svcsat_crawler.sources.walk import Row
from svcsat_crawler.storage.documents import BEIJING


class ArticleSpider(SiteSpider):
    """Fetch articles, join their pages, record what cannot be read."""

    rescuer: Rescuer | None = None

    def read_article(self, pages: list[TextResponse], row: Row) -> Article:
        """Return the article of these pages (the first one first); raises Unusable or Gone.

        Pure in the pages and the row, so that archived pages can be read again.
        """
        raise NotImplementedError

    def more_pages(self, response: TextResponse, row: Row) -> list[str]:
        """Return the addresses of an article's further pages."""
        return []

    def article_request(self, row: Row) -> Iterable[Request]:
        """Yield the request for an article, once a run."""
        if row.key not in self._asked:
            self._asked.add(row.key)
            yield self.request(row.url, self.parse_article, self.article_failed, row=row)

    async def parse_article(
        self, response: Response, row: Row, pages: list[TextResponse] | None = None
    ) -> Output:
        """Read one page of an article; ask for its further pages; hand the whole one over."""
        try:
            pages = [*(pages or []), self.as_text(response)]
            failures.check_page(pages[-1].text)
            rest = self._rest(pages, row)
            if rest:
                yield self._further_page(rest[0], row, pages)
                return
            article = self.finish(self.read_article(pages, row), row, pages, missing=[])
        except failures.Unusable as error:
            if self.rescuer and response.request and (lost := response.request.meta.get("lost")):
                async for output in self.rescuer.unusable(lost, error):
                    yield output
                return
            for request in await self.article_unusable(row, error, response):
                yield request
            return
        if article:
            yield article

    def _further_page(self, url: str, row: Row, pages: list[TextResponse]) -> Request:
        """Return the request for a further page; an article is read from the archive as a whole."""
        first = pages[0].request
        if self.rescuer and first and first.meta.get("rescued"):
            return self.rescuer.ask(Lost(row, url, "gone", "its first page is gone", Request(url), pages))
        return self.request(
            url, self.parse_article, self.further_page_failed, priority=1, row=row, pages=pages
        )

    def _rest(self, pages: list[TextResponse], row: Row) -> list[str]:
        read = {page.url for page in pages}
        return [url for url in self.more_pages(pages[0], row) if url not in read]

    async def further_page_failed(self, failure: Failure) -> Output:
        """Look for a further page elsewhere, if that is wanted; else do without."""
        request: Request = failure.request  # type: ignore[attr-defined]
        row, pages = (request.cb_kwargs[name] for name in ("row", "pages"))
        error = failures.as_error(failure)
        if self.rescuer and self._is_lost(error):
            yield self.rescuer.ask(Lost(row, request.url, error.kind, str(error), request, pages))
            return
        async for output in self.without_rest(row, pages, str(error)):
            yield output

    async def without_rest(self, row: Row, pages: list[TextResponse], reason: str) -> Output:
        """Hand over what is there of an article, and record what is missing."""
        missing = self._rest(pages, row)
        self.count("pages_missing", len(missing))
        await self.session.quarantine.record(
            self.name, "fetch", missing[0], f"further page: {reason}", row=row.as_record()
        )
        try:
            article = self.finish(self.read_article(pages, row), row, pages, missing=missing)
        except failures.Unusable as error:
            await self.record_failure(row, error.kind, str(error), pages[0])
            return
        if article:
            yield article

    def finish(
        self, article: Article, row: Row, responses: list[TextResponse], *, missing: list[str]
    ) -> Article | None:
        """Complete an article by what is the same for all sites; None when it is outside since … until."""
        if not self.in_time(
            article.published.astimezone(BEIJING).date() if article.published else row.listed
        ):
            self.count("outside")
            return None
        if row.data.get("filter") == "text" and self.keyword and not self.keyword.search(article.body):
            self.count("filtered")
            return None
        article.pages = [self.page(response) for response in responses]
        article.pages_missing = missing
        article.row = row.as_record()
        article.rescued = next((page.rescued for page in article.pages if page.rescued), None)
        if article.rescued:
            self.count("rescued")
        article.listed_as = row.signature or None
        self.tally.read(article)
        article.replaced_characters = article.title.count("�") + article.body.count("�")
        if article.read_by == "generic":
            self.count("read/generic")
            self.logger.warning(
                "%s: no selector fits %s; read by the generic extractor", article.key, article.url
            )
        return article

    async def article_unusable(
        self, row: Row, error: failures.Unusable, where: Response | Request
    ) -> list[Request]:
        """Record an article page that cannot be used; a platform may ask for another address instead.

        What is gone from the site is looked up in the web archive, if that is wanted.
        """
        if self.rescuer and self._is_lost(error):
            return [self.rescuer.ask(Lost(row, row.url, error.kind, str(error), where))]
        await self.record_failure(row, error.kind, str(error), where)
        return []

    @staticmethod
    def _is_lost(error: failures.Unusable) -> bool:
        return isinstance(error, failures.Gone | failures.HostGone)

    async def article_failed(self, failure: Failure) -> list[Request]:
        """Record an article that could not be fetched."""
        row: Row = failure.request.cb_kwargs["row"]  # type: ignore[attr-defined]
        _, _, response = failures.explain(failure)
        error = failures.as_error(failure)
        return await self.article_unusable(row, error, response or failure.request)  # type: ignore[attr-defined]
