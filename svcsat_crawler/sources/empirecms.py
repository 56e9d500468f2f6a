"""Reading pages of EmpireCMS (帝国CMS) sites: structure first, named candidates second.

The CMS's own output is relied on (pagers, information line, breadcrumb, address forms); class names
of templates are not.  What this is based on: the CMS's public source, versions 6.6 and 8.0.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

from parsel import Selector

from svcsat_crawler.sources import reading
from svcsat_crawler.sources.failures import Unusable
from svcsat_crawler.sources.reading import bare, candidates, element_text
from svcsat_crawler.text import blocks

DYNAMIC_LIST = re.compile(r"^/e/action/ListInfo(?:\.php|/(?:index\.php)?)$")
JUMP = "/e/public/jump/"
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
# An in-article pager, whatever its template: page numbers and nothing but.
_PAGER = re.compile(r"(?:[\s\d/|….]|首页|上一页|下一页|尾页|末页)+")
_DAY = r"\d{4}[-/年]\d{1,2}[-/月]\d{1,2}日?"
_CLOCK = r"\s*\d{1,2}:\d{2}(?::\d{2})?"
_INFO = re.compile(
    rf"({_DAY}(?:{_CLOCK})?)[^:：]{{0,20}}?(?:来源|来自)[:：]\s*([^|]*?)\s*"
    r"(?:【?(?:作者|责编|编辑|点击|浏览|阅读|字号|字体)[^:：]{0,4}[:：].*)?$"
)
_ANY_TIME = re.compile(_DAY + _CLOCK)
_TITLE_LENGTH = 300
_BEGINNING = 2000
_TITLE_REST = re.compile(r"\s*[-_|]")
_TITLE_TAIL = re.compile(r"\s*[-_|—]+\s*[^-_|—]{2,20}$")


def row_title(link: Selector) -> str:
    """Return a row's whole title: ``title=`` when it is there, as the visible one may be cut."""
    return bare(link.attrib.get("title")) or element_text(link)


def next_page(selector: Selector, url: str, page_size: int) -> str | None:
    """Return the address of the list's next page, from either pager; None on the last page.

    A dynamic list counts its pages from 0; where its pager offers no 下一页, the total tells.
    """
    for link in selector.xpath(
        "//a[normalize-space(.)='下一页' or normalize-space(.)='下页']/@href"
    ).getall():
        if link and not link.startswith(("javascript", "#")):
            return link
    parts = urlsplit(url)
    if DYNAMIC_LIST.match(parts.path):
        query = parse_qs(parts.query)
        total = _number(query, "totalnum") or total_rows(selector) or 0
        page = _number(query, "page")
        if "classid" in query and (page + 1) * page_size < total:
            following = {"page": page + 1, "classid": query["classid"][0], "totalnum": total}
            return urlunsplit(parts._replace(path="/e/action/ListInfo/index.php", query=urlencode(following)))
    return None


def _number(query: dict[str, list[str]], name: str) -> int:
    """Return a number of a query; 0 when it is missing or none."""
    value = query.get(name, [""])[0]
    return int(value) if re.fullmatch(r"[0-9]{1,9}", value) else 0


def total_rows(selector: Selector) -> int | None:
    """Return how many rows the pager says there are in all.

    >>> total_rows(Selector("<a title='Total record'>&nbsp;<b>160</b> </a>"))
    160
    """
    counted = selector.xpath("//a[@title='Total record']/b/text()").get()
    if counted is None:
        text = " ".join(selector.xpath("//*[text()[contains(.,'总数')]]//text()").getall())
        match = re.search(r"总数\s*(\d+)", text)
        counted = match.group(1) if match else None
    return int(counted) if counted and counted.strip().isdigit() else None


Holders = list[tuple[str, Any]]


def breadcrumb(holders: Holders) -> list[str]:
    """Return the columns above an article, from the top down, without 首页."""
    for text, place in holders:
        if "正文" in text and (links := place.findall("a")):
            names = [" ".join("".join(link.itertext()).split()) for link in links]
            return [name for name in names if name and name != "首页"]
    return []


def information(selector: Selector, holders: Holders) -> tuple[str | None, str | None]:
    """Return (printed time, 来源) of the information line; None for what is not printed.

    The last small element that holds a date followed by 来源 is the line; without 来源, the first short
    element that holds a date and a time.
    """
    for text, place in reversed(holders):
        if "来源" not in text:
            continue
        if match := _INFO.search(_beginning(place)[:400]):
            return match.group(1), match.group(2).strip() or None
    for _, place in reading.holders(selector, ":", "："):
        line = _beginning(place)
        if len(line) <= 80 and (match := _ANY_TIME.search(line)):
            return match.group(0), None
    return None, None


def _beginning(place: Any) -> str:
    """Return the first text of an element, blanks collapsed: an outer one may hold the whole page."""
    parts: list[str] = []
    size = 0
    for text in place.itertext():
        parts.append(text)
        size += len(text)
        if size > _BEGINNING:
            break
    return " ".join("".join(parts)[:_BEGINNING].split())


def title(selector: Selector, named: list[dict[str, str]], listed: str) -> str:
    """Return the article's title.

    Of the named candidates the one that the page's ``<title>`` begins with is taken; else the list's
    title when ``<title>`` is that and names of columns, else ``<title>`` without the site's name.
    """
    page_title = bare(selector.xpath("//title/text()").get())[:_TITLE_LENGTH]
    for _, found in candidates(selector, named):
        text = element_text(found)
        if text and (page_title.startswith(text) or text == listed):
            return text
    if listed and page_title.startswith(listed) and _TITLE_REST.match(page_title, len(listed)):
        return listed
    return _TITLE_TAIL.sub("", page_title) or listed


def body(selector: Selector, holders: Holders, settings: dict[str, Any]) -> tuple[blocks.Blocks, str] | None:
    """Return the body's blocks and the name of the selector that fitted, or None.

    First choice is the element whose own text holds the lead-in; while it has fewer than two
    paragraphs its parent is taken.  Raises Unusable when nothing stands behind the lead-in: the generic
    extractor would take the page's furniture for the article.
    """
    lead, ends = settings["lead"], tuple(settings["stop_at"])

    def pager(element: Any) -> bool:
        return "pageLink" in (element.get("class") or "")

    def stop(text: str) -> bool:
        return text.startswith(ends)

    def read(element: Any) -> blocks.Blocks:
        found = blocks.take_captions(blocks.read(element, skip=pager, stop=stop))
        found.paragraphs = [
            text for text in found.paragraphs if not ("页" in text and _PAGER.fullmatch(text))
        ]
        return found

    def from_lead(found: blocks.Blocks) -> blocks.Blocks:
        """Leave out what stands above the lead-in: title, information line, buttons."""
        for index, text in enumerate(found.paragraphs):
            if lead in text[:40]:
                found.paragraphs = found.paragraphs[index:]
                break
        return found

    for own, place in holders:
        if lead not in own:
            continue
        element, found = place, read(place)
        while (
            len(found.paragraphs) < 2 and (parent := element.getparent()) is not None and parent.tag != "body"
        ):
            element, found = parent, read(parent)
        if sum(map(len, from_lead(found).paragraphs)) > len(lead) + 1:
            return found, "lead"
    for name, place in candidates(selector, settings["body"]):
        found = from_lead(read(place.root))
        if sum(map(len, found.paragraphs)) >= 20:
            return found, name
    if any(lead in own for own, _ in holders):
        raise Unusable(f"no article text: nothing behind {lead}")
    return None


def url_date(path: str) -> str | None:
    """Return the date in an address: the day the article was entered.

    >>> url_date("/web/dianwang/qiye/2016-12-22/717288.html")
    '2016-12-22'
    """
    match = _DATE.search(path)
    return f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}" if match else None
