"""Reads ranks that have moved, 从第9位到第6位再到第3位 or 上升4位, and those counted from the end: 倒数第二."""

from __future__ import annotations

import re
from typing import Literal

from svcsat_crawler.items import Comparison
from svcsat_crawler.metrics.bound import Bound
from svcsat_crawler.metrics.changes import base_of, from_to
from svcsat_crawler.metrics.found import Found
from svcsat_crawler.metrics.roles import role_of
from svcsat_crawler.metrics.sentences import Clause
from svcsat_crawler.metrics.shares import ShareReader
from svcsat_crawler.metrics.spans import whole_year
from svcsat_crawler.metrics.token import Token
from svcsat_crawler.metrics.topics import of_somebody_else, ours
from svcsat_crawler.metrics.yearly import years_told

# 从第9位到第6位,再到第3位
_NEXT = re.compile(
    r"[,、]?(?:再|又|进而|直至|直到|后|而后|然后|最后|最终)*[跃提上前晋攀爬移升进冲降滑跌退]*[升进移居落]?[至到为]?"
)
# 摆脱倒数第一, 不再垫底
_ESCAPED = re.compile("(?:不再|摆脱|告别|走出|甩掉|避免|脱离|不是|并非|退出)[^,;。]{0,6}$")
# 考核倒数第一 is no place among customers' opinions.
_RATED = frozenset(("sat", "eval", "score"))
_PAIR = 2
_BETWEEN = re.compile(r"[至到为升跃进居]|稳定|保持|维持")


class MoveReader(ShareReader):
    """Reads how the ranks of one sentence have moved."""

    def _last(self, index: int, token: Token) -> None:
        """Read 在16个地市局中排名倒数第二, the fifteenth place; of how many has to be told."""
        text = self.sentence.text
        bound = self._bound(index, token.start)
        trust = ours(self.state, self.sentence, index, token.start, bound)
        others = of_somebody_else(self.sentence, token) or text[token.end : token.end + 1] in "的行企单部"
        rated = any(t.kind in _RATED and t.end <= token.start for t in self.sentence.tokens)
        if not rated and not self._is_start(token):
            return
        escaped = _ESCAPED.search(text, self.clauses[index].start, token.start)
        if not trust or others or escaped or bound is None or len(bound.parties) > 1:
            return
        found = self._make(index, token, 1, bound, round(trust - 0.05, 3))
        of = found.rank.of if found.rank else None
        if of is None:
            return
        found.value = of - int(token.value) + 1
        following = next((t for t in self.sentence.tokens if t.kind == "rank" and t.start >= token.end), None)
        if following is None or not self._is_start(token):
            self._add(found, bound)
            return
        moved = self._make(self.sentence.clause_of(following), following, following.value, bound, trust)
        moved.rank = found.rank
        moved.comparison = from_to("satisfaction_rank", found.value, following.value, "rank")
        self.used.add(following.start)
        self._add(moved, bound)

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

    def _is_start(self, token: Token) -> bool:
        clause = self.sentence.clause_at(token)
        lead = self.sentence.text[clause.start : token.start]
        return "从" in lead or "由" in lead or lead.endswith("自")

    def _following(self, token: Token) -> Token | None:
        for later in self.sentence.tokens:
            if later.kind == "rank" and later.start >= token.end:
                between = self.sentence.text[token.end : later.start]
                return later if len(between) <= 24 and _BETWEEN.search(between) else None
        return None

    def _steps(self, index: int, token: Token, found: Found) -> None:
        """Read "上升4位" behind or right before a rank."""
        clauses = self.clauses
        for place in range(max(0, index - 1), len(clauses)):
            clause = clauses[place]
            if place > index and any(t.kind == "rank" for t in clause.tokens):
                break
            for position, item in enumerate(clause.tokens):
                if item.kind == "fill" and found.comparison is None and self._one_step(clause, position):
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
