"""Zeros that are written as words: 办电零成本, 零投诉."""

from __future__ import annotations

import re
from collections.abc import Iterator

from svcsat_crawler.metrics.found import Found
from svcsat_crawler.metrics.names import Name
from svcsat_crawler.metrics.parts import parts_of
from svcsat_crawler.metrics.sentences import Sentence
from svcsat_crawler.metrics.state import State
from svcsat_crawler.metrics.token import Token

# 三零服务 and "零上门、零审批、零投资" name a programme, not a figure.
_PROGRAMME = re.compile(r"[三四]零|零上门|零审批")
_COST = r"零(?:成本|投资|费用)"
_ZERO = re.compile(
    rf"(?:办电|接电|报装|接入|用电)[^,;。:]{{0,6}}?(?P<cost>{_COST})"
    rf"|(?P<cost_first>{_COST})(?:办电|接电|报装|接入)|(?P<complaints>零投诉)(?![”\"]?(?:小区|台区|班|供电|单位|服务|创建|活动|区))"
)


def zeros(state: State, sentence: Sentence) -> Iterator[Found]:
    """Yield the zeros of a sentence."""
    text = sentence.text[sentence.start : sentence.end]
    if "零" not in text or _PROGRAMME.search(text):
        return
    for match in _ZERO.finditer(text):
        group = match.lastgroup
        if group is None:
            continue
        start, end = match.span(group)
        token = Token(sentence.start + start, sentence.start + end, "zero", 0)
        metric = "complaints" if group == "complaints" else "connection_cost"
        index = sentence.clause_of(token)
        found = state.make(metric, 0.0, token, sentence, index, rule=f"{metric}:zero", confidence=0.9)
        found.segment, found.scope = parts_of(sentence, index, token, Name(metric, None, "same"), metric)
        yield found
