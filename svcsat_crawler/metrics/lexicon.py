"""Loads the lexicon: ``lexicon.toml`` names the metrics, ``words.toml`` the words around numbers."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from svcsat_crawler.metrics.parties import listed, of_place
from svcsat_crawler.organisations import Place, organisations, places, survey_houses
from svcsat_crawler.organisations.index import WordIndex

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
    patterns: tuple[str, ...] = ()
    limits: tuple[float, float] | None = None


@dataclass(slots=True, frozen=True)
class Word:
    """What a word of the text means to the rules: a kind and, for some kinds, a value."""

    kind: str
    value: Any = None
    weak: bool = field(default=False)


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


def _metric_words() -> Iterator[tuple[str, Word]]:
    for noun in _toml("lexicon.toml")["other"]["nouns"]:
        yield noun, Word("noun")
    for metric in metrics().values():
        for name in metric.names:
            yield name, Word("metric", metric.id)
        for name in metric.weak:
            yield name, Word("metric", metric.id, weak=True)


def _organisation_words() -> Iterator[tuple[str, Word]]:
    for organisation in organisations():
        for name in {organisation.name, organisation.full, *organisation.aliases}:
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
        if len(name) > 2 or place.kind == "nation":
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
                words.setdefault(word, Word(kind, None if value == "words" else value))
    for word, meaning in (*_organisation_words(), *_place_words()):
        words.setdefault(word, meaning)
    return WordIndex(words.items())


@cache
def name_heads() -> frozenset[str]:
    """Return the words one of which starts every name with a gap."""
    return frozenset(
        head for metric in metrics().values() for pattern in metric.patterns for head in _heads(pattern)
    )


@cache
def name_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return two expressions for the names with a gap: where one can start, and what it is.

    The first is fast; the name of the group that the second has matched is the metric's id.
    """
    named = [
        f"(?P<{metric.id}__{number}>{pattern})"
        for metric in metrics().values()
        for number, pattern in enumerate(metric.patterns)
    ]
    starts = re.compile("|".join(sorted(name_heads())))
    return starts, re.compile("|".join(named).replace("[^,", "[^\\n,"))


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
    return heads | _heads(rest[1:]) if rest.startswith("?") else heads
