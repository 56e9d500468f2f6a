"""Districts, counties and cities that their neighbours tell to be places: 福田中心区, 义乌电网, 大连平均停电时间."""

from __future__ import annotations

import re
from collections.abc import Iterator

from svcsat_crawler.metrics.parties import EDGES, Party, is_town_of_city, of_place, place_names
from svcsat_crawler.metrics.token import Token
from svcsat_crawler.organisations.index import Starts, matches_at

_GRID = "电网"
DISTRICT_STARTS = (
    "中心城区", "中心区", "核心区", "主城区", "城区", "城网", "农网", "赛区", "电网",
    "供电可靠", "供电服务满意", "供电区域",
)  # fmt: skip
_DISTRICT = re.compile(
    r"中心城?区|核心区|主城区|城区|城网|农网|赛区|电网(?!公司|有限|企业|建|规|改|投|运|安|设|架)|供电(?=可靠|服务满意|区域)"
)


# Cities whose names are everyday words: only before what a place has, 大连平均停电时间 but not 大连续作战.
EVERYDAY_STARTS = ("大连", "大理", "来宾", "山南", "阿里", "白银", "海北", "海西", "黄南")
_AND = frozenset("、和与及")
_HAS = re.compile(
    r"的?(?:客户|用户|城市|农村|城网|农网|城乡|户均|平均停|电网|供电|居民用|全社会|全年|则?为?\d)"
)


def districts_by_pattern(text: str, starts: Starts) -> Iterator[Token]:
    """Yield a token for a district or county named without its rank before what only a place has.

    *starts*: where :data:`DISTRICT_STARTS` are.

    >>> starts = {7: "中心区", 13: "赛区", 18: "电网"}
    >>> text = "2022年福田中心区、崇礼赛区和义乌电网"
    >>> [(t.value.name, t.start, t.end) for t in districts_by_pattern(text, starts)]
    [('福田区', 5, 7), ('崇礼区', 11, 13), ('义乌电网', 16, 20)]
    """
    names = place_names()
    for match in matches_at(_DISTRICT, text, starts):
        end = match.start()
        for length in (4, 3, 2):
            place = names.get(text[end - length : end]) if end >= length else None
            if place is None or place.kind != "county" or is_town_of_city(text, end - length, end):
                continue
            if text[end - length] not in "全城郊矿":
                name = text[end - length : end + len(_GRID)]
                grid = name.endswith(_GRID)
                party = Party(name, place=place, level="county") if grid else of_place(place)
                yield Token(end - length, end + len(_GRID) if grid else end, "place", party)
                break


def _beside_city(text: str, start: int, end: int) -> bool:
    """Whether another city stands beside a name in a list: 日喀则、山南、林芝."""
    names = place_names()
    before = text[start - 1 : start] in _AND and any(text[start - 1 - n : start - 1] in names for n in (2, 3))
    behind = text[end : end + 1] in _AND and any(text[end + 1 : end + 1 + n] in names for n in (2, 3))
    return before or behind


def everyday_cities(text: str, starts: Starts) -> Iterator[Token]:
    """Yield a token for a city with the name of an everyday word where it can be nothing else.

    *starts*: where :data:`EVERYDAY_STARTS` are.

    >>> [(t.value.name, t.start) for t in everyday_cities("其中,大连平均停电时间最短;扩大连片改造", {3: "大连", 15: "大连"})]
    [('大连', 3)]
    """
    for start, name in starts.items():
        end = start + len(name)
        alone = (start == 0 or text[start - 1] in EDGES) and _HAS.match(text, end)
        if alone or _beside_city(text, start, end):
            yield Token(start, end, "place", of_place(place_names()[name]))
