"""Streaks: year − n + 1, the year in which it began, is the same in every year of one bureau and survey.

Two beginnings are in order when the first streak was over before the second began and the second has been told
for two years at least; any other is flagged, beside the statement of the nearest year that it contradicts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from svcsat_crawler.ledger.claims import finding, side, statements
from svcsat_crawler.ledger.keys import Document
from svcsat_crawler.ledger.series import Series, line_of
from svcsat_crawler.ledger.statements import number, trust


class Claim(NamedTuple):
    """A streak of *years* told for *year*; ``began`` is its first year."""

    year: int
    years: int
    row: Document
    said: Document

    @property
    def began(self) -> int:
        return self.year - self.years + 1


def streak_findings(unit: str, series: Series) -> Iterator[Document]:
    """Yield a finding for each streak that began in another year than the survey's others."""
    for claims in _by_survey(series).values():
        groups = _main_first(claims)
        main = [groups[0]]
        for group in groups[1:]:
            if _later_streak(group, main):
                main.append(group)
                continue
            for claim in group:
                yield _finding(unit, claim, [other for some in main for other in some])


def _claims(row: Document) -> Iterator[Claim]:
    told = set()
    for said in statements(row):
        exact = said["value"] is not None and said["qualifier"] == "eq" and float(said["value"]).is_integer()
        if exact and number(said) not in told:
            told.add(number(said))
            yield Claim(row["year"], int(said["value"]), row, said)


def _by_survey(series: Series) -> dict[tuple[object, str], list[Claim]]:
    """Claims by line and survey; those without a survey go to the only one that is named, and are left out where
    they fit any of several."""
    found = defaultdict(list)
    for row in series.rows:
        for claim in _claims(row):
            found[line_of(row), row["survey_key"]].append(claim)
    for line in {line for line, survey in found if not survey}:
        named = sorted(survey for other, survey in found if other == line and survey)
        if len(named) == 1:
            found[line, named[0]] += found.pop((line, ""))
        elif named:
            began = {claim.began for survey in named for claim in _main_first(found[line, survey])[0]}
            found[line, ""] = [claim for claim in found[line, ""] if claim.began not in began]
    return {key: claims for key, claims in found.items() if claims}


def _main_first(claims: list[Claim]) -> list[list[Claim]]:
    """Claims by the year they began, the one told for the most years first."""
    groups = defaultdict(list)
    for claim in claims:
        groups[claim.began].append(claim)
    return sorted(groups.values(), key=_weight)


def _weight(group: list[Claim]) -> tuple[int, int, int, int]:
    years = {claim.year for claim in group}
    clusters = {claim.said["cluster"] for claim in group}
    return -len(years), -len(clusters), min(years), group[0].began


def _later_streak(group: list[Claim], main: list[list[Claim]]) -> bool:
    if len({claim.year for claim in group}) < 2:
        return False
    return all(
        first[-1].year < second[0].began
        for other in main
        for first, second in [sorted((group, other), key=lambda some: some[0].began)]
    )


def _finding(unit: str, claim: Claim, main: list[Claim]) -> Document:
    near = min(main, key=lambda other: (abs(other.year - claim.year), -other.year, trust(other.said)))
    message = (
        f"{claim.years} years in a row in {claim.year} began in {claim.began}, "
        f"{near.years} years in a row in {near.year} began in {near.began}"
    )
    sides = [side(claim.row, claim.said), side(near.row, near.said)]
    return finding("streak_start", unit, claim.row, claim.years, message, sides)
