"""Reads lists of numbers: one for each key, or keyed like the levels before them."""

from __future__ import annotations

import re

from svcsat_crawler.metrics.bound import Bound, same_parties
from svcsat_crawler.metrics.deltas import ChangeReader
from svcsat_crawler.metrics.found import Found
from svcsat_crawler.metrics.items_of import companies_before, items_before
from svcsat_crawler.metrics.lexicon import metrics
from svcsat_crawler.metrics.lists import keys
from svcsat_crawler.metrics.names import Name, takes
from svcsat_crawler.metrics.parts import parts_of
from svcsat_crawler.metrics.sentences import Clause
from svcsat_crawler.metrics.token import Token
from svcsat_crawler.metrics.told import ALL_OF
from svcsat_crawler.metrics.yearly import years_told
from svcsat_crawler.text.figures import whole_number

_RATED = frozenset(("satisfaction_score", "satisfaction_rate"))
_FEW = 2
# Unknown characters between the last of several suppliers and their scores: 三地供电公司均.
_REACH = 8
_CONFIDENCE = {"same": 0.97, "earlier": 0.92, "carried": 0.85}
# What tells a level from the one before it; a year alone leaves its part as it is.
_PARTING = frozenset(("org", "place", "reference", "segment", "scope", "metric", "noun", "sat", "time"))
# 上述两个可靠率进一步提高到99.91%和99.55%
_THESE = re.compile("(?:上述|以上|这|前述)(?P<n>[两二三四])[个项]")
# Keys that say nothing of segment and scope.
_WHOSE = frozenset(("org", "place", "time"))


def _share_parts(facts: list[Found], *, years: bool = False) -> None:
    """Let segment and scope of the first number of a list hold for all that have none; of *years* for all."""
    first = facts[0]
    for fact in facts[1:]:
        own = (None, None) if years else (fact.segment, fact.scope)
        fact.segment, fact.scope = own[0] or first.segment, own[1] or first.scope


class RowReader(ChangeReader):
    """Reads the lists of one sentence."""

    def _make(self, clause_index: int, token: Token, name: Name, bound: Bound | None = None) -> Found:
        metric = metrics()[name.metric]
        dimension = token.value.dimension
        value, factor = token.value.value, metric.accepts[dimension]
        if factor != 1:
            value = round(value * factor, 6)
        unit = dimension if metric.id == "connection_time" else None
        found = self.state.make(
            metric.id, value, token, self.sentence, clause_index,
            rule=f"{metric.id}:{name.how}", unit=unit, bound=bound or self._bound(clause_index, token), confidence=_CONFIDENCE[name.how],
        )  # fmt: skip
        found.segment, found.scope = parts_of(self.sentence, clause_index, token, name, metric.id)
        return found

    def _services(self, clause_index: int, listed: list[Token]) -> None:
        """Read "供水、供电、供气满意度分别为…": the score of the service that is ours."""
        clause = self.clauses[clause_index]
        metric = {"points": "satisfaction_score", "percent": "satisfaction_rate"}.get(
            listed[0].value.dimension
        )
        if metric is None or not any(t.kind in ("sat", "eval", "score") for t in clause.tokens):
            return
        found_keys = keys(self.sentence, clause_index, listed[0], len(listed)) or companies_before(
            self.sentence, clause, listed[0], len(listed)
        )
        for key, token in zip(found_keys, listed, strict=False):
            if key.kind == "power":
                self._add([self._make(clause_index, token, Name(metric, key, "same"))])
            elif key.kind == "org" and key.value.power:
                self._add([self._keyed(self._make(clause_index, token, Name(metric, key, "same")), key)])

    def _like_the_last(self, clause_index: int, listed: list[Token], name: Name) -> None:
        """Read "城网可靠率…、农网可靠率…,停电时间分别为…": keyed like as many levels before."""
        before = (self.made or self.state.levels)[-len(listed) :]
        clause = self.clauses[clause_index]
        apart = len(self.group) == len(listed) > 1 or any(t.kind == "resp" for t in clause.tokens)
        if not apart and (these := _THESE.search(self.sentence.text, clause.start, listed[0].start)):
            apart = whole_number(these["n"].replace("两", "二")) == len(listed)
        if not apart or len(before) < len(listed) or any(found.value is None for found in before):
            return
        # 2019至2021年…依次为…;同期农网可靠率依次为…
        by_year = len({found.span.year for found in before if found.span}) == len(before) > 1
        own = self._of_own(clause, listed[0], before)
        facts = []
        for token, found in zip(listed, before, strict=True):
            fact = self._make(clause_index, token, name, None if own else found.bound)
            if by_year:
                fact.span, fact.period_how = found.span, "inherited"
            else:
                fact.segment, fact.scope = fact.segment or found.segment, fact.scope or found.scope
            facts.append(fact)
        _share_parts(facts)
        self._add(facts)

    @staticmethod
    def _of_own(clause: Clause, first: Token, before: list[Found]) -> bool:
        """Whether a list keyed like levels of one party names another: 成都供电公司城网…,农网…;绵阳供电公司分别为…."""
        named = any(t.kind in ("org", "place") and t.end <= first.start for t in clause.tokens)
        return named and all(same_parties(found.bound, before[0].bound) for found in before)

    def _like_those_named(self, clause_index: int, listed: list[Token]) -> bool:
        """Read "两项指标要分别控制在4.5小时和12小时以内": keyed like the last levels of the paragraph."""
        before = self.state.levels[-len(listed) :]
        if len(before) < len(listed):
            return False
        own = self._of_own(self.clauses[clause_index], listed[0], before)
        facts = []
        for token, found in zip(listed, before, strict=True):
            if token.value.dimension not in metrics()[found.metric].accepts:
                return False
            fact = self._make(clause_index, token, Name(found.metric, None, "carried"))
            fact.segment, fact.scope = found.segment, found.scope
            fact.bound = fact.bound if own else found.bound
            facts.append(fact)
        self._add(facts)
        return True

    def _like_the_list(self, clause_index: int, listed: list[Token], name: Name) -> bool:
        """Read "三局得分依次为82.1、81.4、80.2": one for each party of the list before in the paragraph."""
        parties = self.state.subjects.listed
        text = self.sentence.text
        if len(parties) != len(listed):
            return False
        if not ALL_OF.search(text, text.rfind("\n", 0, self.sentence.start) + 1, listed[0].start):
            return False
        bounds = [Bound((party,), "inherited") for party in parties]
        facts = [
            self._make(clause_index, token, name, bound) for token, bound in zip(listed, bounds, strict=True)
        ]
        _share_parts(facts)
        self._add(facts)
        return True

    def _beyond(self, clause_index: int, listed: list[Token]) -> Name | None:
        """Read "花都、从化供电局双双突破88分,分别为88.4分和88.12分": scores like those before, of suppliers."""
        last = self._last_told()
        clause = self.clauses[clause_index]
        if len(listed) < _FEW or last is None:
            return None
        if listed[0].value.dimension not in metrics()[last.metric].accepts:
            return None
        if last.metric not in _RATED:
            return Name(last.metric, None, "carried") if self._is_of_each(clause, listed) else None
        told = keys(self.sentence, clause_index, listed[0], len(listed))
        suppliers = told and all(key.kind == "org" and key.value.power for key in told)
        if not suppliers or (told[0].start < clause.start and clause.tokens[0].kind != "resp"):
            return None
        between = [t for t in self.sentence.tokens if told[0].start < t.start < listed[0].start]
        foreign = any(t.kind in ("metric", "noun", "service") for t in between)
        if foreign or self.sentence.heavy(told[-1].end, listed[0].start) > _REACH:
            return None
        return Name(last.metric, None, "earlier")

    def _is_of_each(self, clause: Clause, listed: list[Token]) -> bool:
        """Whether a list says exactly what was told of as many parties: 两局仍在20小时以上,分别为21.3小时和24.07小时."""
        bound = self.group[-1].bound if self.group else None
        respectively = clause.tokens[0].kind == "resp" and clause.tokens[0].start == clause.start
        return respectively and bound is not None and len(bound.parties) == len(listed)

    def _items(self, clause_index: int, listed: list[Token], name: Name) -> bool:
        """Read "“服务诚信”“营业厅环境”评分分别为85.1分、84.4分": the items of a survey, one for each score."""
        items = items_before(self.sentence, clause_index, listed[0], len(listed))
        facts = [self._make(clause_index, token, name) for token, _ in zip(listed, items, strict=False)]
        for fact, item in zip(facts, items, strict=True):
            fact.scope = item
        if facts:
            self._add(facts)
        return bool(facts)

    def _list(self, clause_index: int, listed: list[Token], name: Name) -> None:
        found_keys = keys(self.sentence, clause_index, listed[0], len(listed))
        if not found_keys and name.metric == "satisfaction_score" and self._items(clause_index, listed, name):
            return
        if not found_keys and self._like_the_list(clause_index, listed, name):
            return
        found_keys = found_keys or years_told(self.state, self.sentence, listed[0], len(listed))
        if not found_keys and name.how == "carried" and self._like_those_named(clause_index, listed):
            return
        if not found_keys:
            self._like_the_last(clause_index, listed, name)
            return
        facts: list[Found] = []
        for key, token in zip(found_keys, listed, strict=True):
            own: Name | None = name
            if key.kind in ("metric", "noun", "sat"):
                clause = self.clauses[clause_index]
                id = takes(
                    key, token.value.dimension, self.sentence, clause, power=self._power(clause_index, token)
                )
                own = Name(id, key, "same") if id else None
            if own is None or key.kind == "service":
                continue
            facts.append(self._keyed(self._make(clause_index, token, own), key))
        if facts:
            if found_keys[0].kind in _WHOSE:
                _share_parts(facts, years=found_keys[0].kind == "time")
            self._share_bound(facts)
            self._drop_limits(facts)
            self._add(facts)

    def _carry_parts(self, found: Found, clause_index: int) -> None:
        """Read "2018年低压办电12天;到2019年,8天": only the year is another one than that of the level before."""
        last = self._last_told()
        if last is None or last.metric != found.metric or not same_parties(last.bound, found.bound):
            return
        before = self.clauses[max(0, clause_index - 1) : clause_index + 1]
        keys = {t.kind for clause in before for t in clause.tokens} & _PARTING
        if last.sentence is not self.sentence and keys <= {"time"}:
            found.segment, found.scope = found.segment or last.segment, found.scope or last.scope

    def _share_bound(self, facts: list[Found]) -> None:
        """Let 优于 hold for all numbers of 分别优于25天和3天."""
        first = facts[0]
        if first.qualifier == "eq" or self.sentence.text[first.start - 1] not in "于过到足在":
            return
        for fact in facts[1:]:
            if fact.qualifier == "eq":
                fact.qualifier = first.qualifier

    def _drop_limits(self, facts: list[Found]) -> None:
        """Forget 均低于1小时 where the values follow: 分别为0.35小时、0.48小时."""
        last = self.group[-1] if self.group else None
        if last is None or last.qualifier == "eq" or len(self.group) > 1 or last.metric != facts[-1].metric:
            return
        if last.bound is not None and len(last.bound.parties) == len(facts) > 1:
            self.made.remove(last)
