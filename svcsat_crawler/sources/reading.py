"""Reading helpers that all platforms share: named candidates, pictures, the generic fallback."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from parsel import Selector

from svcsat_crawler.items import Image
from svcsat_crawler.sources.failures import Unusable
from svcsat_crawler.text.blocks import Blocks, Picture
from svcsat_crawler.text.urls import absolute

Candidates = list[dict[str, str]]
# Fewer characters than this are no article found by the generic extractor, but leftovers of a page.
GENERIC_MINIMUM = 60
_TAG = re.compile(r"<[^<>]*>")
_WORDS_ROW = re.compile(r"\|[^0-9０-９]*\|")


def candidates(selector: Selector, named: Candidates) -> Iterable[tuple[str, Selector]]:
    """Yield (name, element) of the named XPaths that find something, in their order."""
    for candidate in named:
        for found in selector.xpath(candidate["xpath"]):
            yield candidate["name"], found


# Where text of an article stands; lists of links are passed over.
_HOLDERS = (
    "div p span td th section article main header h1 h2 h3 h4 strong b font em small center body".split()
)


def holders(selector: Selector, *needles: str) -> list[tuple[str, Any]]:
    """Return (text node, element that it stands in) for the texts that hold one of *needles*, in order.

    One pass over the page for all needles; a third of the cost of an XPath over its text nodes.
    """
    search = _any_of(needles).search
    found = []
    for element in selector.root.iter(*_HOLDERS):
        if (text := element.text) and search(text):
            found.append((text, element))
        # Text behind the last child, or behind any where a page is short of what is looked for.
        if len(element) and (text := element[-1].tail) and search(text):
            found.append((text, element))
    if all(any(needle in text for text, _ in found) for needle in needles):
        return found
    return [
        (text, element)
        for element in selector.root.iter(*_HOLDERS)
        for text in (element.text, *(child.tail for child in element))
        if text and search(text)
    ]


@cache
def _any_of(needles: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, needles)))


def bare(text: str | None) -> str:
    """Return *text* without tags, entities and superfluous blanks.

    >>> bare("<em>广东电网</em>：A&amp;B&nbsp; 样例")
    '广东电网：A&B 样例'
    """
    return " ".join(html.unescape(_TAG.sub("", text or "")).split())


def element_text(selector: Selector) -> str:
    """Return the text of an element, blanks collapsed."""
    return " ".join("".join(selector.root.itertext()).split())


def has_class(*names: str) -> Callable[[Any], bool]:
    """Return a test for lxml elements that carry one of the classes *names*."""
    wanted = frozenset(names)

    def test(element: Any) -> bool:
        value = element.get("class")
        return bool(value) and not wanted.isdisjoint(value.split())

    return test


def images(
    pictures: Iterable[Picture], base: str, *, unwanted: Callable[[Picture], bool] | None = None
) -> list[Image]:
    """Return the pictures with absolute addresses, each once; broken addresses are left out."""
    found: dict[str, Image] = {}
    for picture in pictures:
        url = absolute(base, picture.src)
        if url is None or (unwanted and unwanted(picture)):
            continue
        caption, credit = split_credit(picture.caption)
        found.setdefault(url, Image(url=url, caption=caption, credit=credit))
    return list(found.values())


_CREDIT = re.compile(
    r"[（(]?\s*((?:[\w·]{2,12}\s*(?:摄影|摄|供图|提供|图))|(?:摄影|供图|图)[:：/]\s*[\w·]{2,12})\s*[）)]?$"
)


def split_credit(caption: str) -> tuple[str, str]:
    """Split a caption into what is shown and who took it.

    >>> split_credit("抢修现场。 甲某 摄")
    ('抢修现场。', '甲某 摄')
    """
    caption = " ".join(caption.split())
    match = _CREDIT.search(caption)
    if not match or match.start() == 0:
        return caption, ""
    return caption[: match.start()].strip(), match.group(1)


def generic(page: str, url: str) -> Blocks:
    """Return what a generic extractor takes for the article: the marked fallback, counted by the caller.

    Raises Unusable when it finds no text to speak of.
    """
    from trafilatura import extract  # noqa: PLC0415 - slow to import, seldom needed

    text = extract(page, url=url, include_comments=False, include_tables=True, favor_precision=True) or ""
    paragraphs = [line.strip() for line in text.split("\n") if line.strip(" |-")]
    # Rows of words at either end are the navigation of a site that is laid out with tables.
    for end in (0, -1):
        while paragraphs and _WORDS_ROW.fullmatch(paragraphs[end]):
            del paragraphs[end]
    paragraphs = [" ".join(line.replace("|", " ").split()) if line[0] == "|" else line for line in paragraphs]
    if sum(map(len, paragraphs)) < GENERIC_MINIMUM:
        raise Unusable("no article text: neither the selectors nor the generic extractor find one")
    return Blocks(paragraphs)
