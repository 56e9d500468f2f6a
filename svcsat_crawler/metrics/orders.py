"""Services listed by satisfaction: "由高到低依次为供气、供电、通信、供水、公交"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from svcsat_crawler.metrics.sentences import Sentence
from svcsat_crawler.metrics.token import Token
from svcsat_crawler.text.figures import whole_number

_ORDERED = re.compile(
    r"(?:(?:由|从)高到低(?:依次)?(?:排列|排序)?|(?:满意度|得分|评价|排名|排序|高低)[^;。\n\d]{0,12}?依次|前[三四五六七八九十]名?(?:的)?(?:分别)?(?=为|是))(?:为|是)?:?(?P<items>(?:[^,;。:\n\d(]|\(\d[\d.]*[分%]\)|\(){4,100}?)(?=[,;。:\n]|$)"
)
_FIRST = re.compile(
    r"前(?P<count>[2-9二两三四五六七八九])(?:名|位|甲|强)?的?(?:供电局|供电公司|单位|公司|城市)?(?:依次|分别)?(?:是|为):?"
)
# One of these stands in every sentence that puts services in their order.
CUES = ("高到低", "依次", "前三")
_JOINERS = frozenset(("", "、", "和", "及", "与", "以及"))
_POWER = re.compile(r"供电|电力|^电网$|用电")


def place_in_order(sentence: Sentence, *, surveyed: bool) -> tuple[Token, int | None] | None:
    """Return a rank token for power in an ordered list of services, and the length of the list.

    *surveyed*: the paragraph is about a survey of satisfaction; else the sentence must say so.
    """
    match = _ORDERED.search(sentence.text, sentence.start, sentence.end)
    if match is None or not (surveyed or "满意" in sentence.text[sentence.start : match.start()]):
        return None
    start = match.start("items")
    items = re.split(r"、|和|及", match["items"])
    for place, item in enumerate(items, 1):
        if _POWER.search(item):
            whole = None if "前" in sentence.text[match.start() : match.start("items")] else len(items)
            return Token(start, start + len(item), "rank", place), whole
        start += len(item) + 1
    return None


def first_in_order(sentence: Sentence) -> Iterator[tuple[int, Token]]:
    """Yield place and name of "排在前三的依次是佛山、东莞和中山供电局", where as many are named as the top counts."""
    match = _FIRST.search(sentence.text, sentence.start, sentence.end)
    if match is None:
        return
    count = whole_number(match["count"]) or 0
    named: list[Token] = []
    for token in sentence.tokens:
        if token.start < match.end() or token.kind not in ("org", "place"):
            continue
        if sentence.text[named[-1].end if named else match.end() : token.start] not in _JOINERS:
            break
        named.append(token)
    if len(named) == count > 1:
        yield from enumerate(named, 1)
