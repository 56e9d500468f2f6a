"""Reading the static article pages of Founder-based sites, and their pc form."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from parsel import Selector
from scrapy.http import TextResponse

from svcsat_crawler.items import Article, Precision
from svcsat_crawler.sources import reading
from svcsat_crawler.sources.failures import Gone, Unusable
from svcsat_crawler.sources.walk import Row
from svcsat_crawler.text import blocks
from svcsat_crawler.text.times import read_time

_PROPERTIES = re.compile(r"<!--\s*enpproperty\b")
_PROPERTIES_LENGTH = 20_000
_PROPERTY = re.compile(r"<(\w+)>(.*?)</\1>", re.DOTALL)
_COLUMN = re.compile(r"columnid[\"'\s:=]+(\d+)", re.IGNORECASE)
_DAY = re.compile(r"/content/(\d{4})(\d{2})/(\d{2})/")
_SITE_NAME = re.compile(r"\s*_南方\+.*$")
_CROP = re.compile(r"/t\d_\([^()/]*\)(?=[^/]*$)")
# Old promotional QR codes stand among the pictures.
_PROMOTION = "45c855b2-ff57-49c8-bda0-c75db468d456.jpg"
_GONE = re.compile("(不存在|已被?删除|已下线)")
_SHORT = 200


def properties(page: str) -> dict[str, str]:
    """Return the fields of the page's ``enpproperty`` comment; {} when there is none.

    >>> properties("<!--enpproperty <title>甲</title><date>2021-12-29 19:58:02.0</date>/enpproperty-->")
    {'title': '甲', 'date': '2021-12-29 19:58:02.0'}
    """
    start = _PROPERTIES.search(page)
    end = page.find("/enpproperty", start.end()) if start else -1
    if not start or not 0 <= end - start.end() <= _PROPERTIES_LENGTH:
        return {}
    return {name: value.strip() for name, value in _PROPERTY.findall(page, start.end(), end)}


def picture_source(element: Any) -> str:
    """Return a lazy picture's real address in its largest form, without the image service's query."""
    source = element.get("data-original") or element.get("src") or ""
    if source.endswith("/poster.png"):
        return ""
    return _CROP.sub("/", source.partition("?")[0])


def _unwanted(picture: blocks.Picture) -> bool:
    return "二维码" in picture.label or picture.src.endswith(_PROMOTION)


def read(response: TextResponse, row: Row, settings: dict[str, Any], *, source: str) -> Article:
    """Return the article of a static page or its pc form.

    Raises Gone for a page that says so or holds neither title nor body; Unusable for a script shell.
    """
    page = response.text
    selector = Selector(page)  # a response would keep its tree until the article is stored
    fields = properties(page)
    titles = [reading.element_text(found) for _, found in reading.candidates(selector, settings["title"])]
    skip = reading.has_class(*settings["drop"])
    caption = reading.has_class("spanPicTitle")
    read_by, found = "", blocks.Blocks()
    for name, place in reading.candidates(selector, settings["body"]):
        read_by = name
        found = blocks.take_captions(
            blocks.read(place.root, skip=skip, caption=caption, source=picture_source)
        )
        break
    if not read_by and not titles:
        text = reading.element_text(selector.xpath("//body")[0]) if selector.xpath("//body") else ""
        if len(text) < _SHORT and (_GONE.search(text) or not selector.xpath("//div[@id='app']")):
            raise Gone(f"the page holds no article: {text[:80]!r}")
        if len(text) < _SHORT:
            raise Unusable("a page that needs JavaScript")
    if not read_by:
        found, read_by = reading.generic(page, response.url), "generic"
    page_title = _SITE_NAME.sub("", reading.bare(selector.xpath("//title/text()").get()))
    published, precision = _time(selector.xpath("//*[@data-time]/@data-time").get(), fields.get("date"), row)
    column = m[1] if (m := _COLUMN.search(page)) else fields.get("nodeid")
    day = _DAY.search(row.url)
    updated = row.data.get("updated")
    author = reading.bare(selector.xpath("//meta[@name='author']/@content").get())
    return Article(
        key=row.key,
        source=source,
        url=row.url,
        title=next(filter(None, [*titles, reading.bare(fields.get("title")), page_title, row.title])),
        body="\n".join(found.paragraphs),
        published=published,
        published_precision=precision,
        url_date="-".join(day.groups()) if day else None,
        updated=datetime.fromisoformat(updated) if updated else None,
        origin=row.data.get("source") or None,
        byline=author or reading.bare(fields.get("author")) or None,
        summary=row.data.get("summary") or None,
        column=row.data.get("column") or fields.get("nodename") or None,
        column_id=row.data.get("column_id") or column or None,
        images=reading.images(found.pictures, response.url, unwanted=_unwanted),
        read_by=read_by,
    )


def _time(printed: str | None, commented: str | None, row: Row) -> tuple[datetime | None, Precision]:
    """Return the page's time, else the list's."""
    for value in (printed, commented, row.data.get("released")):
        if value and (found := read_time(value)):
            return found
    return None, "day"
