"""Documents that no rule of ours writes, in the collections that are ours alone: a rebuild removes them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from pymongo.database import Database

from svcsat_crawler.ledger.keys import CELL_FORM, UNIT_FORM, group_of, series_of, year_of

Document = dict[str, Any]

_HEXADECIMAL = "0123456789abcdef"
_DIGEST = re.compile("^[0-9a-f]+$")
_AT_ONCE = 500


def _row(row: Document) -> bool:
    cell = row.get("cell")
    if not isinstance(cell, str) or not CELL_FORM.fullmatch(cell):
        return False
    series = series_of(cell)
    return (row.get("series"), row.get("group"), row.get("year")) == (series, group_of(series), year_of(cell))


def _finding(finding: Document) -> bool:
    unit = finding.get("unit")
    judged = isinstance(unit, str) and UNIT_FORM.fullmatch(unit) is not None
    return judged and finding.get("state") in ("open", "closed") and "reopened" in finding


def _gap(gap: Document) -> bool:
    return isinstance(gap.get("unit"), str)


# Collection -> the fields by which its documents are known, and whether one is ours.
_OURS: dict[str, tuple[tuple[str, ...], Callable[[Document], bool]]] = {
    "ledger": (("cell", "series", "group", "year"), _row),
    "audit": (("unit", "state", "reopened"), _finding),
    "gaps": (("unit",), _gap),
}


def remove(database: Database[Document]) -> int:
    """Remove them; return how many there were."""
    count = 0
    for collection, (names, ours) in _OURS.items():
        fields = dict.fromkeys((*names, "first_seen"), 1)
        wrong = [found["_id"] for found in database[collection].find({"_id": {"$not": _DIGEST}}, {"_id": 1})]
        for part in parts(database, collection, fields):
            wrong += [found["_id"] for found in part if "first_seen" not in found or not ours(found)]
        for first in range(0, len(wrong), _AT_ONCE):
            some = {"_id": {"$in": wrong[first : first + _AT_ONCE]}}
            count += database[collection].delete_many(some).deleted_count
    return count


def parts(database: Database[Document], collection: str, fields: Document) -> Iterator[list[Document]]:
    """Yield all documents, whose ``_id`` is hexadecimal, in parts of some thousand.

    The embedded store holds the whole answer of a query in memory.
    """
    total = database[collection].estimated_document_count()
    length = 0
    while total > 4_000 * 16**length and length < 4:
        length += 1
    firsts = [""]
    for _ in range(length):
        firsts = [first + digit for first in firsts for digit in _HEXADECIMAL]
    for first in firsts:
        yield list(database[collection].find({"_id": {"$gte": first, "$lt": first + "g"}}, fields))
