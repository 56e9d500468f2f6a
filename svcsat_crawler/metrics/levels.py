"""Reads the quantities of a sentence: levels, from-to pairs, changes and lists."""

from __future__ import annotations

from svcsat_crawler.metrics import changes
from svcsat_crawler.metrics.deltas import ChangeReader
from svcsat_crawler.metrics.found import Found
from svcsat_crawler.metrics.lexicon import metrics
from svcsat_crawler.metrics.lists import chain, keys
from svcsat_crawler.metrics.names import (
    BLOCKED,
    Name,
    has_key,
    name_before,
    name_in_clause,
    score_of_power,
    score_of_subject,
    takes,
)
from svcsat_crawler.metrics.parts import parts_of
from svcsat_crawler.metrics.roles import Role, role_of
from svcsat_crawler.metrics.sentences import Clause, Sentence
from svcsat_crawler.metrics.state import State
from svcsat_crawler.metrics.subjects import Bound
from svcsat_crawler.metrics.token import Token

_NOUN_NEEDED = frozenset(("count", "CNY", "places"))
DIMENSIONS = frozenset(
    (
        "points",
        "percent",
        "percentage_points",
        "fold",
        *(d for metric in metrics().values() for d in metric.accepts),
    )
)
# Unknown characters between 这个数字 and its number: 停在.
_REACH = 3
_CONFIDENCE = {"same": 0.97, "earlier": 0.92, "carried": 0.85}
_NAMES = frozenset(("metric", "pointer", "sat", "eval", "score"))


def may_hold_levels(state: State, sentence: Sentence) -> bool:
    """Whether a sentence with a quantity can state a level or a change.

    Most sentences with a number name nothing that a metric could be: they are not read at all.
    """
    kinds = sentence.kinds
    named = state.carried is not None or not kinds.isdisjoint(_NAMES)
    if not named and "down" in kinds:
        named = sentence.text.find("停电", sentence.start, sentence.end) >= 0
    for token in sentence.tokens:
        if token.kind == "quantity":
            dimension = token.value.dimension
            if dimension in DIMENSIONS and (named or (dimension == "points" and state.survey_seen)):
                return True
    return False


class LevelReader(ChangeReader):
    """Reads the levels of one sentence, with their changes."""

    def read(self) -> list[Found]:
        """Return the facts of the sentence."""
        for clause_index, clause in enumerate(self.sentence.clauses):
            behind = 0
            numbers = [index for index, token in enumerate(clause.tokens) if token.kind == "quantity"]
            for index in numbers:
                if index < behind:
                    continue
                listed = chain(self.sentence, clause, index)
                behind = index + len(listed)
                if self._matters(clause, listed[0].value.dimension):
                    self._quantity(clause_index, index, listed)
            if self.group and not numbers:
                self._direction_only(clause_index)
        return self.made

    def _matters(self, clause: Clause, dimension: str) -> bool:
        """Whether any metric takes the dimension; counts and money need their noun in the clause."""
        if dimension not in _NOUN_NEEDED:
            return dimension in DIMENSIONS
        if self.state.carried is not None and self.state.carried[1] == dimension:
            return True
        return bool(self.group) or any(t.kind == "metric" for t in clause.tokens)

    def _quantity(self, clause_index: int, index: int, listed: list[Token]) -> None:
        clause = self.sentence.clauses[clause_index]
        role = role_of(self.sentence, clause, index)
        if role.kind == "change":
            self._change(clause_index, listed, role)
        elif role.kind == "start":
            name = self._name(clause_index, listed[0], free=True)
            self.pending = (listed[0], name) if name else None
        elif role.kind in ("level", "to"):
            self._level(clause_index, listed, role)

    def _name(self, clause_index: int, token: Token, *, free: bool = False) -> Name | None:
        """Return the metric that the quantity *token* is a value of, or None."""
        sentence = self.sentence
        clause = sentence.clauses[clause_index]
        dimension = token.value.dimension
        power = self._power(clause_index, token)
        name = name_in_clause(sentence, clause, token, dimension, power=power, free=free)
        if name is None:
            name = self._pointed(clause, token)
        if name is None and dimension == "points" and self._scored(clause_index, token):
            name = Name("satisfaction_score", None, "earlier")
        if name is None:
            name = name_before(sentence, clause_index, token, dimension, power=power)
        if name is None and self.state.carried is not None:
            metric, carried, unit = self.state.carried
            known = carried == dimension and dimension in metrics()[metric].accepts
            if known and (dimension not in ("count", "CNY") or unit == token.value.unit):
                name = Name(metric, None, "carried") if has_key(sentence, clause_index, token) else None
        return None if name is None or name is BLOCKED else name

    def _pointed(self, clause: Clause, token: Token) -> Name | None:
        """Return the metric that 这个数字 stands for: the last one that the paragraph has named."""
        id = self.state.named
        if id is None or token.value.dimension not in metrics()[id].accepts:
            return None
        pointers = [t for t in clause.tokens if t.kind == "pointer" and t.end <= token.start]
        near = pointers and self.sentence.heavy(pointers[-1].end, token.start) <= _REACH
        return Name(id, None, "carried") if near else None

    def _scored(self, clause_index: int, token: Token) -> bool:
        """Whether a score without a name is one of power supply, in a paragraph about a survey."""
        clause = self.sentence.clauses[clause_index]
        if not self.state.survey_seen:
            return False
        if score_of_power(self.sentence, clause, token):
            return True
        bound = self._bound(clause_index, token)
        stated = bound is not None and all(party.power for party in bound.parties)
        return stated and self.state.satisfaction_seen and score_of_subject(self.sentence, clause, token)

    def _level(self, clause_index: int, listed: list[Token], role: Role) -> None:
        token = listed[0]
        pair = self.pending if role.kind == "to" or self.pending else None
        name = self._name(clause_index, token, free=pair is not None)
        fits = pair is not None and pair[0].value.dimension == token.value.dimension
        if pair is not None and fits and (name is None or name.metric == pair[1].metric):
            self._from_to(clause_index, pair[0], token, name or pair[1])
            return
        if name is None:
            if len(listed) > 1:
                self._services(clause_index, listed)
            return
        if len(listed) > 1:
            self._list(clause_index, listed, name)
            return
        found = self._make(clause_index, token, name)
        self._take_pending_change(found, clause_index)
        self._add([found])

    def _make(self, clause_index: int, token: Token, name: Name, bound: Bound | None = None) -> Found:
        metric = metrics()[name.metric]
        dimension = token.value.dimension
        value = token.value.value * metric.accepts[dimension]
        unit = dimension if metric.id == "connection_time" else None
        found = self.state.make(
            metric.id, value, token, self.sentence, clause_index,
            rule=f"{metric.id}:{name.how}", unit=unit, bound=bound or self._bound(clause_index, token), confidence=_CONFIDENCE[name.how],
        )  # fmt: skip
        found.segment, found.scope = parts_of(self.sentence, clause_index, token, name, metric.id)
        return found

    def _services(self, clause_index: int, listed: list[Token]) -> None:
        """Read "供水、供电、供气满意度分别为…": the score of the service that is ours."""
        clause = self.sentence.clauses[clause_index]
        metric = {"points": "satisfaction_score", "percent": "satisfaction_rate"}.get(
            listed[0].value.dimension
        )
        if metric is None or not any(t.kind in ("sat", "eval", "score") for t in clause.tokens):
            return
        for key, token in zip(
            keys(self.sentence, clause_index, listed[0], len(listed)), listed, strict=False
        ):
            if key.kind == "power":
                self._add([self._make(clause_index, token, Name(metric, key, "same"))])

    def _like_the_last(self, clause_index: int, listed: list[Token], name: Name) -> None:
        """Read "城网可靠率…、农网可靠率…,停电时间分别为…": keyed like as many levels before."""
        before = self.made[-len(listed) :]
        apart = any(t.kind == "resp" for t in self.sentence.clauses[clause_index].tokens)
        if not apart or len(before) < len(listed) or any(found.value is None for found in before):
            return
        facts = []
        for token, found in zip(listed, before, strict=True):
            fact = self._make(clause_index, token, name, found.bound)
            fact.segment, fact.scope = fact.segment or found.segment, fact.scope or found.scope
            facts.append(fact)
        self._add(facts)

    def _list(self, clause_index: int, listed: list[Token], name: Name) -> None:
        found_keys = keys(self.sentence, clause_index, listed[0], len(listed))
        if not found_keys:
            self._like_the_last(clause_index, listed, name)
            return
        facts: list[Found] = []
        for key, token in zip(found_keys, listed, strict=True):
            own: Name | None = name
            if key.kind in ("metric", "noun", "sat"):
                clause = self.sentence.clauses[clause_index]
                id = takes(
                    key, token.value.dimension, self.sentence, clause, power=self._power(clause_index, token)
                )
                own = Name(id, key, "same") if id else None
            if own is None or key.kind == "service":
                continue
            facts.append(self._keyed(self._make(clause_index, token, own), key))
        if facts:
            self._add(facts)

    def _from_to(self, clause_index: int, start: Token, token: Token, name: Name) -> None:
        """Read "由2015年的4.98小时减至4.6小时": the value now, and the earlier one when its year is printed."""
        self.pending = None
        found = self._make(clause_index, token, name)
        factor = metrics()[name.metric].accepts[token.value.dimension]
        before = round(start.value.value * factor, 6)
        found.segment, found.scope = parts_of(
            self.sentence, self.sentence.clause_of(start), start, name, name.metric
        )
        found.comparison = changes.from_to(name.metric, before, found.value or 0.0, found.unit)
        clause = self.sentence.clauses[self.sentence.clause_of(start)]
        times = [t for t in clause.tokens if t.kind == "time" and t.end <= start.start and t.value.has_year]
        if times and self.sentence.heavy(times[-1].end, start.start) == 0:
            now = found.span.year if found.span else self.state.periods.year
            span = self.state.periods.span(times[-1], now)
            earlier = self._make(clause_index, start, name, found.bound)
            earlier.span, earlier.period_how, earlier.rule = (
                span or earlier.span,
                "stated",
                f"{name.metric}:start",
            )
            earlier.segment, earlier.scope = found.segment, found.scope
            if span is not None and (found.span is None or span != found.span):
                self.made.append(earlier)
        self._add([found])
