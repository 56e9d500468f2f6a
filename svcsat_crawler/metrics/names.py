"""Finds the metric that a quantity belongs to: the nearest name that takes its unit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from svcsat_crawler.metrics.lexicon import metrics
from svcsat_crawler.metrics.satisfaction import SATISFACTION, is_ours, nearest_service
from svcsat_crawler.metrics.sentences import Clause, Sentence
from svcsat_crawler.metrics.token import Token

# Unexplained characters allowed between a name and its number, and before a number whose name
# stands in an earlier clause.
_GAP = 6
_LEAD = 3
_SATISFACTION_OF = {"points": "satisfaction_score", "percent": "satisfaction_rate"}
# A count or a sum of money without its noun in the clause is somebody else's.
_NEAR_ONLY = frozenset(("count", "CNY", "times", "places"))
_NAMING = SATISFACTION | {"metric"}
_KEYS = frozenset(("org", "place", "segment", "scope", "time", "reference"))


@dataclass(slots=True)
class Name:
    """A metric with the token that names it; ``how`` is same, earlier or carried."""

    metric: str
    token: Token | None
    how: str


BLOCKED = Name("", None, "blocked")


def takes(
    token: Token, dimension: str, sentence: Sentence, clause: Clause, *, power: Callable[[], bool]
) -> str | None:
    """Return the id of the metric that *token* names for a number of *dimension*, or None."""
    if token.kind == "metric":
        metric = metrics()[token.value]
        if dimension not in metric.accepts:
            return None
        if token.weak and not any(cue in sentence.text[clause.start : clause.end] for cue in metric.needs):
            return None
        return metric.id
    if token.kind in SATISFACTION and dimension in _SATISFACTION_OF:
        if token.kind != "sat" and dimension == "percent":
            return None
        return _SATISFACTION_OF[dimension] if is_ours(sentence, token, power_subject=power()) else ""
    return None


def _taken(clause: Clause, name: Token, quantity: Token) -> bool:
    """Whether another number of the same dimension stands between name and quantity, with no key."""
    between = [t for t in clause.tokens if name.end <= t.start < quantity.start]
    same = [t for t in between if t.kind == "quantity" and t.value.dimension == quantity.value.dimension]
    return bool(same) and not any(t.kind in _KEYS and t.start > same[-1].start for t in between)


def _is_average(sentence: Sentence, token: Token, quantity: Token) -> bool:
    """Whether 平均 stands right before a score and right after a region or group: 全省平均81.2分."""
    if sentence.text[token.start : token.end] != "平均" or token.end != quantity.start:
        return False
    before = [t for t in sentence.tokens if t.end == token.start]
    return bool(before) and before[0].kind in ("org", "place", "reference", "peer")


def name_in_clause(
    sentence: Sentence,
    clause: Clause,
    quantity: Token,
    dimension: str,
    *,
    power: Callable[[], bool],
    free: bool = False,
) -> Name | None:
    """Return the name before *quantity* in its clause; BLOCKED when a foreign noun has the number.

    *free* leaves out the check that no other number has taken the name (for from and to).
    """
    for token in reversed([t for t in clause.tokens if t.end <= quantity.start]):
        if dimension == "points" and _is_average(sentence, token, quantity):
            return BLOCKED
        if token.kind in ("noun", "average"):
            if sentence.heavy(token.end, quantity.start) <= _GAP and (
                token.kind == "noun" or dimension == "points"
            ):
                return BLOCKED
            continue
        if token.kind not in _NAMING:
            continue
        id = takes(token, dimension, sentence, clause, power=power)
        if id is None:
            continue
        if id == "" or sentence.heavy(token.end, quantity.start) > _GAP:
            return BLOCKED
        if not free and _taken(clause, token, quantity):
            return BLOCKED
        return Name(id, token, "same")
    return _name_after(sentence, clause, quantity, dimension, power=power)


def _name_after(
    sentence: Sentence, clause: Clause, quantity: Token, dimension: str, *, power: Callable[[], bool]
) -> Name | None:
    """Return the name of "84.61分的供电服务满意度": right after the number."""
    if sentence.text[quantity.end : quantity.end + 1] != "的":
        return None
    for token in clause.tokens:
        if token.start > quantity.end and sentence.heavy(quantity.end, token.start) <= _LEAD:
            id = takes(token, dimension, sentence, clause, power=power)
            if id:
                return Name(id, token, "same")
            if token.kind in ("noun", "metric"):
                return None
    return None


def name_before(
    sentence: Sentence, clause_index: int, quantity: Token, dimension: str, *, power: Callable[[], bool]
) -> Name | None:
    """Return the name in an earlier clause, for "…负荷屡创新高,最高达到1357.7万千瓦"."""
    clause = sentence.clauses[clause_index]
    allowed = 1 if dimension == "percent" else _LEAD
    if dimension in _NEAR_ONLY or sentence.heavy(clause.start, quantity.start) > allowed:
        return None
    for earlier in reversed(sentence.clauses[:clause_index]):
        for token in reversed(earlier.tokens):
            if token.kind == "noun" and sentence.heavy(token.end, earlier.end) <= _LEAD:
                return BLOCKED
            id = takes(token, dimension, sentence, earlier, power=power) if token.kind in _NAMING else None
            if id is not None:
                return Name(id, token, "earlier") if id else BLOCKED
            if token.kind == "service" and dimension in _SATISFACTION_OF:
                return BLOCKED
    return None


def score_of_power(sentence: Sentence, clause: Clause, quantity: Token) -> bool:
    """Whether a bare score is that of power supply: 供电(南方电网公司)得89.48分, 供电质量94.08分."""
    for token in reversed([t for t in clause.tokens if t.end <= quantity.start]):
        if token.kind == "service":
            return False
        if token.kind == "power" or (token.kind == "org" and token.value.power):
            return sentence.heavy(token.end, quantity.start) <= 1
        if token.kind in ("noun", "metric", "quantity"):
            return False
    return False


def score_of_subject(sentence: Sentence, clause: Clause, quantity: Token) -> bool:
    """Whether a score is given to the subject: 以84.12分的成绩位列满意度第一, 获85.3分."""
    before = sentence.text[max(clause.start, quantity.start - 2) : quantity.start].rstrip("了到")
    if not before.endswith(("以", "得", "获")) or nearest_service(sentence, quantity.start) == "service":
        return False
    return not any(t.kind in ("noun", "metric", "place") and t.end <= quantity.start for t in clause.tokens)


def has_key(sentence: Sentence, clause_index: int, quantity: Token) -> bool:
    """Whether the number of a row (上海1.47小时) has its key in the clause or alone in the one before."""
    clause = sentence.clauses[clause_index]
    here = [t for t in clause.tokens if t.end <= quantity.start and t.kind in _KEYS]
    if here:
        return sentence.heavy(clause.start, quantity.start) <= 1
    if clause_index == 0 or sentence.heavy(clause.start, quantity.start):
        return False
    before = sentence.clauses[clause_index - 1]
    return any(t.kind in _KEYS for t in before.tokens) and not any(
        t.kind == "quantity" for t in before.tokens
    )
