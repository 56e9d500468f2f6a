"""Which sentences with a quantity can state a level or a change of a metric at all."""

from __future__ import annotations

from svcsat_crawler.metrics.around import name_around
from svcsat_crawler.metrics.lexicon import metrics
from svcsat_crawler.metrics.sentences import Sentence
from svcsat_crawler.metrics.state import State
from svcsat_crawler.metrics.token import Token

# Of levels and of changes.
DIMENSIONS = frozenset(
    (
        "points",
        "percent",
        "percentage_points",
        "fold",
        *(d for metric in metrics().values() for d in metric.accepts),
    )
)
_AROUND = frozenset(("count", "CNY", "kWh", "hours", "minutes", "times", "days", "working_days"))
_NAMES = frozenset(("metric", "pointer", "sat", "eval", "score"))


def may_hold_levels(state: State, sentence: Sentence) -> bool:
    """Whether a sentence with a quantity can state a level or a change.

    Most sentences with a number name nothing that a metric could be: they are not read at all.
    """
    kinds = sentence.kinds
    named = state.carried is not None or not kinds.isdisjoint(_NAMES)
    named = named or (state.answering and state.named is not None)
    if not named and "满意" in sentence.text[sentence.start : sentence.end]:
        named = True
    if not named and "down" in kinds:
        named = "停电" in sentence.text[sentence.start : sentence.end]
    if not named and "noun" in kinds:
        named = any(token.kind == "noun" and token.value for token in sentence.tokens)
    for token in sentence.tokens:
        if token.kind != "quantity":
            continue
        dimension = token.value.dimension
        if named and dimension in DIMENSIONS:
            return True
        if dimension == "points" and _may_be_scored(state, sentence, token):
            return True
        if dimension in _AROUND and name_around(sentence, token):
            return True
    return False


def _may_be_scored(state: State, sentence: Sentence, token: Token) -> bool:
    """Whether a score without a name can be one of a survey of satisfaction."""
    if state.survey_seen or state.rated:
        return True
    return "公共服务" in sentence.text[sentence.start : token.start]
