"""How many bureaus are ranked is one number a year and survey; no rank is above it.

It changes over the years (19 bureaus, later 20): only rows of one year are compared.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from svcsat_crawler.ledger.claims import finding
from svcsat_crawler.ledger.keys import RANK, Document

# What a finding of peers flags its row with.
KINDS = frozenset(("peers", "rank_over_n"))
# Ranks in which all bureaus of a group have the same peers.
_SHARED = frozenset(("province_bureaus", "nation"))

Key = tuple[str, str, int]


def peer_findings(unit: str, rows: Iterable[Document]) -> list[Document]:
    """Return the findings about the ranks of one group of bureaus."""
    found: list[Document] = []
    for ranked in _by_year(rows).values():
        told = defaultdict(list)
        for row in ranked:
            if row["of"] is not None:
                told[row["of"]].append(row)
        if not told:
            continue
        main, *others = sorted(told.values(), key=_most_told)
        for group in others:
            for row in group:
                message = f"{row['year']}: {row['of']} bureaus are ranked, elsewhere {main[0]['of']}"
                found.append(finding("peers", unit, row, row["of"], message, _sides(row, main)))
        found += _too_low(unit, ranked, main)
    return found


def _too_low(unit: str, ranked: list[Document], main: list[Document]) -> Iterator[Document]:
    peers = main[0]["of"]
    for row in ranked:
        if row["value"] is not None and row["value"] > peers and row["of"] is None:
            message = f"{row['year']}: rank {row['value']:g}, where {peers} bureaus are ranked"
            yield finding("rank_over_n", unit, row, row["value"], message, _sides(row, main))


def _by_year(rows: Iterable[Document]) -> dict[Key, list[Document]]:
    """Rows by peers, survey and year; without a survey they go to the only one that is named that year."""
    found: dict[Key, list[Document]] = defaultdict(list)
    surveys = defaultdict(set)
    for row in sorted(rows, key=lambda row: row["_id"]):
        if row["metric"] == RANK and row["rank_kind"] in _SHARED:
            found[row["rank_kind"], row["survey_key"], row["year"]].append(row)
            if row["survey_key"]:
                surveys[row["rank_kind"], row["year"]].add(row["survey_key"])
    for (kind, year), named in surveys.items():
        if len(named) == 1 and (kind, "", year) in found:
            found[kind, next(iter(named)), year] += found.pop((kind, "", year))
    return found


def _most_told(group: list[Document]) -> tuple[int, int, int]:
    return -len(group), -sum(row["clusters"] for row in group), -group[0]["of"]


def _sides(row: Document, main: list[Document]) -> list[Document]:
    names = ("fact", "article", "url", "sentence", "value", "year")
    best = min(main, key=lambda other: (-other["clusters"], other["_id"]))
    return [{"row": one["_id"], **{name: one[name] for name in names}} for one in (row, best)]
