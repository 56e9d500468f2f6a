"""Numbers whose name or number of customers only the text around them tells."""

from __future__ import annotations

import re
from collections.abc import Collection

from svcsat_crawler.metrics.names import Name
from svcsat_crawler.metrics.sentences import Clause, Sentence
from svcsat_crawler.metrics.token import Token

OUTAGE = frozenset(("hours", "minutes", "times"))
_SOME = re.compile(r"有\d{1,3}[个座家](?:主要|重点|县级)?(?:城市|市|县|区|供电)")
_ONE = re.compile(
    r"[他她](?:的|家|们)|我[的家们厂店]|老板|女士|先生|店主|户主|厂长|小店|一[家座处栋幢条间]|某[^,;。\d]{0,6}?(?:企业|公司|厂)"
    r"|(?:一个|该|[这那][个座家处条])[^,;。\d]{0,12}?(?:项目|企业|厂|车间|基地|工程|中心|养殖场|站|园|产线)|最大的|\d万?千伏安(?![及以])"
)
_MANY = re.compile("平均|户均|客户|用户|高压|低压|小微|企业接电|企业办电|压缩|压减|缩短|时限")


def stated_before(
    sentence: Sentence, clause_index: int, token: Token, stated: Collection[str]
) -> Name | None:
    """Return the metric of a weak name where the paragraph has *stated* one: 户均停电3小时;…停电时间分别达到5小时."""
    for clause in reversed(sentence.clauses[max(0, clause_index - 1) : clause_index + 1]):
        for item in reversed([t for t in clause.tokens if t.end <= token.start]):
            if item.kind in ("quantity", "noun"):
                return None
            if item.kind == "metric" and item.weak:
                return Name(item.value, item, "carried") if item.value in stated else None
    return None


def counts_places(sentence: Sentence, clause: Clause, token: Token) -> bool:
    """Whether a number is the limit by which places are counted: 有8个城市户均停电时间低于2小时."""
    if token.value.dimension not in OUTAGE or "有" not in sentence.text[clause.start : token.start]:
        return False
    return _SOME.search(sentence.text, clause.start, token.start) is not None


def of_one_customer(sentence: Sentence, clause: Clause) -> bool:
    """Whether a time to get connected is that of one man's shop, which is no average: 他的厂房…只花了9天."""
    return (
        _ONE.search(sentence.text, sentence.start, clause.end) is not None
        and _MANY.search(sentence.text, sentence.start, sentence.end) is None
    )
