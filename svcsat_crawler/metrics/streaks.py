"""Reads streaks, years in first place in a row, for :class:`~svcsat_crawler.metrics.ranks.RankReader`."""

from __future__ import annotations

import re
from dataclasses import replace

from svcsat_crawler.items import Rank
from svcsat_crawler.metrics.bound import Bound
from svcsat_crawler.metrics.found import Found
from svcsat_crawler.metrics.peers import rank_of
from svcsat_crawler.metrics.sentences import Sentence
from svcsat_crawler.metrics.spans import whole_year
from svcsat_crawler.metrics.state import State
from svcsat_crawler.metrics.token import Token
from svcsat_crawler.metrics.topics import ours

# What may stand behind a streak that goes on about the rank before it: 是第1位,连续11年了.
_NO_MORE = re.compile(
    r"(?:了|之久|如此|保持|不变|至今|领跑|领先|登顶|夺魁|(?:获得?|取得|拿到|拿下|保持|摘得|夺得|摘取|收获|捧得)(?:此|这一|该|这个|上述|同样)(?:成绩|殊荣|荣誉|名次|位次|佳绩|桂冠|排名|称号)|[”\"’)。!?;])*"
)
# A streak that says itself in what: 六连冠, 霸榜12年, 连续排名全市第一已达11年.
_CROWNED = re.compile("[冠霸庄魁胜]|度蝉联|度卫冕|第一|首位|榜首|居首|奖杯")
# 在此之前,该局连续四年第一; 终结了连续六年第一的纪录; “五连冠”就此中断
_BEFORE = re.compile("(?:而)?(?:在)?(?:此前|此之前|这之前|之前)(?!的|已?公布|已?发布)[^;。]*$")
_LOST = re.compile("(?:终结|结束|终止|丢掉|丢失|丢了|失去|打破|错失|痛失|告别|中断|断送)了?[^,;。]{0,10}$")
_OF_RIVAL = re.compile(
    "(?:打破|终结|结束|终止)了?[^,;。]{0,6}?(?:银行|公司|公安|移动|电信|联通|税务|供水|燃气|自来水|医保|对手|他人|别人|单位)"
)
_BROKEN_OFF = re.compile(
    "[^,;。]{0,8}?(?:中断|终结|作古|止步|告终|被打破|戛然而止|画上句号|成为历史|成了历史)"
)
# 到今年已是第九个年头: the streak is what is said.
_IS = frozenset("是为了第有达")
_THIS = ("这", "也是", "已是", "此")
# 向“八连冠”发起冲击, 吹响十二连冠的冲锋号
_HOPE = re.compile(
    r"[”\"]?的?(?:总?目标|梦想|冲锋号?|号角|新?征程|愿景|发起(?:冲击|冲锋|冲刺)|(?:继续|再次|努力|全力|奋力)?(?:冲刺|冲击|进军|进发|挺进|迈进|奋进|奋斗|努力|前行|前进))"
)
_TOWARDS = re.compile(
    "(?:备战|迎战|挑战|冲击|冲刺|进军|为冲刺|朝着?|迈向|剑指|志在|争创|争取|奋战|誓夺|力夺|期待|距离?)[^,;。]{0,6}$"
)
_NEAR = 10
_PEERS = ("other", "province_bureaus")
# Unknown characters before what goes on about the rank in the clause before.
LEAD = 2


class StreakReader:
    """Reads the streaks of one sentence; ``made`` are its facts so far, ``used`` the ranks that are taken."""

    def __init__(self, state: State, sentence: Sentence) -> None:
        self.state = state
        self.sentence = sentence
        self.clauses = sentence.clauses
        self.made: list[Found] = []
        self.used: set[int] = set()

    def _bound(self, index: int, position: int) -> Bound | None:
        return self.state.subjects.bind(self.sentence, index, position)

    def _add(self, found: Found, bound: Bound | None) -> None:
        found.bound = bound
        self.made.append(found)
        if found.metric == "satisfaction_rank":
            self.state.ranked = found

    def _make(
        self,
        index: int,
        token: Token,
        value: float,
        bound: Bound | None,
        trust: float,
        position: int | None = None,
        rank: Rank | None = None,
    ) -> Found:
        """Return a rank; *position*: where it stands when that is not *token*; *rank*: its peers when they are known."""
        found = self.state.make(
            "satisfaction_rank",
            value,
            token,
            self.sentence,
            index,
            rule="satisfaction_rank",
            bound=bound,
            confidence=trust,
        )
        start = Token(position, position, "rank", 1) if position is not None else token
        found.rank = rank or rank_of(self.sentence, self.sentence.clause_of(start), start, bound)
        counted = [f.rank.of for f in self.made if f.metric == "first_place_count" and f.rank]
        if found.rank.kind in _PEERS and found.rank.of in counted and found.rank.of is not None:
            # 所属9个县区局里,3个局在当地排名第一,凤冈第二: where it is second is its own county.
            found.rank = Rank(kind="local_services")
        return found

    def _streak(self, index: int, streak: Token, wins: list[Token], *, own: bool = False) -> bool:
        """Make streak and rank; *own*: the clause has several streaks, each behind its subject."""
        text = self.sentence.text
        crowned = _CROWNED.search(text, streak.start, streak.end) is not None
        if not crowned and not wins:
            return False
        bound = self._bound(index, min([streak.start, *[t.start for t in wins]]))
        if not own and (bound is None or bound.how != "stated"):
            bound = self._bound(index, max(streak.end, *[t.start for t in wins] or [0])) or bound
        told = self.clauses[index].tokens
        if bound is not None and any(t.kind == "resp" and t.end <= streak.start for t in told):
            bound = Bound(bound.parties[:1], bound.how)  # 沧源、耿马供电局分别是六连冠和首冠
        if _OF_RIVAL.search(text, self.clauses[index].start, streak.start):
            return True  # 打破了某银行连续三年第一的局面
        position = max([streak.end, *[t.start for t in wins]])
        trust = ours(self.state, self.sentence, index, position, bound)
        if not trust and crowned and self.state.power_subject(bound) and self.state.satisfaction_seen:
            trust = 0.85
        if not trust:
            return False
        only_full = wins and all(t.kind == "fullhouse" for t in wins)
        if only_full:
            return True
        found = self.state.make(
            "satisfaction_streak", streak.value, streak, self.sentence, index,
            rule="satisfaction_streak", bound=bound, confidence=trust,
        )  # fmt: skip
        if self._is_hoped_for(streak):
            found.status = "target"
        anchor = wins[-1] if wins else streak
        found.rank = peers = rank_of(self.sentence, index, anchor, bound)
        ended = self._is_over(index, streak) and found.span is not None
        if ended and found.span is not None and not any(t.kind == "time" for t in told):
            found.span = whole_year(found.span.year - 1)
        self._add(found, bound)
        if found.status != "measured" or ended:
            return True
        same = self.sentence.clause_of(anchor) == index
        won = self._make(
            index, anchor, 1, bound, round(trust - 0.02, 3), rank=replace(peers) if same else None
        )
        won.implied, won.status = True, found.status
        if won.period_how != "stated":
            won.span, won.period_how = found.span, found.period_how
        won.rule = "satisfaction_rank:streak"
        self._add(won, bound)
        return True

    def _is_hoped_for(self, streak: Token) -> bool:
        """Whether what stands around a streak says that it is still to be won: 向“八连冠”发起冲击."""
        text = self.sentence.text
        if _HOPE.match(text, streak.end, self.sentence.end):
            return True
        return _TOWARDS.search(text, max(self.sentence.start, streak.start - _NEAR), streak.start) is not None

    def _is_over(self, index: int, streak: Token) -> bool:
        """Whether a streak is told to have ended before: 此前,该局曾连续四年第一; 终结了六连冠."""
        text, clause = self.sentence.text, self.clauses[index]
        if _LOST.search(text, clause.start, streak.start) or _BROKEN_OFF.match(text, streak.end, clause.end):
            return True
        starts = (self.sentence.start, clause.start)
        return any(_BEFORE.match(text, start, streak.start) is not None for start in starts)

    def _goes_on(self, index: int, streak: Token) -> bool:
        """Read "供电排名第一位,到2018年已是连续14年": the streak of the first place before it."""
        clause = self.clauses[index]
        first = next((found for found in reversed(self.made) if found.metric == "satisfaction_rank"), None)
        if first is None and self.sentence.text.startswith(_THIS, clause.start):
            first = self.state.ranked  # …排第一。这是该局连续第八年获此成绩
        if first is None or first.value != 1 or first.qualifier != "eq":
            return False
        if streak.weak and self.sentence.text[streak.start - 1] not in _IS:
            return False
        if _NO_MORE.fullmatch(self.sentence.text, streak.end, clause.end) is None:
            return False
        named = any(t.kind in ("metric", "noun") and t.end <= streak.start for t in clause.tokens)
        said = self.sentence.text[clause.start : streak.start]
        bound = _one_of(first.bound, said) if len(said) <= _NEAR else first.bound
        if named or (bound is first.bound and self.sentence.heavy(clause.start, streak.start) > LEAD):
            return False
        found = self.state.make(
            "satisfaction_streak", streak.value, streak, self.sentence, index,
            rule="satisfaction_streak:next", bound=bound, confidence=0.92,
        )  # fmt: skip
        found.rank = replace(first.rank) if first.rank else None
        self._add(found, bound)
        return True


def _one_of(bound: Bound | None, said: str) -> Bound | None:
    """Return the one of several parties that is named again by its place: 句容、扬中供电局均列第一,|扬中局更是|连续第三年获此名次."""
    parties = bound.parties if bound else ()
    named = [party for party in parties if party.name.removeprefix("国网")[:2] in said]
    return Bound((named[0],), "stated") if len(parties) > 1 and len(named) == 1 else bound
