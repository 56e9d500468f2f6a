"""Reads the quantities of a sentence: levels, from-to pairs, changes and lists."""

from __future__ import annotations

import re

from svcsat_crawler.items import Comparison
from svcsat_crawler.metrics import changes
from svcsat_crawler.metrics.found import Found
from svcsat_crawler.metrics.lexicon import metrics
from svcsat_crawler.metrics.lists import chain, keys
from svcsat_crawler.metrics.names import BLOCKED, Name, has_key, name_before, name_in_clause, score_of_power, score_of_subject, takes
from svcsat_crawler.metrics.parts import parts_of
from svcsat_crawler.metrics.roles import Role, role_of
from svcsat_crawler.metrics.sentences import Clause, Sentence
from svcsat_crawler.metrics.state import State
from svcsat_crawler.metrics.subjects import Bound
from svcsat_crawler.metrics.token import Token

_CONFIDENCE = {"same": 0.97, "earlier": 0.92, "carried": 0.85}
# 三零服务 and "零上门、零审批、零投资" name a programme, not a figure.
_PROGRAMME = re.compile(r"[三四]零|零上门|零审批")
_ZERO = re.compile(
    r"(?:办电|接电|报装|接入|用电)[^,;。:]{0,6}?(?P<zero>零(?:成本|投资|费用))"
    r"|(?P<zero2>零(?:成本|投资|费用))(?:办电|接电|报装|接入)|(?P<zero3>零投诉)"
)
_ALL = ("两项", "均", "都", "三项", "双双")


class LevelReader:
    """Reads one sentence; facts go into the state."""

    def __init__(self, state: State, sentence: Sentence) -> None:
        self.state = state
        self.sentence = sentence
        self.group: list[Found] = []
        self.made: list[Found] = []
        self.pending: tuple[Token, Name] | None = None

    def read(self) -> list[Found]:
        """Return the facts of the sentence."""
        for clause_index, clause in enumerate(self.sentence.clauses):
            index = 0
            while index < len(clause.tokens):
                token = clause.tokens[index]
                if token.kind != "quantity" or not token.value.dimension:
                    listed = chain(self.sentence, clause, index) if token.kind == "quantity" else []
                    if len(listed) < 2:
                        index += 1
                        continue
                else:
                    listed = chain(self.sentence, clause, index)
                self._quantity(clause_index, index, listed)
                index += len(listed)
            self._direction_only(clause_index)
        self._zeros()
        return self.made

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

    def _power(self, clause_index: int, token: Token) -> bool:
        return self.state.power_subject(self.state.subjects.bind(self.sentence, clause_index, token.start))

    def _name(self, clause_index: int, token: Token, *, free: bool = False) -> Name | None:
        """Return the metric that the quantity *token* is a value of, or None."""
        sentence = self.sentence
        clause = sentence.clauses[clause_index]
        dimension = token.value.dimension
        power = self._power(clause_index, token)
        name = name_in_clause(sentence, clause, token, dimension, power=power, free=free)
        if name is None and dimension == "points" and self._scored(clause_index, token):
            name = Name("satisfaction_score", None, "earlier")
        if name is None:
            name = name_before(sentence, clause_index, token, dimension, power=power)
        if name is None and self.state.carried is not None:
            metric, carried, unit = self.state.carried
            if carried == dimension and (dimension not in ("count", "CNY") or unit == token.value.unit):
                name = Name(metric, None, "carried") if has_key(sentence, clause_index, token) else None
        return None if name is None or name is BLOCKED else name

    def _scored(self, clause_index: int, token: Token) -> bool:
        """Whether a score without a name is one of power supply, in a paragraph about a survey."""
        clause = self.sentence.clauses[clause_index]
        if not self.state.survey_seen:
            return False
        if score_of_power(self.sentence, clause, token):
            return True
        bound = self.state.subjects.bind(self.sentence, clause_index, token.start)
        stated = bound is not None and all(party.power for party in bound.parties)
        return stated and self.state.satisfaction_seen and score_of_subject(self.sentence, clause, token)

    def _level(self, clause_index: int, listed: list[Token], role: Role) -> None:
        token = listed[0]
        pair = self.pending if role.kind == "to" or self.pending else None
        name = self._name(clause_index, token, free=pair is not None)
        if pair is not None and pair[0].value.dimension == token.value.dimension:
            if name is None or name.metric == pair[1].metric:
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

    def _add(self, facts: list[Found]) -> None:
        self.group = facts
        self.made.extend(facts)
        last = facts[-1]
        quantity = next((t for t in self.sentence.tokens if t.start == last.start), None)
        if quantity is not None and quantity.kind == "quantity":
            self.state.carried = (last.metric, quantity.value.dimension, quantity.value.unit)

    def _make(self, clause_index: int, token: Token, name: Name, bound: Bound | None = None) -> Found:
        metric = metrics()[name.metric]
        dimension = token.value.dimension
        value = token.value.value * metric.accepts[dimension]
        unit = dimension if metric.id == "connection_time" else None
        found = self.state.make(
            metric.id, value, token, self.sentence, clause_index,
            rule=f"{metric.id}:{name.how}", unit=unit, bound=bound, confidence=_CONFIDENCE[name.how],
        )  # fmt: skip
        found.segment, found.scope = parts_of(self.sentence, clause_index, token, name, metric.id)
        return found

    def _services(self, clause_index: int, listed: list[Token]) -> None:
        """Read "供水、供电、供气满意度分别为…": the score of the service that is ours."""
        clause = self.sentence.clauses[clause_index]
        metric = {"points": "satisfaction_score", "percent": "satisfaction_rate"}.get(listed[0].value.dimension)
        if metric is None or not any(t.kind in ("sat", "eval", "score") for t in clause.tokens):
            return
        for key, token in zip(keys(self.sentence, clause_index, listed[0], len(listed)), listed, strict=False):
            if key.kind == "power":
                self._add([self._make(clause_index, token, Name(metric, key, "same"))])

    def _list(self, clause_index: int, listed: list[Token], name: Name) -> None:
        found_keys = keys(self.sentence, clause_index, listed[0], len(listed))
        if not found_keys:
            return
        facts: list[Found] = []
        for key, token in zip(found_keys, listed, strict=True):
            own: Name | None = name
            if key.kind in ("metric", "noun", "sat"):
                clause = self.sentence.clauses[clause_index]
                id = takes(key, token.value.dimension, self.sentence, clause, power=self._power(clause_index, token))
                own = Name(id, key, "same") if id else None
            if own is None or key.kind == "service":
                continue
            facts.append(self._keyed(self._make(clause_index, token, own), key))
        if facts:
            self._add(facts)

    def _keyed(self, found: Found, key: Token) -> Found:
        """Let the key of a list override what the number would have found by itself."""
        if key.kind == "segment":
            found.segment = key.value
        elif key.kind == "scope":
            found.scope = key.value or self.sentence.text[key.start : key.end]
        elif key.kind in ("org", "place"):
            found.bound = Bound((key.value,), "stated")
        elif key.kind == "time":
            found.span = self.state.periods.span(key, self.state.periods.year) or found.span
            found.period_how = "stated"
        return found

    def _from_to(self, clause_index: int, start: Token, token: Token, name: Name) -> None:
        """Read "由2015年的4.98小时减至4.6小时": the value now, and the earlier one when its year is printed."""
        self.pending = None
        found = self._make(clause_index, token, name)
        factor = metrics()[name.metric].accepts[token.value.dimension]
        before = round(start.value.value * factor, 6)
        found.segment, found.scope = parts_of(self.sentence, self.sentence.clause_of(start), start, name, name.metric)
        found.comparison = changes.from_to(name.metric, before, found.value or 0.0, found.unit)
        clause = self.sentence.clauses[self.sentence.clause_of(start)]
        times = [t for t in clause.tokens if t.kind == "time" and t.end <= start.start and t.value.has_year]
        if times and self.sentence.heavy(times[-1].end, start.start) == 0:
            span = self.state.periods.span(times[-1], self.state.periods.year)
            earlier = self._make(clause_index, start, name, found.bound)
            earlier.span, earlier.period_how, earlier.rule = span or earlier.span, "stated", f"{name.metric}:start"
            earlier.segment, earlier.scope = found.segment, found.scope
            if span is not None and (found.span is None or span != found.span):
                self.made.append(earlier)
        self._add([found])

    def _change(self, clause_index: int, listed: list[Token], role: Role) -> None:
        token = listed[0]
        sentence, clause = self.sentence, self.sentence.clauses[clause_index]
        name = self._change_name(clause_index, token)
        if name is BLOCKED:
            return
        fresh = name is not None and not any(
            fact.metric == name.metric and name.token is not None and fact.start > name.token.start for fact in self.group
        )
        if self.group and not fresh:
            self._attach(clause_index, listed, role)
            return
        if name is None or not changes.fits(name.metric, token.value.dimension):
            return
        if changes.is_cut(name.metric, sentence, clause, token):
            metric = changes.REDUCTION_OF[name.metric]
            found = self.state.make(metric, token.value.value, token, sentence, clause_index, rule=metric)
            found.segment, found.scope = parts_of(sentence, clause_index, token, name, metric)
            self._add([found])
            return
        found_keys = keys(sentence, clause_index, token, len(listed)) if len(listed) > 1 else []
        if len(listed) > 1 and not found_keys:
            listed = listed[:1]
        facts = []
        for position, item in enumerate(listed):
            found = self.state.make(
                name.metric, None, item, sentence, clause_index, rule=f"{name.metric}:change", confidence=0.93
            )
            found.segment, found.scope = parts_of(sentence, clause_index, item, name, name.metric)
            year = found.span.year if found.span else None
            found.comparison = changes.comparison(name.metric, sentence, clause, item, role.direction, year)
            facts.append(self._keyed(found, found_keys[position]) if found_keys else found)
        self._add(facts)

    def _change_name(self, clause_index: int, token: Token) -> Name | None:
        """Return the metric whose change *token* is, when its name stands in the sentence."""
        power = self._power(clause_index, token)
        for index in range(clause_index, -1, -1):
            clause = self.sentence.clauses[index]
            for item in reversed([t for t in clause.tokens if t.end <= token.start]):
                if item.kind == "noun":
                    return BLOCKED if index == clause_index or not self.group else None
                if item.kind == "down" and item.end - item.start > 2 and "停电" in self.sentence.text[item.start : item.end]:
                    return self._outage_cut(clause_index, item, token)
                if item.kind == "metric":
                    if self._in_base(item):
                        continue
                    if item.weak and not any(n in self.sentence.text[clause.start : clause.end] for n in metrics()[item.value].needs):
                        continue
                    return Name(item.value, item, "same" if index == clause_index else "earlier")
                if item.kind == "sat":
                    dimension = "points" if token.value.dimension == "points" else "percent"
                    id = takes(item, dimension, self.sentence, clause, power=power)
                    return Name(id, item, "same") if id else BLOCKED
                if item.kind in ("service", "rank", "streak") and not self.group:
                    return BLOCKED
            if self.group or (index == clause_index and self.sentence.heavy(clause.start, token.start) > 4):
                return None if self.group else self._carried_change(clause_index, token)
        return self._carried_change(clause_index, token)

    def _in_base(self, name: Token) -> bool:
        """Whether a name only says what is compared with: 较去年最高负荷增长3.2%."""
        before = [t for t in self.sentence.tokens if t.end <= name.start]
        return bool(before) and before[-1].kind in ("base", "time") and before[-1].end == name.start and any(
            word in self.sentence.text[max(0, before[-1].start - 1) : before[-1].start + 1] for word in "比较"
        )

    def _outage_cut(self, clause_index: int, verb: Token, token: Token) -> Name:
        """Read 减少停电时间7.64小时; a sum over customers (累计) or one event is not the average."""
        text = self.sentence.text[self.sentence.start : self.sentence.end]
        if token.value.dimension not in ("hours", "minutes") or "累计" in text or "时户" in text:
            return BLOCKED
        average = "时间" in self.sentence.text[verb.start : verb.end] or "户均" in text or "平均" in text
        carried = self.state.carried is not None and self.state.carried[0] == "saidi"
        return Name("saidi", None, "carried") if average or carried else BLOCKED

    def _carried_change(self, clause_index: int, token: Token) -> Name | None:
        """Rows like "东莞同比降幅最大,为78.8%" and "减少停电17小时" go on with the last metric."""
        if self.state.carried is None:
            return None
        metric = self.state.carried[0]
        noun = any(t.kind in ("up", "down") and self.sentence.text[t.end - 1] == "幅" for t in self.sentence.tokens)
        return Name(metric, None, "carried") if noun and has_key(self.sentence, clause_index, token) else None

    def _attach(self, clause_index: int, listed: list[Token], role: Role) -> None:
        """Give a change to the level before it, or a list of changes to as many levels."""
        token = listed[0]
        clause = self.sentence.clauses[clause_index]
        if len(listed) > 1 and len(self.made) >= len(listed):
            for found, item in zip(self.made[-len(listed) :], listed, strict=True):
                self._compare([found], clause, item, role)
            return
        if self.sentence.heavy(clause.start, token.start) > 4 and not self._level_in(clause_index):
            return
        everybody = any(word in self.sentence.text[clause.start : token.start] for word in _ALL)
        self._compare(self.made if everybody else self.group, clause, token, role)

    def _compare(self, targets: list[Found], clause: Clause, token: Token, role: Role) -> None:
        """Set the comparison of facts; 同比 wins over a second comparison."""
        for found in targets:
            if not changes.fits(found.metric, token.value.dimension):
                continue
            year = found.span.year if found.span else None
            new = changes.comparison(found.metric, self.sentence, clause, token, role.direction, year)
            old = found.comparison
            if old is None or (found.value is not None and old.value is None) or (new.kind == "yoy" and old.kind == "previous"):
                found.comparison = new

    def _zeros(self) -> None:
        """Read 办电零成本 and 零投诉: a zero that is written as a word."""
        text = self.sentence.text[self.sentence.start : self.sentence.end]
        if "零" not in text or _PROGRAMME.search(text):
            return
        for match in _ZERO.finditer(text):
            group = next(name for name in ("zero", "zero2", "zero3") if match[name])
            start, end = match.span(group)
            token = Token(self.sentence.start + start, self.sentence.start + end, "zero", 0)
            metric = "complaints" if group == "zero3" else "connection_cost"
            index = self.sentence.clause_of(token)
            found = self.state.make(metric, 0.0, token, self.sentence, index, rule=f"{metric}:zero", confidence=0.9)
            found.segment, found.scope = parts_of(self.sentence, index, token, Name(metric, None, "same"), metric)
            self.made.append(found)

    def _level_in(self, clause_index: int) -> bool:
        return any(self.sentence.clauses[clause_index].start <= found.start for found in self.group)

    def _take_pending_change(self, found: Found, clause_index: int) -> None:
        """Join "同比增长5%,达到400.2亿千瓦时": the change stood before its level."""
        last = self.group[-1] if self.group else None
        if last is None or last.value is not None or last.metric != found.metric or len(self.group) > 1:
            return
        clause = self.sentence.clauses[clause_index]
        named = any(t.kind in ("metric", "sat") and last.end <= t.start < found.start for t in clause.tokens)
        if not named:
            found.comparison = last.comparison
            found.segment, found.scope = found.segment or last.segment, found.scope or last.scope
            self.made.remove(last)

    def _direction_only(self, clause_index: int) -> None:
        """Read "两项均同比提高": a direction without a size."""
        clause = self.sentence.clauses[clause_index]
        base = next((t for t in clause.tokens if t.kind == "base"), None)
        if base is None or not self.group or any(t.kind == "quantity" for t in clause.tokens):
            return
        verb = next((t for t in clause.tokens if t.kind in ("up", "down", "flat") and t.start >= base.start), None)
        if verb is None or any(t.kind in ("metric", "noun", "service") for t in clause.tokens):
            return
        everybody = any(word in self.sentence.text[clause.start : verb.start] for word in _ALL)
        for found in self.made if everybody else self.group:
            if found.comparison is None:
                found.comparison = Comparison(kind=base.value, direction=verb.kind, value=None, unit=None)  # type: ignore[arg-type]
