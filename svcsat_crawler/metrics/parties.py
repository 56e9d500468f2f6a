"""Who a number can be about: suppliers by name or by pattern (新乡供电公司), and places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from msgspec import Struct
from msgspec.structs import replace

from svcsat_crawler.metrics.token import Token
from svcsat_crawler.organisations import Organisation, Place, get, lookup, places, short_name, supplier_of
from svcsat_crawler.organisations.ambiguous import ambiguous_names
from svcsat_crawler.organisations.index import Places, Starts, matches_at
from svcsat_crawler.text.figures import whole_number

_ENDINGS = (
    "供电局", "供电公司", "供电分公司", "供电分局", "供电所", "供电有限公司", "供电有限责任公司", "供电服务中心", "供电中心", "电业局", "农电局", "农电公司", "电力局", "供电部", "供电营业厅",
    "电网有限责任公司", "电网有限公司", "电网公司", "电力有限公司", "电力有限责任公司", "电力集团公司", "电力集团有限公司", "电力集团", "电力公司", "省级电网公司",
)  # fmt: skip
_ENDING = re.compile(f"(?:{'|'.join(_ENDINGS)})(?!中(?![心压低国])|们|(?<=供电部)门)")
# What every ending starts with; 供电服务 is a topic more often than a part of a name.
ENDING_STARTS = frozenset(ending if ending.startswith("供电服务") else ending[:3] for ending in _ENDINGS)
_PREFIX = re.compile(
    r"(?:国网|国家电网公司|国家电网|南方电网公司|南方电网|南网|广东电网公司|广东电网)[\u4e00-\u9fff]{0,3}$"
)
# A name of a place never holds these; the name of an unknown place starts after them.
_NO_NAME = frozenset(
    "的了在和与于及由对从到该各据为向是其把被将个家所等名第一二三四五六七八九十两当每本我全省县市区内下受评议访让使以至也都"
)
# 两个供电局, 三地供电局, 两个民族自治县供电局
_LISTS = "、"
# Right behind one of these a name of three characters begins, unless by one that is none of a name.
_STARTS = frozenset(",;:。!?\n(“在到从对由据与及和")
_LEADING = _STARTS | {"、"}
_NO_START = frozenset("赴但如原又且再即并因随经某近而则仅请找去在到从对由据为是把被将该各每第")
_LANDS = frozenset("湾桥店沟口坝塘庄寨屯峪岭坪洼营堡渡埠岛潭关")
_KINDS_OF_PLACES = (
    "中心", "镇街", "街镇", "乡镇", "镇村", "基层", "农村", "直属", "城乡", "街道",
    "县域", "区域", "辖内", "地州", "州市", "地市", "县市", "区县", "县区", "旗县",
)  # fmt: skip
# 在团场设|供电所17个, 新建|供电所: what is done with some is no name.
_FOUNDED = frozenset("设建有撤并开办增改造入过")
# 城区供电营业厅 are several desks.
_QUARTERS = frozenset(("城区", "市区", "城镇", "农村", "县城", "乡镇"))
# 全州乡镇供电所: all of them.
_RURAL = frozenset(("乡镇", "农村", "基层"))
_COUNTER = re.compile(
    r"(?P<n>[两二三四五六七八九十]|\d{1,2})(?:[个家](?:民族自治|自治)?(?:县区|区县|县市|市县|地市|[县区市地州分])?|地市|县区|区县|县市|[地县市区州家])级?$"
)
# What it can end with.
_COUNTED = frozenset("个家治县区市地州分级\n")
_AND = "、和及与"
_STATE_GRID = re.compile(r"国网(?P<place>[\u4e00-\u9fff]{2,3}?)(?:省|市)?电力(?!公司|有限|集团)")


class Party(Struct, frozen=True):
    """A supplier or a place; ``power`` says that it is a supplier of power."""

    name: str
    id: str | None = None
    power: bool = False
    place: Place | None = None
    level: str = ""

    @property
    def key(self) -> str:
        return self.id or self.name


_CITIES = frozenset(("province", "prefecture", "county"))
# What can stand before 大连公司.
EDGES = frozenset(",;:。!?、和及与中而网\n(“为是由从比较辖属至到将给对除")
# Counties whose names say no more than old town or new town: 苏州古城区 is not in 丽江.
OLD_TOWNS = frozenset(("古城区", "新城区", "老城区"))
_SIZES = ("nation", "province", "prefecture", "county")


@cache
def place_names() -> dict[str, Place]:
    """Names, full and short, of every place; a short name goes to the larger place.

    What a name of several places lies in is not known: 全省 beside 朝阳供电公司 is no province.
    """
    names: dict[str, Place] = {}
    for name, place in places():
        names.setdefault(name, place)
    for name, place in sorted(places(), key=lambda item: _SIZES.index(item[1].kind)):
        short = short_name(name)
        if len(short) >= 2:
            names.setdefault(short, place)
    for entry in ambiguous_names():
        if entry.id is None:
            names[entry.name] = replace(names[entry.name], province=None, prefecture=None)
    return names


@cache
def _lengths() -> dict[str, tuple[int, ...]]:
    """Return how long the names of places are that end with two characters, longest first."""
    lengths: dict[str, set[int]] = {}
    for name in place_names():
        lengths.setdefault(name[-2:], set()).add(len(name))
    return {end: tuple(sorted(own, reverse=True)) for end, own in lengths.items()}


def _named_place(text: str, end: int, limit: int) -> tuple[int, Place | None]:
    """Return where the name before an ending starts, and its place; start == end when there is none."""
    names = place_names()
    low = max(limit, end - 9)
    for length in _lengths().get(text[end - 2 : end], ()):
        place = names.get(text[end - length : end]) if end - length >= low else None
        if place is not None:
            return end - length, place
    first = end  # where the characters begin that a name can end with
    lowest = max(limit, end - 4)
    while first > lowest and text[first - 1].isalpha() and text[first - 1] not in _NO_NAME:
        first -= 1
    if first == end:
        return end, None
    for start in range(low, end - 3):
        for length in (4, 3, 2):
            if first <= start + length < end:
                place = names.get(text[start : start + length])
                if place is not None:
                    return start, place
    if end >= limit + 3 and (end == 3 or text[end - 4] in _LEADING) and _is_name(text[end - 3 : end]):
        return end - 3, None  # 2019年,青龙关供电所
    if end - first < 2 or text[end - 2 : end] in _KINDS_OF_PLACES or text[end - 1] in _FOUNDED:
        return end, None
    whole = next((end - n for n in (3, 4) if first <= end - n and text[end - n - 1] in _LISTS), end - 2)
    return whole, None  # 乌海、薛家湾供电公司


def _is_name(three: str) -> bool:
    """Whether three characters between a stop and an ending can be a name: 青龙关, 薛家湾 but not 另一家."""
    if three[0] in _NO_START or not three.isalpha():
        return False
    return _NO_NAME.isdisjoint(three) or three[-1] in _LANDS


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
    return Party(name, known.id, True, place_names().get(known.place or known.serves or ""), known.level)


def supplier_itself(party: Party) -> Party:
    """Return the supplier of a grid: 东莞供电局 for 东莞电网."""
    known = get(party.id) if party.id else None
    return listed(known) if known is not None and party.name == known.grid and party.power else party


def of_place(place: Place) -> Party:
    """Return the party of a place; where the table knows its only supplier it has that id."""
    known = supplier_of(place.name) if place.kind != "county" else None
    return Party(place.name, known.id if known else None, False, place, place.kind)


def suppliers_by_pattern(text: str, starts: Starts) -> Iterator[Token]:
    """Yield a token for every supplier named by place and ending, with the list before it.

    *starts*: where :data:`ENDING_STARTS` are.

    >>> starts = {4: "供电公", 14: "电网公"}
    >>> [t.value.name for t in suppliers_by_pattern("国网滨州供电公司和广东、云南电网公司", starts)]
    ['国网滨州供电公司', '广东电网公司', '云南电网公司']
    """
    found = list(_full_names(text, starts))
    yield from found
    yield from _brief_names(text, {t.value.place.name: t.value for t in found if t.value.place})


@cache
def _endings() -> Places:
    return Places({"supplier": ENDING_STARTS})


def suppliers_in(text: str) -> Iterator[Token]:
    """Return what :func:`suppliers_by_pattern` yields, for a text that is read for nothing else."""
    return suppliers_by_pattern(text, _endings().scan(text)["supplier"])


def _full_names(text: str, starts: Starts) -> Iterator[Token]:
    free = 0
    held: Token | None = None
    for match in matches_at(_ENDING, text, starts):
        end = match.start()
        counted = _COUNTER.search(text, max(free, end - 9), end) if text[end - 1] in _COUNTED else None
        named_end = counted.start() if counted else end
        start, place = _named_place(text, named_end, free)
        if match[0] == "供电营业厅" and text[start:named_end] in _QUARTERS:
            continue
        if text[named_end - 2 : named_end] in _RURAL:
            continue
        if start == named_end or (counted and (place is None or text[start - 1] not in _AND)):
            continue
        before = list(listed_before(text, start, free, match[0])) if text[start - 1] in _AND else []
        if counted:
            # 敖汉、宁城两个供电局: as many suppliers, none with 两个 in its name.
            if whole_number(counted["n"]) != len(before) + 1:
                continue
            name = supplier(text[start:named_end] + match[0], place)
            if held is not None:
                yield held
            yield from before
            held, free = Token(start, named_end, "org", name), match.end()
            continue
        low = max(free, start - 10)
        prefix = _PREFIX.search(text, low, start) if "网" in text[low:start] else None
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
            place = place_names().get(match["place"])
            if place is not None:
                yield Token(match.start(), match.end(), "org", Party(match[0], None, True, place, place.kind))


def _finds(text: str, what: str) -> Iterator[int]:
    at = text.find(what, 2)
    while at >= 0:
        yield at
        at = text.find(what, at + 1)


def _brief_names(text: str, known: dict[str, Party]) -> Iterator[Token]:
    """Yield 大连公司: a place with nothing before it that could name another trade; *known* by their place.

    >>> [t.value.name for t in _brief_names("其中大连公司降幅最大;中石化大连公司", {})]
    ['大连公司']
    """
    names = place_names()
    for at in _finds(text, "局") if known or "供电局" in text else ():
        place = names.get(text[at - 2 : at])
        party = known.get(place.name) if place is not None else None
        if party is None and place is not None and place.kind == "prefecture" and _is_bureau(text, at):
            party = supplier(f"{short_name(place.name)}供电局", place)
        if party is None and place is not None and text[at - 3 : at - 2] in EDGES:
            party = _county_bureau(place, known, text) if text[at + 1 : at + 2] not in "长部面里内" else None
        if party is not None:
            yield Token(at - 2, at + 1, "org", party)  # 英德局, behind 英德供电局 or 清远供电局
    for at in _finds(text, "公司"):
        place = names.get(text[at - 2 : at])
        if place is not None and place.kind in _CITIES and (at == 2 or text[at - 3] in EDGES):
            party = known.get(place.name) or supplier(text[at - 2 : at + 2], place)
            yield Token(at - 2, at + 2, "org", party)


def _is_bureau(text: str, at: int) -> bool:
    """Whether 局 at *at* ends the name of one of several bureaus: 昆明局、曲靖局位列前二."""
    listed = text[at + 1 : at + 2] in _AND or text[at - 3 : at - 2] in _AND
    return listed and (at == 2 or text[at - 3] in EDGES) and "供电局" in text[max(0, at - 60) : at]


def _county_bureau(place: Place, known: dict[str, Party], text: str) -> Party | None:
    """Return the bureau of a county whose city's bureau is known, or whose city a text about bureaus names."""
    if place.kind != "county":
        return None
    for county in (place,) if place.prefecture else counties_called().get(short_name(place.name), ()):
        above = known.get(county.prefecture or "")
        told = county.prefecture and county.prefecture in text and "个局" in text
        if told or (above is not None and above.name.endswith("供电局")):
            return supplier(f"{short_name(county.name)}供电局", county)
    return None


@cache
def counties_called() -> dict[str, list[Place]]:
    """Return the counties by their short names: 五华 is one of 梅州 and one of 昆明."""
    called: dict[str, list[Place]] = {}
    for _, place in places():
        if place.kind == "county":
            called.setdefault(short_name(place.name), []).append(place)
    return called


def is_town_of_city(text: str, start: int, end: int) -> bool:
    """Whether what reads as a county is the end of a city's name and its town: 佛山|城区, not 山城区."""
    return text.startswith("城区", end - 2) and text[start - 1 : start + 1] in place_names()


def listed_before(text: str, start: int, limit: int, ending: str) -> Iterator[Token]:
    """Yield 广东 and 云南 of "广东、云南、贵州电网公司", given the start of 贵州."""
    names = place_names()
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
