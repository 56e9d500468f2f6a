"""Counts that go on about what was counted before them: its kinds, 其中电力用户12618家, or the total of what is new."""

from __future__ import annotations

import re

from svcsat_crawler.metrics.found import Found
from svcsat_crawler.metrics.sentences import Clause, Sentence
from svcsat_crawler.metrics.token import Token

# What customers complain of, right before how often.
_COMPLAINED = re.compile(
    r"[“”]?(?:停送?电|供电质量|电压质量|低电压|营业|服务|电网建设|抄表|收费|计量|业扩|电价电费|电费)(?:服务|行为|问题|态度|质量)?[”“]?(?:类|方面)?(?:投诉)?(?:为|有|占|仅|只|剩|[仅只]剩|[仅只]有)?$"
)
# 注册市场主体13427家,其中电力用户12618家: those of them that are customers.
_CUSTOMERS = re.compile(
    "(?:其中|包括|含|有|、|,)(?:电力|用电|工商业|市场化|批发|零售)+(?:用户|客户|企业)(?:数量|数)?(?:就|约|共|已|有|为|达到?|占)*$"
)
_KINDS = {"complaints": _COMPLAINED, "market_users": _CUSTOMERS}
# 新增交易用户2104户,总数达到9317户
_NEW = ("新增", "新注册", "新入市", "净增", "增加")
_TOTAL = re.compile(
    "(?:目前|现|至此|截至目前|年末|年底|使)?(?:用户|客户|企业|主体|户|注册)?(?:总数量?|总量|总户数|总家数|累计|合计|共计|总计|总共)(?:已|就|约|近|超)*"
    "(?:达到?了?|为|有|增至|增[加长]?[到至]|升[到至]|突破|超过?)?约?"
)


def counted_before(sentence: Sentence, clause: Clause, token: Token, last: Found) -> str | None:
    """Return the metric of *last*, the fact before, where a count without a name is one of its kinds or its total."""
    kinds = _KINDS.get(last.metric)
    if kinds is not None and kinds.search(sentence.text, max(last.end - 1, clause.start - 1), token.start):
        return last.metric
    if last.value is None or not _TOTAL.fullmatch(sentence.text, clause.start, token.start):
        return None
    before = sentence.text[
        sentence.clauses[sentence.clause_of(Token(last.start, last.end, ""))].start : last.start
    ]
    same = sentence.text[last.end - 1] == sentence.text[token.end - 1]
    return last.metric if same and any(word in before for word in _NEW) else None
