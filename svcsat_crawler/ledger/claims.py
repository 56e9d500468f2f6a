"""What the statements of a row claim, each with its proof: the material of the audit."""

from __future__ import annotations

import re
from collections.abc import Iterator

from svcsat_crawler.ledger.keys import Document
from svcsat_crawler.text.digest import digest

_DECIMALS = re.compile(r"\d[\d,]*(?:\.(\d+))?")


def statements(row: Document) -> Iterator[Document]:
    """Yield all statements of a row: the shown one first, then what supports it, other values, changes."""
    yield from row["support"]
    for other in (*row["conflicts"], *row["others"]):
        yield from other["support"]
    yield from row["changes"]


def side(row: Document, said: Document) -> Document:
    """Return one side of a finding: the statement and where it stands."""
    return {
        "row": row["_id"],
        "year": row["year"],
        "value": said["value"],
        **{name: said[name] for name in ("fact", "article", "url", "sentence")},
    }


def finding(
    kind: str, unit: str, row: Document, told: object, message: str, sides: list[Document]
) -> Document:
    """Return one finding about *row*; *told* tells it from others of the same kind about the same row."""
    names = ("subject", "subject_key", "province", "survey", "survey_key", "metric", "rank_kind", "year")
    return {
        "_id": digest(kind, unit, row["_id"], told),
        "kind": kind,
        "unit": unit,
        **{name: row[name] for name in names},
        "message": message,
        "sides": sides,
    }


def step(said: Document, unit: str) -> float:
    """Return half of the last printed place of a statement's value, in the metric's unit.

    A whole number counts as printed to one place: results are, and 80分 is 80.0.

    >>> step({"value": 81.57, "raw": "81.57分"}, "points"), step({"value": 80.0, "raw": "80分"}, "points")
    (0.005, 0.05)
    """
    printed = _DECIMALS.search(said["raw"])
    if printed is None or said["value"] is None:
        return 0.05
    number = float(printed[0].replace(",", ""))
    factor = said["value"] / number if number and unit not in ("points", "percent") else 1.0
    return float(abs(factor) * 0.5 * 10.0 ** -max(len(printed[1] or ""), 1))


def step_of(value: float) -> float:
    """Return half of the last place of a number that is kept without its print.

    >>> step_of(1.57), step_of(2.0)
    (0.005, 0.05)
    """
    places = len(f"{value:.6f}".rstrip("0").partition(".")[2])
    return float(0.5 * 10.0 ** -max(places, 1))
