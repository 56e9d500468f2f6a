"""Reads changes that print no number: 均同比提高, 较上年有所下降, 同比翻了一番."""

from __future__ import annotations

import re

from svcsat_crawler.items import Comparison
from svcsat_crawler.metrics.reader import SentenceReader
from svcsat_crawler.metrics.sentences import Clause

# 两项均同比提高: the change of all levels of the sentence.
EVERYBODY = re.compile("两项|三项|双双|都|(?<![年月日户人平])均")
# 同比翻了一番
_DOUBLED = re.compile("翻了?一?番")
# What may stand between 较上年 and its verb.
_SOME = re.compile("(?:度|同期|有所|有|略|明显|大幅度?|显著|稳步|小幅|又|再|都|均|基本|大致|继续|持续|双双)*")
_BASES = frozenset(("base", "time"))
_RANKED = frozenset(("rank", "top", "first", "streak"))


class TrendReader(SentenceReader):
    """Reads the changes without a number of one sentence."""

    def _direction_only(self, clause_index: int) -> None:
        """Read "两项均同比提高" and "同比翻了一番": a direction without a size, or with one that is no number."""
        sentence, clause = self.sentence, self.clauses[clause_index]
        base = None if sentence.kinds.isdisjoint(_BASES) else self._base(clause)
        if base is None:
            return
        kind, end = base
        verb = next((t for t in clause.tokens if t.kind in ("up", "down", "flat") and t.start >= end), None)
        doubled = verb is None and _DOUBLED.search(sentence.text, end, clause.end) is not None
        if doubled and self.group[-1].comparison is None:
            self.group[-1].comparison = Comparison(kind=kind, direction="up", value=100, unit="percent")  # type: ignore[arg-type]
        if verb is None or any(t.kind in ("metric", "noun", "service") for t in clause.tokens):
            return
        everybody = EVERYBODY.search(sentence.text, clause.start, verb.start) is not None
        for found in self.made if everybody else self.group:
            if found.comparison is None:
                found.comparison = Comparison(kind=kind, direction=verb.kind, value=None, unit=None)  # type: ignore[arg-type]

    def _base(self, clause: Clause) -> tuple[str, int] | None:
        """Return what a clause compares with, and where that ends: 同比, or 较上年 right before its verb."""
        text = self.sentence.text
        for token in clause.tokens:
            if token.kind == "base":
                return token.value, token.end
            if token.kind == "time" and token.value.relative == -1 and text[token.start - 1] in "比较与":
                behind = [t for t in clause.tokens if t.start >= token.end]
                if not behind:
                    return "yoy", token.end
                alone = len(behind) == 1 and not text.startswith("一位", behind[0].end)
                near = alone and _SOME.fullmatch(text, token.end, behind[0].start) is not None
                return ("yoy", token.end) if near and not self._ranked_since(clause) else None
        return None

    def _ranked_since(self, clause: Clause) -> bool:
        """Whether a rank stands between the last level and a clause: it is what 与上年持平 is said of."""
        last = self.group[-1].end
        return any(t.kind in _RANKED and last <= t.start < clause.start for t in self.sentence.tokens)
