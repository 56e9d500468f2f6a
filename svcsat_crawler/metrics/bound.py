"""The parties that a number is of."""

from __future__ import annotations

from msgspec import Struct

from svcsat_crawler.items import How
from svcsat_crawler.metrics.parties import Party


class Bound(Struct, frozen=True, gc=False):
    """The parties of a number (more than one in a list) and how they were found."""

    parties: tuple[Party, ...]
    how: How

    @property
    def power(self) -> bool:
        """Whether one of the parties is a supplier of power."""
        return any(party.power for party in self.parties)


def same_parties(one: Bound | None, other: Bound | None) -> bool:
    """Whether two numbers are of the same parties, however these were found."""
    return (one.parties if one else ()) == (other.parties if other else ())
