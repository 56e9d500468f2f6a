"""Reads the quantities of a sentence: levels, from-to pairs, changes and lists."""

from __future__ import annotations

from svcsat_crawler.metrics import changes
from svcsat_crawler.metrics.around import name_around
from svcsat_crawler.metrics.found import Found
from svcsat_crawler.metrics.lexicon import counted_in, metrics
from svcsat_crawler.metrics.lists import chain
from svcsat_crawler.metrics.names import (
    BLOCKED,
    Name,
    has_key,
    name_before,
    name_in_clause,
)
from svcsat_crawler.metrics.parts import parts_of
from svcsat_crawler.metrics.roles import Role, role_of
from svcsat_crawler.metrics.rows import RowReader
from svcsat_crawler.metrics.satisfaction import nearest_service
from svcsat_crawler.metrics.scores import score_of_item, score_of_power, score_of_subject, share_of_satisfied
from svcsat_crawler.metrics.sentences import Clause, Sentence
from svcsat_crawler.metrics.state import State
from svcsat_crawler.metrics.token import Token

_AROUND = frozenset(("count", "CNY", "kWh", "hours", "minutes", "times", "days", "working_days"))
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
# Where something is done is no customer.
_WHERE = ("镇", "乡", "村", "街道", "社区", "县", "区", "城市", "供电所", "营业厅")
_NAMES = frozenset(("metric", "pointer", "sat", "eval", "score"))


def may_hold_levels(state: State, sentence: Sentence) -> bool:
    """Whether a sentence with a quantity can state a level or a change.

    Most sentences with a number name nothing that a metric could be: they are not read at all.
    """
    kinds = sentence.kinds
    named = state.carried is not None or not kinds.isdisjoint(_NAMES)
    if not named and sentence.text.find("满意", sentence.start, sentence.end) >= 0:
        named = True
    if not named and "down" in kinds:
        named = sentence.text.find("停电", sentence.start, sentence.end) >= 0
    for token in sentence.tokens:
        if token.kind == "quantity":
            dimension = token.value.dimension
            rated = dimension == "points" and (
                state.survey_seen or sentence.text.find("公共服务", sentence.start, token.start) >= 0
            )
            if dimension in DIMENSIONS and (named or rated):
                return True
            if dimension in _AROUND and name_around(
                sentence, sentence.clauses[sentence.clause_of(token)], token
            ):
                return True
    return False


class LevelReader(RowReader):
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
                if self._matters(clause, listed[0]):
                    self._quantity(clause_index, index, listed)
            if self.group and not numbers:
                self._direction_only(clause_index)
        self._start_alone()
        return self.made

    def _start_alone(self) -> None:
        """Read "82.66分,超过上年的81.9分": the earlier value, where no "to" has taken it."""
        if self.pending is None:
            return
        start, name = self.pending
        index = self.sentence.clause_of(start)
        level = next(
            (f for f in reversed(self.made) if f.metric == name.metric and f.value is not None), None
        )
        earlier = self._earlier(index, start, name, level) if level is not None else None
        if earlier is not None:
            self.made.append(earlier)

    def _earlier(self, index: int, start: Token, name: Name, now: Found) -> Found | None:
        """Return the value before as a fact of its own when its year is printed right before it."""
        clause = self.sentence.clauses[index]
        times = [t for t in clause.tokens if t.kind == "time" and t.end <= start.start and t.value.has_year]
        if times and self.sentence.heavy(times[-1].end, start.start):
            return None
        span = self.since if name.how != "same" and not times else None
        if times:
            span = self.state.periods.span(times[-1], now.span.year if now.span else self.state.periods.year)
        if span is None or span == now.span:
            return None
        self.since = span
        earlier = self._make(index, start, name, now.bound)
        earlier.span, earlier.period_how, earlier.rule = span, "stated", f"{name.metric}:start"
        earlier.qualifier, earlier.segment, earlier.scope = "eq", now.segment, now.scope
        if self.state.published is None or span.last < self.state.published:
            earlier.status = "measured"
        return earlier

    def _matters(self, clause: Clause, token: Token) -> bool:
        """Whether any metric takes the number; counts and money need their noun near."""
        dimension = token.value.dimension
        if dimension not in _NOUN_NEEDED:
            return dimension in DIMENSIONS
        if self.state.carried is not None and self.state.carried[1] == dimension:
            return True
        if self.group or any(t.kind == "metric" for t in clause.tokens):
            return True
        return name_around(self.sentence, clause, token) is not None or self._named_alone(clause)

    def _named_alone(self, clause: Clause) -> bool:
        """Whether the clause before names a count and holds no number: "投诉降得最多,只有71件"."""
        index = self.sentence.clauses.index(clause)
        before = self.sentence.clauses[index - 1].tokens if index else []
        return any(t.kind == "metric" for t in before) and not any(t.kind == "quantity" for t in before)

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
        if (
            name is None
            and dimension == "percent"
            and share_of_satisfied(sentence, clause, token)
            and power()
        ):
            name = Name("satisfaction_rate", None, "same")
        if name is None:
            name = name_before(sentence, clause_index, token, dimension, power=power)
        if name is None and dimension == "kWh":
            id = name_around(sentence, clause, token)
            name = Name(id, None, "same") if id else None
        if name is None and self.state.carried is not None:
            metric, carried, unit = self.state.carried
            known = carried == dimension and dimension in metrics()[metric].accepts
            if known and (dimension not in ("count", "CNY") or unit == token.value.unit):
                name = Name(metric, None, "carried") if has_key(sentence, clause_index, token) else None
        if name is None and dimension not in _NOUN_NEEDED:
            name = self._of_row(clause_index, token)
        if name is None:
            id = name_around(sentence, clause, token)
            name = Name(id, None, "same") if id else None
        if name is None or name is BLOCKED or not counted_in(name.metric, token.value):
            return None
        if token.value.dimension == "count" and sentence.text.startswith(_WHERE, token.end):
            return None  # 次日送电扩大到38个镇
        return name

    def _of_row(self, clause_index: int, token: Token) -> Name | None:
        """Return the metric of "城区年均停电0.8次、2.1小时,农村3.3次、10.4小时" by the unit of the number."""
        dimension = token.value.dimension
        row = [f.metric for f in (*self.state.levels, *self.made) if f.value is not None]
        asked = [self.state.named] if self.state.named else []  # 办电要多久?低压平均3天
        fits = [id for id in (*asked, *row) if dimension in metrics()[id].accepts]
        return (
            Name(fits[-1], None, "carried") if fits and has_key(self.sentence, clause_index, token) else None
        )

    def _pointed(self, clause: Clause, token: Token) -> Name | None:
        """Return the metric that 这个数字 stands for: the last one that the paragraph has named."""
        id = self.state.named
        if id is None or token.value.dimension not in metrics()[id].accepts:
            return None
        pointers = [t for t in clause.tokens if t.end <= token.start and self._is_pointer(t)]
        near = pointers and self.sentence.heavy(pointers[-1].end, token.start) <= _REACH
        return Name(id, None, "carried") if near else None

    def _is_pointer(self, token: Token) -> bool:
        """Whether a word stands for what was named before; 指标 does when it is counted: 两项指标."""
        text = self.sentence.text
        counted = text[token.start : token.end] == "指标" and text[token.start - 1] in "项个"
        return token.kind == "pointer" or counted

    def _scored(self, clause_index: int, token: Token) -> bool:
        """Whether a score without a name is one of power supply, in a paragraph about a survey."""
        clause = self.sentence.clauses[clause_index]
        rated = self.sentence.text.find("公共服务", self.sentence.start, token.start) >= 0
        if not self.state.survey_seen and not rated:
            return False
        if score_of_power(self.sentence, clause, token):
            return True
        rated = any(found.metric == "satisfaction_score" for found in (*self.state.levels, *self.made))
        if rated and score_of_item(self.sentence, clause, token):
            return True
        bound = self._bound(clause_index, token)
        if self.state.satisfaction_seen and any(
            t.end == token.start and t.kind in ("org", "place") for t in clause.tokens
        ):
            return nearest_service(self.sentence, token.start) != "service"  # 海口84.2、三亚83.6
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
        earlier = self._earlier(self.sentence.clause_of(start), start, name, found)
        if earlier is not None:
            self.made.append(earlier)
        self._add([found])
