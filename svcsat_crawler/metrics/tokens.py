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
from collections.abc import Iterable, Iterator
from operator import attrgetter

from svcsat_crawler.metrics.lexicon import name_patterns, word_index
from svcsat_crawler.metrics.live import TOPICS, Hit, live_text
from svcsat_crawler.metrics.parties import suppliers_by_pattern
from svcsat_crawler.metrics.token import Token
from svcsat_crawler.text.dates import find_times
from svcsat_crawler.text.figures import find_quantities, whole_number

_N = r"(?:\d{1,3}|[一二两三四五六七八九十]{1,3})"
# Every alternative starts with a character of its own: that lets the scan skip the rest of the text.
_STREAK = re.compile(
    rf"连续(?:第|了)?(?P<years>{_N})个?年(?:度|头)?|连续第(?P<in_row>{_N})年|连(?P<short>{_N})年"
    rf"|连冠(?P<held>{_N})年|蝉联(?P<again>{_N})年"
    rf"|第(?P<nth>{_N})年(?:度)?(?:连续|蝉联|获|荣|夺|位居|居|稳居|排名|摘|登|保持)"
)
_STREAK_END = re.compile(r"连[冠霸]|年(?:连续|蝉联|稳居|位居|保持|居|均居|均列|都是|都居|排名)")
_BEFORE_END = re.compile(rf"(?<!\d){_N}$")
_RANKED = "列入身居位排名获夺据取得为"
_RANK = re.compile(
    rf"[第Nn](?:(?<=第)(?<!前第)(?!一(?:[名位]?)的?(?:占比|比例|占有率))|(?<=[Nn])[Oo]\.?)"
    rf"(?P<rank>{_N})(?:大?[位名](?!于|列|单|义|额|师)|(?=[,;:.。!?、)\]”\"’'》\n的和及与并且也]|$|以及|全省|荣|佳绩|桂|宝座))"
)
_TOP = re.compile(
    rf"前(?:(?<=[{_RANKED}]前)|(?<=[{_RANKED}]全[省市国]前)|(?<=[{_RANKED}]行业前))(?P<top>{_N})(?:[位名强甲]|(?=[,;:.。!?、)\]”\n]|$))"
)
_RANK_LIST = re.compile(
    rf"分(?:列|居|别位列|别排名?|别位居|获|别列|别居)(?:全省|全市|全国)?(?P<list>第?{_N}(?:[位名])?(?:[、和]第?{_N}(?:[位名])?){{1,9}})(?<=[位名])"
)
_SCOPES = re.compile(r"(?P<first>第?一、)第?二(?:、|和)第?三产业|第?二、第?三产业")
_NOT_RANK = re.compile(r"倒数$|排名?末$")


def _streaks(text: str) -> list[Token]:
    found: list[Token] = []
    for match in _STREAK.finditer(text):
        group = match.lastgroup or ""
        years = whole_number(match[group])
        if years is not None and years < 100:
            found.append(Token(match.start(), match.end(), "streak", years, weak=group in ("nth", "short")))
    ends: list[Token] = []
    for match in _STREAK_END.finditer(text):
        count = _BEFORE_END.search(text, max(0, match.start() - 3), match.start())
        years = whole_number(count[0]) if count else None
        if count and years is not None and years < 100:
            ends.append(Token(count.start(), match.end(), "streak", years, weak=match[0][0] == "年"))
    return _without_overlaps((found, ends), len(text)) if ends else found


def _lists(text: str) -> Iterator[Token]:
    """Yield 分列1、2、3名 as one token, and 第一、二、三产业 as one token of three scopes."""
    for match in _RANK_LIST.finditer(text):
        values = [whole_number(item.strip("第位名")) or 0 for item in re.split("[、和]", match["list"])]
        yield Token(match.start("list"), match.end("list"), "ranklist", tuple(values))
    for match in _SCOPES.finditer(text) if "三产业" in text else ():
        names = ("第一产业", "第二产业", "第三产业") if match["first"] else ("第二产业", "第三产业")
        yield Token(match.start(), match.end(), "scopes", names)


def _ranks(text: str) -> Iterator[Token]:
    for pattern, kind in ((_RANK, "rank"), (_TOP, "top")):
        for match in pattern.finditer(text):
            start, end = match.span()
            value = whole_number(match[kind])
            if value is not None and not _NOT_RANK.search(text, max(0, start - 3), start):
                yield Token(start, end, kind, value)


def _named(text: str) -> Iterator[Token]:
    starts, names = name_patterns()
    free = 0
    for start in starts.finditer(text):
        match = names.match(text, start.start()) if start.start() >= free else None
        if match is not None and match.lastgroup is not None:
            free = match.end()
            yield Token(match.start(), free, "metric", match.lastgroup.partition("__")[0])


def _words(hits: list[Hit], live: str) -> list[Token]:
    return [
        Token(start, end, word.kind, word.value, word.weak)
        for word, start, end in hits
        if live[start] != "\n" or word.kind in TOPICS
    ]


def _without_overlaps(layers: Iterable[Iterable[Token]], length: int) -> list[Token]:
    """Merge layers; where two tokens overlap the one of the earlier layer stays."""
    taken = bytearray(length)
    kept: list[Token] = []
    for layer in layers:
        fresh = [token for token in layer if taken.find(1, token.start, token.end) < 0]
        for token in fresh:
            taken[token.start : token.end] = b"\x01" * (token.end - token.start)
        kept += fresh
    kept.sort(key=attrgetter("start"))
    return kept


def tokenize(text: str) -> list[Token]:
    """Return the tokens of a folded, squeezed text, sorted, without overlaps.

    >>> [(t.kind, t.value) for t in tokenize("连续13年排名第一") if t.kind in ("streak", "rank")]
    [('streak', 13), ('rank', 1)]
    """
    hits = word_index().scan(text)
    live = live_text(text, hits)
    return _without_overlaps(
        (
            _lists(live),
            _streaks(live),
            _ranks(live),
            [Token(time.start, time.end, "time", time) for time in find_times(text)],
            [Token(item.start, item.end, "quantity", item) for item in find_quantities(live)],
            suppliers_by_pattern(live),
            _named(live),
            _words(hits, live),
        ),
        len(text),
    )
