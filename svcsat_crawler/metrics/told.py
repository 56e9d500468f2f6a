"""Gives changes to levels that were told before them, in their sentence or an earlier one."""

from __future__ import annotations

import re

from svcsat_crawler.metrics import changes
from svcsat_crawler.metrics.bound import same_parties
from svcsat_crawler.metrics.found import Found
from svcsat_crawler.metrics.names import Name
from svcsat_crawler.metrics.role import Role
from svcsat_crawler.metrics.sentences import Clause
from svcsat_crawler.metrics.token import Token
from svcsat_crawler.metrics.trends import TrendReader

# 三市分别提高: all of those told before, by their number.
ALL_OF = re.compile(r"[两三四五六七八九](?:个)?(?:家|局|地|市|县|区|省|州|旗|单位|公司|供电局)")
_COUNTS = {numeral: count for count, numeral in enumerate("两三四五六七八九", 2)}
_RESPECTIVELY = frozenset(("base", "resp"))


class ToldReader(TrendReader):
    """Finds the levels told before that the changes of one sentence are of."""

    def _of_list_told(self, clause_index: int, listed: list[Token], role: Role) -> bool:
        """Read "…分别为79.1分、80.2分。与上年相比,两局分别提高1.1分、0.6分": one for each level told last."""
        count, clause = len(listed), self.clauses[clause_index]
        told = [f for f in self.state.levels if f.sentence is self.state.levels[-1].sentence]
        if len(told) != count or any(f.metric != told[0].metric or f.comparison is not None for f in told):
            return False
        if not changes.fits(told[0].metric, listed[0].value.dimension):
            return False
        all_of = ALL_OF.search(self.sentence.text, clause.start, listed[0].start)
        if all_of is None and not self._goes_on(clause_index, told):
            return False
        if (all_of and _COUNTS.get(all_of[0][0]) != count) or self._names_another(told[0].metric):
            return False
        for found, item in zip(told, listed, strict=True):
            self._compare([found], clause, item, role)
        return True

    def _goes_on(self, clause_index: int, told: list[Found]) -> bool:
        """Whether a sentence only says how what the one before a semicolon told of several has changed: ;同比分别增长5.2%、6.1%."""
        if clause_index or self.sentence.text[self.sentence.start - 1] != ";":
            return False
        each = {found.bound.parties if found.bound else () for found in told}
        return len(each) == len(told) and self.sentence.kinds >= _RESPECTIVELY

    def _names_another(self, metric: str) -> bool:
        """Whether the sentence names a supplier or a metric that is not the one told."""
        return any(
            t.kind in ("org", "place", "noun", "service") or (t.kind == "metric" and t.value != metric)
            for t in self.sentence.tokens
        )

    def _compare_last(self, clause_index: int, token: Token, name: Name, role: Role) -> bool:
        """Read "均停1.1小时。与2011年的7.6小时相比,平均停电时间降幅逾八成": a change of the level told before."""
        last = next((f for f in reversed(self.state.levels) if f.metric == name.metric), None)
        bound = self._bound(clause_index, token)
        if last is None or last.comparison is not None or not same_parties(last.bound, bound):
            return False
        self._compare([last], self.clauses[clause_index], token, role)
        return True

    def _of_now(self, role: Role) -> list[Found]:
        """Return the levels told last; of two years' that of now, told first: 1.8小时,上年为2.4小时,下降26%."""
        if len(self.group) != 1 or len(self.made) == 1:
            return self.group
        now, last = self.made[-2], self.group[0]
        if last.span is None or now.span is None or now.span.year != last.span.year + 1:
            return self.group
        if now.metric != last.metric or now.comparison or not same_parties(now.bound, last.bound):
            return self.group
        if now.value is None or last.value is None or now.value == last.value:
            return self.group
        return [now] if role.direction == ("up" if now.value > last.value else "down") else self.group

    def _compare(self, targets: list[Found], clause: Clause, token: Token, role: Role) -> None:
        """Set the comparison of facts; 同比 wins over a second comparison."""
        for found in targets:
            if not changes.fits(found.metric, token.value.dimension):
                continue
            if found.metric in changes.LEVEL_OF and token.value.dimension == "percent":
                continue  # 接电时长缩短41%,外线投资下降26%: of something else
            year = found.span.year if found.span else None
            new = changes.comparison(found.metric, self.sentence, clause, token, role.direction, year)
            old = found.comparison
            if (
                old is None
                or (found.value is not None and old.value is None)
                or (new.kind == "yoy" and old.kind == "previous")
            ):
                found.comparison = new
