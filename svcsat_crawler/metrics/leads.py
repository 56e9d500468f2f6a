"""What the clause before a number makes of it: 降幅最大,为61.2%; 供电稳定性提高最多,为2.7分."""

from __future__ import annotations

from typing import Literal

from svcsat_crawler.metrics.sentences import Clause, Sentence
from svcsat_crawler.metrics.token import Token

# No score is lower: fewer points are a change.
_FEW_POINTS = 20
# 较上半年, between a rate and what it has become.
_BASES = frozenset(("base", "time"))
# 优于99.97%: what is reached, and no distance.
_LEVELS = ("优于", "高于")


def change_before(sentence: Sentence, clause: Clause, quantity: Token) -> Literal["up", "down"] | None:
    """Return the direction of 降幅 or 增幅, or of 提高最多 before few points, when the clause before *clause* ends with it."""
    place = sentence.clauses.index(clause)
    if place == 0:
        return None
    tokens = sentence.clauses[place - 1].tokens
    if any(t.kind == "quantity" for t in tokens):
        return None
    few = quantity.value.dimension == "points" and quantity.value.value < _FEW_POINTS
    for token in reversed(tokens):
        if token.kind not in ("up", "down"):
            continue
        if sentence.text[token.end - 1] in "幅速" or (few and sentence.text.startswith("最", token.end)):
            return token.kind  # type: ignore[return-value]
    return None


def rate_before(text: str, before: list[Token]) -> Literal["up", "down"] | None:
    """Return the direction of the rate that has become another: 同比降幅收窄到6.1%, 增速较上半年回落至3.4%."""
    verb = next((t for t in reversed(before) if t.kind not in _BASES), None)
    if verb is None or verb.kind not in ("up", "down") or text[verb.end - 1] not in "幅速率":
        return None
    return verb.kind  # type: ignore[return-value]


def leads(sentence: Sentence, before: list[Token], token: Token) -> bool:
    """Whether a number is how far somebody leads: 领先1.2分, 城乡差距缩小2.3小时."""
    dimension = token.value.dimension
    near = before[-1]
    direct = near.end == token.start and sentence.text.startswith(_LEVELS, near.start)
    if direct and not sentence.text.startswith("的", token.end):
        return False
    leads = [t for t in before if t.kind == "lead"]
    if leads and dimension in ("points", "percentage_points"):
        return True
    if any(sentence.text.endswith("差距", t.start, t.end) for t in leads):
        return True
    return near.kind == "lead" and dimension == "percent" and sentence.heavy(near.end, token.start) <= 1
