"""Reads two values of one number: by which printed year it was what, and what it has become."""

from __future__ import annotations

from svcsat_crawler.metrics import changes
from svcsat_crawler.metrics.found import Found
from svcsat_crawler.metrics.lexicon import metrics
from svcsat_crawler.metrics.names import Name
from svcsat_crawler.metrics.parts import parts_of
from svcsat_crawler.metrics.rows import RowReader
from svcsat_crawler.metrics.token import Token


class PairReader(RowReader):
    """Reads the from-to pairs of one sentence."""

    def _start_alone(self) -> None:
        """Read "82.66分,超过上年的81.9分": the earlier value, where no "to" has taken it."""
        if self.pending is None and self.ahead is not None:
            behind = self._named_behind(self.ahead)
            self.pending = (self.ahead, behind) if behind else None
        if self.pending is None:
            return
        start, name = self.pending
        index = self.sentence.clause_of(start)
        level = next(
            (f for f in reversed(self.made) if f.metric == name.metric and f.value is not None), None
        )
        if level is None and name.how == "carried":
            level = next(
                (f for f in reversed([*self.state.levels, *self.made]) if f.metric == name.metric), None
            )
        earlier = self._earlier(index, start, name, level) if level is not None else None
        if earlier is not None and level is not None:
            self.made.append(earlier)
            if level.value is None or level not in self.made:
                return
            if level.comparison is None and level.bound == earlier.bound and level.segment == earlier.segment:
                before, now = earlier.value or 0.0, level.value or 0.0
                level.comparison = changes.from_to(name.metric, before, now, level.unit)

    def _named_behind(self, start: Token) -> Name | None:
        """Return the metric of 与2011年的7.6小时相比,停电时间降幅逾八成: named behind its earlier value."""
        dimension = start.value.dimension
        named = next((t for t in self.sentence.tokens if t.start > start.end and t.kind == "metric"), None)
        fits = named is not None and dimension in metrics()[named.value].accepts
        return Name(named.value, None, "carried") if named is not None and fits else None

    def _earlier(self, index: int, start: Token, name: Name, now: Found) -> Found | None:
        """Return the value before as a fact of its own when its year is printed right before it."""
        clause = self.sentence.clauses[index]
        times = [t for t in clause.tokens if t.kind == "time" and t.end <= start.start and t.value.has_year]
        if times and self.sentence.heavy(times[-1].end, start.start):
            return None
        span = self.since if not times else None
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
