"""Suppliers that are listed by the names of their places and counted: 南雄、始兴、乳源3个县局, 清城、清新两局."""

from __future__ import annotations

import re
from collections.abc import Iterator

from svcsat_crawler.metrics.parties import listed_before, place_names, supplier
from svcsat_crawler.metrics.token import Token
from svcsat_crawler.organisations.index import Starts, matches_at, pairs
from svcsat_crawler.text.figures import whole_number

# The numeral, what is counted, and what goes on behind it.
STARTS = pairs("两二三四五六七八九23456789", "局") | {
    counted + behind
    for counted in pairs("两二三四五六七八九23456789", "个家县区市分地")
    for behind in "家县区市地分局级供公"
}
_BUREAUS = re.compile(
    r"(?P<n>[两二三四五六七八九2-9])[个家县区市分地局]家?"
    r"(?:(?<=局)|(?:县区|区县|县市|市县|[县区市分地])?局|(?:(?<=[县市区])|[县市区])级?(?:供电)?公司(?P<company>))(?![中里内长部面]|\(共)"
)
_AND = "、和及与"


def counted_bureaus(text: str, starts: Starts) -> Iterator[Token]:
    """Yield a supplier for each name of a list whose count is that of the bureaus behind it; *starts*: where :data:`STARTS` are.

    >>> text = "南雄、始兴和乳源3个县局排名第一,两局共4人"
    >>> [t.value.name for t in counted_bureaus(text, {8: "3个", 18: "两局"})]
    ['南雄供电局', '始兴供电局', '乳源供电局']
    """
    for match in matches_at(_BUREAUS, text, starts):
        end = match.start()
        ending = "供电局" if match["company"] is None else "供电公司"
        for length in (5, 4, 3, 2):
            place = place_names().get(text[end - length : end]) if end >= length else None
            if place is None:
                continue
            start = end - length
            before = list(listed_before(text, start, 0, ending)) if text[start - 1] in _AND else []
            if len(before) + 1 == whole_number(match["n"]):
                yield from before
                yield Token(start, end, "org", supplier(text[start:end] + ending, place))
            break
