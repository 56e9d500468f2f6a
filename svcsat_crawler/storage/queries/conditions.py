"""The filters of a question as conditions on documents."""

from __future__ import annotations

from collections.abc import Iterable

from svcsat_crawler.storage.queries.asked import Asked
from svcsat_crawler.storage.queries.plan import Condition, OneOf, Range


def conditions(asked: Asked, *served: str) -> dict[str, Condition]:
    """Return the conditions on a document of the ledger, a fact, a finding or a gap; fields that the index
    has *served* already are left out.
    """
    wanted: dict[str, Condition] = {}
    if asked.bureau:
        wanted["subject_key"] = asked.bureau.key
    if asked.province:
        wanted["province"] = asked.province
    if asked.years:
        first, last = asked.years
        wanted["year"] = first if first == last else Range(first, last + 1)
    if asked.metrics:
        wanted["metric"] = asked.metrics[0] if len(asked.metrics) == 1 else OneOf(asked.metrics)
    if asked.survey is not None:
        wanted["survey_key"] = asked.survey
    if asked.source:
        wanted["source"] = asked.source
    return {name: condition for name, condition in wanted.items() if name not in served}


def ascending(*names: str) -> dict[str, int]:
    """Return an order by these fields."""
    return dict.fromkeys(names, 1)


def descending(names: Iterable[str]) -> dict[str, int]:
    """Return the reverse of an order by these fields."""
    return dict.fromkeys(names, -1)
