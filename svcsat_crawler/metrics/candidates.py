"""What the numbers of a clause can be about: the parties that it names, and which one of several."""

from __future__ import annotations

import re

from svcsat_crawler.metrics.asides import is_aside
from svcsat_crawler.metrics.named import COUNTY_WORDS, JOINERS, inside, of_city
from svcsat_crawler.metrics.parties import Party
from svcsat_crawler.metrics.sentences import Clause, Sentence
from svcsat_crawler.metrics.token import Token

KINDS = frozenset(("org", "place", "reference"))
_NAMED = frozenset(("org", "place"))
_ASKING = frozenset(("authority", "house", "survey"))
_RATED = frozenset(("peer", "eval", "sat", "neutral", "power"))
_NUMBERS = frozenset(("quantity", "rank"))
# The name of a town or a part of one; 其余, 剩余, 总分, 位列 are none.
_NAME = re.compile("(?![其剩总共合仍再又继另]|[^,]{0,3}[分均计位列排居获得名夺为以])[\u4e00-\u9fff]+")
_ROWS = frozenset(("hours", "minutes", "times", "percent", "points", "days", "working_days"))
# As long is no name of a town.
UNNAMED = 5
# Between a known name and its number: 包头仍是第一.
_NEAR = 2
_JOINER_ENDS = frozenset("、和及与其")


def candidates(sentence: Sentence, clause: Clause) -> list[Token]:
    """Return what the numbers of a clause can be about."""
    fit = sentence.parties.get(clause.start)
    if fit is None:
        sentence.parties[clause.start] = fit = []
        for token in clause.tokens:
            if token.kind in KINDS and not is_aside(sentence, token, token.start <= clause.start + 1):
                fit.append(token)
        if fit and not sentence.kinds.isdisjoint(_ASKING):
            fit[:] = _asked(sentence, clause, fit)
    return fit


def _asked(sentence: Sentence, clause: Clause, fit: list[Token]) -> list[Token]:
    """Return whom a survey is about for whose house asks: 海南省统计局公布海口市公共服务满意度调查结果."""
    house = fit[-1]
    behind = sentence.following(house.end)[:1]
    if house.kind != "place" or not behind or behind[0].kind not in _ASKING or behind[0].start != house.end:
        return fit
    for area in clause.tokens:
        if area.kind == "place" and area.start > house.end:
            rated = sentence.following(area.end)[:1]
            if rated and rated[0].kind in _RATED and rated[0].start == area.end:
                return [*fit[:-1], area]
    return fit


def goes_on_unknown(sentence: Sentence, index: int, position: int) -> bool:
    """Whether a row of names and numbers goes on with a name of no table: 石龙1.1天,虎门1.3天."""
    if not _is_unknown(sentence, sentence.clauses[index], position):
        return False
    counted = _counted(_first_number(sentence.clauses[index]))
    for clause in reversed(sentence.clauses[:index]):
        number = _first_number(clause)
        if number is None or not counted or _counted(number) != counted:
            return False
        if any(t.kind in _NAMED and 0 <= number.start - t.end <= _NEAR for t in clause.tokens):
            return True
        if not _is_unknown(sentence, clause, number.start):
            return False
    return False


def _first_number(clause: Clause) -> Token | None:
    return next((t for t in clause.tokens if t.kind in _NUMBERS), None)


def _counted(number: Token | None) -> str | None:
    """Return in what a number is counted; None where there is none, or one that rows seldom hold."""
    if number is None or number.kind == "rank":
        return "rank" if number else None
    dimension: str = number.value.dimension
    return dimension if dimension in _ROWS else None


def _is_unknown(sentence: Sentence, clause: Clause, position: int) -> bool:
    """Whether nothing but some characters that mean nothing stand in a clause before *position*."""
    if not 1 < position - clause.start < UNNAMED or (clause.tokens and clause.tokens[0].start < position):
        return False
    return _NAME.fullmatch(sentence.text, clause.start, position) is not None


def choose(sentence: Sentence, fit: list[Token]) -> Token:
    """Return the one of several parties of a clause that its numbers are about."""
    last = fit[-1]
    if last.kind == "reference" and fit[-2].kind == "place" and fit[-2].end == last.start:
        last = fit[-2]  # 湖南全省, 东莞全市
    if last.kind == "place" or (last.kind == "reference" and last.value == "region"):
        # 东莞供电局…东莞全市…: the supplier, not the place it serves.
        for token in reversed(fit[:-1]):
            if token.kind == "org" and token.value.power and sentence.heavy(token.end, last.start) <= 20:
                if sentence.text[last.start : last.end] in COUNTY_WORDS and of_city(token.value):
                    return last
                same = last.kind == "reference" or (
                    last.value.level != "county" and inside(last.value, token.value)
                )
                return token if same else last
    return last


def listed_with(sentence: Sentence, tokens: list[Token], chosen: Token) -> tuple[Party, ...]:
    """Return every party of the list that ends with *chosen*: A、B及C."""
    if sentence.text[chosen.start - 1 : chosen.start] not in _JOINER_ENDS:
        return (chosen.value,)
    parties = [chosen.value]
    right = chosen
    for token in reversed([t for t in tokens if t.kind in KINDS and t.end <= chosen.start]):
        if sentence.text[token.end : right.start] not in JOINERS or token.kind == "reference":
            break
        parties.append(token.value)
        right = token
    return tuple(reversed(parties))
