"""Numbers with a unit that no metric claims, with their head noun: that is how new metrics are found."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from svcsat_crawler.items import Unclaimed
from svcsat_crawler.metrics.found import Found
from svcsat_crawler.metrics.sentences import Sentence
from svcsat_crawler.metrics.state import State
from svcsat_crawler.metrics.token import Token

OTHER = "other_quantity"
# Kept of one article: more are tables, whose heads say nothing new.
MOST = 20
_LONGEST_EXAMPLE = 160

_WINDOW = 24
_LONGEST = 8
_HAN = re.compile(r"[\u4e00-\u9fffA-Za-z]+$")
_HAN_AFTER = re.compile(r"[\u4e00-\u9fff]+")
# A name that the lexicon knows: whoever reads it as a metric has refused this number for a reason.
_KNOWN = frozenset(("metric", "sat", "eval", "score", "survey", "house", "peer", "pointer"))
# What no noun goes across.
_BOUNDS = frozenset(
    "quantity org place authority reference time rank streak qualifier_after status up down to".split()
)
# No measure of anything: ages, the class of a line (110千伏线路), ranks.
_NEVER = frozenset(("", "years", "months", "kV", "places", "fold"))
# Counted is what stands behind these: 1200个充电桩, 35公里线路.
_COUNTED = frozenset(("count", "times", "km", "kVA", "kW"))


@dataclass(slots=True)
class Others:
    """Collects the unclaimed numbers of one article; *bound*: with subject, period and status."""

    bound: bool = False
    made: list[tuple[str, Found]] = field(default_factory=list)
    counted: dict[tuple[str, str], list[Sentence]] = field(default_factory=dict)

    def read(self, state: State, sentence: Sentence, claimed: Iterable[Found]) -> None:
        """Take the numbers of *sentence* that are none of the facts *claimed*."""
        taken = {found.start for found in claimed}
        text = sentence.text
        for number, token in enumerate(sentence.tokens):
            if token.kind != "quantity" or token.value.dimension in _NEVER:
                continue
            if token.start in taken or not text[token.start].isdecimal():
                continue
            head = head_of(sentence, number)
            if head is None:
                continue
            unit = unit_of(token)
            self.counted.setdefault((head, unit), []).append(sentence)
            if self.bound:
                index = sentence.clause_of(token)
                found = state.make(
                    OTHER, token.value.value, token, sentence, index, rule=OTHER, unit=unit, confidence=0.5
                )
                self.made.append((head, found))


def unit_of(token: Token) -> str:
    """Return the unit of a number: that of its dimension (kW, CNY), a counter as printed (座, 户)."""
    quantity = token.value
    return str(quantity.unit if quantity.dimension == "count" else quantity.dimension)


@cache
def _words() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Return what is passed over before a number, where a noun begins, and where one behind it ends."""
    data = tomllib.loads(files(__package__).joinpath("heads.toml").read_text(encoding="utf-8"))
    soft, begin, finish = (
        "|".join(sorted(data[name], key=len, reverse=True)) for name in ("soft", "begin", "finish")
    )
    # The first characters before the words: few places start one.
    starts = "".join(sorted({word[0] for word in data["soft"]}))
    return re.compile(rf"(?=[{starts}])(?:{soft})+$"), re.compile(rf".*(?P<word>{begin})"), re.compile(finish)


def head_of(sentence: Sentence, number: int) -> str | None:
    """Return the noun that token *number* is about; None when none stands beside it, or a known name."""
    if sentence.tokens[number].value.dimension in _COUNTED:
        behind = _behind(sentence, number)
        if behind is not None:
            return behind or None
    return _before(sentence, number)


def _behind(sentence: Sentence, number: int) -> str | None:
    """Return the noun of 1200个充电桩; "" when it is a known one, None when there is none."""
    text, start = sentence.text, sentence.tokens[number].end
    match = _HAN_AFTER.match(text, start, min(sentence.end, start + _LONGEST))
    if match is None:
        return None
    stop = _words()[2].search(text, start, match.end())
    end = stop.start() if stop else match.end()
    if end - start < 2:
        return None
    for token in sentence.tokens[number + 1 :]:
        if token.start >= end:
            break
        if token.kind in _KNOWN:
            return ""
        if token.kind in _BOUNDS:
            end = token.start
            break
    return text[start:end] if end - start >= 2 else None


def _before(sentence: Sentence, number: int) -> str | None:
    """Return the noun of 充电桩保有量达到1200台, which no bound parts from its number."""
    soft, begin, _ = _words()
    position = sentence.tokens[number].start
    low = max(sentence.start, position - _WINDOW)
    window = sentence.text[low:position]
    passed = soft.search(window)
    run = _HAN.search(window[: passed.start()] if passed else window)
    if run is None:
        return None
    first, last = low + run.start(), low + run.end()
    cut = begin.match(run[0])
    if cut is not None and cut.end() == len(run[0]):  # 慰问金发放3.5亿元: the noun stands before the verb
        last = first + cut.start("word")
        cut = begin.match(run[0][: cut.start("word")])
    if cut is not None:
        first += cut.end()
    for token in reversed(sentence.tokens[:number]):
        if token.end <= first:
            break
        if token.start >= last:
            continue
        if token.end == last and token.kind in _KNOWN:
            return None
        if token.kind in _BOUNDS:
            first = token.end
            break
    first = max(first, last - _LONGEST)
    return sentence.text[first:last] if last - first >= 2 else None


def count(others: Others, original: str, offsets: Sequence[int]) -> list[Unclaimed]:
    """Return the most frequent heads of an article, each with an example from the *original* text."""
    ranked = sorted(others.counted.items(), key=lambda item: -len(item[1]))[:MOST]
    return [
        Unclaimed(
            head=head,
            unit=unit,
            n=len(sentences),
            example=original[offsets[sentences[0].start] : offsets[sentences[0].end - 1] + 1].strip()[
                :_LONGEST_EXAMPLE
            ],
        )
        for (head, unit), sentences in ranked
    ]


@dataclass(slots=True)
class Noun:
    """A noun whose numbers no metric claims, over many articles."""

    head: str
    unit: str
    n: int
    articles: int
    example: str


def tally(articles: Iterable[Iterable[Unclaimed]]) -> list[Noun]:
    """Add up what single articles count, the most frequent noun first."""
    nouns: dict[tuple[str, str], Noun] = {}
    for entries in articles:
        for entry in entries:
            noun = nouns.setdefault(
                (entry.head, entry.unit), Noun(entry.head, entry.unit, 0, 0, entry.example)
            )
            noun.n += entry.n
            noun.articles += 1
    return sorted(nouns.values(), key=lambda noun: (-noun.n, noun.head, noun.unit))
