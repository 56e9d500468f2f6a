"""The token: what every rule looks at."""

from __future__ import annotations

from typing import Any


class Token:
    """A piece of the text with its meaning; offsets count in the squeezed text."""

    __slots__ = ("end", "kind", "start", "value", "weak")

    def __init__(self, start: int, end: int, kind: str, value: Any = None, weak: bool = False) -> None:
        self.start = start
        self.end = end
        self.kind = kind
        self.value = value
        self.weak = weak

    def __repr__(self) -> str:
        return f"{self.kind}[{self.start}:{self.end}]={self.value!r}"
