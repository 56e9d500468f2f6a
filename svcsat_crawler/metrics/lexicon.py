"""Loads the lexicon: ``lexicon.toml`` names the metrics, ``words.toml`` the words around numbers."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from svcsat_crawler.metrics.parties import OLD_TOWNS, listed, of_place
from svcsat_crawler.organisations import Place, organisations, places, survey_houses
from svcsat_crawler.organisations.index import WordIndex
from svcsat_crawler.text.figures import Quantity
from svcsat_crawler.text.width import fold

# What a pattern calls a number -> the end of its unit.
_NUMBERS = {"money": "元", "days": "个?(?:工作日|天|日)"}
# Between a verb and the number it governs: 成交了约, 用电累计达到.
_SOFTENED = "(?:了|约|近|超|逾|达|到|为|共|完成|累计|超过|突破|达到|接近|合计|只|仅|有|就|平均|实现)*"
# What says that power is meant: not 电信, 电视; how far before another trade it can stand in one list with it.
_ELECTRIC = re.compile("(?<!广)电(?![信视话商梯子脑])|千伏")
_VOLTAGE = re.compile(_ELECTRIC.pattern + "|[高低]压")
_JOINED = 4
# Short names of places that are everyday words; only their full names (白银市) count.
_EVERYDAY = {"白银", "阿里", "海北", "海西", "山南", "黄南", "来宾", "东方", "和平", "大理", "吉林市", "大连"}


@dataclass(slots=True, frozen=True)
class Metric:
    """One entry of the lexicon; see the head of ``lexicon.toml`` for the fields."""

    id: str
    title: str
    unit: str
    accepts: dict[str, float]
    better: Literal["high", "low"] | None = None
    names: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    rates: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    loose: tuple[str, ...] = ()
    wide: bool = False
    instead: dict[str, str] = field(default_factory=dict)
    before: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()
    counters: tuple[str, ...] = ()
    reach: int = 0
    limits: tuple[float, float] | None = None
    core: bool = True
    several: bool = False

    def needed(self, text: str, start: int, end: int) -> bool:
        """Whether a piece of the text holds one of the words that a weak name needs."""
        if self.unless and self.foreign(text, start, end):
            return False
        return any(word in text[start:end] for word in self.needs)

    def foreign(self, text: str, start: int, end: int) -> bool:
        """Whether the words of a piece of the text up to *end* are another trade's: 用水报装, not 用电用水报装.

        Of two trades that nothing joins the last one decides: 用水报装3天,低压平均用电报装5天.
        """
        if not _one_of(self.unless).search(text, start, end):
            return False
        last = max(text.rfind(word, start, end) for word in self.unless)
        if _ELECTRIC.search(text, last, end):
            return False
        return _ELECTRIC.search(text, max(start, last - _JOINED), last) is None

    @staticmethod
    def untold(text: str, start: int, end: int) -> bool:
        """Whether a piece of the text does not say that power is meant: 报装平均时间5天."""
        return _VOLTAGE.search(text, start, end) is None


@dataclass(slots=True, frozen=True)
class Word:
    """What a word of the text means to the rules: a kind and, for some kinds, a value."""

    kind: str
    value: Any = None
    weak: bool = field(default=False)


@cache
def _one_of(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(words))


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(name).read_text(encoding="utf-8"))


@cache
def metrics() -> dict[str, Metric]:
    """Return the metrics by id."""
    made: dict[str, Metric] = {}
    for id, row in _toml("lexicon.toml")["metric"].items():
        fields: dict[str, Any] = {
            key: tuple(item) if isinstance(item, list) else item for key, item in row.items()
        }
        made[id] = Metric(id=id, **fields)
    return made


def counted_in(metric: str, quantity: Quantity) -> bool:
    """Whether a count has one of the counters that the metric is printed in: 件 for complaints, not 家."""
    counters = metrics()[metric].counters
    return not counters or quantity.unit in counters


def _metric_words() -> Iterator[tuple[str, Word]]:
    for noun in _toml("lexicon.toml")["other"]["nouns"]:
        yield noun, Word("noun")
    for metric in metrics().values():
        for name in metric.names:
            yield name, Word("metric", metric.id)
        for name in metric.rates:
            yield name, Word("noun", metric.id)
        for name in metric.weak:
            yield name, Word("metric", metric.id, weak=True)


def _organisation_words() -> Iterator[tuple[str, Word]]:
    for organisation in organisations():
        for name in {organisation.name, fold(organisation.full), *organisation.aliases}:
            if name != organisation.name or not organisation.brief:
                yield name, Word("org", listed(organisation))
        if organisation.grid:
            yield organisation.grid, Word("org", listed(organisation, grid=True))
    for house in survey_houses():
        for name in (house.name, *house.aliases):
            yield name, Word("survey", house)


def _place_words() -> Iterator[tuple[str, Word]]:
    seen: set[str] = set()
    yield "我国", Word("place", of_place(Place("全国", "nation")))
    for name, place in places():
        word = Word("place", of_place(place))
        if (len(name) > 2 and name not in OLD_TOWNS) or place.kind == "nation":
            yield name, word
        if place.kind in ("province", "prefecture") and place.name not in _EVERYDAY | seen:
            seen.add(place.name)
            if place.name != name:
                yield place.name, word


@cache
def word_index() -> WordIndex[Word]:
    """Return the one index of every word; a word that two entries claim belongs to the first."""
    words: dict[str, Word] = {}
    for word, meaning in _metric_words():
        words.setdefault(word, meaning)
    for kind, groups in _toml("words.toml").items():
        for value, group in groups.items():
            for word in group:
                meaning = Word(kind, None if value == "words" else value)
                words.setdefault(word, Word("rank", int(value)) if kind == "ordinal" else meaning)
    for word, meaning in (*_organisation_words(), *_place_words()):
        words.setdefault(word, meaning)
    return WordIndex(words.items())


@cache
def name_heads() -> frozenset[str]:
    """Return the words one of which starts every name with a gap."""
    return frozenset(
        head
        for metric in metrics().values()
        for pattern in (*metric.patterns, *metric.loose)
        for head in _heads(pattern)
    )


@cache
def names_from(head: str) -> re.Pattern[str]:
    """Return the names with a gap that can start with *head*, one of :func:`name_heads`.

    The name of the group that has matched is the metric's id, two underlines, and ``loose`` when the
    name needs a word beside it.
    """
    fits = [
        group
        for heads, group in _named_groups()
        if any(own.startswith(head) or head.startswith(own) for own in heads)
    ]
    return re.compile(_with_numbers("|".join(fits)).replace("[^,", "[^\\n,"))


@cache
def _named_groups() -> tuple[tuple[set[str], str], ...]:
    """Return, for each pattern, the words it starts with and its group."""
    return tuple(
        (_heads(pattern), f"(?P<{metric.id}__{kind}{number}>{pattern})")
        for metric in metrics().values()
        for kind, patterns in (("", metric.patterns), ("loose", metric.loose))
        for number, pattern in enumerate(patterns)
    )


def _with_numbers(pattern: str) -> str:
    """Put expressions for numbers in place of <money> and <days>."""
    for name, unit in _NUMBERS.items():
        pattern = pattern.replace(
            f"<{name}>", rf"[约近超达逾过为共到]*\d[\d.,]*[余多几]?[十百千]?[万亿]*{unit}"
        )
    return pattern


@cache
def frames(dimension: str, unit: str) -> tuple[re.Pattern[str] | None, re.Pattern[str] | None]:
    """Return what stands before and what stands behind the numbers of *dimension* in *unit* that no name claims.

    The first is to end at the number, the second to start behind it; the name of the group that has
    matched is the metric's id, as with :func:`names_from`.
    """
    own = [m for m in metrics().values() if dimension in m.accepts and (not m.counters or unit in m.counters)]
    before = [f"(?P<{m.id}__{n}>{pattern})" for m in own for n, pattern in enumerate(m.before)]
    behind = [f"(?P<{m.id}__{n}>{pattern})" for m in own for n, pattern in enumerate(m.behind)]
    return (
        re.compile(f"(?:{'|'.join(before)}){_SOFTENED}$") if before else None,
        re.compile("|".join(behind)) if behind else None,
    )


def _heads(pattern: str) -> set[str]:
    """Return the words one of which starts a match of a pattern that starts with a word or with (?:a|b).

    >>> sorted(_heads("(?:办电|接电)?用时")), _heads("投资(?:成本)?"), _heads("访问了?(?=约)")
    (['办电', '接电', '用时'], {'投资'}, {'访问'})
    """
    if not pattern.startswith("(?:"):
        word = re.match(r"[\u4e00-\u9fff]+(?!\?)", pattern)
        if word is None:
            raise ValueError(f"a pattern starts with a word: {pattern!r}")
        return {word[0]}
    inside, _, rest = pattern[3:].partition(")")
    heads = set(inside.split("|"))
    if not all(re.fullmatch("[\u4e00-\u9fff]+", head) for head in heads):
        raise ValueError(f"a pattern starts with plain words: {pattern!r}")
    return heads | _heads(rest[1:]) if rest.startswith("?") else heads
