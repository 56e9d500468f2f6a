"""Services listed by satisfaction: "由高到低依次为供气、供电、通信、供水、公交"."""

from __future__ import annotations

import re

from svcsat_crawler.metrics.sentences import Sentence
from svcsat_crawler.metrics.token import Token

_ORDERED = re.compile(r"(?:由|从)高到低(?:依次)?(?:排列|排序)?(?:为|是)?:?(?P<items>[^,;。:\n]{4,80})")
_POWER = re.compile(r"供电|电力|^电网$|用电")


def place_in_order(sentence: Sentence, *, surveyed: bool) -> tuple[Token, int] | None:
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
            return Token(start, start + len(item), "rank", place), len(items)
        start += len(item) + 1
    return None
