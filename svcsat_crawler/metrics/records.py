"""A load held against the highest one before it: 比去年夏天的峰值高出5.3%, 超历史极值60万千瓦, 刷新去年8月创下的1480万千瓦的纪录."""

from __future__ import annotations

import re

from svcsat_crawler.metrics.sentences import Clause, Sentence
from svcsat_crawler.metrics.token import Token

_BEFORE = r"(?:[去上前]年|历史|历年|此前|之前|以往|往年|前[一次]|上[一次个]|(?:19|20)\d\d年)"
_PEAK = "(?:纪录|记录|峰值|极值|高点|最高峰|最[高大]值|高峰值|最[高大](?:用电|电力|统调|网供)*负荷|负荷最[高大]值)"
# 比去年夏天的峰值|高出5.3%: what is compared with.
_AGAINST = re.compile(rf"(?:[比较]|超[出过越]?){_BEFORE}[^,;。比较]{{0,10}}?{_PEAK}(?:时|水平)?")
# 超去年最大负荷|60万千瓦
_ABOVE = re.compile(
    rf"(?:超[出过越]?|高[出过]|多出|突破){_BEFORE}[^,;。]{{0,10}}?{_PEAK}(?:了|约|近|达|共)*$"
)
# 刷新去年8月创下的|1480万千瓦|的最高纪录
_BROKEN = re.compile(
    "(?:刷新|打破|改写|突破|超过|超越|超出|超|破)了?[^,;。年]{0,8}年(?:[^,;。]{0,8}[月日])?(?:创下|创造|出现|创出)?的?$"
)
_RECORD = re.compile(f"的(?:历史|最高|同期|夏季|冬季|夏天|冬天|用电|负荷)*{_PEAK}")
_LOADS = frozenset(("kW", "percent"))
# No record is broken by half of its size.
_HALF = 2


def against_peak(sentence: Sentence, clause: Clause, position: int) -> bool:
    """Whether a clause compares what stands at *position* with the highest value before: 比去年夏天的峰值高出5.3%."""
    return _AGAINST.search(sentence.text, clause.start, position) is not None


def above_peak(sentence: Sentence, clause: Clause, token: Token) -> bool:
    """Whether a number is how far the load told before lies above the highest one: 超去年最大负荷60万千瓦."""
    value = token.value
    if value.dimension not in _LOADS or not _ABOVE.search(sentence.text, clause.start, token.start):
        return False
    return value.dimension == "percent" or any(
        t.kind == "quantity" and t.value.dimension == "kW" and t.value.value > _HALF * value.value
        for t in sentence.tokens
        if t.end <= clause.start
    )


def is_record(text: str, clause: Clause, token: Token) -> bool:
    """Whether a number is the load that was the highest before: 打破去年8月创下的1480万千瓦的纪录."""
    if token.value.dimension != "kW" or _RECORD.match(text, token.end) is None:
        return False
    return _BROKEN.search(text, clause.start, token.start) is not None
