"""Writing with choices and figures: ``[日前|近日]，{b}供电服务满意度得分{score}``.

``[a|b]`` picks one alternative by the draft's own random numbers, so that the same seed tells the
same story of another year; ``{12-30}`` is a number out of a range that states nothing we track;
``{name}`` is a figure: it is printed *and* noted as a fact, so that what is true is known exactly.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.replica.stories.figures import PRINTERS
from tests.replica.stories.world import Bureau

CHOICE = re.compile(r"\[([^\[\]]*\|[^\[\]]*)\]")
SLOT = re.compile(r"\{([^{}]+)\}")
RANGE = re.compile(r"(\d+)-(\d+)")


@dataclass(slots=True)
class Story:
    """A finished text.  ``facts`` is complete for the core metrics of docs/metrics.md."""

    kind: str
    bureau: str
    year: int
    title: str
    paragraphs: list[str]
    subheads: frozenset[int]
    facts: list[dict[str, Any]]
    written: datetime

    @property
    def text(self) -> str:
        return "\n".join(self.paragraphs)


@dataclass(slots=True)
class Draft:
    """A story being written about *bureau* in *year*; ``seed`` decides every choice of words."""

    bureau: Bureau
    year: int
    seed: str
    facts: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    paragraphs: list[str] = field(default_factory=list)
    subheads: set[int] = field(default_factory=set)
    rng: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)

    def write(self, text: str) -> str:
        """Return *text* with choices made and figures printed (and noted)."""
        while CHOICE.search(text):
            text = CHOICE.sub(lambda found: self.rng.choice(found[1].split("|")), text)
        return SLOT.sub(lambda found: self.fill(found[1]), text)

    def fill(self, slot: str) -> str:
        if found := RANGE.fullmatch(slot):
            return str(self.rng.randint(int(found[1]), int(found[2])))
        return PRINTERS[slot](self)

    def p(self, *sentences: str) -> None:
        """Add a paragraph."""
        self.paragraphs.append(self.write("".join(sentences)))

    def maybe(self, *sentences: str, chance: float = 0.6) -> None:
        """Add a paragraph or leave it out."""
        if self.rng.random() < chance:
            self.p(*sentences)

    def head(self, text: str) -> None:
        """Add a subhead."""
        self.subheads.add(len(self.paragraphs))
        self.p(text)

    def note(self, metric: str, value: float | None, unit: str, raw: str, /, **more: Any) -> None:
        """Note a fact; a second mention adds what it says to the first."""
        key = (metric, str(more.pop("part", "")))
        fact = self.facts.setdefault(
            key,
            {
                "metric": metric,
                "value": value,
                "unit": unit,
                "raw": raw,
                "subject": more.pop("subject", self.bureau.name),
                "year": more.pop("year", self.year),
            },
        )
        fact.update(more, raw=raw)
