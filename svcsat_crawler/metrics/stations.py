"""What a clause can be about that is no supplier of its own: a power station by its name, an office without one."""

from __future__ import annotations

import re

from svcsat_crawler.metrics.parties import Party
from svcsat_crawler.metrics.sentences import Clause, Sentence
from svcsat_crawler.metrics.token import Token
from svcsat_crawler.organisations import get

_STATION = re.compile("(?:水|核|风|变|蓄能|光伏|发|火|热|风力发|光热)?(?<![充换])电(?:站|厂|场)")
# 紧水滩水电站: what its name is made of; 福建电网水电站 are several.
_NAME = re.compile("[\u4e00-\u9fff]{2,6}$")
# 三峡集团溪洛渡电站
_OWNERS = re.compile("[^,;。]*(?:集团|公司|电网|供电局|境内|流域|[省市县州])")
_NO_NAME = frozenset("的和与在是及由对将等为各所座该其了内外里")
_SEVERAL = re.compile(
    "(?:电网|公司|供电局|全省|全市|境内|辖区|辖区内|统调|大型|小型|流域|梯级|地方|直调|农村|新建|新增|投运|所属|接入|并网|抽水|虚拟|当地|自备|垃圾|生物质|分布式|民营|集中式|村级|\\d+座)$"
)
_CUSTOMERS = ("客户", "用户", "市民", "居民")
OFFICE = "供电所"
# 各供电所, 农村供电所: all of a supplier's, not one.
_ALL = re.compile(
    r"(?:各|全部|所有|全体|[该本]|这个|农村|乡镇|基层|城区|城镇|市区|下属|所属)(?:(?:\d+|[二两三四五六七八九十]+)[个家])?"
    "(?:基层|乡镇|农村|所属|下属)?$"
)
_ONE = re.compile("(?:某个?|一个|一家|有的|个别)(?:基层|乡镇|农村)?$")
_SAID = frozenset(
    ("metric", "sat", "neutral", "scope", "segment", "quantity", "power", "status", "qualifier_before", "to")
)
_PASSED = frozenset(("time", "fill", "up", "down", "flat", "base"))
_GROUND = frozenset(("org", "place", "time", "quantity"))


def any_station(said: str) -> bool:
    """Whether words can name a power station; most cannot."""
    return "电站" in said or "电厂" in said or "电场" in said


def station(sentence: Sentence, clause: Clause, position: int) -> Party | None:
    """Return the power station that a number at *position* is about: 五强溪水电站发电量58亿千瓦时."""
    text = sentence.text
    found = next(reversed(list(_STATION.finditer(text, clause.start, position))), None)
    if found is None or not _is_said_of(sentence, clause, found.end(), position):
        return None
    behind = max((t.end for t in clause.tokens if t.kind in _GROUND and t.end <= found.start()), default=0)
    adjacent = next((t for t in clause.tokens if t.kind == "place" and t.end == found.start()), None)
    if adjacent is not None:
        return Party(text[adjacent.start : found.end()])  # 大亚湾核电站
    low = max(behind, clause.start)
    name = _NAME.search(text, low, found.start())
    if name is None or _SEVERAL.search(text, low, found.start()):
        return None
    owned = _OWNERS.match(text, low, found.start())
    start = max(
        [
            name.start(),
            owned.end() if owned else 0,
            *(at + 1 for at in range(name.start(), found.start()) if text[at] in _NO_NAME),
        ]
    )
    return Party(text[start : found.end()]) if found.start() - start > 1 else None


def unnamed_office(sentence: Sentence, clause: Clause, position: int) -> bool:
    """Whether a number is about one office of a supplier that is not named: 其中一个供电所停电12小时."""
    text = sentence.text
    at = text.rfind(OFFICE, clause.start, position)
    if at < 0 or any(t.kind == "org" and t.start <= at < t.end for t in clause.tokens):
        return False
    end = at + len(OFFICE)
    several = _ALL.search(text, clause.start, at) and not _ONE.search(text, clause.start, at)
    return not several and _is_said_of(sentence, clause, end, position)


def office_before(sentence: Sentence, position: int) -> Party | None:
    """Return the office of a supplier, a 供电所, that a sentence names before *position*."""
    named = [t.value for t in sentence.tokens if t.kind == "org" and t.end <= position]
    return next((party for party in reversed(named) if party.name.endswith("所")), None)


def serving(sentence: Sentence, place: Token, current: Party | None) -> Party | None:
    """Return the supplier told before whose customers those of a place are: 港灯…,香港客户满意度84.6分."""
    if place.value.id or not sentence.text.startswith(_CUSTOMERS, place.end):
        return None
    named = [t.value for t in sentence.tokens if t.kind == "org" and t.end <= place.start and t.value.power]
    supplier = named[-1] if named else current
    known = get(supplier.id) if supplier is not None and supplier.id else None
    return supplier if known is not None and known.serves == place.value.name else None


def _is_said_of(sentence: Sentence, clause: Clause, end: int, position: int) -> bool:
    """Whether what ends at *end* is what is spoken of up to *position*: its metric or number stands right behind it."""
    first = next((t for t in clause.tokens if t.start >= end and t.kind not in _PASSED), None)
    if first is None or first.kind not in _SAID or first.start > position:
        return False
    if first.kind == "quantity" and first.value.dimension == "count":
        return False  # 变电站12座
    generated = sentence.text.endswith("发电", end, first.start)  # 全年发电12亿千瓦时
    return sentence.heavy(end, first.start - 2 if generated else first.start) == 0
