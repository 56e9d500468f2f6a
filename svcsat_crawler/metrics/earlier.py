"""Whether a number is the earlier one of two, or that of others: 由20万元降至…, 较去年2187万千瓦高出12%."""

from __future__ import annotations

import re

from svcsat_crawler.metrics.records import is_record
from svcsat_crawler.metrics.sentences import Clause
from svcsat_crawler.metrics.token import Token

# 由2017年平均20万元降至…
_FROM_HERE = re.compile(r"[由从](?!业|事|申请|受理|报装|客户|用户|提交)[^,;。、]{0,14}$")
_TO_THERE = re.compile(
    r"[^,;。\d]{0,8}?(?:降|减|压|缩|升|增|提|变|改|涨|跌|退|跃|走|攀|下调|上调|扩)[^,;。\d]{0,4}?[至到为成]|[到至](?:20\d\d年|去年|今年|现在|如今|目前)的?"
)
# 较去年实际最高负荷2187万千瓦高出12%: the number that is compared with.
_OVERTAKEN = re.compile(
    r"(?:的)?(?:高出|增长|提高|提升|上升|多|高|增加|增|升|下降|降低|减少|降|少|低|缩短)[了出约]?\d"
)
_AGAINST = re.compile(r"(?:比|较|同比)[^,;。]*(?:年|同期|上次|历史)[^,;。]*$")
# 过去接电要45天,现在…21天
_OF_OLD = (
    "过去",
    "以前",
    "从前",
    "原先",
    "原来",
    "此前",
    "早年",
    "往年",
    "早些年",
    "在过去",
    "改革前",
    "改造前",
)
_YEARS = re.compile(r"(?:的|这)?(?:[一二两三四五六七八九十几\d]+|多)年")
_NOWADAYS = re.compile("现在|如今|目前|眼下|现今|现(?=[仅只已])")
# 改造前,…
_ALONE = 5
# The sentence behind a semicolon may say it: 改造前8.2小时;现在…
_SOON = 4
# 好于3小时的国际先进水平
_BEYOND = re.compile("(?:好|优|高|低|快|短|少|大|小)于[^,;。]{0,4}$|超过[^,;。]{0,2}$")
_OF_OTHERS = frozenset("的国全世行同发")
_OTHERS = re.compile(
    "的?(?:国际|国内|全国|世界|全省|行业|同期|同类|发达国家)[^,;。]{0,6}(?:水平|标准|平均|均值)|的?平均(?:水平|值)"
)
# 优于全省平均5.6小时
_BETTER_THAN = re.compile(r"[好优高低快短少大小]于[^,;。\d(]{0,8}(?:平均|均值|水平)[^,;。\d(]{0,5}$")
# 比国家要求的15天快5.2天
_BETTER = frozenset("快慢少多高低短长缩压提减")
_SET = re.compile("[比较][^,;。]{0,10}(?:目标|计划|承诺|标准|规定|要求|法定|时限)[^,;。\\d]{0,4}$")


def is_of_old(text: str, clause: Clause, begin: int, end: int) -> bool:
    """Whether a clause of the sentence from *begin* to *end* tells how it was, and the rest how it is."""
    start = begin if clause.start - begin <= _ALONE else clause.start
    if not text.startswith(_OF_OLD, start):
        return False
    old = next(word for word in _OF_OLD if text.startswith(word, start))
    if old != "原来" and _YEARS.match(text, start + len(old)):
        return False
    return _NOWADAYS.search(text, clause.end, end + _SOON) is not None


def is_level_of_others(text: str, clause: Clause, token: Token, said: str) -> bool:
    """Whether a number behind what its clause has *said* is what others reach, or what was set, of which ours is better."""
    behind = text[token.end : token.end + 1]
    if behind in _BETTER:
        return _SET.search(text, clause.start, token.start) is not None
    if "于" not in said:
        return False
    if _BETTER_THAN.search(text, clause.start, token.start):
        return True
    if behind not in _OF_OTHERS or _OTHERS.match(text, token.end, clause.end) is None:
        return False
    return _BEYOND.search(text, clause.start, token.start) is not None


def is_start(text: str, clause: Clause, token: Token) -> bool:
    """Whether what stands before and behind a number makes it the earlier one of two."""
    if _from(text, clause.start, token.start) and _TO_THERE.match(text, token.end, clause.end):
        return True
    if text[token.end] == "的" and is_record(text, clause, token):
        return True
    overtaken = _OVERTAKEN.match(text, token.end, clause.end)
    return overtaken is not None and _AGAINST.search(text, clause.start, token.start) is not None


def _from(text: str, start: int, end: int) -> bool:
    """Whether 由 or 从 stands before a number: two searches for a character cost less than the expression."""
    if "由" not in text[start:end] and "从" not in text[start:end]:
        return False
    return _FROM_HERE.search(text, start, end) is not None
