"""A statement that does not name its survey, or its peers, joins the one it can only mean.

The rule is the same for both: among the statements of one cell and slot, those that name it and say the same
number; if they all name the same one, it is that one.  Otherwise the statement stays apart.  It looks at the set
of statements alone, never at the order in which they came.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from svcsat_crawler.ledger.keys import Document, survey_key
from svcsat_crawler.ledger.statements import agree


@dataclass(slots=True)
class Said:
    """A fact, its statement, and the survey and peer group it is counted under ("" = not known)."""

    fact: Document
    said: Document
    survey: str = field(init=False)
    peers: str = field(init=False)

    def __post_init__(self) -> None:
        self.survey = survey_key(self.fact["survey"])
        rank = self.fact["rank"]
        self.peers = rank["kind"] if rank else ""


def fold_unknown_peers(said: Iterable[Said]) -> None:
    """Give ranks among unknown peers (``other``) the peers of the same number in the same survey."""
    said = list(said)
    known = [one for one in said if one.peers not in ("", "other")]
    moves = []
    for one in said:
        if one.peers == "other":
            kinds = {
                other.peers
                for other in known
                if one.survey in ("", other.survey) and _meets(other.said, one.said)
            }
            if len(kinds) == 1:
                moves.append((one, kinds.pop()))
    for one, kind in moves:
        one.peers = kind


def fold_surveys(said: Iterable[Said]) -> None:
    """Give statements without a survey the one survey that has their number.

    A survey known by its name alone is taken for the house's survey of that name.
    """
    by_peers = defaultdict(list)
    for one in said:
        by_peers[one.peers].append(one)
    for group in by_peers.values():
        houses: dict[str, set[str]] = defaultdict(set)
        for one in group:
            if (survey := one.fact["survey"]) and (survey["id"] or survey["org"]):
                houses[survey_key({"id": None, "org": None, "name": survey["name"]})].add(one.survey)
        for one in group:
            if one.survey.startswith("name:") and len(houses.get(one.survey, ())) == 1:
                (one.survey,) = houses[one.survey]
        known = [(one.survey, one.said) for one in group if one.survey]
        for one in group:
            if not one.survey:
                surveys = {survey for survey, other in known if _meets(other, one.said)}
                if len(surveys) == 1:
                    one.survey = surveys.pop()


def _meets(known: Document, other: Document) -> bool:
    """Whether two statements say the same number, whichever of them is the rough one."""
    return agree(known, other) or agree(other, known)
