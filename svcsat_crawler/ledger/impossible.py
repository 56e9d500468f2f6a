"""Numbers that cannot be: what the extraction flagged, and what a stored number shows by itself."""

from __future__ import annotations

from collections.abc import Iterator

from svcsat_crawler.ledger.claims import finding, side, statements
from svcsat_crawler.ledger.keys import Document
from svcsat_crawler.metrics.check import AMONG, KINDS, kind_of, value_flags

# Of the kinds of flags in metrics/check.py those that no other article could explain.
IMPOSSIBLE = frozenset(
    ("rank_above_of", "count_above_of", "out_of_range", "change_above_value", "valid_above_issued")
)


def impossible(unit: str, row: Document) -> Iterator[Document]:
    """Yield a finding for each statement of a row that cannot be, with what is wrong in numbers."""
    for said in statements(row):
        told = {kind_of(text): text for text in (*said["flags"], *_by_value(row, said))}
        if row["unit"] not in AMONG:
            told.pop("rank_above_of", None)
        for kind in sorted(told.keys() & IMPOSSIBLE):
            numbers = told[kind].partition(": ")[2].partition(" “")[0]
            message = f"{row['year']}: {numbers}: {KINDS[kind]}"
            yield finding("impossible", unit, row, [kind, said["value"]], message, [side(row, said)])


def _by_value(row: Document, said: Document) -> Iterator[str]:
    """Yield what is impossible in a number as it is stored, whatever its flags say: they may be of older rules."""
    if said["value"] is not None:
        yield from value_flags(row["metric"], row["unit"], said["value"], said["of"])
