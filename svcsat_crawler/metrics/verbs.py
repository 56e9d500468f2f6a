"""Verbs of change of one character: 比2015年少停4.05小时, 同比升0.021."""

from __future__ import annotations

import re

from svcsat_crawler.metrics.role import Direction, Role
from svcsat_crawler.metrics.sentences import Clause, Sentence
from svcsat_crawler.metrics.token import Token

_UP = frozenset("升增多涨高")
_DOWN = frozenset("降减少低跌")
RISING = frozenset("多高长慢")
BASES = frozenset(("base", "time"))
# Between a verb and its number: 下降了约0.5小时, 增长近50%.
SOFT = "了约近超逾达为过再又均也各将仅就到-"
# A clause that is only a change: ",增6.4%".
ALONE = 4
# 比年初定的目标高0.014个百分点: what was set is no year before.
SET = re.compile("目标|计划|承诺|预期|标准|规定|要求|法定|时限|预算")
EARLIER = re.compile(r"年|月|季|同期|以[往前]|之前|原来|过去|改革前|历史|上[次期届]|昨|往")
# 比去年同期多节约410万元, 同比多售电3.2亿千瓦时
_MORE = re.compile(
    r"(?P<verb>[多少增减])(?:节约|节省|节|供|售|用|发|交易|受理|完成|送|减少|降低)?(?:电|电量|电费)?$"
)
# 比2015年少停4.05小时, 比去年同期多了2分, 较市公司平均快4天
_THAN_VERB = re.compile(
    r"[比较](?<!相.)(?P<whom>[^,;。比较]{1,16}?)(?P<verb>[快慢少多高低短长])(?:停|供|用|售|送|发|交|花|缴|付|节约|节省|减|出|了|约|近|停电|用电|供电|售电|收|打)*$"
)
# The last character of every verb of _MORE, _UP and _DOWN.
_VERB_ENDS = _UP | _DOWN | frozenset("节约省供售用发交易受理完成送低电量费")


def than(text: str, clause: Clause, token: Token, said: str) -> Role | None:
    """Read 比2015年少停4.05小时 and 比市公司平均快4天: a change when a time stands behind 比, else a distance.

    *said*: the clause before the number.
    """
    match = _THAN_VERB.search(text, clause.start, token.start) if "比" in said or "较" in said else None
    if match is not None:
        direction: Direction = "up" if match["verb"] in RISING else "down"
        timed = SET.search(match["whom"]) is None and (
            EARLIER.search(match["whom"])
            or any(
                t.kind in ("time", "base") and match.start() <= t.end <= match.end() for t in clause.tokens
            )
        )
        return Role("change" if timed else "distance", direction)
    if token.start - clause.start <= ALONE and said[-1:] not in ("到", "至"):
        verb = said.strip(SOFT)
        if verb in _UP or verb in _DOWN:
            return Role("change", "up" if verb in _UP else "down")
    return None


def single_verb(sentence: Sentence, clause: Clause, at: int, token: Token) -> Role | None:
    """同比升0.021, 比上年高9: one-character verbs count only after a base of comparison."""
    if at <= clause.start:
        return None
    text = sentence.text
    if (
        text[at - 1] in "降升增减"
        and token.value.dimension in ("percent", "percentage_points")
        and any(t.kind in ("metric", "sat") and t.end == at - 1 for t in clause.tokens)
    ):
        return Role("change", "up" if text[at - 1] in _UP else "down")
    sign = text[token.start - 1]
    if sign not in "+-" and text[at - 1] not in _VERB_ENDS:
        return None
    if sentence.kinds.isdisjoint(BASES) or not _has_base(text, clause, token.start):
        return None
    more = _MORE.search(text, max(clause.start, at - 5), at)
    char = more["verb"] if more else text[at - 1]
    if sign not in "+-" and char not in _UP and char not in _DOWN:
        return None
    if sign == "-" and not text[token.start - 2 : token.start - 1].isdecimal():
        return Role("change", "down")
    if sign == "+" or char in _UP:
        return Role("change", "up")
    if char in _DOWN:
        return Role("change", "down")
    return None


def _has_base(text: str, clause: Clause, position: int) -> bool:
    """Whether a clause says what is compared with: 同比 before *position*, or 比 right before a time."""
    return any(
        (t.kind == "base" and t.start < position) or (t.kind == "time" and text[t.start - 1] in "比较")
        for t in clause.tokens
    )
