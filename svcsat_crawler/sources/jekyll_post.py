"""Reading the posts of the mirror: the page that Jekyll renders, and the Markdown that it is made of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import lxml.html
from parsel import Selector
from scrapy.http import TextResponse

from svcsat_crawler.items import Precision
from svcsat_crawler.sources import reading
from svcsat_crawler.sources.failures import Unusable
from svcsat_crawler.text import blocks
from svcsat_crawler.text.times import read_time

_SOURCE_LINE = re.compile(r"[\s（(]*文章来源[:：]")
_MEDIUM = re.compile(r"文章来源[:：]\s*([^）)]+)")
_FRONT = re.compile(r"\A\ufeff?---[ \t]*\n(?P<front>.*?)\n---[ \t]*(?:\n|\Z)(?P<body>.*)\Z", re.DOTALL)
_MARKDOWN_LINK = re.compile(
    r"^[ \t]*(?:<https?://[^>\n]+>|(?:\[[^\]\n]*\]\([^)\n]*\)[｜| ]*)+)[ \t]*$", re.MULTILINE
)


@dataclass(slots=True)
class Post:
    """What a post says, whichever of its two forms was read."""

    title: str
    blocks: blocks.Blocks
    published: tuple[datetime, Precision] | None
    medium: str | None
    tag: str | None
    read_by: str


def _is_end(element: Any) -> bool:
    return element.tag == "p" and "em_media" in (element.get("class") or "").split()


def _is_source_line(text: str) -> bool:
    return bool(_SOURCE_LINE.match(text))


def _between(elements: list[Any]) -> tuple[blocks.Blocks, str | None]:
    """Return the blocks up to ``p.em_media`` and the medium that it names."""
    found = blocks.Blocks()
    for element in elements:
        if not isinstance(element.tag, str):
            continue
        if _is_end(element):
            named = _MEDIUM.search("".join(element.itertext()))
            return found, named[1].strip() if named else None
        part = blocks.read(element, stop=_is_source_line)
        found.paragraphs += part.paragraphs
        found.pictures += part.pictures
        ends = [inner for inner in element.iter("p") if _is_end(inner)]
        if ends:
            named = _MEDIUM.search("".join(ends[0].itertext()))
            return found, named[1].strip() if named else None
    return found, None


def read_page(response: TextResponse) -> Post:
    """Return the post of a rendered page; raises Unusable when it holds none."""
    selector = Selector(response.text)  # a response would keep its tree until the post is stored
    headings = selector.xpath("//section//h1")
    if not headings:
        raise Unusable("the page has no section with a title")
    heading = headings[0].root
    found, medium = _between(list(heading.itersiblings()))
    if not found.paragraphs and not found.pictures:
        raise Unusable("the post has no text")
    times = (
        selector.xpath("//meta[@property='article:published_time']/@content").get(),
        selector.re_first(r'"datePublished"\s*:\s*"([^"]+)"'),
        "".join(selector.xpath("//section//small[1]//text()").getall()),
    )
    published = next(filter(None, map(read_time, times)), None)
    tag = reading.bare(selector.xpath("//section//small/em/text()").get())
    return Post(reading.element_text(headings[0]), found, published, medium, tag or None, "section")


def front_matter(text: str) -> tuple[dict[str, str], str]:
    """Split an archived post into its front matter and the rest.

    Not YAML-safe (quotes in titles are not escaped), so it is read line by line.

    >>> front_matter('---\\ntitle: "甲"乙"丙"\\ndate: 2021-12-29 20:06:31 +0800\\n---\\n<p>x</p>')[0]["title"]
    '甲"乙"丙'
    """
    match = _FRONT.match(text.replace("\r\n", "\n"))
    if not match:
        raise Unusable("the archived post has no front matter")
    fields = {}
    for line in match["front"].split("\n"):
        name, colon, value = line.partition(":")
        if colon:
            value = value.strip()
            quoted = len(value) > 1 and value[0] == value[-1] == '"'
            fields[name.strip()] = value[1:-1] if quoted else value
    return fields, match["body"]


def read_markdown(response: TextResponse) -> Post:
    """Return the post of an archived Markdown file: HTML paragraphs, then links in Markdown."""
    fields, body = front_matter(response.text)
    html = _MARKDOWN_LINK.sub("", body)
    root = lxml.html.fragment_fromstring(html, create_parent="section") if html.strip() else None
    if root is None:
        raise Unusable("the archived post is empty")
    found, medium = _between(list(root))
    if root.text and root.text.strip():
        found.paragraphs.insert(0, root.text.strip())
    if not found.paragraphs and not found.pictures:
        raise Unusable("the archived post has no text")
    published = read_time(fields.get("date"))
    return Post(
        fields.get("title", ""), found, published, medium, fields.get("tags") or None, "archived markdown"
    )
