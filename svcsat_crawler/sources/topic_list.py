"""EmpireCMS-like sites: static or dynamic lists of dated rows, static article pages."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, ClassVar
from urllib.parse import urlsplit

from parsel import Selector
from scrapy.http import TextResponse

from svcsat_crawler.items import Article
from svcsat_crawler.sources import empirecms, reading
from svcsat_crawler.sources.arguments import ArgumentError
from svcsat_crawler.sources.failures import Unusable, check_page
from svcsat_crawler.sources.news import NewsSpider
from svcsat_crawler.sources.walk import Listing, ListWalk, Row
from svcsat_crawler.storage.documents import digest
from svcsat_crawler.text.times import read_time
from svcsat_crawler.text.urls import absolute, canonical

PAGE_SIZE = 25  # the CMS's default; only used where a dynamic list has no 下一页


class TopicListSpider(NewsSpider):
    """Walk topic lists and read their articles.

    A site gives ``key_prefix``, ``hosts`` (the first is the canonical one) and ``article_path`` with
    the groups ``id`` and, for further pages, ``page``.
    """

    lists_name = "lists"
    key_prefix: ClassVar[str]
    hosts: ClassVar[tuple[str, ...]]
    article_path: ClassVar[re.Pattern[str]]
    trailing_editor: ClassVar[bool] = True

    def choose_lists(self) -> dict[str, str]:
        configured: dict[str, str] = self.options["lists"]
        if not self.arguments.chosen:
            return dict(configured)
        chosen = {}
        for word in self.arguments.chosen:
            if word in configured:
                chosen[word] = configured[word]
            elif urlsplit(word).hostname in self.hosts and urlsplit(word).scheme in ("http", "https"):
                chosen[self._list_name(word)] = word
            else:
                raise ArgumentError(
                    f"lists={word!r} is neither a known list ({', '.join(configured)}) "
                    f"nor an address on {self.hosts[0]}"
                )
        return chosen

    def _list_name(self, url: str) -> str:
        for name, known in self.options["lists"].items():
            if known == url:
                return str(name)
        return url

    def read_list(self, response: TextResponse, walk: ListWalk) -> Listing:
        check_page(response.text)
        selector = response.selector
        for name, elements in self._row_candidates(selector):
            listing = Listing(rows=[], read_by=name)
            for element in elements:
                row = self._row(element, response.url)
                if row is None:
                    listing.broken.append(reading.element_text(element)[:200])
                else:
                    listing.rows.append(row)
            if listing.rows:
                break
        else:
            listing = Listing(rows=self._linked_articles(response, walk.url), read_by="links")
        self.count(f"list_read/{listing.read_by}")
        following = empirecms.next_page(selector, response.url, PAGE_SIZE)
        listing.next_url = absolute(response.url, following) if following else None
        listing.total = empirecms.total_rows(selector)
        return listing

    def _row_candidates(self, selector: Selector) -> list[tuple[str, list[Selector]]]:
        found = [(rule["name"], list(selector.xpath(rule["xpath"]))) for rule in self.options["list"]["rows"]]
        return [(name, elements) for name, elements in found if elements]

    def _row(self, element: Selector, base: str) -> Row | None:
        links = [(link, absolute(base, link.attrib["href"])) for link in element.xpath(".//a[@href]")]
        # The name of the column may stand before the title, as a link of its own.
        articles = [
            (link, url) for link, url in links if url and self.article_path.search(urlsplit(url).path)
        ]
        link, url = next(iter([*articles, *links]), (None, None))
        if link is None or url is None:
            return None
        printed = read_time(reading.element_text(element).rsplit(maxsplit=1)[-1])
        return self.row(url, empirecms.row_title(link), printed[0].date() if printed else None)

    def row(self, url: str, title: str, listed: date | None) -> Row:
        """Return the row of an address: an article of this site, or something to record only."""
        parts = urlsplit(url)
        match = self.article_path.search(parts.path)
        if parts.hostname in self.hosts and match:
            path = re.sub(r"_\d+(?=\.html$)", "", parts.path)
            signature = digest(title, listed.isoformat() if listed else None)
            return Row(
                key=f"{self.key_prefix}:{match['id']}",
                url=canonical(url, host=self.hosts[0], scheme="http", query=False).replace(parts.path, path),
                title=title,
                listed=listed,
                signature=signature,
            )
        own = parts.hostname in self.hosts
        reason = "jump_link" if own and parts.path.startswith(empirecms.JUMP) else "external_link"
        if own and reason != "jump_link":
            reason = "other_page"
        return Row(key=digest(url), url=url, title=title, listed=listed, kind="external", reason=reason)

    def row_at(self, url: str) -> Row | None:
        row = self.row(url, "", None)
        row.signature = ""
        return row if row.kind == "article" else None

    def rescue_prefix(self, walk: ListWalk) -> str | None:
        parts = urlsplit(walk.url)
        return None if parts.query else f"{parts.hostname}{parts.path.rpartition('/')[0]}/"

    def begins_article(self, url: str) -> bool:
        match = self.article_path.search(urlsplit(url).path)
        return match is not None and not match["page"]

    def _linked_articles(self, response: TextResponse, list_url: str) -> list[Row]:
        """Return the articles linked under the list's own column: the last resort."""
        column = urlsplit(list_url).path.rsplit("/", 1)[0] + "/"
        rows: dict[str, Row] = {}
        for link in response.xpath("//a[@href]"):
            url = absolute(response.url, link.attrib["href"])
            if url and urlsplit(url).path.startswith(column):
                row = self.row(url, empirecms.row_title(link), None)
                # A picture's link comes without words; the next one to the same article has them.
                if row.kind == "article" and not (row.key in rows and rows[row.key].title):
                    rows[row.key] = row
        return list(rows.values())

    def more_pages(self, response: TextResponse, row: Row) -> list[str]:
        identity = row.key.partition(":")[2]
        pages: dict[int, str] = {}
        if f"{identity}_".encode() not in response.body:
            return []
        for href in response.xpath("//a/@href[contains(., $name)]", name=f"{identity}_").getall():
            url = absolute(response.url, href)
            match = self.article_path.search(urlsplit(url).path) if url else None
            if url and match and match["id"] == identity and match["page"]:
                pages[int(match["page"])] = canonical(url, host=self.hosts[0], scheme="http", query=False)
        return [pages[number] for number in sorted(pages)]

    def read_article(self, pages: list[TextResponse], row: Row) -> Article:
        settings = self.options["article"]
        # Trees of our own: a response would keep its tree until the article is stored.
        selectors = [Selector(page.text) for page in pages]
        selector = selectors[0]
        # One pass over each page finds lead-in, information line and breadcrumb.
        holders = [reading.holders(each, settings["lead"], "来源", "正文") for each in selectors]
        parts: list[Any] = []
        read_by = ""
        for page, tree, held in zip(pages, selectors, holders, strict=True):
            found = empirecms.body(tree, held, settings)
            if found is None:
                found = reading.generic(page.text, page.url), "generic"
            parts.append(found[0])
            read_by = "generic" if "generic" in (read_by, found[1]) else read_by or found[1]
        printed, origin = empirecms.information(selector, holders[0])
        time = read_time(printed) if printed else None
        if sum(len(text) for part in parts for text in part.paragraphs) < 2:
            raise Unusable("the article page has no text")
        columns = empirecms.breadcrumb(holders[0])
        return Article(
            key=row.key,
            source=self.name,
            url=row.url,
            title=empirecms.title(selector, settings["title"], row.title),
            body="\n".join(self._without_lead(part.paragraphs, index) for index, part in enumerate(parts)),
            published=time[0] if time else self._listed_time(row),
            published_precision=time[1] if time else "day",
            url_date=empirecms.url_date(urlsplit(row.url).path),
            origin=origin,
            breadcrumb=columns,
            column=columns[-1] if columns else None,
            images=[
                image
                for page, part in zip(pages, parts, strict=True)
                for image in reading.images(part.pictures, page.url)
            ],
            read_by=read_by,
        )

    def _without_lead(self, paragraphs: list[str], index: int) -> str:
        """Return one page's text; further pages repeat the lead-in that the clean step takes off once."""
        text = "\n".join(paragraphs)
        if index == 0:
            return text
        return re.sub(rf"^[\s\u3000]*{re.escape(self.options['article']['lead'])}[:：]?[\s\u3000]*", "", text)

    @staticmethod
    def _listed_time(row: Row) -> Any:
        found = read_time(row.listed.isoformat()) if row.listed else None
        return found[0] if found else None
