"""Which years the numbers of a list are of, where none is printed beside them: 近三年分别为…, 2019年至2021年…."""

from __future__ import annotations

import re
from datetime import date

from svcsat_crawler.metrics.lists import years_before
from svcsat_crawler.metrics.sentences import Sentence
from svcsat_crawler.metrics.spans import Span
from svcsat_crawler.metrics.state import State
from svcsat_crawler.metrics.token import Token
from svcsat_crawler.text.dates import TimeWord
from svcsat_crawler.text.figures import whole_number

_N = "[两二三四五六七八九十23456789]"
_COUNTED = re.compile(
    rf"(?:最近|连续|[近过这]去?的?)(?P<n>{_N})个?年(?!级)[来间中里]?|(?<![\d来后])(?P<m>{_N})年[来间]"
)
# Until then in a year its own figures are not known.
_MONTHS = 3


def years_before_now(sentence: Sentence, position: int) -> re.Match[str] | None:
    """Return where a sentence counts years before *position*: 近三年, 五年来."""
    return _COUNTED.search(sentence.text, sentence.start, position)


def number_of_years(match: re.Match[str]) -> int:
    """Return how many years a match of :func:`years_before_now` counts."""
    return whole_number(match["n"] or match["m"]) or 1


def last_year(span: Span, published: date | None) -> int:
    """Return the last of counted years: that of the text, before April the one before that of the news."""
    if published is not None and published.month <= _MONTHS:
        return min(span.year, published.year - 1)
    return span.year


def years_counted(state: State, sentence: Sentence, first: Token, count: int) -> list[Token]:
    """Return a time for each of *count* numbers from *first* on: years back from the one that the text is about.

    Empty where the sentence counts other years, or none.
    """
    match = years_before_now(sentence, first.start)
    if match is None or number_of_years(match) != count:
        return []
    clause = sentence.clause_at(first)
    span, _ = state.periods.bind(sentence, clause.start, first.start)
    if span is None:
        return []
    last = last_year(span, state.published)
    years = range(last - count + 1, last + 1)
    return [Token(match.start(), match.end(), "time", _word(match, year)) for year in years]


def years_told(state: State, sentence: Sentence, first: Token, count: int) -> list[Token]:
    """Return a time for each of *count* numbers: the years printed before them, or those that are counted."""
    printed = years_before(sentence, first, count)
    if not printed:
        return years_counted(state, sentence, first, count)
    return [
        Token(first.start, first.start, "time", TimeWord(first.start, first.start, f"{year}年", year))
        for year in printed
    ]


def _word(match: re.Match[str], year: int) -> TimeWord:
    return TimeWord(match.start(), match.end(), match[0], year)
