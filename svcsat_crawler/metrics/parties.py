"""Who a number can be about: suppliers by name or by pattern (新乡供电公司), and places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from svcsat_crawler.metrics.token import Token
from svcsat_crawler.organisations import Organisation, Place, lookup, places, short_name, supplier_of

_ENDING = re.compile(
    r"(?:供电局|供电公司|供电分公司|供电分局|供电所|供电有限公司|供电有限责任公司|供电服务中心|供电中心|电业局|电力局|供电部|供电营业厅|电网有限责任公司|电网有限公司|电网公司"
    r"|电力有限公司|电力有限责任公司|电力集团公司|电力集团有限公司|电力集团|电力公司|省级电网公司)(?!中|们)"
)
_PREFIX = re.compile(
    r"(?:国网|国家电网公司|国家电网|南方电网公司|南方电网|南网|广东电网公司|广东电网)[\u4e00-\u9fff]{0,3}$"
)
# A name of a place never holds these; the name of an unknown place starts after them.
_NO_NAME = frozenset(
    "的了在和与及由对从到该各据为向是其把被将个家所等名第一二三四五六七八九十两当每本我全省县市区内下受评议访让使以至也都"
)
_STATE_GRID = re.compile(r"国网(?P<place>[\u4e00-\u9fff]{2,3}?)(?:省|市)?电力(?!公司|有限|集团)")


@dataclass(slots=True, frozen=True)
class Party:
    """A supplier or a place; ``power`` says that it is a supplier of power."""

    name: str
    id: str | None = None
    power: bool = False
    place: Place | None = None
    level: str = ""

    def __hash__(self) -> int:
        return hash(self.name)

    @property
    def key(self) -> str:
        return self.id or self.name


@cache
def _place_names() -> dict[str, Place]:
    """Names, full and short, of every place; a short name goes to the larger place."""
    names: dict[str, Place] = {}
    for name, place in places():
        names.setdefault(name, place)
    for name, place in places():
        short = short_name(name)
        if len(short) >= 2:
            names.setdefault(short, place)
    return names


def _named_place(text: str, end: int, limit: int) -> tuple[int, Place | None]:
    """Return where the name before an ending starts, and its place; start == end when there is none."""
    names = _place_names()
    low = max(limit, end - 9)
    for start in range(low, end - 1):
        place = names.get(text[start:end])
        if place is not None:
            return start, place
    for start in range(low, end - 3):
        for length in (4, 3, 2):
            place = names.get(text[start : start + length])
            rest = text[start + length : end]
            if place is not None and 0 < len(rest) <= 4 and not _NO_NAME & set(rest) and rest.isalpha():
                return start, place
    start = end
    while start > max(limit, end - 4) and text[start - 1].isalpha() and text[start - 1] not in _NO_NAME:
        start -= 1
    return (end, None) if end - start < 2 else (max(start, end - 2), None)


@lru_cache(maxsize=4096)
def supplier(name: str, place: Place | None = None) -> Party:
    """Return the party of a supplier's printed name; the table's name wins when it is listed."""
    known = lookup(name)
    if known is not None:
        return listed(known)
    level = place.kind if place else ""
    return Party(name, None, True, place, level)


def listed(known: Organisation, *, grid: bool = False) -> Party:
    """Return the party of an organisation of the table, or of its grid (东莞电网, same id)."""
    name = known.grid if grid and known.grid else known.name
    return Party(name, known.id, True, _place_names().get(known.place or ""), known.level)


def of_place(place: Place) -> Party:
    """Return the party of a place; where the table knows its only supplier it has that id."""
    known = supplier_of(place.name) if place.kind != "county" else None
    return Party(place.name, known.id if known else None, False, place, place.kind)


def suppliers_by_pattern(text: str) -> Iterator[Token]:
    """Yield a token for every supplier named by place and ending, with the list before it.

    >>> [t.value.name for t in suppliers_by_pattern("国网滨州供电公司和广东、云南电网公司")]
    ['国网滨州供电公司', '广东电网公司', '云南电网公司']
    """
    free = 0
    held: Token | None = None
    for match in _ENDING.finditer(text):
        start, place = _named_place(text, match.start(), free)
        if start == match.start():
            continue
        before = list(_listed(text, start, free, match[0])) if text[start - 1] in "、和及与" else []
        low = max(free, start - 10)
        prefix = _PREFIX.search(text, low, start) if text.find("网", low, start) >= 0 else None
        if held is not None and held.end == start:
            # 广东电网公司清远供电局 is one supplier, not two.
            start = held.start
        elif held is not None:
            yield held
        if prefix and not before:
            start = prefix.start()
        yield from before
        held = Token(start, match.end(), "org", supplier(text[start : match.end()], place))
        free = match.end()
    if held is not None:
        yield held
    if "国网" in text:
        for match in _STATE_GRID.finditer(text):
            place = _place_names().get(match["place"])
            if place is not None:
                yield Token(match.start(), match.end(), "org", Party(match[0], None, True, place, place.kind))


def _listed(text: str, start: int, limit: int, ending: str) -> Iterator[Token]:
    """Yield 广东 and 云南 of "广东、云南、贵州电网公司", given the start of 贵州."""
    names = _place_names()
    found: list[Token] = []
    at = start
    while True:
        for joiner in ("、", "以及", "和", "及", "与"):
            if text.endswith(joiner, limit, at):
                end = at - len(joiner)
                break
        else:
            break
        for length in (8, 7, 6, 5, 4, 3, 2):
            place = names.get(text[end - length : end]) if end - length >= limit else None
            if place is not None:
                at = end - length
                found.append(Token(at, end, "org", supplier(text[at:end] + ending, place)))
                break
        else:
            break
    yield from reversed(found)
