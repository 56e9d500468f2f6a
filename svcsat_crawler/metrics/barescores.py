"""Gives numbers that are printed without it their unit: 满意度得分82.05, 供电79.9, 由80.3升到81.9; 西宁1.45小时,银川1.62."""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise
from operator import attrgetter

from svcsat_crawler.metrics.token import Token

_START = attrgetter("start")
_RATED = frozenset(("sat", "score", "eval"))
_WHOSE = frozenset(("org", "place"))
# No supplier's score lies below; what may stand between its name and the number, and behind it.
_LEAST, _MOST = 50, 100
_SCORED = ("的高分", "的得分", "的总分", "的综合得分", "的综合评分", "的评分", "的综合成绩")
_IS = frozenset(("", "为", "是", "达", "达到", "仅", "仅为", "约", ":", "由", "从", "得", "以", "的"))
_REACHED = frozenset(("达到", "达到了", "高达", "仅为"))
_JOINERS = frozenset(("、", "和", "及", "与"))
_STOPS = frozenset(",;。、)(!?\n和及升提降到")
# What a row of bare numbers is counted in, and what parts it.
_ROWS = frozenset(("hours", "minutes", "times"))
_PARTED = frozenset((",", "、", ";", "/户,", "/户、"))
# How far behind a bare score another one, or a bare change, can stand.
_NEAR = 20


def give_points(text: str, tokens: list[Token], quantities: list[Token]) -> None:
    """Set the dimension of bare scores among *quantities*, in place; of names of places it takes two: 海口84.2、三亚83.6."""
    last = -_NEAR
    places = [(bisect_left(tokens, token.start, key=_START), token) for token in quantities]
    bare = [n for n, token in places if n and not token.value.unit and token in tokens[n : n + 1]]
    for number in bare:
        before, token = tokens[number - 1], tokens[number]
        if number > 1 and _goes_on(text, tokens[number - 2], before, token):
            token.value.unit, token.value.dimension = (
                tokens[number - 2].value.unit,
                tokens[number - 2].value.dimension,
            )
            continue
        gap = text[before.end : token.start]
        near = token.start - last < _NEAR
        if _LEAST <= token.value.value <= _MOST and text.startswith(_SCORED, token.end):
            token.value.dimension, last = "points", token.end  # 以96.42的高分夺魁
        elif near and not gap and before.kind in ("up", "down"):
            token.value.dimension = "points"  # 同比微升0.33
        elif _is_score(text, token) and (
            (before.kind == "resp" and before.start - _rated(tokens, number) < _NEAR)
            or (before.end == last and gap in _JOINERS)
            or (not gap and before.kind == "fill" and _is_reached(text, tokens, number))
            or _named(before, gap, near=near, value=token.value.value)
        ):
            token.value.dimension = "points"  # 得分依次为82.1、81.4
            last = token.end
    rows = [tokens[number] for number in bare if _in_row(text, tokens[number - 1], tokens[number])]
    for first, second in pairwise(rows):
        if second.start - first.end < _NEAR:
            first.value.dimension = second.value.dimension = "points"


def _goes_on(text: str, last: Token, name: Token, token: Token) -> bool:
    """Whether a bare decimal has the unit of the number before its name: 西宁1.45小时,银川1.62."""
    if name.kind not in _WHOSE or name.end != token.start or last.kind != "quantity":
        return False
    if last.value.dimension not in _ROWS or token.value.value.is_integer():
        return False
    return text[last.end : name.start] in _PARTED and text[token.end : token.end + 1] in _STOPS


def _rated(tokens: list[Token], number: int) -> int:
    """Return where the last word of a rating before token *number* ends."""
    return next((token.end for token in reversed(tokens[:number]) if token.kind in _RATED), -_NEAR)


def _is_reached(text: str, tokens: list[Token], number: int) -> bool:
    """Whether a word before token *number* says what a rating has reached: 满意度高达90.1."""
    before = tokens[number - 1]
    return text[before.start : before.end] in _REACHED and before.start == _rated(tokens, number)


def _is_score(text: str, token: Token) -> bool:
    return _LEAST <= token.value.value <= _MOST and text[token.end : token.end + 1] in _STOPS


def _named(before: Token, gap: str, *, near: bool, value: float) -> bool:
    if before.kind == "power":
        return not gap and not value.is_integer()
    if before.kind == "time":
        return near and gap in _IS and not value.is_integer()  # 得分90.6,2020年为89.8
    if before.kind in ("to", "segment", "neutral"):
        return near and not gap  # 指数89.62;其中高压客户90.4
    return before.kind in _RATED and gap in _IS


def _in_row(text: str, before: Token, token: Token) -> bool:
    """Whether a bare decimal stands right behind a name: 海口84.2."""
    named = before.kind in _WHOSE and before.end == token.start
    return named and not token.value.value.is_integer() and _is_score(text, token)
