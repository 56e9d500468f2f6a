"""What a quantity does in its clause: a level, a change, the value before, or something else."""

from __future__ import annotations

import re

from svcsat_crawler.metrics.earlier import is_level_of_others, is_of_old, is_start
from svcsat_crawler.metrics.leads import change_before, leads, rate_before
from svcsat_crawler.metrics.records import above_peak
from svcsat_crawler.metrics.role import Direction, Role
from svcsat_crawler.metrics.sentences import Clause, Sentence
from svcsat_crawler.metrics.token import Token
from svcsat_crawler.metrics.verbs import ALONE, BASES, EARLIER, RISING, SET, SOFT, single_verb, than

_ARROWS: dict[str, Direction] = {"↑": "up", "↓": "down"}
_AFTER_CHANGE = re.compile(r"的?(?:增长|增幅|涨幅|提升|增速|升幅)|的?(?P<down>下降|降幅|降低|减幅|压缩)")
# “1小时圈”, 千亿俱乐部: a class, not a value; 0.05元/千瓦时 is a price.
_CIRCLE = re.compile(r"[”\"]?(?:生活|抢修|缴费|服务)?(?:圈|时代|俱乐部|行列|梯队|门槛)")
# 从“9小时级”降到“7小时级”
_GRADES = ("级”", '级"', "级时代", "级别", "级水平")
# 停电时间超过8小时/户的有三座: whom a threshold parts from the others
_THOSE = re.compile(
    "(?:/户)?的(?:有(?![效关偿限力])|[只仅还也共就]有|共|城市|地区|地市|单位|区县|县区|县市|台区|线路|用户|客户|供电所|供电局)(?!平均|停电)"
)
# 进入“1小时”: a class, too
_ENTERED = ("进入", "迈入", "步入", "跨入", "迈进", "跨进")
_RELATIVE = frozenset(("percent", "percentage_points", "fold"))
_PER_CUSTOMER = frozenset(("hours", "minutes", "times", "working_days", "days"))
_FROM = ("由", "从", "原来的", "原先的", "此前的", "原来", "上年的", "去年的")
_THAN = ("比", "较", "于", "同比")
_HIGHER = ("高出", "多出")
_PASSED_BY: dict[str, Direction] = {
    "低于": "down", "少于": "down", "快于": "down", "短于": "down", "高于": "up", "多于": "up",
}  # fmt: skip
# 减少农村客户平均停电时间5小时: what stands between the verb and the name.
_OF_WHOM = frozenset(("neutral", "segment", "scope", "service", "power"))
_TRANSPARENT = frozenset(("qualifier_before", "resp", "average"))
_PASSED = _TRANSPARENT | _OF_WHOM
_MORE_OR_LESS = frozenset("多少高低快慢长短")
_COMPARED = re.compile(r"[与和同跟][^,;。]{2,20}(?:相比|比较)|相比[^,;。]{2,20}")
_SET_BEFORE = re.compile(f"[比较于与][^,;。年]{{0,10}}(?:{SET.pattern}|平均水平)[^,;。]{{0,6}}$")
# 距目标尚有1.7小时的余量
_SPARE = re.compile(r"(?:(?<![年期前时月间长率数])[尚还]有|还差|仅差|只差|相差|差距)(?:为|约|近|仅)?$")
# 超年度计划1.9亿千瓦时
_BEYOND_PLAN = re.compile(r"(?:超出?|超过|超额完成)[^,;。\d]{0,8}(?:计划|目标|预算)$")
_SPARE_AFTER = re.compile(r"的?(?:余量|差距|空间|裕度|缺口|距离)")
# Right behind a number, or at the end of the text: no word behind the number says more about it.
STOPS = ",。;"


def _soft_start(text: str, low: int, position: int) -> int:
    while position > low and (
        text[position - 1] in SOFT or (text[position - 1] == "多" and text.startswith("达", position))
    ):
        position -= 1
    return position


def _first_of_times(before: list[Token]) -> Token:
    """Return the first of the times in a row that end *before*: 由去年同期的46宗."""
    first = before[-1]
    for token in reversed(before[:-1]):
        if token.kind != "time" or token.end != first.start:
            break
        first = token
    return first


def role_of(sentence: Sentence, clause: Clause, index: int) -> Role:
    """Return the role of the quantity that is token *index* of *clause*."""
    text, kinds = sentence.text, sentence.kinds
    token = clause.tokens[index]
    first, start, end = clause.start, token.start, token.end
    dimension = token.value.dimension
    said, sign = text[first:start], text[start - 1]
    at = _soft_start(text, first, start)
    lead = text[at - 1]
    alone = text[end : end + 1] in STOPS
    if sign in _ARROWS and start > first:
        return Role("change", _ARROWS[sign])
    if (not alone and text.startswith(_GRADES, end)) or is_level_of_others(text, clause, token, said):
        return Role("none")
    if (not alone and is_start(text, clause, token)) or (
        "time" not in kinds and is_of_old(text, clause, sentence.start, sentence.end)
    ):
        return Role("start")
    if dimension == "points" and sign in "扣罚":
        return Role("none")
    if lead in "是非" and text.endswith(("不是", "并非"), first, at):
        return Role("none")  # 满意率不是100%
    if lead in "有差距" and _SPARE.search(text, first, start):
        return Role("distance")
    if lead in "划标算" and _BEYOND_PLAN.search(text, first, start):
        return Role("distance")
    if not alone and _SPARE_AFTER.match(text, end, sentence.end):
        return Role("distance")
    compared = than(text, clause, token, said)
    if compared is not None:
        return compared
    if "超" in said and above_peak(sentence, clause, token):
        return Role("change", "up")
    place = _back(clause.tokens, index, _TRANSPARENT)
    near = clause.tokens[place] if place >= 0 else None
    if near is not None and near.kind != "quantity":
        if near.kind in ("metric", "sat") and text[near.end : at] in _MORE_OR_LESS:
            direction: Direction = "up" if lead in RISING else "down"
            against = _COMPARED.search(text, sentence.start, first)
            return Role("distance" if against and not EARLIER.search(against[0]) else "change", direction)
        told = _by_word(sentence, clause, index, place, at)
        if told is not None:
            return told
    since = lead in "由从的来" and text[max(first, at - 3) : at].endswith(_FROM)
    if since and (near is not None or any(t.kind == "to" for t in clause.tokens[index:])):
        return Role("start")
    found = single_verb(sentence, clause, at, token)
    if found is not None:
        return found
    if sign == "“" and text.endswith(_ENTERED, first, start - 1):
        return Role("none")
    behind = None if alone else _behind(sentence, token)
    if behind is not None:
        return behind
    if dimension in ("percentage_points", "fold"):
        verbs = [t for t in clause.tokens if t.kind in ("up", "down")]
        return Role("change", verbs[-1].kind) if verbs else Role("none")  # type: ignore[arg-type]
    if dimension == "percent" and token.value.unit == "半":
        return Role("none")  # 减半: of what is not told
    apart = "resp" in kinds and any(t.kind == "resp" and t.start == first for t in clause.tokens)
    if (apart or text[first] in "为达约") and not any(
        t.kind in ("metric", "sat", "quantity") for t in clause.tokens[:index]
    ):
        previous = change_before(sentence, clause, token)
        if previous:
            return Role("change", previous)
    return Role("level")


def _back(tokens: list[Token], index: int, passed: frozenset[str]) -> int:
    """Return the number of the nearest token before *index* of none of the kinds *passed*, or -1."""
    index -= 1
    while index >= 0 and tokens[index].kind in passed:
        index -= 1
    return index


def _by_word(sentence: Sentence, clause: Clause, index: int, place: int, at: int) -> Role | None:
    """Return the role of token *index* by the word nearest before it, token *place*, or None."""
    text, tokens = sentence.text, clause.tokens
    token, near = tokens[index], tokens[place]
    if near.kind in ("up", "down") and sentence.heavy(near.end, token.start) == 0:
        if text[near.end] in "到至":
            return Role("to", near.kind)  # type: ignore[arg-type]  # 再降到2.5小时, 再降至4.8小时
        if text[near.start : near.end] in _HIGHER and _above_average(sentence, clause):
            return Role("distance")
        if near.start - clause.start > ALONE and _SET_BEFORE.search(text, clause.start, near.start):
            return Role("distance")  # 较法定时限压缩50%
        # 满意度每提高一分
        return Role("none") if text[near.start - 1] == "每" else Role("change", near.kind)  # type: ignore[arg-type]
    if (
        near.kind == "to"
        and token.value.dimension in _RELATIVE
        and (rate := rate_before(text, tokens[:place]))
    ):
        return Role("change", rate)
    if near.kind == "to" and sentence.heavy(near.end, token.start) <= 1:
        return Role("to", near.value)
    if "lead" in sentence.kinds and leads(sentence, tokens[: place + 1], token):
        return Role("distance")
    if near.kind == "fill":
        verb = tokens[max(_back(tokens, place, _TRANSPARENT), 0)]
        if verb.kind in ("up", "down") and verb.end == near.start:
            return Role("change", verb.kind)  # type: ignore[arg-type]
    elif near.kind == "metric" and text[near.end : token.start] in ("", "约", "近", "了", "超"):
        verb = tokens[max(_back(tokens, place, _PASSED), 0)]
        changes = verb.kind == "down" or (
            verb.kind == "up" and token.value.dimension not in ("percent", "CNY", "count")
        )
        if changes and sentence.heavy(verb.end, near.start) == 0:
            return Role("change", verb.kind)  # type: ignore[arg-type]
    elif near.kind == "time" and sentence.heavy(near.end, token.start) == 0:
        return _by_time(sentence, clause, index, place, at)
    return None


def _above_average(sentence: Sentence, clause: Clause) -> bool:
    """Whether 高出2.9分 is said of an average named before, and of no time: 全省平均84.3分,阳江供电局87.2分,高出2.9分."""
    if "average" not in sentence.kinds and "平均" not in sentence.text[sentence.start : clause.start]:
        return False
    return not any(t.kind in BASES for t in clause.tokens)


def _by_time(sentence: Sentence, clause: Clause, index: int, place: int, at: int) -> Role | None:
    """Return the role of a number right behind the time that is token *place*: 由2019年的3.2小时, 比上年高2."""
    text, token = sentence.text, clause.tokens[index]
    near = _first_of_times([t for t in clause.tokens[: place + 1] if t.kind not in _TRANSPARENT])
    lead = text[max(clause.start, near.start - 2) : near.start]
    if text[near.start] in "从由自" or lead.endswith(("由", "从")):
        return Role("start")
    if text[near.start - 1] in "与同和" and text.startswith(("相比", "比较", "的水平相比"), token.end):
        return Role("start")  # 与2018年的12.4小时相比
    if lead in _PASSED_BY and text[near.end - 1] != "的" and text[token.start - 1] != "的":
        return Role("change", _PASSED_BY[lead])  # 低于上年1.7小时
    if lead.endswith(_THAN):
        return single_verb(sentence, clause, at, token) or Role("start")
    return None


def _behind(sentence: Sentence, token: Token) -> Role | None:
    """Return the role that the words right behind a number give it, or None."""
    text, dimension = sentence.text, token.value.dimension
    if dimension in _PER_CUSTOMER and _THOSE.match(text, token.end, sentence.end):
        return Role("none")
    if _CIRCLE.match(text, token.end, sentence.end):
        return Role("none")
    if dimension in ("CNY", "count") and text.startswith("/", token.end):
        return Role("none")
    if dimension in _RELATIVE and (after := _AFTER_CHANGE.match(text, token.end, sentence.end)):
        return Role("change", "down" if after["down"] else "up")
    return None
