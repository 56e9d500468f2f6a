"""Finds streaks in a text: 连续13年, 六连冠, 第六年蝉联, 一拿就是11年, 十年十冠."""

from __future__ import annotations

import re
from collections.abc import Iterator

from svcsat_crawler.metrics.token import Token
from svcsat_crawler.organisations.index import Starts, matches_at, pairs
from svcsat_crawler.text.figures import whole_number

NUMERALS = "0123456789一二两三四五六七八九十"
_N = r"(?:[0-9]{1,3}|[一二两三四五六七八九十]{1,3})"
_YEARS = r"(?:(?:评价|考核)?年(?:度|头)?|载|届)"
# Where a streak, or the end of one, can start.
STARTS = (
    pairs("连", "续冠着赢拿得夺任庄霸居捧坐第" + NUMERALS)
    | pairs("第", NUMERALS)
    | pairs("一便就", "拿坐守站待当占霸")
    | {"一连", "接连", "蝉联", "霸榜", "称霸", "守擂", "卫冕", "坐了", "守了", "坐稳", "领跑", "保持"}
)
END_STARTS = (
    pairs("连", "冠霸庄魁胜第")
    | {"冠王", "度蝉", "度卫", "度连"}
    | pairs("年载", "来间里连蝉稳位保居均都一始霸不未从没第冠榜排雄高牢二三四五六七八九十")
)
_RUN = re.compile(
    rf"(?:连续|一连|接连)(?:第|了)?(?P<years>{_N})个?{_YEARS}|连续第(?P<in_row>{_N})[年次届度]|连着?第?(?P<short>{_N})年"
    rf"|连[赢拿得夺任庄霸居捧坐]了?第?(?P<won>{_N})个?[年载届]"
    rf"|连续(?:排名|位居|位列|稳居|蝉联|保持|获得|居|夺得|名列)[^,;。\n0-9年]{{1,14}}?(?:已|达|长达|有|了)*(?P<lasted>{_N})年"
    rf"|连冠(?:纪录|记录|年数|次数|时间|历史|数|数字)?(?:刷新|延续|延长|保持|扩大|改写|定格|增加|增|写|推进)?(?:到|至|了|达|为|在|成)?第?(?P<held>{_N})[年次届]"
    rf"|蝉联(?:次数|纪录|年数)?(?:已|达|到|至|了|长达|增至|升至)*第?(?P<again>{_N})(?:[年届载]|个{_YEARS})"
    rf"|(?:霸榜|称霸|守擂)(?:了|已|达|长达)*(?P<topped>{_N})个?[年载]"
    rf"|(?:卫冕|坐了|守了|坐稳|领跑|保持)(?:了|已|达|长达)*(?P<kept>{_N})个?[年载]"
    rf"|[一便就](?:拿|坐|守|站|待|当|占|霸)(?:就|便|已)*是?(?P<sat>{_N})个?(?:年头?|载)"
    rf"|第(?P<nth>{_N})(?:个?(?:年(?:度|头)?|载)(?!级|薪|会|报|代)|[次度回](?:蝉联|卫冕|连庄)|[个座次度](?:年度)?(?:冠军|第一|桂冠|奖杯))"
)
# What ends a streak, with its number before it.
_END = re.compile(
    r"连[冠霸庄魁胜]|连第一|冠王|度(?:蝉联|卫冕|连冠)|[年载](?:来|间|里)?(?:连续|蝉联|稳居|稳坐|位居|保持|居|均|都|一直|始终|连冠|霸榜|不败|未失|从未|从没|未曾|没有|不曾|不变|第一(?![季期批届次]|个)|冠军|榜首|未易|未换|没换|排名|雄踞|高居|牢牢|[一二三四五六七八九十]{1,3}(?:冠|度夺冠|次夺冠|连冠|第一))"
)
_COUNT = re.compile(rf"(?<![0-9第〇零一二三四五六七八九十]){_N}$")
# 第七个年度冠军 counts first places, in a row or not: the sentence has to say so.
_IN_A_ROW = re.compile("连续|蝉联|连冠|间断|中断|旁落|从未|年年")
# 第三次蝉联 may be the third time in ten years.
_EVERY_TIME = re.compile("连续|连冠|间断|中断|旁落|从未|年年|以来|(?:19|20)\\d\\d年起|一直|每年|历年")
# 把“八连冠”改写为“九连冠”: the old one is no fact.
_BECOMES = re.compile(r"[^,;。\n]{0,6}?(?:变|改|刷新|延|升级|扩大|续|提升)[^,;。\n]{0,5}?[“\"]?$")
_AROUND = 60
_WEAK = frozenset(("nth", "short", "kept"))


def runs(text: str, starts: Starts, ends: Starts) -> list[Token]:
    """Return the streaks of a folded text, left to right; a weak one needs a first place beside it.

    *starts* and *ends*: where :data:`STARTS` and :data:`END_STARTS` are.

    >>> text = "连续13年排名第一,实现十三连冠,第六年蝉联"
    >>> [(t.value, t.weak) for t in runs(text, {0: "连续", 17: "第六"}, {14: "连冠"})]
    [(13, False), (13, False), (6, True)]
    """
    found = [*_from_start(text, starts), *_from_end(text, ends)]
    found.sort(key=lambda token: (token.start, -token.end))
    kept: list[Token] = []
    for token in found:
        if kept and token.start < kept[-1].end:
            continue
        if kept and _BECOMES.fullmatch(text, kept[-1].end, token.start):
            kept.pop()
        kept.append(token)
    return kept


def _from_start(text: str, starts: Starts) -> Iterator[Token]:
    for match in matches_at(_RUN, text, starts):
        group = match.lastgroup or ""
        years = whole_number(match[group])
        if years is None or years >= 100:
            continue
        if group == "nth" and not _counts(text, match):
            continue
        yield Token(match.start(), match.end(), "streak", years, weak=group in _WEAK)


def _counts(text: str, match: re.Match[str]) -> bool:
    """Whether an ordinal counts years in a row: 第六年; 第七个年度冠军 and 第三次蝉联 need a word that says so."""
    if match[0][-1] in "年度头载庄":
        return True
    low, high = max(0, match.start() - _AROUND), match.end() + _AROUND
    start = max(text.rfind("。", low, match.start()), text.rfind("\n", low, match.start()), low)
    if match[0].endswith(("蝉联", "卫冕")):
        return _EVERY_TIME.search(text, start, match.start()) is not None
    end = text.find("。", match.end(), high)
    return _IN_A_ROW.search(text, start, end if end >= 0 else high) is not None


def _from_end(text: str, ends: Starts) -> Iterator[Token]:
    for start in ends:
        match = _END.match(text, start)
        if match is None:
            continue
        count = _COUNT.search(text, max(0, match.start() - 3), match.start())
        years = whole_number(count[0]) if count else None
        if count and years is not None and 1 < years < 100:
            weak = (
                match[0][0] in "年载"
                and "冠" not in match[0]
                and "第一" not in match[0]
                and "榜首" not in match[0]
            )
            yield Token(count.start(), match.end(), "streak", years, weak=weak)
