"""Clauses that say who holds a place: 第二名为国税系统,得分81.9分 is not about us, 第一名为东莞供电局 about 东莞."""

from __future__ import annotations

import re

from svcsat_crawler.metrics.sentences import Sentence
from svcsat_crawler.metrics.token import Token

# 第二名为国税系统, 排在第二的是邮政, 第二名消防得分83.3分: a place, and who holds it.
_HELD_BY = re.compile(
    r"(?:而|其中|其后|紧随其后|随后|获得?|取得|位列|位居|名列|排名?|排在|居)*"
    r"第[0-9一二三四五六七八九十]{1,2}(?:[名位]?的?(?:单位|行业|部门|企业)?(?:则|分别|依次)?[为是]|[名位]的?(?=[^,;。:、()0-9至到]{2,12}?(?:得|[0-9(])))"
    r"(?!我|本|该|[0-9第])"
)
# 国土系统以80.3分居第三
_SYSTEM = re.compile(r"[\u4e00-\u9fff]{2,6}(?:系统|行业|部门)(?:则|紧随其后,)?(?:以|得|获|的?得分|[0-9])")
# 第二名为国税系统,得分81.9分: the score belongs to whom the clause before names.
_ITS_SCORE = re.compile(r"(?:综合|总)?(?:得分|评分|得|获|以|为)")
_OWN = frozenset(("reference", "power"))


def held_by(sentence: Sentence, clause_index: int) -> Token | None:
    """Return the supplier that a clause says holds a place: 第一名为东莞供电局."""
    clause = sentence.clauses[clause_index]
    if "第" not in sentence.text[clause.start : clause.end]:
        return None
    held = _HELD_BY.search(sentence.text, clause.start, clause.end)
    if held is None:
        return None
    return next((t for t in clause.tokens if t.start == held.end() and _supplies(t)), None)


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
