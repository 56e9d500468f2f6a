"""Counts of first places: "8个县区局中,6个局…第一位", "17家市公司,第一名拿下16个"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from svcsat_crawler.metrics.sentences import Sentence
from svcsat_crawler.metrics.token import Token
from svcsat_crawler.text.figures import whole_number

_UNITS = frozenset(("个", "家", "席", "所", ""))
# Who can be in first place: bureaus, companies, the places they serve.
_WHO = re.compile(r"(?:县|区|市|局|供电|公司|单位|地市|企业|分局|所|基层|属|地级|参评|电网|\()")
_NOT_WHO = re.compile(r"行业|服务|部门|窗口|项|指标|月|百分")
_PEERS_END = re.compile(
    r"[^,;。在]{0,14}?(?:中|里|内|之中)(?=[,排位居列获第首荣夺名稳全均]|$)|[^,;。]{0,8}?(?:局|公司|单位|企业|分局)(?:之中|中|里|内)"
)
_LISTED = re.compile(r"(?:[列居在占于排]|排名)(?:全省|全市|全国|全县|全区|当地)?的?$")
# 居贵州电网公司9个供电局第1位
_LISTED_OF = re.compile(
    r"(?:[位名排][列居]|[列居]|排在?|位于)[^,;。\d均都有]{2,12}(?:公司|电网|电力|系统|集团|省|区|市|州|局)的?$"
)
_TOOK = re.compile(r"(?:有|拿|摘|夺|获|得|收获|斩获|揽|占|捧|包揽)(?:到|下|得|了|回|走)*$")
_WINS = re.compile(
    r"(?:均|都|全部)?(?:获得?|夺得?|居|位居|名列|列|位列|排在?|排名|取得|摘得?|拿到?|拿下|得)(?:了|当地|本地|全县)*"
)
_WHOLE_NAME = ("局", "司", "所", "网", "部", "心", "电", "力", "厅", "业", "域", "区")
_TIMES = ("季度", "季", "月", "半年", "年", "周期", "周", "评价期", "评价周期", "考核期")
# 禅城、南海、顺德、高明、三水五个区供电局 are counted as 五个区供电局 are.
_FEW = 3
# 无为、南陵、繁昌、芜湖|四县供电公司|中,有三家
_TOLD = re.compile(
    r"(?P<n>[两二三四五六七八九十]{1,2})(?P<who>(?:县区|县市|区县|县|区|市|地|局)(?:供电)?(?:分?局|分?公司)?)(?:之|当)?[中里内]"
)
_WON = re.compile(r"^(?:拿下|占|占据|占了|获得|夺得|共|有|共有|达|为|囊括)*$")


@dataclass(slots=True, frozen=True)
class Firsts:
    """How many are in first place, and of how many when that is printed."""

    count: int
    of: int | None
    scope: str | None
    token: Token


def _group(sentence: Sentence, token: Token) -> bool:
    """Whether a count is one of bureaus or companies."""
    if token.value.unit not in _UNITS or token.value.dimension not in ("count", ""):
        return False
    after = sentence.text[token.end : min(sentence.end, token.end + 8)]
    return _WHO.search(after) is not None and not _NOT_WHO.match(after)


def _whole(sentence: Sentence, token: Token) -> bool:
    """Whether a count is the whole (在20个地市局中, 列21个地市第一) and not the part in first place."""
    if sentence.text.startswith("在", token.end):
        return False  # 其中有7个在…评价中排名第一
    if _LISTED.search(sentence.text[max(sentence.start, token.start - 6) : token.start]):
        return True
    if _LISTED_OF.search(sentence.text, max(sentence.start, token.start - 18), token.start):
        return True
    return _PEERS_END.match(sentence.text, token.end, sentence.end) is not None or any(
        t.kind in ("peer", "service") and t.value != "province_bureaus" and t.start == token.end
        for t in sentence.tokens
    )


def count_of_firsts(sentence: Sentence, index: int, wins: list[Token]) -> Firsts | None:
    """Return the count of first places that a clause with a win states, or None."""
    clause = sentence.clauses[index]
    win = wins[-1]
    part: Token | None = None
    for token in clause.tokens:
        if token.kind != "quantity" or (win.kind != "fullhouse" and _named_ones(sentence, index, token)):
            continue
        if sentence.text.startswith(_TIMES, token.end):
            continue  # 连续三个季度排名全省第一
        if token.end <= wins[0].start:
            # 下辖10个县级供电局,其中9个在…评价中排第一
            among = sentence.text.endswith("其中", clause.start, token.start) and _total(
                sentence, index, token
            )
            if among and token.value.unit in _UNITS:
                part = token
                continue
            total = _total(sentence, index, token)
            took = _TOOK.search(sentence.text, clause.start, token.start) or total
            wins_it = (
                total
                and token.value.unit in _UNITS
                and _WINS.fullmatch(sentence.text, token.end, wins[0].start)
            )
            if wins_it or (token.end == wins[0].start and took):
                part = token  # 拿下6个第一; 九个县区局七个第一
                continue
            bare = token.value.unit in ("个", "家") and sentence.heavy(token.end, wins[0].start) <= 2
            if (
                (_group(sentence, token) or bare)
                and not _whole(sentence, token)
                and _predicate(sentence, token, wins[0])
            ):
                part = token
        elif token.start >= win.end and win.kind != "highest" and token.value.unit in ("个", "家", "席"):
            part = token if _WON.match(sentence.text[win.end : token.start].strip("的")) else part
    if part is None:
        return None
    count = int(part.value.value)
    everyone = any(t.kind in ("all", "fullhouse") for t in sentence.tokens) or re.search(
        r"均|都|全部", sentence.text[part.end : win.start]
    )
    whole = _total(sentence, index, part)
    if (
        "全部" in sentence.text[part.end : win.start]
        and whole is not None
        and whole.end < clause.start - _FEW
    ):
        whole = None  # 升幅在20个地市局中排第一,…,4个县区局全部第一: all of the 4
    # 7个县区局中有9个 is the source's error, which the audit flags; else a smaller number is not the whole.
    if whole is not None and (int(whole.value.value) >= count or _whole(sentence, whole)):
        end = min(clause.end, whole.end + 6)
        match = re.match(
            r"[\u4e00-\u9fff()、]{1,10}?(?:局|公司|单位|地市|县区|企业)", sentence.text[whole.end : end + 6]
        )
        scope = sentence.text[whole.start : whole.end] + (match[0] if match else "")
        return Firsts(count, int(whole.value.value), scope, part)
    if not everyone and (told := _TOLD.search(sentence.text, sentence.start, part.start)):
        of = whole_number(told["n"].replace("两", "二"))
        if of is not None and of >= count:
            return Firsts(count, of, told["n"] + told["who"], part)
    return Firsts(count, count if everyone else None, None, part)


def _named_ones(sentence: Sentence, index: int, token: Token) -> bool:
    """Whether a count only sums up few suppliers that are named (敖汉、宁城两个农电局), or stands in brackets: (共6个).

    Beside the number of all it counts: 8个县区局里,黔西、金沙、织金3个局排名第一.
    """
    clause = sentence.clauses[index]
    if sentence.text[token.start - 2 : token.start] == "(共":
        return True
    whole = _total(sentence, index, token)
    if token.value.value > _FEW or (whole is not None and whole.value.value > token.value.value):
        return False
    return any(
        t.kind == "org" and t.end == token.start and not sentence.text[t.start : t.end].endswith(_WHOLE_NAME)
        for t in clause.tokens
    )


def _predicate(sentence: Sentence, token: Token, win: Token) -> bool:
    """Whether something is said between the count and the win: 20个地市第一 alone is a peer group."""
    return len(sentence.text[token.end : win.start].strip("的")) >= 3 or any(
        t.kind in ("sat", "all", "fill", "eval") and token.end <= t.start < win.start for t in sentence.tokens
    )


def _total(sentence: Sentence, index: int, part: Token) -> Token | None:
    """Return the count of all, named before the part in the sentence."""
    for place in range(index, -1, -1):
        for token in reversed(sentence.clauses[place].tokens):
            if token.kind == "quantity" and token.end <= part.start and _group(sentence, token):
                return token
    return None
