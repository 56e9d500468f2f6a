"""Clauses that say who holds a place: 第二名为国税系统,得分81.9分 is not about us, 第一名为东莞供电局 about 东莞."""

from __future__ import annotations

import re

from svcsat_crawler.metrics.sentences import Sentence
from svcsat_crawler.metrics.token import Token

# 第二名为国税系统, 排在第二的是邮政, 第二名消防得分83.3分: a place, and who holds it.
_HELD = re.compile(
    r"第[0-9一二三四五六七八九十]{1,2}(?:[名位]?的?(?:单位|行业|部门|企业)?(?:则|分别|依次)?[为是]|[名位]的?(?=[^,;。:、()0-9至到]{2,12}?(?:得|[0-9(])))"
    r"(?!我|本|该|[0-9第])"
)
_HELD_BY = re.compile(
    f"(?:而|其中|其后|紧随其后|随后|获得?|取得|位列|位居|名列|排名?|排在|居)*{_HELD.pattern}"
)
# 国土系统以80.3分居第三
_SYSTEM = re.compile(r"[\u4e00-\u9fff]{2,6}(?:系统|行业|部门)(?:则|紧随其后,)?(?:以|得|获|的?得分|[0-9])")
# 第二名为国税系统,得分81.9分: the score belongs to whom the clause before names.
_ITS_SCORE = re.compile(r"(?:综合|总)?(?:得分|评分|得|获|以|为)")
# 居第1的|温州是|87.02分: a place, and who has taken it with which score.
_HOLDER = re.compile(
    "(?:而|其中|另外)?(?:全省|全市|全区|排名|排在?|位[居列]|名列|居|列)*(?:第[0-9一二三四五六七八九十]{1,2}[名位]?|首位|榜首|末位)的"
)
_IS_SCORED = re.compile(
    r"(?:则|得分|评分|满意度|得|为|是|有|以|达|拿了|打出)*(?:\d{2}\.?\d*分|,(?:得分|得|为|有)?\d{2})"
)
_WHOSE = frozenset(("org", "place"))
_OWN = frozenset(("reference", "power"))
# 排第一的是供电, 位居榜首的依然是供电服务
_IS = re.compile("[名位]?的(?:行业|单位|部门|服务)?(?:则|仍|依然|依旧|仍然|还|正|也)?[是为]")
# What is ranked: the score itself, not 关注度最高的是供电 or 升幅排第一的是供电.
_SCORED = re.compile(
    "(?:^|[中里内上])(?:综合|总体?|平均|整体|得分|评分|分数|分值|满意[度率]|测评|评价|名列|位列|位居|排[名列在]?|排名在|高?居|稳居|占据?|荣?登|获得?|其中|而|的)*$"
)
_ALONE = re.compile("(?:服务|行业|系统|部门|企业|方面|领域)?[,。;:(!\n]")


def held_by(sentence: Sentence, clause_index: int) -> Token | None:
    """Return the supplier that a clause says holds a place: 第一名为东莞供电局."""
    clause = sentence.clauses[clause_index]
    said = sentence.text[clause.start : clause.end]
    if "的" in said and (held := _HOLDER.match(sentence.text, clause.start, clause.end)):
        whose = next((t for t in clause.tokens if t.start == held.end() and t.kind in _WHOSE), None)
        if whose is not None and _IS_SCORED.match(sentence.text, whose.end, sentence.end):
            return whose
    if "第" not in said:
        return None
    held = _HELD.search(sentence.text, clause.start, clause.end)
    if held is None:
        return None
    return next((t for t in clause.tokens if t.start == held.end() and _supplies(t)), None)


def holder_behind(sentence: Sentence, rank: Token) -> Token | None:
    """Return who holds the place *rank*, told right behind it: 居首的是桂林供电局, 排第一的是供电."""
    held = _IS.match(sentence.text, rank.end, sentence.end)
    behind = sentence.following(held.end())[:1] if held else []
    return behind[0] if behind and held and behind[0].start == held.end() else None


def power_holds(sentence: Sentence, rank: Token) -> bool:
    """Whether a sentence says that power holds the place *rank*: 排第一的是供电,得分88.6分."""
    power = holder_behind(sentence, rank)
    if power is None or power.kind != "power" or not _ALONE.match(sentence.text, power.end):
        return False
    clause = sentence.clause_at(rank)
    return _SCORED.search(sentence.text[clause.start : rank.start]) is not None


def of_rival(sentence: Sentence, clause_index: int) -> bool:
    """Whether a clause says who holds a place, and that is another trade."""
    clause = sentence.clauses[clause_index]
    held = _HELD_BY.match(sentence.text, clause.start, clause.end)
    held = held or _SYSTEM.match(sentence.text, clause.start, clause.end)
    if held is None:
        return False
    start = clause.start if held.re is _SYSTEM else held.end()
    return not any(t.kind in _OWN or _supplies(t) for t in clause.tokens if t.start >= start)


def clause_of_score(sentence: Sentence, clause_index: int) -> int:
    """Return the clause that says whose a score is: the one before in 第二名为国税系统,得分81.9分."""
    its = clause_index and _ITS_SCORE.match(sentence.text, sentence.clauses[clause_index].start)
    return clause_index - 1 if its else clause_index


def _supplies(token: Token) -> bool:
    return token.kind == "org" and bool(token.value.power)
