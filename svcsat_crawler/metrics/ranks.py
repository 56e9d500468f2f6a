"""Reads ranks, streaks and counts of first places in satisfaction with power supply."""

from __future__ import annotations

import re

from svcsat_crawler.metrics.bound import Bound
from svcsat_crawler.metrics.changes import from_to
from svcsat_crawler.metrics.found import Found
from svcsat_crawler.metrics.items_of import best_item
from svcsat_crawler.metrics.moves import MoveReader
from svcsat_crawler.metrics.named import inside, is_county, of_city
from svcsat_crawler.metrics.orders import place_in_order
from svcsat_crawler.metrics.rivals import held_by, holder_behind, of_rival, power_holds
from svcsat_crawler.metrics.satisfaction import owner_of
from svcsat_crawler.metrics.sentences import Clause
from svcsat_crawler.metrics.streaks import LEAD
from svcsat_crawler.metrics.token import Token
from svcsat_crawler.metrics.topics import IN_LIST, in_list, of_somebody_else, ours

_STILL = frozenset(("", "依然", "仍", "仍然", "继续", "依旧", "为", "也", "又", "均", "都"))
# 得分最高|的是|四会
_PAIR = 2
_TRADES = frozenset(("power", "service"))
# 占比 is a noun of its own.
_SHARES = frozenset(("share", "noun"))
_WINS = frozenset(("first", "keep", "fullhouse", "highest", "honour"))
MARKS = frozenset(("rank", "top", "streak", "ranklist", "first", "keep", "fullhouse", "highest", "last"))
_PLACES = frozenset(("satisfaction_rank", "first_place_share_rank"))
_AMONG = re.compile("[之当]?[中里内](?:为|是|均为|排名|也是|仍是|仍|居|位居|名列)?|的?|当中|之中")
_MEAN = re.compile(r"[市城区县地州局家]平均(?:得分|分)?[为是达]?\d[\d.]*分,$")
# Confidence in 排第一的是供电.
_HELD = 0.9
# 满意度最高的三个局依次是…
_BEST_ONES = re.compile(r"的(?:是|有|为)?[两二三四五六七八九十0-9]{1,2}[个家]")


class RankReader(MoveReader):
    """Reads the ranks of one sentence."""

    def read(self) -> list[Found]:
        """Return the facts of the sentence."""
        for index, clause in enumerate(self.clauses):
            marks = [
                t for t in clause.tokens if t.kind in MARKS and (t.kind != "highest" or self._is_highest(t))
            ]
            if marks:
                self._clause(index, clause, marks)
        self._first_named()
        if self.sentence.start in self.state.orders:
            placed = place_in_order(self.sentence, surveyed=self.state.survey_seen)
            if placed is not None:
                self._in_order(*placed)
        return self.made

    def _clause(self, index: int, clause: Clause, marks: list[Token]) -> None:
        kinds = self.sentence.kinds
        streaks: list[Token] = []
        ranks: list[Token] = []
        wins: list[Token] = []
        tops: list[Token] = []
        for token in marks:
            if token.kind == "streak":
                streaks.append(token)
            elif token.kind == "top":
                tops.append(token)
            elif token.kind in _WINS or (token.kind == "rank" and token.value == 1):
                wins.append(token)
            if token.kind == "rank" and token.start not in self.used:
                ranks.append(token)
        if "honour" in kinds:
            wins += [t for t in clause.tokens if t.kind == "honour"]
        share = None if kinds.isdisjoint(_SHARES) else self._share_of(index, clause)
        if share is not None:
            placed = ranks or [Token(t.start, t.end, "rank", 1) for t in wins if t.kind == "first"][:1]
            for rank in placed:
                if rank.start >= share.end:
                    self._share(index, rank)
            return
        if wins and self._first_places(index, clause, wins):
            return
        row = self._row(index, ranks) if ranks and not streaks else None
        if row is not None:
            self._list(index, row)
            return
        steady = streaks and not tops and (wins or not streaks[0].weak) and all(t.value == 1 for t in ranks)
        if len(streaks) == 1 and not (wins or tops or ranks) and self._goes_on(index, streaks[0]):
            return
        read = [self._streak(index, item, wins, own=len(streaks) > 1) for item in streaks] if steady else []
        if read and all(read):
            return
        for token in marks:
            if token.kind == "ranklist":
                told = len(self.made)
                self._list(index, token)
                if len(self.made) == told and self.sentence.text[token.start] == "前":
                    self._rank(index, Token(token.start, token.end, "top", len(token.value)))
            elif token.kind == "top" and streaks and any(f.metric == "satisfaction_rank" for f in self.made):
                continue  # 排名第二,连续四年位居前三
            elif token.kind == "top" or (token.kind == "rank" and token.start not in self.used):
                self._rank(index, token)
            elif (
                token.kind == "first"
                and self.sentence.text[token.end - 1] == "高"
                and best_item(self.sentence, token)
            ):
                continue
            elif token.kind in ("first", "keep", "highest") and not ranks and not streaks:
                self._rank(index, token)
                break
            elif token.kind == "last":
                self._last(index, token)

    def _is_highest(self, token: Token) -> bool:
        """Whether 最高 ends 满意度最高 or 满意度依然最高, the first place among services."""
        if self.state.survey_seen and power_holds(self.sentence, token):
            return True
        before = [t for t in self.sentence.tokens if t.end <= token.start]
        if before and before[-1].kind == "peer":
            # 得82.46分,六个行业里最高
            return _AMONG.fullmatch(self.sentence.text, before[-1].end, token.start) is not None
        if not before or before[-1].kind not in ("sat", "eval"):
            return False
        if owner_of(self.sentence, before[-1]) == "unknown":
            return False  # 停电通知满意度最高: an item of the survey
        return self.sentence.text[before[-1].end : token.start] in _STILL

    def _is_base(self, index: int, token: Token) -> bool:
        """Read "排第6位,2019年是第7位": the second rank is the earlier one, of the year before."""
        if token.kind != "rank" or not self.made or self._is_start(token):
            return False
        now, clause = self.made[-1], self.clauses[index]
        if now.metric not in _PLACES or now.value is None or now.span is None:
            return False
        if now.start >= clause.start:
            return False
        times = [
            t
            for t in clause.tokens
            if t.kind == "time" and t.end <= token.start and (t.value.has_year or t.value.relative == -1)
        ]
        if len(times) != 1 or any(t.kind in ("org", "place", "peer") for t in clause.tokens):
            return False
        against = self.sentence.text[times[0].start - 1] in "比较"  # 虽然比去年的第14位有所上升
        if self.sentence.heavy(times[0].end if against else clause.start, token.start) > LEAD:
            return False
        span = self.state.periods.span(times[0], now.span.year)
        if span is None or span.year >= now.span.year:
            return False
        now.comparison = from_to("satisfaction_rank", token.value, now.value, "rank")
        return True

    def _rank(self, index: int, token: Token, *, implied: bool = False) -> None:
        if self._is_base(index, token):
            return
        if token.kind == "highest" and _BEST_ONES.match(self.sentence.text, token.end):
            return
        holder = held_by(self.sentence, index) or holder_behind(self.sentence, token)
        if holder is not None and holder.kind in ("org", "place"):
            bound: Bound | None = Bound((holder.value,), "stated")
        else:
            bound = self._all_scored(index) or self._bound(index, token.start)
        if token.kind == "first" and self._best_of_its_own(token):
            return
        several = bound is not None and len(bound.parties) > 1
        if several and self.sentence.text[token.end - 1] == "高":
            return  # 绵阳、德阳满意度最高: the order of several is not told
        if self.sentence.text[token.end : token.end + 1] == "外" and (bound is None or bound.how != "stated"):
            return  # 除梅江排第二外
        trust = ours(self.state, self.sentence, index, token.start, bound)
        held = holder is not None and holder.kind == "place" and self.state.satisfaction_seen
        if not trust and (held or (self.state.survey_seen and power_holds(self.sentence, token))):
            trust = _HELD
        if not trust and self.state.rated and self._lost_to(index, token):
            trust = _HELD
        if not trust or of_somebody_else(self.sentence, token) or self._of_few(index, token):
            return
        if of_rival(self.sentence, index) or self._of_all(index):
            return
        listed = in_list(self.sentence, token) if trust == IN_LIST and not several else None
        if listed is not None:
            bound = Bound((listed.value,), "stated")
        if self._is_start(token) and self._enters_top(token):
            return  # 由第17位跨入前5位
        following = self._following(token)
        if following is not None and self._is_start(token):
            self._moved(token, following, bound, trust)
            return
        value = token.value if token.kind in ("rank", "top") else 1
        found = self._make(index, token, value, bound, trust)
        if token.kind == "top":
            found.qualifier = "at_most"
        found.implied = implied
        self._add(found, bound)
        self._steps(index, token, found)

    def _best_of_its_own(self, token: Token) -> bool:
        """Whether the best is only that of the counties of the article's bureau: 肇庆供电局…,得分最高的是四会."""
        text, main = self.sentence.text, self.state.subjects.main
        if text[token.end - 1] != "高" or text[token.end : token.end + 1] != "的" or not of_city(main):
            return False
        behind = next((t for t in self.sentence.tokens if t.start >= token.end), None)
        if (
            behind is None
            or main is None
            or behind.kind not in ("org", "place")
            or behind.start - token.end > _PAIR
        ):
            return False
        return is_county(behind.value) and inside(behind.value, main)

    def _of_all(self, index: int) -> bool:
        """Whether a place is that of the mean of all who were told before: 十城平均85.7分,是四类服务中得分最高的."""
        clause = self.clauses[index]
        if not index or self.sentence.text[clause.start] != "是":
            return False
        return _MEAN.search(self.sentence.text, self.clauses[index - 1].start, clause.start) is not None

    def _lost_to(self, index: int, token: Token) -> bool:
        """Whether a rank in brackets is that of one who is not first: 没能夺冠的是揭阳(第3)、潮州(第2)."""
        if self.sentence.text[token.start - 1] != "(":
            return False
        wins = (t for t in self.clauses[index].tokens if t.kind in _WINS and t.end <= token.start)
        return any(of_somebody_else(self.sentence, win) for win in wins)

    def _of_few(self, index: int, token: Token) -> bool:
        """Whether a rank is that of units that are counted: 7个排第一,只有1个排在第二位; 2家第二."""
        counted = [
            t
            for t in self.clauses[index].tokens
            if t.end <= token.start and t.kind == "quantity" and t.value.unit in ("个", "家", "席")
        ]
        if counted and counted[-1].end == token.start:
            return True  # 有2家第二
        if self.sentence.text[token.start - 1] == "(":
            return False  # 3个市没有排第一,是揭阳(第3)、潮州(第2)
        return bool(counted) and any(found.metric == "first_place_count" for found in self.made)

    def _enters_top(self, token: Token) -> bool:
        """Whether the next mark behind a rank is a top group: 由第17位跨入前5位."""
        clause = self.sentence.clause_at(token)
        later = next((t for t in clause.tokens if t.start >= token.end and t.kind in MARKS), None)
        return later is not None and later.kind == "top"
