"""Jekyll sites that list posts by category, with an archive of raw Markdown for what they dropped."""

from __future__ import annotations

import re
from typing import Any, ClassVar
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.http import Response, TextResponse

from svcsat_crawler.items import Article
from svcsat_crawler.sources import jekyll_post, reading
from svcsat_crawler.sources.arguments import ArgumentError
from svcsat_crawler.sources.base import Output
from svcsat_crawler.sources.failures import Gone, Unusable
from svcsat_crawler.sources.news import NewsSpider
from svcsat_crawler.sources.walk import Listing, ListWalk, Row
from svcsat_crawler.storage.documents import digest
from svcsat_crawler.text.times import read_time
from svcsat_crawler.text.urls import absolute, canonical

_POST = re.compile(r"^/(?P<category>[^/]+)/(?P<date>\d{4}/\d{2}/\d{2})/(?P<code>\w+)\.html$")
_ARCHIVED = re.compile(r"/\d{4}-\d{2}-\d{2}-(?P<code>(?:[A-Z]{2})?\d{12,})\.md$")
_CODE = re.compile(r"^(?:[A-Z]{2})?(\d{4})(\d{2})(\d{2})\d{4,}$")


class CategoryPageSpider(NewsSpider):
    """Read a category page and its posts; ask the archive for posts that the site has dropped.

    A site gives ``key_prefix``; ``-a posts=`` asks for single posts by their code, however old.
    """

    lists_name = "categories"
    extra_arguments = ("posts",)
    key_prefix: ClassVar[str]

    def choose_lists(self) -> dict[str, str]:
        for code in self.arguments.posts:
            if not _CODE.match(code):
                raise ArgumentError(f"posts={code!r} is no post code like NW202112292230310598")
        configured: dict[str, str] = self.options["categories"]
        chosen = self.arguments.chosen or (() if self.arguments.posts else tuple(configured))
        lists = {}
        for word in chosen:
            category = configured.get(word, word)
            if not re.fullmatch(r"[\w() -]+", category):
                raise ArgumentError(f"categories={word!r} is no category: known are {', '.join(configured)}")
            lists[word] = urljoin(self.options["base"], f"/category/{category}.html")
        return lists

    async def start(self) -> Output:
        async for output in super().start():
            yield output
        for code in self.arguments.posts:
            if row := self._row(self._post_url(code), ""):
                for request in self.article_request(row):
                    yield request

    def _post_url(self, code: str) -> str:
        match = _CODE.match(code)
        assert match
        category = next(iter(self.options["categories"].values())).lower()
        return urljoin(self.options["base"], f"/{category}/{'/'.join(match.groups())}/{code}.html")

    def rescue_prefix(self, walk: ListWalk) -> str | None:
        category = urlsplit(walk.url).path.rpartition("/")[2].removesuffix(".html")
        return f"{urlsplit(walk.url).hostname}/{category.lower()}/"

    def row_at(self, url: str) -> Row | None:
        archived = _ARCHIVED.search(urlsplit(url).path)
        row = self._row(self._post_url(archived["code"]) if archived else url, "")
        if row:
            row.signature = ""
        return row

    def read_list(self, response: TextResponse, walk: ListWalk) -> Listing:
        listing = Listing(rows=[], read_by="section")
        for link in response.xpath("//section//ul/li/a[@href]"):
            url = absolute(response.url, link.attrib["href"])
            row = self._row(url, reading.element_text(link)) if url else None
            if row:
                listing.rows.append(row)
            else:
                listing.broken.append(f"{link.attrib['href']} {reading.element_text(link)}")
        return listing

    def _row(self, url: str, title: str) -> Row | None:
        match = _POST.match(urlsplit(url).path)
        if not match:
            return None
        date = match["date"].replace("/", "-")
        printed = read_time(date)
        return Row(
            key=f"{self.key_prefix}:{match['code']}",
            url=canonical(url, query=False),
            title=title,
            listed=printed[0].date() if printed else None,
            signature=digest(title, date),
            data={"date": date, "code": match["code"], "category": match["category"]},
        )

    async def list_unusable(self, walk: ListWalk, where: Response | Request, reason: str) -> list[Request]:
        """A quiet medium has no category page for a while: the home page tells that from a dead site."""
        if isinstance(where, Response) and where.status == 404:
            url = urljoin(self.options["base"], "/")
            return [self.request(url, self.parse_home, self.list_failed, priority=1, walk=walk)]
        return await super().list_unusable(walk, where, reason)

    async def parse_home(self, response: Response, walk: ListWalk) -> list[Request]:
        """Decide what a missing category page means."""
        media = self.as_text(response).xpath("//section//h2/@id").getall()
        if media:
            self.count("quiet_lists")
            walk.stop("quiet", f"no category page, but {len(media)} other media: no posts at present")
            return []
        return await super().list_unusable(walk, response, "no category page, and no media at home")

    def read_article(self, pages: list[TextResponse], row: Row) -> Article:
        page = pages[0]
        read = jekyll_post.read_markdown if page.url.endswith(".md") else jekyll_post.read_page
        post = read(page)
        found: dict[str, Any] = {
            "title": post.title or row.title,
            "body": "\n".join(post.blocks.paragraphs),
            "published": post.published[0] if post.published else None,
            "published_precision": post.published[1] if post.published else "day",
            "column": post.tag or row.data["category"],
            "images": reading.images(post.blocks.pictures, page.url),
        }
        if not found["title"]:
            raise Unusable("a post without a title")
        return Article(
            key=row.key,
            source=self.name,
            url=row.url,
            url_date=row.data["date"],
            origin=post.medium,
            read_by=post.read_by,
            **found,
        )

    async def article_unusable(self, row: Row, error: Unusable, where: Response | Request) -> list[Request]:
        archived = self.options["archive"].format(date=row.data["date"], code=row.data["code"])
        if isinstance(error, Gone) and where.url != archived:
            self.count("archive_asked")
            return [self.request(archived, self.parse_article, self.article_failed, row=row)]
        return await super().article_unusable(row, error, where)
