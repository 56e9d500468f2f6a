"""Metrics that no name before their number tells: 67家大用户参与直接交易, 成交绿电8.6亿千瓦时, 户均停了2次电."""

from __future__ import annotations

import re

from svcsat_crawler.metrics.lexicon import frames, metrics
from svcsat_crawler.metrics.roles import STOPS
from svcsat_crawler.metrics.sentences import Clause, Sentence
from svcsat_crawler.metrics.token import Token

# How far before its number a verb is looked for, in characters.
_REACH = 22
# 未发生一起有责投诉
_NONE = re.compile(r"(?:未|没有?|无)[^,;。\d]{0,4}$")
_KEYS = frozenset(("org", "place", "scope"))
_HOURS = frozenset(("hours", "minutes"))


def _rows_only(sentence: Sentence, clause: Clause, token: Token) -> bool:
    """Whether nothing but whose it is stands before a number in its clause."""
    keyed = any(t.kind in _KEYS and t.end <= token.start for t in clause.tokens)
    return keyed and not sentence.heavy(clause.start, token.start)


def name_around(sentence: Sentence, token: Token) -> str | None:
    """Return the metric that stands around a quantity that no name before it claims, or None."""
    text, quantity = sentence.text, token.value
    by_unit = quantity.dimension in _HOURS and text[token.end - 1] == "户"
    before, behind = frames(quantity.dimension, quantity.unit)
    low = max(sentence.start, token.start - _REACH)
    match = None
    if behind and text[token.end : token.end + 1] not in STOPS:  # none of them goes across a stop
        match = behind.match(text, token.end, sentence.end)
    if not by_unit and match is None and (before is None or not before.search(text, low, token.start)):
        return None  # most numbers: their sentence need not be cut into clauses
    clause = sentence.clause_at(token)
    low = max(clause.start, low)
    if by_unit:  # 用户停电3小时/户; 上海0.6小时/户
        told = "停电" in text[clause.start : token.start] or _rows_only(sentence, clause, token)
        return "saidi" if told else None
    if match and _NONE.search(text, low, token.start):
        return None
    if match is None and before:
        match = before.search(text, low, token.start)
    if match is None or match.lastgroup is None:
        return None
    metric = metrics()[match.lastgroup.partition("__")[0]]
    if metric.needs and not metric.needed(text, clause.start, clause.end):
        return None
    return metric.id
