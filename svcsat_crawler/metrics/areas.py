"""Places that no table names, or that are named by less than their name: 燕子镇, 陆家嘴核心区, 台江、榕江.

They are looked for only where a number or a name of reliability stands right behind them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import chain

from svcsat_crawler.metrics.live import Hit
from svcsat_crawler.metrics.parties import OLD_TOWNS, Party, is_town_of_city, of_place, place_names
from svcsat_crawler.metrics.token import Token
from svcsat_crawler.organisations import Place, places, short_name
from svcsat_crawler.organisations.index import Starts

_OUTAGES = frozenset(("saidi", "saifi", "asai", "connection_time"))
# Those of a counted list alone: 江阴、宜兴两市|用电量.
_VOLUMES = frozenset(("energy_consumed", "energy_sold", "energy_supplied", "peak_load"))
# Words that can stand behind a place: 停电时间, 分别.
_MARKS = frozenset(("metric", "resp"))
_DIMENSIONS = frozenset(("hours", "minutes", "seconds", "percent", "points", "times", "days", "working_days"))
# 客户, 的, 全口径, 约: what can stand between a place and what is said of it, word by word.
_SOFT_WORDS = (
    "客户", "用户", "居民", "企业", "的", "内", "年均", "全年", "年", "全口径", "低压", "中压", "高压", "小微", "平均", "户均", "城市", "农村", "城区", "电网", "地区", "约", "近", "仅", "为", "则", "达", "有",
    "只", ":", "高达", "低至", "到", "均", "由", "从", "降", "缩短", "下降", "最短,", "最长,", "最少,", "最多,", "最低,", "最高,",
)  # fmt: skip
# By their last characters, longer ones first.
_SOFT = {
    end: tuple(sorted((word for word in _SOFT_WORDS if word[-1] == end), key=len, reverse=True))
    for end in {word[-1] for word in _SOFT_WORDS}
}
# 三家县公司, 两县: how many the list before it has.
_COUNTED = re.compile(
    r"(?P<n>[两二三四五六七八九])个?家?(?:县区|区县|市县|县市|区|县|市|地|局)(?:级|级?供电)?(?:公司|局)?$"
)
_NUMBER = {char: number for number, char in enumerate("二三四五六七八九", 2)} | {"两": 2}
_GROUP = re.compile(r"\d{1,3}[个座](?:主要|重点|省会|地级|大)?(?:城市|市|地市|地级市|区县|县区|县)$")
_ENDINGS = (
    "高新技术产业开发区", "经济技术开发区", "高新技术开发区", "经济开发区", "高新区", "经开区", "自贸片区", "自贸试验区", "自贸区", "产业园区", "工业园区", "科技园区", "开发区", "核心区", "示范区",
    "保税区", "合作区", "度假区", "商务区", "中心区", "工业区", "试验区", "实验区", "启动区", "起步区", "片区", "园区", "新区", "港区", "地区", "湾区", "街道", "镇", "乡", "科学城",
    "科技城", "大学城", "生态城", "新城", "岛", "产业园", "工业园", "科技园", "软件园", "CBD", "副中心",
)  # fmt: skip
_LAST = frozenset(ending[-1] for ending in _ENDINGS)
# What a list of places, with or without its number, can end with besides a known name; and before what is soft.
_CLOSING = _LAST.union("市县区地局司")
_ENDS = _CLOSING.union(_SOFT)
# Whole names, though they look like endings alone.
_KNOWN = ("城市副中心", "首都功能核心区")
# Parts of the country, named in a list of them: 东部、中部、西部地区.
QUARTERS = frozenset(("东部", "中部", "西部", "华东", "华北", "华中", "华南", "东北", "西北", "西南"))
# 华东成绩居首, 其中东北最长; but 华北电力大学, 西北部, 西北监管局
_SAID = re.compile(
    r"(?P<whole>..(?:区域|地区)?)(?=的?(?:成绩|表现|[用客]户|城市|农村|平均|户均|供电可靠|则|[以居排位列为]|最|[,:\d]))"
)
_SAID_BEHIND = frozenset(",;:。、\n年中看是")
# 农村地区, 国家级新区, 沿海乡镇: no name.
_GENERIC = re.compile(
    r"(?:^.?|[两二三四五六七八九十\d]大|[两二三四五六七八九十\d]个|农村|乡村|城市|城镇|乡|偏远|边远|国家级?|省级|市级|重点|可靠性?|停电|示范|先行|试点|部分|其[他它余]|所有|全部|多数|各个|居民|产业|工业|科技|经济|高新|自贸|商务|保税"
    r"|开发|整个|城乡|[东西南北中]部|沿海|发达|贫困|受灾|民族|现代|智慧|物流|高端|核心|中心|[心主县市]城|城郊|建设|重要|创新|数字|特色|电力|供电|服务|美丽|一流)$"
)
_LEADS = (
    "其中", "目前", "今年", "去年", "如今", "同时", "此外", "另外", "例如", "比如", "特别是", "尤其是", "位于", "记者", "全镇", "全乡", "显示", "当地", "截至", "数据",
)  # fmt: skip
# No name of a place holds these, or the name starts behind them.
_STOPS = frozenset(
    "的了在和与及由对从到该各据为向是把被将所等第当每本我们内下上让使以至也都省市县月日年局司伏"
)
# 市中 is a district, 城市中 and 全市中 name none.
_NO_NAMES = frozenset(("城市", "全市", "各市", "地市", "县市"))
_JOINERS = ("以及", "、", "和", "及", "与")
_BETWEEN = frozenset("、和及与")
# 深圳、广州、佛山3个城市 are those three.
_WHOLE = (None, Place("全国", "nation"))
_LONGEST = 8
_SHORTEST = 2
_FEW = 2
# 昭觉、布拖等七县 is a part of a whole; 德阳、绵阳供电公司 are suppliers.
_GO_ON = ("等", "供电", "、", "电网", "公司", "电力", "局", "和")


def areas(text: str, hits: list[Hit], quantities: list[Token], quarters: Starts) -> Iterator[Token]:
    """Yield places before the names of reliability and the numbers of a text, and lists of counties.

    *quarters*: where the :data:`QUARTERS` begin.

    >>> from svcsat_crawler.metrics.lexicon import Word
    >>> text = "曲界镇户均停电3小时"
    >>> [(t.value.name, t.start, t.end) for t in areas(text, [(Word("metric", "saidi"), 3, 7)], [], {})]
    [('曲界镇', 0, 3)]
    """
    marks = [(word, start) for word, start, _ in hits if word.kind in _MARKS]
    named = [
        start
        for word, start in marks
        if word.value in _OUTAGES or (word.value in _VOLUMES and text[start - 2] in _NUMBER)
    ]
    if not named:
        return
    behind = [start for word, start in marks if word.kind == "resp"]
    behind += [t.start for t in quantities if t.value.dimension in _DIMENSIONS or not t.value.unit]
    seen: set[int] = set()
    pairs = _last_pairs()
    places = {
        position
        for position in (*named, *behind)
        if text[position - 1] in _ENDS or text[position - 2 : position] in pairs
    }
    found = (token for position in sorted(places) for token in _before(text, position))
    for token in chain(found, _neighbours(text), _quarters(text, quarters)):
        if token.start not in seen:
            seen.add(token.start)
            yield token


def _before(text: str, position: int) -> Iterator[Token]:
    """Yield the place, or the places of a list, that what starts at *position* is said of."""
    low = max(0, position - 16)
    end = position
    pairs = _last_pairs()
    while True:
        if text[end - 1] not in _CLOSING and text[end - 2 : end] not in pairs:
            soft = _soft(text, low, end)
            if not soft:
                return
            end -= soft
            continue
        group = _GROUP.search(text, low, end) if text[end - 1] in "市县区" else None
        if group is not None and text[group.start() - 1] == "有":
            return  # 有8个城市低于2小时
        if group is not None and place_names().get(text[group.start() - 2 : group.start()]) in _WHOLE:
            yield Token(group.start(), end, "place", Party(group[0], level="region"))
            return
        counted = _COUNTED.search(text, low, end) if text[end - 1] in "县区市地局司" else None
        found = listed_at(text, counted.start() if counted else end)
        if found and (counted is None or len(found) == _NUMBER[counted["n"]]):
            yield from found
            return
        soft = _soft(text, low, end)
        if not soft:
            return
        end -= soft


def _soft(text: str, low: int, end: int) -> int:
    """Return how long the soft word is that ends at *end*, 0 where none does."""
    for word in _SOFT.get(text[end - 1], ()):
        if text.endswith(word, low, end):
            return len(word)
    return 0


def listed_at(text: str, end: int) -> list[Token]:
    """Return the places of a list that ends at *end*, the last one first."""
    found: list[Token] = []
    while (token := _at(text, end)) is not None:
        found.append(token)
        joiner = next((j for j in _JOINERS if text.endswith(j, 0, token.start)), None)
        if joiner is None:
            break
        end = token.start - len(joiner)
    return found if len(found) < _FEW else _of_one(found)


def _of_one(found: list[Token]) -> list[Token]:
    """Let the places of a list lie in one prefecture where their names allow it: 台江、榕江."""
    inside = _common([_counties().get(_short(token.value.name), ()) for token in found])
    if inside is None:
        return found
    return [
        Token(token.start, token.end, "place", of_place(place))
        for token in found
        for place in _counties()[_short(token.value.name)]
        if place.prefecture == inside
    ]


def _at(text: str, end: int) -> Token | None:
    """Return the place whose name ends at *end*: a county of the table, or an unknown one by its ending."""
    if text[end - 1] not in _LAST and text[end - 2 : end] not in _last_pairs():
        return None
    if text[end - 1] in _LAST and (whole := next((n for n in _KNOWN if text.endswith(n, 0, end)), None)):
        party = Party(whole, place=Place(whole, "county"), level="county")
        return Token(end - len(whole), end, "place", party)
    names = place_names()
    for length in (4, 3, 2):
        first = end - length
        place = names.get(text[first:end]) if first >= 0 else None
        if place is not None and text[first - 1 : first + 1] in _NO_NAMES:
            return None  # 52个主要城|市中
        if place is not None and text[first] not in "全城郊矿各" and place.name not in OLD_TOWNS:
            if is_town_of_city(text, first, end):
                return None
            return Token(first, end, "place", of_place(place)) if place.kind == "county" else None
    return _quarter(text, end) or (_unknown(text, end) if text[end - 1] in _LAST else None)


def _quarter(text: str, end: int) -> Token | None:
    """Return 东部 of 东部、中部和西部地区: a part of the country counts beside another one."""
    if text[end - 1] not in "部东北中南区":
        return None
    last = end - len("地区") if text.endswith("地区", 0, end) else end
    name = text[last - 2 : last]
    listed = text[last - 3 : last - 2] in _BETWEEN or text[end : end + 1] in _BETWEEN
    return Token(last - 2, end, "place", Party(name, level="region")) if listed and name in QUARTERS else None


def _quarters(text: str, starts: Starts) -> Iterator[Token]:
    """Yield the parts of the country that are said to do or to reach something: 华东成绩居六大区域之首, 其中东北最长."""
    for at, name in starts.items():
        match = _SAID.match(text, at)
        if match is not None and (text[at - 1] in _SAID_BEHIND or match.end("whole") > at + len(name)):
            yield Token(at, match.end("whole"), "place", Party(match["whole"], level="region"))


def _unknown(text: str, end: int) -> Token | None:
    ending = next((word for word in _ENDINGS if text.endswith(word, 0, end)), None)
    if ending is None:
        return None
    start = end - len(ending)
    low = max(0, start - _LONGEST)
    while start > low and "\u4e00" <= text[start - 1] <= "\u9fff" and _spelled(text, start - 1):
        start -= 1
    start += len(next((word for word in _LEADS if text.startswith(word, start)), ""))
    name = text[start:end]
    if ending in ("镇", "乡") and name[-2:-1] in "城乡集村小古":
        return None
    if end - start - len(ending) < _SHORTEST or _GENERIC.search(name.removesuffix(ending)):
        return None
    known = place_names().get(name)
    party = of_place(known) if known else Party(name, place=Place(name, "county"), level="county")
    return Token(start, end, "place", party)


def _spelled(text: str, at: int) -> bool:
    """Whether a character can be one of a name: 都 and 上 are in 成都 and 上海 only."""
    names = place_names()
    return text[at] not in _STOPS or text[at - 1 : at + 1] in names or text[at : at + 2] in names


def _neighbours(text: str) -> Iterator[Token]:
    """Yield the counties of 台江、榕江受灾: two at least of one prefecture, with nothing like 等地 behind."""
    known, (heads, ends) = _counties(), _county_edges()
    at = text.find("、", 2)
    while at >= 0:
        behind = at + 1
        between = text[at - 1] in ends and text[at + 1 : at + 2] in heads
        starts = [n for n in (2, 3, 4) if text[at - n : at] in known] if between else []
        if starts:
            first = at - starts[-1]
            names = [text[first:at]]
            end = at
            while text.startswith(("、", "和"), end):
                name = next(
                    (
                        text[end + 1 : end + 1 + n]
                        for n in (4, 3, 2)
                        if text[end + 1 : end + 1 + n] in _counties()
                    ),
                    None,
                )
                if name is None:
                    break
                names.append(name)
                end += len(name) + 1
            behind = max(behind, end)
            inside = _common([_counties()[name] for name in names])
            if len(names) >= _FEW and inside is not None and not text.startswith(_GO_ON, end):
                yield from _of_one(_spell(text, first, names))
        at = text.find("、", behind)


def _spell(text: str, start: int, names: list[str]) -> list[Token]:
    """Return a token for each name of a list that starts at *start*."""
    made = []
    for name in names:
        made.append(Token(start, start + len(name), "place", of_place(_counties()[name][0])))
        start += len(name) + 1
    return made


def _common(choices: list[tuple[Place, ...]]) -> str | None:
    """Return the one prefecture in which each of several names has a county, or None."""
    inside = [{place.prefecture for place in places if place.prefecture} for places in choices]
    both = set.intersection(*inside) if inside else set()
    return next(iter(both)) if len(both) == 1 else None


@cache
def _county_edges() -> tuple[frozenset[str], frozenset[str]]:
    """Return the first and the last characters of the short names of counties."""
    return frozenset(name[0] for name in _counties()), frozenset(name[-1] for name in _counties())


def _short(name: str) -> str:
    return name if name in _counties() else short_name(name)


@cache
def _last_pairs() -> frozenset[str]:
    """Return what the name of a known place can end with: most places in a text need no more to be refused."""
    return QUARTERS.union(name[-2:] for name in place_names())


@cache
def _counties() -> dict[str, tuple[Place, ...]]:
    """Return the counties of every short name: 台江 is one of 福州 and one of 黔东南."""
    named: dict[str, tuple[Place, ...]] = {}
    for name, place in places():
        short = short_name(name)
        if place.kind == "county" and len(short) > 1:
            named[short] = (*named.get(short, ()), place)
    return named
