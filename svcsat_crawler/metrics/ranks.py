"""Reads ranks, streaks and counts of first places in satisfaction with power supply."""

from __future__ import annotations

import re
from typing import Literal

from svcsat_crawler.items import Comparison
from svcsat_crawler.metrics.changes import base_of, from_to
from svcsat_crawler.metrics.found import Found
from svcsat_crawler.metrics.items_of import best_item
from svcsat_crawler.metrics.orders import place_in_order
from svcsat_crawler.metrics.roles import role_of
from svcsat_crawler.metrics.satisfaction import owner_of
from svcsat_crawler.metrics.sentences import Clause
from svcsat_crawler.metrics.shares import ShareReader
from svcsat_crawler.metrics.spans import whole_year
from svcsat_crawler.metrics.streaks import LEAD
from svcsat_crawler.metrics.subjects import Bound
from svcsat_crawler.metrics.token import Token
from svcsat_crawler.metrics.topics import IN_LIST, in_list, of_somebody_else, ours
from svcsat_crawler.metrics.yearly import years_told

_STILL = frozenset(("", "依然", "仍", "仍然", "继续", "依旧", "为", "也", "又", "均", "都"))
_TRADES = frozenset(("power", "service"))
# 占比 is a noun of its own.
_SHARES = frozenset(("share", "noun"))
_WINS = frozenset(("first", "keep", "fullhouse", "highest", "honour"))
MARKS = frozenset(("rank", "top", "streak", "ranklist", "first", "keep", "fullhouse", "highest"))
_PLACES = frozenset(("satisfaction_rank", "first_place_share_rank"))
_AMONG = re.compile("[之当]?[中里内](?:为|是|均为|排名|也是|仍是|仍|居|位居|名列)?|的?|当中|之中")
# 从第9位到第6位,再到第3位
_NEXT = re.compile(
    r"[,、]?(?:再|又|进而|直至|直到|后|而后|然后|最后|最终)*[跃提上前晋攀爬移升进冲降滑跌退]*[升进移居]?[至到为]?"
)
_PAIR = 2
_BETWEEN = re.compile(r"[至到为升跃进居]|稳定|保持|维持")


class RankReader(ShareReader):
    """Reads the ranks of one sentence."""

    def read(self) -> list[Found]:
        """Return the facts of the sentence."""
        for index, clause in enumerate(self.sentence.clauses):
            marks = [
                t for t in clause.tokens if t.kind in MARKS and (t.kind != "highest" or self._is_highest(t))
            ]
            if marks:
                self._clause(index, clause, marks)
        self._first_named()
        if self.state.orders:
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

    def _is_highest(self, token: Token) -> bool:
        """Whether 最高 ends 满意度最高 or 满意度依然最高, the first place among services."""
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
        now, clause = self.made[-1], self.sentence.clauses[index]
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
        bound = self._all_scored(index) or self._bound(index, token.start)
        several = bound is not None and len(bound.parties) > 1
        if several and self.sentence.text[token.end - 1] == "高":
            return  # 绵阳、德阳满意度最高: the order of several is not told
        if self.sentence.text[token.end : token.end + 1] == "外" and (bound is None or bound.how != "stated"):
            return  # 除梅江排第二外
        trust = ours(self.state, self.sentence, index, token.start, bound)
        if not trust or of_somebody_else(self.sentence, token) or self._of_few(index, token):
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

    def _moved(self, token: Token, following: Token, bound: Bound | None, trust: float) -> None:
        """Read 从第9位到第6位再到第3位: a place for each year where these are told, else the last one."""
        steps = [token, following]
        for later in self.sentence.tokens:
            behind = later.kind == "rank" and later.start >= steps[-1].end
            if behind and _NEXT.fullmatch(self.sentence.text, steps[-1].end, later.start):
                steps.append(later)
        self.used.update(step.start for step in steps)
        years = years_told(self.state, self.sentence, token, len(steps)) if len(steps) > _PAIR else []
        last = steps[-1]
        for step, year in zip(steps, years, strict=False):
            found = self._make(self.sentence.clause_of(step), step, step.value, bound, trust)
            found.span, found.period_how = whole_year(year.value.year, year.value.label), "stated"
            self._add(found, bound)
        if not years:
            after = self.sentence.clause_of(last)
            self._add(self._make(after, last, last.value, bound, trust, position=token.start), bound)
        self.made[-1].comparison = from_to("satisfaction_rank", token.value, last.value, "rank")

    def _of_few(self, index: int, token: Token) -> bool:
        """Whether a rank is that of units that are counted: 7个排第一,只有1个排在第二位; 2家第二."""
        counted = [
            t
            for t in self.sentence.clauses[index].tokens
            if t.end <= token.start and t.kind == "quantity" and t.value.unit in ("个", "家", "席")
        ]
        if counted and counted[-1].end == token.start:
            return True  # 有2家第二
        return bool(counted) and any(found.metric == "first_place_count" for found in self.made)

    def _is_start(self, token: Token) -> bool:
        clause = self.sentence.clauses[self.sentence.clause_of(token)]
        lead = self.sentence.text[clause.start : token.start]
        return "从" in lead or "由" in lead

    def _enters_top(self, token: Token) -> bool:
        """Whether the next mark behind a rank is a top group: 由第17位跨入前5位."""
        clause = self.sentence.clauses[self.sentence.clause_of(token)]
        later = next((t for t in clause.tokens if t.start >= token.end and t.kind in MARKS), None)
        return later is not None and later.kind == "top"

    def _following(self, token: Token) -> Token | None:
        for later in self.sentence.tokens:
            if later.kind == "rank" and later.start >= token.end:
                between = self.sentence.text[token.end : later.start]
                return later if len(between) <= 24 and _BETWEEN.search(between) else None
        return None

    def _steps(self, index: int, token: Token, found: Found) -> None:
        """Read "上升4位" behind or right before a rank."""
        clauses = self.sentence.clauses
        for place in range(max(0, index - 1), len(clauses)):
            clause = clauses[place]
            if place > index and any(t.kind == "rank" for t in clause.tokens):
                break
            for position, item in enumerate(clause.tokens):
                if self._one_step(clause, position) and found.comparison is None:
                    moved: Literal["up", "down"] = (
                        "up" if clause.tokens[position - 1].kind == "up" else "down"
                    )
                    yearly = base_of(self.sentence, clause, item.start)[0] == "yoy"
                    last: Literal["yoy", "previous"] = "yoy" if yearly else "previous"
                    found.comparison = Comparison(kind=last, direction=moved, value=1, unit="rank")
                if item.kind != "quantity" or item.value.dimension != "places":
                    continue
                role = role_of(self.sentence, clause, position)
                if role.kind == "change" and found.comparison is None and role.direction is not None:
                    based = base_of(self.sentence, clause, item.start)[0] == "yoy"
                    kind: Literal["yoy", "previous"] = "yoy" if based else "previous"
                    found.comparison = Comparison(
                        kind=kind, direction=role.direction, value=item.value.value, unit="rank"
                    )

    def _one_step(self, clause: Clause, position: int) -> bool:
        """Whether a word is the one step of 下滑一位, which is no quantity."""
        item = clause.tokens[position]
        if not position or self.sentence.text[item.start : item.end] != "一位":
            return False
        before = clause.tokens[position - 1]
        return before.kind in ("up", "down") and before.end == item.start
