"""Whether a number is the earlier one of two: 由20万元降至…, 较去年2187万千瓦高出12%."""

from __future__ import annotations

import re

from svcsat_crawler.metrics.sentences import Clause
from svcsat_crawler.metrics.token import Token

# 由2017年平均20万元降至…
_FROM_HERE = re.compile(r"[由从](?!业|事|申请|受理|报装|客户|用户|提交)[^,;。、]{0,14}$")
_TO_THERE = re.compile(
    r"[^,;。\d]{0,8}?(?:降|减|压|缩|升|增|提|变|改|涨|跌|退|跃|走|攀|下调|上调|扩)[^,;。\d]{0,4}?[至到为成]"
)
# 较去年实际最高负荷2187万千瓦高出12%: the number that is compared with.
_OVERTAKEN = re.compile(
    r"(?:的)?(?:高出|增长|提高|提升|上升|多|高|增加|增|升|下降|降低|减少|降|少|低|缩短)[了出约]?\d"
)
_AGAINST = re.compile(r"(?:比|较|同比)[^,;。]*(?:年|同期|上次|历史)[^,;。]*$")


def is_start(text: str, clause: Clause, token: Token) -> bool:
    """Whether what stands before and behind a number makes it the earlier one of two."""
    if _from(text, clause.start, token.start) and _TO_THERE.match(text, token.end, clause.end):
        return True
    overtaken = _OVERTAKEN.match(text, token.end, clause.end)
    return overtaken is not None and _AGAINST.search(text, clause.start, token.start) is not None


def _from(text: str, start: int, end: int) -> bool:
    """Whether 由 or 从 stands before a number: two searches for a character cost less than the expression."""
    if text.find("由", start, end) < 0 and text.find("从", start, end) < 0:
        return False
    return _FROM_HERE.search(text, start, end) is not None
