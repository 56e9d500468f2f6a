"""Cuts a folded text into tokens: words of the lexicon, quantities, ranks, streaks and times.

The kinds of words are the tables of ``words.toml``; besides them there are ``metric`` and ``noun``
(``lexicon.toml``), ``org``, ``grid``, ``place`` and ``survey`` (organisations), and

=========  ====================  =========================================================
kind       value                 example
=========  ====================  =========================================================
time       TimeWord              2021年1-11月
quantity   Quantity              3.33小时
rank       int                   第9位
top        int                   前三名
streak     int                   连续13年, 六连冠, 第六年蝉联
=========  ====================  =========================================================
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from operator import attrgetter, itemgetter
from typing import NamedTuple

from svcsat_crawler.metrics.areas import areas
from svcsat_crawler.metrics.barescores import give_points
from svcsat_crawler.metrics.columns import give_column_units
from svcsat_crawler.metrics.counted import counted_bureaus
from svcsat_crawler.metrics.counties import counties_before_numbers
from svcsat_crawler.metrics.cues import cues
from svcsat_crawler.metrics.districts import districts_by_pattern, everyday_cities
from svcsat_crawler.metrics.islands import island_suppliers
from svcsat_crawler.metrics.lexicon import Word, names_from, word_index
from svcsat_crawler.metrics.live import Hit, live_text
from svcsat_crawler.metrics.parties import of_place, place_names, suppliers_by_pattern
from svcsat_crawler.metrics.runs import runs
from svcsat_crawler.metrics.tables import give_units
from svcsat_crawler.metrics.token import Token
from svcsat_crawler.metrics.zones import part_zones
from svcsat_crawler.organisations.index import Starts, matches_at
from svcsat_crawler.text.dates import find_times
from svcsat_crawler.text.figures import find_quantities, whole_number

_N = r"(?:[0-9]{1,3}|[一二两三四五六七八九十]{1,3})"
_RANKED = "列入身居位排名获夺据取得为"
_RANK = re.compile(
    rf"[第Nn](?:(?<=第)(?<!前第)(?!一(?:[名位]?)的?(?:数量?)?(?:占比|比例|占有率))|(?<=[Nn])[Oo]\.?)"
    rf"(?P<rank>{_N})(?:大?[位名](?!于|列|单|义|额|师)|(?=[,;:.。!?、()\[\]”\"’'》\n的和及与并且也较比同由从-]|$|以及|外[,;]|全省|荣|佳绩|桂|宝座|跃[居上]|升居|退居|(?:回升|回落|蹿升|蹿|晋升|晋|上升|跃升|攀升|升|前移|前进|提升|跃进|爬|冲|追|走|进|下滑|滑落|滑|跌|下降|降|后退|退)[至到为]))"
)
_TOP = re.compile(
    rf"前(?:(?<=[{_RANKED}]前)|(?<=[{_RANKED}]全[省市国区县州网]前)|(?<=[{_RANKED}]行业前))(?P<top>{_N})(?:[位名强甲]|(?=[,;:.。!?、)\]”\n]|$))"
)
_IN = "(?:全[省市国区县州网局]|当地|本地|各[区县市]{1,2}局?|公用行业|公用事业|公用服务|公共服务|同?行业|(?:供电|电力)?系统)*"
_RANK_LIST = re.compile(
    rf"[分排位名列依](?:(?<=分)(?:"
    rf"(?:列|居|别位列|别排名?|别位居|获|别列|别居|别获得?|获得){_IN}(?:各?供电局|地市局|公共服务)?(?P<list>第?{_N}(?:[位名])?(?:[、和及]第?{_N}(?:[位名])?){{1,9}})(?<=[位名])"
    rf"|(?:列|居|获|占|别位列|别排名?|别位居|别列|别居|别排在?|别获得?|别为|别是){_IN}(?P<ordinals>第{_N}(?:[、和及]第{_N}){{1,9}})(?![位名个、])"
    rf"|(?:列|居|获|占|别列|别居|别位列|别位居){_IN}第?(?:(?P<row>[一二三四五六七八九]{{2,5}})[位名甲]|(?P<first>[1一])[至到-]第?(?P<last>[2-9二三四五六七八九])[位名]?|前(?P<best>[2-9二两三四五六七八九])(?:[位名甲强]|(?=[,;。!)”\n]|$)))"
    rf")|(?:(?<=排)[名在]?|(?<=位)[列居]|(?<=名)列|(?<=列)|(?<=依)[次序][为是排列居获]?){_IN}(?:(?P<plain>第{_N}[位名]?(?:[、和]第{_N}[位名]?){{1,9}})|第?[1一][至到-]第?(?P<upto>[2-9二三四五六七八九十])[位名]))"
)
# 供、售电量分别为61亿和58亿千瓦时: two names with one ending.
_VOLUMES = re.compile(r"(?P<first>[供购发](?:电量)?)[、和及与](?P<second>售电量)")
_VOLUME_OF = {"供": "energy_supplied", "购": "energy_supplied", "发": "energy_generated"}
# 高、低压客户
_VOLTAGES = re.compile("[高低](?=[、和及与][高低]压)")
_VOLTAGE_OF = {"高": "high_voltage", "低": "low_voltage"}
_SCOPES = re.compile(r"(?P<first>第?一、)第?二(?:、|和)第?三产业|第?二、第?三产业")
# 将增加, 可节约, 要降到: a word of one character that the verb follows.
_MODAL = frozenset("将可要须需应")
_NOT_MODAL = frozenset("主重纪摘简首")
# Trades that count for what the article is about, in the paragraphs that are not read too.
_TOPICS = frozenset(("power", "service"))
_NOT_RANK = re.compile(r"倒数$|排名?末$")


def _lists(text: str, starts: Starts, voltages: Starts) -> Iterator[Token]:
    """Yield 分列1、2、3名 as one token, and 第一、二、三产业 as one token of three scopes."""
    for match in matches_at(_RANK_LIST, text, starts):
        group = match.lastgroup or "list"
        if group in ("last", "upto", "best"):
            last = whole_number(match[group]) or 0
            start = match.start("first") if group == "last" else match.start(group) - 1
            yield Token(start, match.end(group), "ranklist", tuple(range(1, last + 1)))
            continue
        items = list(match[group]) if group == "row" else re.split("[、和及]", match[group])
        values = [whole_number(item.strip("第位名")) or 0 for item in items]
        yield Token(match.start(group), match.end(group), "ranklist", tuple(values))
    for match in _VOLUMES.finditer(text) if "售电量" in text else ():
        yield Token(match.start(), match.end("first"), "metric", _VOLUME_OF[text[match.start()]])
        yield Token(match.start("second"), match.end(), "metric", "energy_sold")
    for match in matches_at(_VOLTAGES, text, voltages):
        yield Token(match.start(), match.end(), "segment", _VOLTAGE_OF[match[0]])
    for match in _SCOPES.finditer(text) if "三产业" in text else ():
        names = ("第一产业", "第二产业", "第三产业") if match["first"] else ("第二产业", "第三产业")
        yield Token(match.start(), match.end(), "scopes", names)


def _ranks(text: str, kind: str, pattern: re.Pattern[str], starts: Starts) -> Iterator[Token]:
    for match in matches_at(pattern, text, starts):
        start, end = match.span()
        value = whole_number(match[kind])
        if value is not None and not _NOT_RANK.search(text, max(0, start - 3), start):
            yield Token(start, end, kind, value)


def _named(text: str, starts: Starts) -> Iterator[Token]:
    free = 0
    for start, head in starts.items():
        match = names_from(head).match(text, start) if start >= free and text[start] != "\n" else None
        if match is not None and match.lastgroup is not None:
            free = match.end()
            metric, _, kind = match.lastgroup.partition("__")
            yield Token(match.start(), free, "metric", metric, weak=kind.startswith("loose"))


def _words(
    hits: list[Hit], live: str, taken: bytearray, suppliers: set[int]
) -> tuple[list[Token], list[str]]:
    """Return the words of the lexicon in what no other token has taken, and the topics of what is not read.

    *suppliers*: where names of some begin.
    """
    found: list[Token] = []
    topics: list[str] = []
    free = taken.find
    read = 0  # the end of the last word that a longer one had hidden
    for word, start, end in hits:
        char, kind = live[start], word.kind
        if char == "\n":
            if kind in _TOPICS:
                topics.append(kind)
            continue
        if start < read:
            continue
        if kind == "status" and char in _MODAL:
            made = _modal(word, live, start, end)
            if made and free(1, start, made[0].end) > start:
                made[0] = Token(start, start + 1, kind, word.value)  # 可|节约电费
        elif char == "年" and (taken[start] or live[start - 1].isdecimal()):
            made = _behind(live, start + 1)  # 2014年|发电量, 一年|可节约: not 年发电量, 年可
            if made and made[0].kind == "status" and free(1, start + 1, made[0].end) > start + 1:
                made[0].end = start + 2
        elif kind == "org" and live.startswith("供电量", end - 2):
            made = _volume_of(live, start, end - 2)  # 惠州|供电量: not 惠州供电
            read = end + 1
        elif kind == "org" and end in suppliers:
            continue  # 陕西地电|神木供电分公司: whose company it is
        elif not taken[start] and not taken[end - 1] and (end - start < 3 or free(1, start, end) < 0):
            found.append(Token(start, end, kind, word.value, word.weak))
            continue
        elif taken[start] and not taken[start + 1]:
            made = _behind(live, start + 1)  # 办电|压缩率: not 电压
            read = made[0].end if made else 0
        else:
            continue
        found += [token for token in made if free(1, token.start, token.end) < 0]
    return found, topics


def _quantities(text: str, hits: list[Hit]) -> list[Token]:
    """Return the quantities; a numeral inside a longer word is none: 无一例外, 头一名."""
    return [
        Token(item.start, item.end, "quantity", item)
        for item in find_quantities(text)
        if text[item.start].isdecimal() or not _within(hits, item.start, item.end)
    ]


def _splits(hits: list[Hit], position: int) -> bool:
    """Whether *position* lies inside the name of an organisation: 天富能|源城区."""
    place = bisect_left(hits, position, key=itemgetter(1)) - 1
    return place >= 0 and hits[place][2] > position and hits[place][0].kind == "org"


def _within(hits: list[Hit], start: int, end: int) -> bool:
    place = bisect_right(hits, start, key=itemgetter(1)) - 1
    return place >= 0 and hits[place][2] >= end and hits[place][2] - hits[place][1] > end - start


def _modal(word: Word, text: str, start: int, end: int) -> list[Token]:
    """Part 将增加 into what is to come and what is said of it: 增加 is a change here as elsewhere."""
    if text[start] == "要" and text[start - 1] in _NOT_MODAL:
        return []
    behind = _behind(text, start + 1)
    return [Token(start, start + 1 if behind else end, word.kind, word.value), *behind]


def _behind(text: str, start: int) -> list[Token]:
    """Return the word at *start*, which a longer one has hidden."""
    said = word_index().longest_at(text, start)
    return [] if said is None else [Token(start, said[1], said[0].kind, said[0].value, said[0].weak)]


def _volume_of(text: str, start: int, end: int) -> list[Token]:
    """Return the place and what is said of it where a supplier's short name has hidden both: 惠州|供电量."""
    place = place_names().get(text[start:end])
    named = [Token(start, end, "place", of_place(place))] if place is not None else []
    return named + _behind(text, end)


def _lay(layer: Iterable[Token], taken: bytearray, kept: list[Token]) -> None:
    """Add the tokens of a layer that overlap none of the layers before it, and take their places."""
    fresh = [token for token in layer if taken.find(1, token.start, token.end) < 0]
    for token in fresh:
        taken[token.start : token.end] = b"\x01" * (token.end - token.start)
    kept += fresh


class Tokens(NamedTuple):
    """The tokens of a text, sorted, without overlaps; the topics ("power", "service") of the rest; where the words of each cue are."""

    tokens: list[Token]
    topics: list[str]
    cues: Mapping[str, Starts]


def tokenize(text: str, *, every: bool = True) -> Tokens:
    """Return the tokens of a folded, squeezed text.

    *every*: also the numbers in figures of paragraphs that can hold no fact.

    >>> [(t.kind, t.value) for t in tokenize("连续13年排名第一").tokens if t.kind in ("streak", "rank")]
    [('streak', 13), ('rank', 1)]
    """
    if not text:
        return Tokens([], [], {})
    hits = word_index().scan(text)
    starts = cues().scan(text)
    live, counted = live_text(text, hits, starts["name"])
    taken = bytearray(len(text))
    tokens: list[Token] = []
    quantities = _quantities(counted if every else live, hits)
    bare = [token for token in quantities if not token.value.unit]
    if bare:
        give_units(live, bare)
        give_column_units(text, bare)
    places = [
        token for token in areas(live, hits, quantities, starts["quarter"]) if not _splits(hits, token.start)
    ]
    for layer in (
        _lists(live, starts["list"], starts["voltage"]),
        runs(live, starts["streak"], starts["streak_end"]),
        _ranks(live, "rank", _RANK, starts["rank"]),
        _ranks(live, "top", _TOP, starts["top"]),
        [Token(time.start, time.end, "time", time) for time in find_times(counted, starts["time"])],
        island_suppliers(live, starts["island"]),
        suppliers_by_pattern(live, starts["supplier"]),
        counted_bureaus(live, starts["bureaus"]),
        places,
        quantities,
        _named(live, starts["name"]),
        [t for t in districts_by_pattern(live, starts["district"]) if not _splits(hits, t.start)],
        everyday_cities(live, starts["city"]),
    ):
        _lay(layer, taken, tokens)
    if places:
        part_zones(places, tokens)
    words, topics = _words(hits, live, taken, {token.start for token in tokens if token.kind == "org"})
    tokens += words
    tokens.sort(key=attrgetter("start"))
    counties = counties_before_numbers(text, tokens)
    if counties:
        tokens = sorted([*tokens, *counties], key=attrgetter("start"))
    if not all(token.value.unit for token in bare):
        give_points(text, tokens, bare)
    return Tokens(tokens, topics, starts)
