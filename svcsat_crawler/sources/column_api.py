"""JSON column interfaces: paged lists of items, each pointing at a static article page."""

from __future__ import annotations

import json
import re
from typing import Any, ClassVar
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response, TextResponse

from svcsat_crawler.items import Article
from svcsat_crawler.sources import column_items, static_article
from svcsat_crawler.sources.arguments import ArgumentError
from svcsat_crawler.sources.base import Output
from svcsat_crawler.sources.browser import listing_meta
from svcsat_crawler.sources.failures import Gone, Unusable
from svcsat_crawler.sources.special_topics import SpecialTopicSpider
from svcsat_crawler.sources.walk import Listing, ListWalk, Row
from svcsat_crawler.storage.documents import digest


class ColumnApiSpider(SpecialTopicSpider):
    """Walk columns of a JSON interface with a second host to fall back to.

    A site gives ``key_prefix``, ``script_hosts`` (hosts whose listings need JavaScript) and the
    patterns of its article addresses.
    """

    lists_name = "columns"
    allowed_domains: list[str]
    script_hosts: ClassVar[tuple[str, ...]]

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self._columns_found: dict[str, str] = {}
        self._columns_new: list[str] = []
        self._types_found: set[int] = set()

    def choose_lists(self) -> dict[str, str]:
        configured: dict[str, str] = self.options["columns"]
        chosen = self.arguments.chosen or tuple(configured)
        lists = {}
        for word in chosen:
            column = configured.get(word, word)
            if urlsplit(word).hostname in self.script_hosts:
                if not self.arguments.browser:
                    raise ArgumentError(f"columns={word!r} needs JavaScript: add -a browser=1")
                lists[word] = word
            elif column.isdigit():
                lists[word] = self._list_url(column, 1)
            else:
                raise ArgumentError(
                    f"columns={word!r} is no column: give a number, a known name ({', '.join(configured)}) "
                    f"or an address on {' or '.join(self.script_hosts)}"
                )
        return lists

    def _list_url(self, column: str, page: int, host: int = 0) -> str:
        path = self.options["list_path"].format(column=column, page=page)
        return f"https://{self.options['hosts'][host]}{path}"

    def list_request(self, walk: ListWalk, url: str) -> Request:
        request = super().list_request(walk, url)
        if urlsplit(url).hostname in self.script_hosts:
            request.meta.update(listing_meta(walk.cap or 1))
        elif urlsplit(url).hostname == self.options["hosts"][0]:
            # The other host is asked at once, instead of hammering one that blocks.
            request.meta["max_retry_times"] = 1
        return request

    def read_list(self, response: TextResponse, walk: ListWalk) -> Listing:
        if urlsplit(response.url).hostname in self.script_hosts:
            return Listing(rows=self.linked_rows(response), read_by="browser")
        answer = column_items.envelope(response.text)
        listing = Listing(rows=[])
        for item in answer.items:
            try:
                listing.rows.append(self.item_row(item))
            except (KeyError, TypeError, ValueError) as error:
                listing.broken.append(f"{json.dumps(item, ensure_ascii=False)[:160]} ({error})")
        if answer.more:
            parts = urlsplit(response.url)
            page = int(re.search(r"pageNum=(\d+)", parts.query)[1]) + 1  # type: ignore[index]
            query = re.sub(r"pageNum=\d+", f"pageNum={page}", parts.query)
            listing.next_url = parts._replace(query=query).geturl()
        return listing

    def item_row(self, item: dict[str, Any]) -> Row:
        """Return the row of one item, by its article type; raises KeyError, TypeError, ValueError."""
        found = column_items.read(item)
        signature = digest(found.title, found.updated.isoformat() if found.updated else None)
        row = Row(
            key=f"{self.key_prefix}:{found.id}",
            url=found.url,
            title=found.title,
            listed=found.released.date() if found.released else None,
            signature=signature,
            data=found.data,
        )
        self._watch_column(found.column, found.column_id)
        if found.treatment == "article":
            if urlsplit(found.url).hostname in self.allowed_domains:
                row.url = self.canonical(found.url)
            else:
                row.kind, row.reason = "external", "external_link"
        elif found.treatment == "topic":
            row.kind, row.reason = "other", "special_topic"
        else:
            row.kind, row.reason = "external", found.treatment
            if found.treatment == "unknown_type" and found.data["type"] not in self._types_found:
                self._types_found.add(found.data["type"])
                self.logger.warning("%s: unknown articleType %s: not crawled", row.key, found.data["type"])
        return row

    def row_at(self, url: str) -> Row | None:
        identity = self.article_id(url)
        if identity is None or urlsplit(url).hostname in self.script_hosts:
            return None
        return Row(key=f"{self.key_prefix}:{identity}", url=self.canonical(url), title="")

    def rows_in(self, response: TextResponse) -> list[Row]:
        if not urlsplit(response.url).path.endswith("/article/list"):
            return []
        rows = self.read_list(response, ListWalk("recorded", response.url)).rows
        return [row for row in rows if row.kind == "article"]

    def _watch_column(self, name: str, identity: str) -> None:
        """Report a column whose name sounds like a power company and which is not configured."""
        if not name or not re.search(self.options["list"]["column_hint"], name):
            return
        if identity not in self.options["columns"].values() and identity not in self._columns_found:
            self._columns_found[identity] = name
            self._columns_new.append(identity)
            self.count("columns_found")
            self.logger.info("new column %s %s: add it to [%s.columns]", identity, name, self.name)

    async def parse_list(self, response: Response, walk: ListWalk) -> Output:
        async for output in super().parse_list(response, walk):
            yield output
        while self._columns_new:
            identity = self._columns_new.pop()
            details = {"name": self._columns_found[identity], "list": walk.url}
            await self.session.note(self.name, "column_found", identity, details)

    async def list_unusable(self, walk: ListWalk, where: Response | Request, reason: str) -> list[Request]:
        """Ask the second host for a page that the first one did not give, then give up."""
        first, second = self.options["hosts"]
        if urlsplit(where.url).hostname == first:
            self.count("host_fallback")
            self.logger.warning("list %s: %s: %s; asking %s", walk.name, where.url, reason, second)
            walk.resume()
            return [self.list_request(walk, where.url.replace(f"//{first}/", f"//{second}/", 1))]
        return await super().list_unusable(walk, where, reason)

    # Articles: the static page first, the pc page when it is missing

    def read_article(self, pages: list[TextResponse], row: Row) -> Article:
        article = static_article.read(pages[0], row, self.options["article"], source=self.name)
        if row.data.get("type") == 1 and len(article.body) < self.options["list"]["min_caption_text"]:
            raise Gone("a picture set with captions only")
        if not article.body.strip() and row.data.get("type") != 2:  # of videos the text may be missing
            raise Unusable("the article page has no text")
        return article

    async def article_unusable(self, row: Row, error: Unusable, where: Response | Request) -> list[Request]:
        """Ask for the pc page instead; what is recorded when that fails too is the static page, unless it is gone."""
        fallback, first = self._pc_url(row), row.data.get("fallback")
        if fallback and where.url != fallback and not isinstance(first, dict):
            self.count("page_fallback")
            first = {"kind": error.kind, "reason": str(error), "open": True}
            if error.kind != "gone":  # closed when the article is stored after all
                first["open"] = await self.session.quarantine.record(
                    self.name,
                    error.kind,
                    where.url,
                    str(error),
                    row=row.as_record(),
                    page=self.page_if_any(where),
                )
            again = Row.from_record({**row.as_record(), "data": {**row.data, "fallback": first}})
            return [self.request(fallback, self.parse_article, self.article_failed, row=again)]
        if not isinstance(first, dict):
            return await super().article_unusable(row, error, where)
        if first["kind"] == "gone":
            asked = {name: value for name, value in row.data.items() if name != "fallback"}
            row = Row.from_record({**row.as_record(), "data": asked})
            return await super().article_unusable(
                row, type(error)(f"{error}; before that: {first['reason']}"), where
            )
        self.tally.failed(first["reason"], row.url)
        self.logger.warning("%s: %s: %s; then %s: %s", row.key, row.url, first["reason"], where.url, error)
        if first["open"]:
            self.count("quarantined")
        return []

    def _pc_url(self, row: Row) -> str | None:
        column, identity = row.data.get("column_id"), row.key.partition(":")[2]
        return self.options["pc_url"].format(column=column, id=identity) if column else None
