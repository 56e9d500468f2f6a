"""What the store does hold, for an answer that is empty; and who it knows by name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from pymongo.database import Database

from svcsat_crawler.storage.queries.asked import Asked, Bureau
from svcsat_crawler.storage.queries.conditions import conditions
from svcsat_crawler.storage.queries.plan import Range, Read, Value
from svcsat_crawler.storage.queries.reading import Document, any_of, counted

FIELDS = {
    "years": "year",
    "metrics": "metric",
    "survey": "survey_key",
    "source": "source",
    "province": "province",
    "bureau": "subject_key",
}
AFTER_LAST = "\U0010ffff"


class Held(NamedTuple):
    """The values of one filter for which there is something, all other filters kept."""

    name: str
    values: list[str | int]


def is_empty(database: Database[Document], collection: str) -> bool:
    return not any_of(database, Read(collection))


def held(database: Database[Document], collection: str, asked: Asked) -> Held | None:
    """Return what there would be if one filter were left out; None when that would not help.

    *collection* is ``ledger`` or ``metrics``.
    """
    for name in (name for name in FIELDS if name in asked.given()):
        rest = asked.without(name)
        equal = _way_in(rest, collection)
        if not equal:
            continue
        read = Read(collection, equal, also=conditions(rest, *equal))
        field = FIELDS[name]
        values = [found[field] for found in counted(database, read, field) if found[field] is not None]
        if values:
            return Held(name, sorted(values))
    return None


def _way_in(asked: Asked, collection: str) -> dict[str, Value]:
    equal: dict[str, Value] = {}
    if asked.bureau:
        equal["subject_key"] = asked.bureau.key
    elif asked.province:
        equal["province"] = asked.province
    elif asked.survey is not None:
        equal["survey_key"] = asked.survey
    if len(asked.metrics) == 1 and (collection == "ledger" or not equal):
        equal["metric"] = asked.metrics[0]
    return equal


def bureaus(database: Database[Document], names: Iterable[str]) -> list[Bureau]:
    """Return those of whom the store has facts under one of these names, unknown to the table."""
    some = [Bureau(f"name:{name}", name) for name in names]
    return [bureau for bureau in some if any_of(database, Read("metrics", {"subject_key": bureau.key}))]


def bureaus_starting(database: Database[Document], start: str) -> list[Bureau]:
    """Return those unknown to the table whose names start so, those with most facts first."""
    read = Read("metrics", between=("subject_key", Range(f"name:{start}", f"name:{start}{AFTER_LAST}")))
    found = sorted(counted(database, read, "subject_key"), key=lambda one: (-one["n"], one["subject_key"]))
    return [Bureau(one["subject_key"], one["subject_key"].removeprefix("name:")) for one in found]


def survey_keys(database: Database[Document], typed: str) -> list[str]:
    """Return the keys under which the store has facts of a survey that the table does not know."""
    keys = (f"{kind}:{typed}" for kind in ("org", "name"))
    return [key for key in keys if any_of(database, Read("metrics", {"survey_key": key}))]
