"""Which scores without the word 满意度 are ours, for :class:`~svcsat_crawler.metrics.levels.LevelReader`."""

from __future__ import annotations

import re

from svcsat_crawler.metrics.bound import Bound
from svcsat_crawler.metrics.changes import fits
from svcsat_crawler.metrics.items_of import changed_item, follows_items, named_item, rated_item
from svcsat_crawler.metrics.names import Name
from svcsat_crawler.metrics.pairs import PairReader
from svcsat_crawler.metrics.rivals import clause_of_score, held_by, of_rival
from svcsat_crawler.metrics.role import Role
from svcsat_crawler.metrics.satisfaction import nearest_service, rates_other
from svcsat_crawler.metrics.scores import (
    other_since,
    score_beside_power,
    score_of_group,
    score_of_item,
    score_of_power,
    score_of_subject,
)
from svcsat_crawler.metrics.sentences import Clause
from svcsat_crawler.metrics.token import Token

_RATES = frozenset(("satisfaction_score", "satisfaction_rate"))
# What a change can be of, and unknown characters around it.
_TOPICS = frozenset(("power", "service", "noun", "metric", "org", "place", "sat"))
_FEW = 2
_LEAST_SCORE = 50
# The longest heading, and how many paragraphs it can stand above.
_HEADING = 16
_HEADED = 5
_OF_WHOM = frozenset(("org", "place", "scope", "segment"))
# 全省平均为86.5分: the mean of 全市 is that of its services.
_MEAN = re.compile(
    "(?<![于比较过])(?:全[省区]|全自治区)(?:的)?平均(?:得分|分数?|成绩|水平)?(?:则|也)?(?:为|是|达|仅|只有|约)*$"
)
_NOT_OURS = frozenset(("service", "peer", "noun", "metric"))
_BY = frozenset(("", "以", "得", "获", "得分"))
_HEADED_BY = re.compile(
    "(?:其中)?(?:在)?供电(?:服务|行业|领域)?(?:一?项|类|方面|板块|分项|项目|部分)?(?:中|里|上|得分)?[,:]"
)
_DESK = re.compile(
    "(?:其中)?(?:城区|市区|城镇|城市|农村|乡镇|城郊|县城|基层)(?:供电)?(?:营业厅|营业网点|网点|营业窗口|窗口|供电所|客户|用户|居民)(?:满意率)?(?:则|分别)?[为达是]?"
)


class ScoreReader(PairReader):
    """Reads the scores of one sentence."""

    def _of_rival(self, clause_index: int, token: Token) -> bool:
        """Whether a score is that of another trade, which holds another place; one of a supplier is bound to it."""
        place = clause_of_score(self.sentence, clause_index)
        holder = held_by(self.sentence, place)
        if holder is not None:
            self.bounds[token.start] = Bound((holder.value,), "stated")
        return of_rival(self.sentence, place)

    def _of_last_score(self, clause_index: int, token: Token, role: Role) -> bool:
        """Read "…得80.4分。与上年相比,得分提高1.1分": the change of the score of the sentence before."""
        last = self.state.levels[-1] if self.state.levels else None
        if token.value.dimension != "points" or last is None or last.metric != "satisfaction_score":
            return False
        if last.sentence is self.sentence or self._of_another_year():
            return False
        if self._of_item(clause_index, token, role):
            return True
        named = any(
            t.kind in ("org", "place", "service", "metric", "noun")
            or (t.kind == "quantity" and t.value.dimension == "points" and t.start != token.start)
            for t in self.sentence.tokens
        )
        if named or last.comparison is not None:
            return False
        if sum(found.sentence is last.sentence for found in self.state.levels) != 1:
            return False  # which of them has changed is not told
        self._compare([last], self.clauses[clause_index], token, role)
        return True

    def _of_power_told(self, clause_index: int, token: Token, role: Role) -> bool:
        """Read "对供电的满意度为88.6%,…。与上年比,供电提高3.2个百分点,供气持平": a change of the level told before."""
        clause = self.clauses[clause_index]
        named = [t.kind for t in clause.tokens if t.end <= token.start and t.kind in _TOPICS]
        if named != ["power"] or self.sentence.heavy(clause.start, token.start) > _FEW:
            return False
        told = [f for f in self.state.levels if f.metric in _RATES and f.sentence is not self.sentence]
        plain = len(told) == 1 and told[0].comparison is None and not (told[0].segment or told[0].scope)
        if not plain or not fits(told[0].metric, token.value.dimension) or self._of_another_year():
            return False
        self._compare(told, clause, token, role)
        return True

    def _of_item(self, clause_index: int, token: Token, role: Role) -> bool:
        """Read "…,电费透明度88.2分。电费透明度下降0.36分": a change of the item's score, of no other one."""
        clauses = self.clauses
        item = changed_item(self.sentence, clauses[clause_index], token)
        if item is None and clause_index:
            item = changed_item(self.sentence, clauses[clause_index - 1], token)
        if item is not None:
            told = [found for found in self.state.levels if found.scope == item and found.comparison is None]
            self._compare(told[-1:], clauses[clause_index], token, role)
        return item is not None

    def _of_another_year(self) -> bool:
        """Whether a sentence has a year of its own that is not the one compared with: 2020年,满意度提高1.3分."""
        return any(
            token.value.has_year and not aside and token.value.relative != 0 and not token.value.since
            for token, aside in self.sentence.times
            if self.sentence.text[token.start - 1] not in "比较与"
        )

    def _of_rate_told(self, clause_index: int, token: Token, role: Role) -> bool:
        """Read "综合满意度94.6%…。与去年上半年相比,公司综合满意度增长1.4个百分点": the change of a level before."""
        name = self._change_name(clause_index, token)
        if name is None or name.metric not in _RATES or name.token is None or name.token.kind != "sat":
            return False
        bound = self._bound(clause_index, token)
        told = [f for f in self.state.levels if f.metric == name.metric and f.value is not None]
        own = [f for f in told if f.bound and bound and f.bound.parties == bound.parties]
        plain = len(own) == 1 and own[0].comparison is None and not (own[0].segment or own[0].scope)
        parted = any(t.kind in ("segment", "scope") for t in self.sentence.tokens)
        if not plain or parted or self._of_another_year():
            return False
        self._compare(own, self.clauses[clause_index], token, role)
        return True

    def _rated(self) -> bool:
        """Whether the text has told how satisfied customers are, so that the items of the survey can follow."""
        told = any(found.metric in _RATES for found in (*self.state.levels, *self.made))
        return told or ((self.state.rated or self.state.rating) and follows_items(self.sentence))

    def _is_item(self, clause: Clause, token: Token) -> bool:
        """Whether a score is that of one item of the survey that has just rated power supply."""
        if nearest_service(self.sentence, token.start) == "service":
            return False  # 自来水服务下设五个分项,水压稳定得分81.3分
        return self._rated() and named_item(self.sentence, clause, token) is not None

    def _is_rated_item(self, clause: Clause, token: Token) -> bool:
        """Whether a share is that of one item, right behind the share of customers who are satisfied."""
        last = self._last_told()
        if last is None or last.metric != "satisfaction_rate":
            return False
        if nearest_service(self.sentence, token.start) == "service":
            return False
        return rated_item(self.sentence, clause, token) is not None

    def _item(self, clause_index: int, token: Token) -> Name | None:
        """Return the metric of a number that is not of the name before it, but of one item of a survey."""
        dimension, clause = token.value.dimension, self.clauses[clause_index]
        if dimension == "points" and (
            self._is_item(clause, token)
            or (self.state.survey_seen and score_beside_power(self.sentence, token))
            or self._of_group(clause_index, token)
        ):
            return Name("satisfaction_score", None, "same")
        if dimension == "percent" and self._is_rated_item(clause, token):
            return Name("satisfaction_rate", None, "carried")
        return None

    def _of_group(self, clause_index: int, token: Token) -> bool:
        """Whether a score is that of places or of a part of the customers, in a paragraph about our service."""
        if not score_of_group(self.sentence, clause_index, token):
            return False
        near = nearest_service(self.sentence, token.start)
        if near:
            return near == "power" and (self.state.survey_seen or self.state.rated)
        last = self._last_told()
        if last is None:
            return self.state.rated and self._under_power()
        return last.metric == "satisfaction_score" and not other_since(last)

    def _of_province(self, clause: Clause, token: Token) -> bool:
        """Whether a score is what all suppliers of a province reach, behind that of one: 湖州88.1分,全省平均86.5分."""
        text = self.sentence.text
        if "平均" not in text[clause.start : token.start] or not _MEAN.search(
            text, clause.start, token.start
        ):
            return False
        if any(t.kind in _NOT_OURS and t.end <= token.start for t in clause.tokens):
            return False
        near = nearest_service(self.sentence, token.start)
        if near:
            return near == "power" and (self.state.survey_seen or self.state.rated)
        last = self._last_told()
        return last is not None and last.metric == "satisfaction_score" and not other_since(last)

    def _of_desk(self, clause: Clause, token: Token) -> bool:
        """Whether a share is that of some desks, behind that of all: 客户满意率99.6%,其中城区营业厅99.8%."""
        last = self._last_told()
        if last is None or last.metric not in _RATES:
            return False
        return _DESK.fullmatch(self.sentence.text, clause.start, token.start) is not None

    def _of_party(self, clause: Clause, token: Token) -> bool:
        """Whether a place or supplier stands right before a score: 海口84.2, 三亚以83.6分."""
        named = next((t for t in reversed(clause.tokens) if t.end <= token.start), None)
        if named is None or named.kind not in ("org", "place"):
            return False
        return self.sentence.text[named.end : token.start] in _BY

    def _heads_row(self) -> bool:
        """Whether power heads the sentence of a survey of several services: 供电一项,青岛以88.6分排第一."""
        return _HEADED_BY.match(self.sentence.text, self.sentence.start) is not None

    def _of_other_service(self) -> bool:
        """Whether the last score told was another service's: 供电得分83.4分,供水得分77.2分。城镇居民评价84.2分."""
        last = self.state.levels[-1] if self.state.levels else None
        if last is None or last.metric not in _RATES or last.sentence is self.sentence:
            return False
        return other_since(last)

    def _of_county(self, clause: Clause, token: Token) -> bool:
        """Read "五个区的供电服务全部排在首位。其中顺德83.9分,…;三水80.17分": scores in an article that has told its own."""
        text = self.sentence.text
        named = next((t for t in clause.tokens if t.end == token.start), None)
        if named is None or named.kind not in _OF_WHOM:
            return False
        part = next(t for t in clause.tokens if t.kind in _OF_WHOM)  # 城镇居民87.2分
        lead = text[
            clause.start : part.start if part.kind == "scope" and part.end == named.start else named.start
        ]
        if not (lead in ("", "其中") or lead.endswith(":")) or token.value.value < _LEAST_SCORE:
            return False
        return nearest_service(self.sentence, token.start) != "service" and self._under_power()

    def _under_power(self) -> bool:
        """Whether the paragraph has named our service, or the nearest heading above it does: 3供电服务分析."""
        text = self.sentence.text
        first = text.rfind("\n", 0, self.sentence.start) + 1
        if text.find("供电", first, self.sentence.start) >= 0:
            return True
        for _ in range(_HEADED):
            last, first = first - 1, text.rfind("\n", 0, max(first - 1, 0)) + 1
            if last <= 0:
                return False
            if last - first <= _HEADING and text[last - 1] not in "。;!?":
                return "供电" in text[first:last]
        return False

    def _scored(self, clause_index: int, token: Token) -> bool:
        """Whether a score without a name is one of power supply, in a paragraph about a survey."""
        if self._of_group(clause_index, token):
            return True
        clause = self.clauses[clause_index]
        if rates_other(self.sentence, token):
            return False  # “获得电力”上升到第4位,得分93.7分
        rated = "公共服务" in self.sentence.text[self.sentence.start : token.start]
        if not self.state.survey_seen and not rated and not (self.state.rated and self._rated()):
            return self.state.rated and self._of_county(clause, token)
        if score_of_power(self.sentence, clause, token):
            return True
        other = nearest_service(self.sentence, token.start) == "service"
        if not other and self._rated() and score_of_item(self.sentence, clause, token):
            return True
        bound = self._bound(clause_index, token)
        if self._of_party(clause, token):
            near = nearest_service(self.sentence, token.start)  # 海口84.2、三亚以83.6分垫底
            if near is None and self.state.satisfaction_seen:
                return True
            if near == "power" and (self.state.satisfaction_seen or self._heads_row()):
                return True
        if self.state.rated and self._of_county(clause, token):
            return True
        stated = bound is not None and all(party.power for party in bound.parties)
        return stated and self.state.satisfaction_seen and score_of_subject(self.sentence, clause, token)
