"""Which streak a row tells of: by which survey it counts, and in which year it began."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from svcsat_crawler.ledger.keys import STREAK, Document


def name_streaks(rows: Sequence[Document]) -> None:
    """Set ``streak`` of the rows of one series; it takes all of them.

    A streak that no survey is told of is that of the only survey in which one began in the same year.
    """
    surveys = defaultdict(set)
    for row in rows:
        if (began := _began(row)) is not None and row["survey_key"]:
            surveys[began].add(row["survey_key"])
    for row in rows:
        began, survey = _began(row), row["survey_key"]
        if began is None:
            row["streak"] = None
            continue
        if not survey and len(surveys[began]) == 1:
            (survey,) = surveys[began]
        row["streak"] = {"began": began, "survey_key": survey}


def _began(row: Document) -> int | None:
    if row["metric"] != STREAK or row["value"] is None:
        return None
    return int(row["year"] - round(row["value"]) + 1)
