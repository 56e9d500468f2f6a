"""Suppliers of Hong Kong and Macau whose short names are everyday text elsewhere: 中电, 港灯, 澳电."""

from __future__ import annotations

import re
from collections.abc import Iterator

from svcsat_crawler.metrics.parties import listed
from svcsat_crawler.metrics.token import Token
from svcsat_crawler.organisations import lookup
from svcsat_crawler.organisations.index import Starts

# 其中电费, 中电联, 海港灯塔, 南澳电网 are none of them.
_NAME = re.compile(
    r"(?:(?<![\u4e00-\u9fff])|(?<=[的与和及、由据对是在为])|(?<=香港))(?:中电(?![联投建科网力费量源子器机气话动池视影路站缆能价信国报数])|港灯(?![光塔饰火会])|澳电(?![网力费量缆]))"
)
# One of these stands in every short name.
CUES = ("港灯", "澳电", "中电")
_PLACES = ("香港", "澳门", "港岛", "九龙", "港灯", "中华电力", "澳电")


def island_suppliers(text: str, cues: Starts) -> Iterator[Token]:
    """Yield the suppliers of the islands by their short names; 中电 only in a text that names the islands.

    *cues*: where :data:`CUES` are.

    >>> [t.value.name for t in island_suppliers("香港中电与港灯公布供电可靠率,其中电费不变", {2: "中电"})]
    ['中电', '港灯']
    """
    near = bool(cues) and any(place in text for place in _PLACES)
    for match in _NAME.finditer(text) if near else ():
        known = lookup(match[0])
        if known is not None:
            yield Token(match.start(), match.end(), "org", listed(known))
