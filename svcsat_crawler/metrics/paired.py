"""What 前者 and 后者 stand for: two parties, or two metrics of one: 停电时间和投诉“两降”:前者0.71小时;后者4件."""

from __future__ import annotations

from itertools import pairwise

from svcsat_crawler.metrics.parties import Party
from svcsat_crawler.metrics.sentences import Clause, Sentence
from svcsat_crawler.metrics.token import Token

PAIR = ("former", "latter")
CUES = ("前者", "后者")
_JOINERS = frozenset("、和与及")
# 前者为, 后者仅
_REACH = 2


def one_of(listed: tuple[Party, ...], reference: str | None) -> tuple[Party, ...]:
    """Return of the two parties *listed* the one that a *reference* behind them stands for, else all."""
    if reference not in PAIR or len(listed) != len(PAIR):
        return listed
    return (listed[PAIR.index(reference)],)


def pair_of_metrics(sentence: Sentence, limit: int | None = None) -> tuple[str, ...]:
    """Return the first two metrics that a sentence joins, up to *limit*: 户均停电时间和投诉."""
    named = [t for t in sentence.tokens if t.kind == "metric" and (limit is None or t.end <= limit)]
    for first, second in pairwise(named):
        if first.value != second.value and sentence.text[first.end : second.start] in _JOINERS:
            return first.value, second.value
    return ()


def one_of_both(sentence: Sentence, clause: Clause, token: Token, before: tuple[str, ...]) -> str | None:
    """Return the metric that 前者 or 后者 right before a number stands for; *before*: the two of the sentences before."""
    told = next((t for t in reversed(clause.tokens) if t.end <= token.start), None)
    if told is None or told.kind != "reference" or told.value not in PAIR:
        return None
    if sentence.heavy(told.end, token.start) > _REACH:
        return None
    both = pair_of_metrics(sentence, token.start) or before
    return both[PAIR.index(told.value)] if both else None
