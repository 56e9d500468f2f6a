"""What an update did, in numbers."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(slots=True)
class Changes:
    """Counts of what was written; all zero means that the answers were up to date."""

    articles: int = 0
    rows: int = 0
    rows_gone: int = 0
    findings: int = 0
    findings_closed: int = 0
    gaps: int = 0
    gaps_filled: int = 0
    events: int = 0
    foreign: int = 0

    def add(self, other: Changes) -> None:
        for field in fields(self):
            setattr(self, field.name, getattr(self, field.name) + getattr(other, field.name))
