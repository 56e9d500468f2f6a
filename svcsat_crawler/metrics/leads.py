"""What the clause before a number makes of it: 降幅最大,为61.2%; 供电稳定性提高最多,为2.7分."""

from __future__ import annotations

from typing import Literal

from svcsat_crawler.metrics.sentences import Clause, Sentence
from svcsat_crawler.metrics.token import Token

# No score is lower: fewer points are a change.
_FEW_POINTS = 20


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
