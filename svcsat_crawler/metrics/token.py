"""The token: what every rule looks at."""

from __future__ import annotations

from typing import Any

from msgspec import Struct


class Token(Struct, eq=False, gc=False):
    """A piece of the text with its meaning; offsets count in the squeezed text."""

    start: int
    end: int
    kind: str
    value: Any = None
    weak: bool = False

    def __repr__(self) -> str:
        return f"{self.kind}[{self.start}:{self.end}]={self.value!r}"
