"""Reads two values of one number: by which printed year it was what, and what it has become."""

from __future__ import annotations

import re

from svcsat_crawler.items import Comparison
from svcsat_crawler.metrics import changes
from svcsat_crawler.metrics.bound import same_parties
from svcsat_crawler.metrics.found import Found
from svcsat_crawler.metrics.lexicon import metrics
from svcsat_crawler.metrics.lists import keys
from svcsat_crawler.metrics.names import Name
from svcsat_crawler.metrics.parts import parts_of
from svcsat_crawler.metrics.rows import RowReader
from svcsat_crawler.metrics.spans import Span, whole_year
from svcsat_crawler.metrics.token import Token
from svcsat_crawler.metrics.yearly import years_told

# 由7.2小时降至6.1小时,再降至4.8小时
_FURTHER = re.compile(
    r"[,、]?(?:再|又|进而|后|随后|最后|最终|直至|进一步|继续)(?:进一步|继续)?[\u4e00-\u9fff]{0,3}?[至到为]了?"
)


# 2021年至2023年,…从2.9天降至1.6天: what it was in the first of the years and is in the last.
_RANGE = re.compile("[从自由]?(?:19|20)[0-9]{2}年?[至到-](?:19|20)[0-9]{2}年(?:间|期间|底|末)?")


class PairReader(RowReader):
    """Reads the from-to pairs of one sentence."""

    # A level that a figure of a sentence before has become; a change that the text states is taken first.
    became: tuple[Found, Comparison] | None = None

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
        clause = self.clauses[index]
        times = [t for t in clause.tokens if t.kind == "time" and t.end <= start.start and t.value.has_year]
        if times and self.since is not None and _RANGE.fullmatch(times[-1].value.label):
            times = []  # its first year is taken note of
        if times and self.sentence.heavy(times[-1].end, start.start):
            return None
        span = None if times else self.since or self._held(now)
        if times:
            span = self.state.periods.span(times[-1], now.span.year if now.span else self.state.periods.year)
        if span is None or span == now.span:
            return None
        self.since = self.state.since = span
        earlier = self._make(index, start, name, now.bound)
        earlier.span, earlier.period_how, earlier.rule = span, "stated", f"{name.metric}:start"
        earlier.qualifier, earlier.segment, earlier.scope = "eq", now.segment, now.scope
        if self.state.published is None or span.last < self.state.published:
            earlier.status = "measured"
        return earlier

    def _held(self, now: Found) -> Span | None:
        """Return the time of the value before that the sentence before a semicolon told: …;停电次数由6.9次降到2.1次."""
        since = self.state.since
        if since is None or now.span is None or "time" in self.sentence.kinds:
            return None
        return since if since.last < now.span.first else None

    def _from_to(self, clause_index: int, start: Token, token: Token, name: Name) -> None:
        """Read "由2015年的4.98小时减至4.6小时": the value now, and the earlier one when its year is printed."""
        self.pending = None
        found = self._make(clause_index, token, name)
        found.segment, found.scope = parts_of(
            self.sentence, self.sentence.clause_of(start), start, name, name.metric
        )
        found.comparison = self._since(name.metric, start, found)
        if found.span is not None and _RANGE.fullmatch(found.span.label):
            self.since, found.span = whole_year(found.span.first.year), whole_year(found.span.year)
        earlier = self._earlier(self.sentence.clause_of(start), start, name, found)
        if earlier is not None:
            self.made.append(earlier)
        self._add([found])

    def _rows_from_to(self, clause_index: int, listed: list[Token], name: Name) -> None:
        """Read "高压、低压…由45天、12天降至31天、5天", a pair for each key, and "由71分升至74分、76分", one by one.

        The steps of one number are those of as many years where these are told; else the last one is what it is now.
        """
        starts, self.pending = list(self.starts), None
        index = self.sentence.clause_of(starts[0])
        told = keys(self.sentence, index, starts[0], len(listed)) if len(listed) > 1 else []
        if told and len(starts) == len(listed):
            facts = []
            for key, start, token in zip(told, starts, listed, strict=True):
                found = self._keyed(self._make(clause_index, token, name), key)
                found.comparison = self._since(name.metric, start, found)
                facts.append(found)
            self._add(facts)
            return
        if told or (len(starts) > 1 and len(listed) > 1):
            return  # which of them is whose is not told
        steps = [*starts, *listed]
        years = years_told(self.state, self.sentence, starts[0], len(steps))
        if not years:
            self._from_to(clause_index, starts[0], listed[-1], name)
            return
        facts = [
            self._keyed(self._make(self.sentence.clause_of(token), token, name), year)
            for token, year in zip(steps, years, strict=True)
        ]
        facts[-1].comparison = self._since(name.metric, starts[0], facts[-1])
        self._add(facts)
        self.group = facts[-1:]  # what changes behind it is what it is now

    def _goes_further(self, clause_index: int, token: Token) -> bool:
        """Read "由7.2小时降至6.1小时,再降至4.8小时": what it has become in the end is what it is."""
        text = self.sentence.text
        last = self.made[-1] if self.made and text[token.start - 1] in "至到为了" else None
        if last is None or last.comparison is None or last.comparison.base is None:
            return False
        if token.value.dimension not in metrics()[last.metric].accepts:
            return False
        if last.comparison.kind != "from_to" or not _FURTHER.fullmatch(text, last.end, token.start):
            return False
        found = self._make(clause_index, token, Name(last.metric, None, "earlier"), last.bound)
        found.segment, found.scope = last.segment, last.scope
        base = last.comparison.base
        found.comparison = changes.from_to(found.metric, base, found.value or 0.0, found.unit)
        self.made.remove(last)
        self.state.levels.remove(last)
        self._add([found])
        return True

    @staticmethod
    def _since(metric: str, start: Token, found: Found) -> Comparison:
        """Return the comparison of a fact with the number that it was before."""
        before = round(start.value.value * metrics()[metric].accepts[start.value.dimension], 6)
        return changes.from_to(metric, before, found.value or 0.0, found.unit)

    def _is_pointer(self, token: Token) -> bool:
        """Whether a word stands for what was named before; 指标 does when it is counted: 两项指标."""
        if token.kind == "pointer":
            return True
        text = self.sentence.text
        return text[token.start - 1] in "项个" and text[token.start : token.end] == "指标"

    def _become(self, found: Found, clause_index: int) -> None:
        """Read "2012年停电24小时;2021年,这一数字降为2.9小时": what the figure was is the level before."""
        if not any(self._is_pointer(t) for t in self.clauses[clause_index].tokens):
            return
        last = next((f for f in reversed(self.state.levels) if f.metric == found.metric), None)
        if last is None or last.value is None or last.span == found.span:
            return
        if not same_parties(last.bound, found.bound):
            return
        self.became = (found, changes.from_to(found.metric, last.value, found.value or 0.0, found.unit))
