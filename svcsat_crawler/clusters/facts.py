"""What must not differ between two copies of a story: its figures, its years, whom it is about."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from zlib import crc32

from svcsat_crawler.metrics.lexicon import word_index
from svcsat_crawler.metrics.parties import Party, suppliers_in
from svcsat_crawler.text.figures import chinese_number

_HAN = "一二三四五六七八九十百"
# Digits, and the Chinese numerals that count: 第九, 十三年, 六连冠.
_NUMBER = re.compile(rf"(\d+|(?<=第)[{_HAN}]+|(?<![{_HAN}])[{_HAN}]+(?=年|连冠|连霸|个月))")
_BEFORE = 6
_YEAR = re.compile(r"(?:19|20)\d\d$")
_LAST_DIGITS = 9
_FIRST_YEAR = 1900
# Kinds of numbers: a year or a streak (the 13th year in a row), which another year has not; a month, a day, an hour.
PLAIN, YEARLY, CALENDAR = 0, 1, 2
_CALENDAR = frozenset("月日时")
# Numbers below say little, and these stand under every second article.
_TELLING = 10
_HOTLINES = frozenset((95598, 12398, 12345))
MOST_FIGURES = 160
MOST_PLACES = 24


class Figure(NamedTuple):
    """A number and a hash of what stands before it; the two lowest bits of the hash are the kind of number."""

    place: int
    value: int

    @property
    def kind(self) -> int:
        return kind_of(self.place)


# The values of figures by what stands before them.
Surroundings = dict[int, set[int]]


def kind_of(place: int) -> int:
    """Return the kind of the numbers that stand in these surroundings."""
    return place % 4


def by_surroundings(figures: Iterable[Figure]) -> Surroundings:
    values: defaultdict[int, set[int]] = defaultdict(set)
    for place, value in figures:
        values[place].add(value)
    return dict(values)


def figures_of(folded: str) -> frozenset[Figure]:
    """Return the figures of a folded text with what stands around each, other numbers masked.

    At most MOST_FIGURES, chosen by their surroundings: copies of a long text choose the same ones.

    >>> two = [figures_of(f"{year}年满意度得分{score}分") for year, score in ((2020, 8457), (2021, 8457))]
    >>> sorted(figure.value for figure in two[0]), len(two[0] & two[1])
    ([2020, 8457], 1)
    """
    return frozenset(sorted(set(_figures(folded)))[:MOST_FIGURES])


def _figures(folded: str) -> Iterator[Figure]:
    pieces = _NUMBER.split(folded)
    masked = "#".join(pieces[::2])
    at = 0
    for text, number in zip(pieces[::2], pieces[1::2], strict=False):
        at += len(text)
        surroundings = masked[max(0, at - _BEFORE) : at]
        place = crc32(surroundings.encode("utf-8", "surrogatepass"))
        yield Figure(place - place % 4 + _kind(masked, at, number), _value(number))
        at += 1


def _value(number: str) -> int:
    """Return the number, of a long one the last digits: it has to fit four bytes."""
    if number.isdecimal():
        return int(number[-_LAST_DIGITS:])
    return int((chinese_number(number) or 0) % 10**_LAST_DIGITS)


def _kind(masked: str, at: int, number: str) -> int:
    after = masked[at + 1 : at + 3]
    if after[:1] == "年":
        return YEARLY if _YEAR.match(number) or masked.endswith(("连续", "连续第"), 0, at) else PLAIN
    if after in ("连冠", "连霸"):
        return YEARLY
    return CALENDAR if after[:1] in _CALENDAR else PLAIN


def years_of(figures: frozenset[Figure]) -> set[int]:
    """Return the years that a text states."""
    return {figure.value for figure in figures if figure.kind == YEARLY and figure.value > _FIRST_YEAR}


def telling_of(figures: frozenset[Figure]) -> frozenset[Figure]:
    """Return the figures that say something: no dates, small numbers or hotlines."""
    return frozenset(
        figure
        for figure in figures
        if figure.kind == PLAIN and figure.value >= _TELLING and figure.value not in _HOTLINES
    )


def places_of(text: str) -> tuple[dict[str, int], dict[str, int]]:
    """Return how often each city or county and each province is named, itself or by its supplier; the most named ones.

    *text* is folded one to one, see :mod:`svcsat_crawler.text.width`.

    >>> places_of("清远供电局在清远市区和英德供电局试点,广东电网公司推广")
    ({'csg-gd-qingyuan': 2, '英德市': 1}, {'csg-gd': 1})
    """
    suppliers = [(token.value, token.start, token.end) for token in suppliers_in(text)]
    taken = [(start, end) for _, start, end in suppliers]
    named = [party for party, _, _ in suppliers]
    for word, start, end in word_index().scan(text):
        if word.kind in ("org", "place") and not any(first < end and start < last for first, last in taken):
            named.append(word.value)
    return _counts(named, ("prefecture", "county")), _counts(named, ("province",))


def _counts(named: list[Party], levels: tuple[str, ...]) -> dict[str, int]:
    counts = Counter(
        party.id or party.place.name for party in named if party.place is not None and party.level in levels
    )
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MOST_PLACES])


def chief_places(places: dict[str, int]) -> frozenset[str]:
    """Return whom a text is about: the place named most, and those named about as often.

    Of a mere list of names, each once, nobody.

    >>> sorted(chief_places({"a": 5, "b": 3, "c": 1})), sorted(chief_places({"a": 1, "b": 1}))
    (['a', 'b'], [])
    """
    if not places:
        return frozenset()
    most = max(places.values())
    chief = frozenset(name for name, count in places.items() if count >= 0.6 * most)
    return chief if most > 1 or len(chief) == 1 else frozenset()
