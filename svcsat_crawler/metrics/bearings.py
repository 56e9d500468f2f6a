"""What a time is to the number beside it: its own, one that it is compared with, or the day of the news."""

from __future__ import annotations

import re
from datetime import date

from svcsat_crawler.metrics.sentences import Sentence
from svcsat_crawler.metrics.token import Token
from svcsat_crawler.text.dates import TimeWord, resolve

# 比2013年, 较上年, 由2015年的…, 继2006年之后, 刷新2024年…: not the time of the number.
_BEFORE = tuple("比 较 于 由 从 继 与 刷新 超 相对 对比 同比 自 打破 起 较之 对照 比“ 较“ 从“ 由“".split())
_BEFORE_ENDS = frozenset(word[-1] for word in _BEFORE)
_COMPARED = ("比", "相比", "相较", "的水平相比")
# 协会于2021年9月至12月开展了评价: when customers were asked; but 低于2020年, 始于2016年
_ASKED = re.compile(
    r"[^,;。:]{0,24}?(?:(?:开展|组织|进行|实施|完成)[^,;。]{0,16}?(?:评价|调查|测评|评议|调研|访问|走访|回访)|调查|测评|走访|回访|访问|抽样|抽取|发放|入户)"
)
_THAN = frozenset("低高优好大小多少快慢长短强差早晚始起源基等次终成异相对关限止")
# 自2008年启动,连续开展12年
_BEGUN = tuple(
    "算起 起算 计起 数起 启动, 开始, 推出, 首次 开展, 实施, 创立 设立 起逐年 起每年 开始逐年".split()
)
# 在2026年工作会议上: when it was said
_MEETING = re.compile(
    r"(?:年度|年初|年中|电力|公司|客户|服务|供电|营销|安全|生产|经营|党建)*(?:工作会|年会|两会|职代会|职工代表大会)"
)
_PUBLISHED = re.compile(
    r"(?:,(?![^;。]*当[天日]))?[^,;。:]{0,12}?(?:公布|发布|通报|揭晓|召开|介绍|获悉|透露|出炉|报道|消息|宣布|举行|[上下]午|印发|电$|讯)"
)
# 上年同期为4.11小时: the time of a number, and no comparison.
_SAME_TIME = re.compile(
    r"同期(?:水平|数据|数|值)?(?:(?:则|就|还|尚|却|也|共|这一|这个|该项?)*(?:为|是|仅|达|有|只|约|高达|多达|数字|数据|数值|指标)(?!基)|\d|[降升增减压缩]\w?[至到为]|,(?!增|降|下|上|提|减|多|少|同))"
)
_CONTRAST = re.compile(r"(?:则|还|仅|只)*(?:是|为|排|居)")
# 是2012年89.1亿千瓦时的近2倍, 超过2009年夏季的1429万千瓦: the number is of that time, what follows is not.
_MULTIPLE = re.compile(r"[^,;。]{0,16}?的[^,;。\d]{0,3}[\d.一二两三四五六七八九十]+倍")
_SURPASSED = ("超过", "高过", "好过", "胜过")
# The first character of a contrast.
_SAYS = "则还仅只是为排居"
_EDGE = ("底", "初", "末")
_PLANS = frozenset(("planned", "target", "forecast"))
# 上升至2021年第9位: 至 belongs to the verb.
VERB_ENDS = frozenset("升降增减提高低少加长缩压进移")
_NAMING = frozenset(("metric", "sat", "eval", "noun"))


def is_reference(sentence: Sentence, token: Token) -> bool:
    """Whether a time belongs to a comparison or tells when the news was published."""
    text = sentence.text
    before = text[max(sentence.start, token.start - 2) : token.start]
    lead = text[token.start : token.start + 1]
    word: TimeWord = token.value
    if before[-1:] in _BEFORE_ENDS and before.endswith(_BEFORE):
        asked = before[-1] == "于" and before[0] not in _THAN and not word.since
        return not word.since and not (asked and _ASKED.match(text, token.end, sentence.end))
    if before[-1:] in "同跟和" and text.startswith(_COMPARED, token.end):
        return True  # 同2021年比
    if lead in "从自" and not word.since and not word.until and "的" in text[token.end - 1 : token.end + 1]:
        return True
    if word.relative is not None and _SAME_TIME.match(text, token.end, sentence.end):
        return False
    if word.relative is not None and text.startswith(("同期", "相比", "最高峰", "底"), token.end):
        return True
    if word.same and text[token.start : token.end] == "同期":
        return True
    begun = lead in "从自" and text.startswith(_BEGUN, token.end)
    if (begun or _MEETING.match(text, token.end)) and word.has_year:
        return True
    if text[token.end - 1] == "的" and any(
        t.kind == "quantity" and t.start == token.end and t.value.dimension == "fold" for t in sentence.tokens
    ):
        return True  # 是2010年的1.5倍
    return (
        word.day is not None
        and not word.until
        and _PUBLISHED.match(text, token.end, sentence.end) is not None
    )


def is_moment(word: TimeWord) -> bool:
    """Whether a time says when one thing happened: a factory 去年底投产. 截至去年底 is a whole year."""
    return word.relative is not None and word.label[-1:] in _EDGE and not (word.until or word.towards)


def bracketed(text: str, token: Token, position: int) -> bool:
    """Whether a time only holds in its brackets, which close before *position*; a year alone in them is a name's."""
    if text[token.start - 1] != "(" or (token.value.months is None and text.startswith(")", token.end)):
        return False
    return ")" in text[token.end : position]


def is_contrast(sentence: Sentence, token: Token) -> bool:
    """Whether a time only holds for what the news is compared with: 排第5,去年是第8."""
    if token.start == sentence.start:
        return False
    return says(sentence, token) or is_looked_back_at(sentence, token)


def points_back(sentence: Sentence, token: Token) -> bool:
    """Whether a year is that of what a figure was: …84.3分。2020年,这一数字是82.6分."""
    kinds = sentence.kinds
    return "pointer" in kinds and "to" not in kinds and token.start == sentence.start and token.value.has_year


def is_beside(sentence: Sentence, token: Token) -> bool:
    """Whether a time is that of a number told beside another one of its metric: 投诉21件,去年同期有58件."""
    if "quantity" not in sentence.kinds or token.start == sentence.start:
        return False
    before = {t.kind for t in sentence.tokens if t.end <= token.start}
    if "quantity" not in before or before.isdisjoint(_NAMING):
        return False
    clause = sentence.clause_at(token)
    behind = {t.kind for t in clause.tokens if t.start >= token.end}
    return "quantity" in behind and behind.isdisjoint(_NAMING)


def says(sentence: Sentence, token: Token) -> bool:
    """Whether what a number was stands right behind its time: 去年是第8."""
    text, end = sentence.text, token.end
    return text[end : end + 1] in _SAYS and _CONTRAST.match(text, end) is not None


def is_looked_back_at(sentence: Sentence, token: Token) -> bool:
    """Whether a time is that of a number which the one of today is held against: 超过2009年夏季的1429万千瓦."""
    text, before = sentence.text, sentence.text[token.start - 1]
    if before == "过":
        return text.endswith(_SURPASSED, sentence.start, token.start)
    return before in "是为" and _MULTIPLE.match(text, token.end, sentence.end) is not None


def to_come(sentence: Sentence, token: Token) -> bool:
    """Whether a time is one of plans: 2021年将新建变电站11座, 争取2022年得分不低于87分."""
    if "status" not in sentence.kinds:
        return False
    index = sentence.clause_of(token)
    end = sentence.clauses[index].end
    if end == token.end and index + 1 < len(sentence.clauses):
        end = sentence.clauses[index + 1].end  # 2024年,目标是…
    return any(
        t.kind == "status"
        and t.value in _PLANS
        and (token.end <= t.start < end or 0 <= token.start - t.end <= 1)
        for t in sentence.tokens
    )


def not_told(sentence: Sentence, token: Token, published: date | None) -> bool:
    """Whether a time is not what an article tells of: aimed at, 到2022年底, or held against what it tells, 而在2018年."""
    if published is None:
        return False
    before = sentence.text[token.start - 1]
    if token.value.towards:
        days = None if before in VERB_ENDS else resolve(token.value, None, published)
        return days is not None and days[1] > published
    held = before == "而" or (before == "在" and sentence.text[token.start - 2] == "而")
    return held and token.value.year is not None and token.value.year < published.year


def narrower(first: TimeWord, second: TimeWord) -> bool:
    """全年, 年内 after 2021年1-11月 adds nothing."""
    return (
        second.same
        and not second.later
        and second.months is None
        and (first.months is not None or first.has_year)
    )
