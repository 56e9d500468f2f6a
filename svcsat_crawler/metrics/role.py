"""The part that a quantity plays in its clause."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Direction = Literal["up", "down", "flat"]
# level: the value itself; to: the value reached; start: the value before; change: the difference;
# distance: how far from somebody else; none: no statement of ours
Kind = Literal["level", "to", "start", "change", "distance", "none"]


class Role(Struct, gc=False):
    """The part a quantity plays, with the direction of the change it belongs to."""

    kind: Kind
    direction: Direction | None = None
