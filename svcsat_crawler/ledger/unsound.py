"""Facts whose numbers are none (NaN, infinite): they make no row, and a finding names each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import isfinite

from svcsat_crawler.ledger.claims import finding
from svcsat_crawler.ledger.keys import Document, survey_key
from svcsat_crawler.ledger.rows import who


def is_sound(fact: Document) -> bool:
    """Whether all numbers of a fact that are there are numbers.

    >>> is_sound({"value": None, "comparison": {"value": 1.5, "base": None}, "rank": None})
    True
    >>> is_sound({"value": float("nan"), "comparison": None, "rank": None})
    False
    """
    change, rank = fact["comparison"] or {}, fact["rank"] or {}
    told = (fact["value"], change.get("value"), change.get("base"), rank.get("of"))
    return all(isinstance(number, int | float) and isfinite(number) for number in told if number is not None)


def unsound_findings(cell: str, facts: Iterable[Document]) -> Iterator[Document]:
    """Yield a finding for each fact of a cell that is not sound."""
    for fact in facts:
        if is_sound(fact):
            continue
        year = int(cell.rpartition("|")[2])
        about = {
            "_id": None,
            **who(cell, fact),
            "survey": fact["survey"],
            "survey_key": survey_key(fact["survey"]),
            "metric": fact["metric"],
            "rank_kind": fact["rank"]["kind"] if fact["rank"] else None,
            "year": year,
        }
        side = {
            "row": None,
            "year": year,
            "value": None,
            "fact": fact["_id"],
            **{name: fact[name] for name in ("article", "url")},
            "sentence": fact["evidence"]["sentence"],
        }
        message = f"{year}: the stored fact holds a number that is none: it makes no row"
        yield finding("not_a_number", f"facts:{cell}", about, fact["_id"], message, [side])
