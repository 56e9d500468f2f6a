"""Zeros that are written as words: 办电零成本, 接电不花一分钱, 零投诉, 投诉清零."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from svcsat_crawler.metrics.changes import from_to
from svcsat_crawler.metrics.found import Found
from svcsat_crawler.metrics.names import Name
from svcsat_crawler.metrics.parts import parts_of
from svcsat_crawler.metrics.sentences import Sentence
from svcsat_crawler.metrics.state import State
from svcsat_crawler.metrics.token import Token

# One of these stands in every sentence with a zero in words.
CUES = ("零", "一分钱", "全免", "免费", "为0", "到0", "至0")
# 三零服务 and "零上门、零审批、零投资" name a programme, not a figure.
_PROGRAMME = re.compile(r"三零|四零|零上门|零审批")
# 接电成本为零 says it beside the programme's name, too.
_STATED = frozenset(("cost_is", "cost_now"))
_COST = r"零(?:成本|投资|费用|出资|花费|支出)"
_CONNECTED = "(?:办电|接电|报装|接入)"
_ZERO = re.compile(
    rf"(?:{_CONNECTED}|用电)[^,;。:]{{0,6}}?(?P<cost>{_COST})"
    rf"|{_CONNECTED}[^,;。:\d]{{0,4}}?(?:成本|费用|投资|花费)[^,;。:\d]{{0,6}}?(?:为|至|到|是)(?P<cost_is>零|0)(?![点星部头售.\d])"
    rf"|{_CONNECTED}[^,;。:\d]{{0,4}}?(?:成本|费用|投资|花费|支出)[^,;。:\d]{{0,4}}?[由从][^,;。:\d]{{0,8}}[0-9][0-9.]*[千万]?元[^,;。:\d]{{0,4}}?[降减压缩归变][^,;。:\d]{{0,3}}?(?P<cost_now>零|0)(?![点星部头售元.\d])"
    rf"|(?P<cost_first>{_COST})[”\"]?{_CONNECTED}"
    rf"|{_CONNECTED}[^,;。:\d]{{0,8}}?(?P<cost_none>不花一分钱|不用(?:花|出|掏)(?:一分)?钱|一分钱[都也]?不(?:用|需|要)?[花出掏]|(?:费用|成本)全免|免费(?![的为上咨培停提]))"
    rf"|(?<!“)(?P<cost_free>免费)(?:为[^,;。:\d]{{0,8}})?{_CONNECTED}(?!容量|范围|标准|上限|门槛)"
    r"|(?P<complaints>零(?:有责|客户|服务|重大|属实|有效)?投诉)(?![”\"]?(?:小区|台区|班|供电|单位|服务|创建|活动|区))"
    r"|(?<![一二三四五六]是)投诉(?:量|件|件数|工单|总量|数量)?[^,;。:\d率]{0,3}?[“\"]?(?P<complaints_none>清零|归零|(?:为|降为|降至|降到)[“\"]?[零0](?![点.\d])|[零0][”\"]?发生)"
)


def _of_power(state: State, sentence: Sentence, index: int, token: Token) -> bool:
    return state.power_subject(state.subjects.bind(sentence, index, token.start))


def zeros(state: State, sentence: Sentence) -> Iterator[Found]:
    """Yield the zeros of a sentence with one of :data:`CUES`."""
    text = sentence.text[sentence.start : sentence.end]
    programme = _PROGRAMME.search(text)
    for match in _ZERO.finditer(text):
        group = match.lastgroup
        if group is None or (programme and group.startswith("cost") and group not in _STATED):
            continue
        start, end = match.span(group)
        token = Token(sentence.start + start, sentence.start + end, "zero", 0)
        metric = "complaints" if group.startswith("complaints") else "connection_cost"
        index = sentence.clause_of(token)
        power = partial(_of_power, state, sentence, index, token)
        if state.of_other_trade(metric, sentence, token.end, power):
            continue
        place = Token(sentence.start + match.start(), token.end, "zero", 0)
        found = state.make(metric, 0.0, token, sentence, index, rule=f"{metric}:zero", confidence=0.9)
        found.segment, found.scope = parts_of(sentence, index, place, Name(metric, None, "same"), metric)
        if group == "cost_now":
            was = [t.value.value for t in sentence.tokens if t.kind == "quantity" and t.end <= token.start]
            found.comparison = from_to(metric, was[-1], 0.0, found.unit)
        yield found
