"""Where a fact belongs: its cell (whose number, which metric, which year) and its place in there.

A *cell* is what is recomputed when a fact comes or goes, a *series* all cells of one subject and metric,
a *group* the series of the bureaus under one parent.  All three are strings, as they are looked up in the
store: ``csg-gd-qingyuan|saidi|2021``, ``csg-gd-qingyuan|saidi``, ``csg-gd|saidi``.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any, NamedTuple

from svcsat_crawler.metrics.parties import Party, suppliers_in
from svcsat_crawler.organisations import Organisation, get, lookup, organisations, places, short_name
from svcsat_crawler.text.width import fold, squeeze

Document = dict[str, Any]

# Numbers that no metric claims: those of different nouns are no series.
NO_ROW = frozenset(("other_quantity",))
STREAK = "satisfaction_streak"
RANK = "satisfaction_rank"

# The forms of the keys, and of what a finding is about: ``facts:`` or ``cell:`` and a cell, ``series:…``, ``group:…``.
CELL_FORM = re.compile(r"[^|]*\|[^|]+\|\d{4}")
GROUP_FORM = re.compile(r"[^|]*\|[^|]+")
UNIT_FORM = re.compile(rf"(?:facts|cell):{CELL_FORM.pattern}|(?:series|group):{GROUP_FORM.pattern}")

_YEAR = re.compile(r"(?:19|20)\d\d(?:年度?)?")
_BLANKS = re.compile(r"[\s“”\"《》()]+")


class Slot(NamedTuple):
    """What makes two numbers of one cell different numbers, beside survey and peer group."""

    segment: str
    scope: str
    start: str
    end: str


def subject_key(subject: Document | None) -> str | None:
    """Return the id, or ``name:<name>`` of who the table does not know; None without a subject.

    >>> subject_key({"id": None, "name": "南方电网广东清远供电局"}), subject_key({"id": None, "name": "乐昌供电局"})
    ('csg-gd-qingyuan', 'name:乐昌供电局')
    """
    if subject is None:
        return None
    return subject["id"] or _key_of_name(subject["name"])


@lru_cache(maxsize=4096)
def _key_of_name(name: str) -> str:
    known = lookup(name)
    return known.id if known else f"name:{squeeze(fold(name.strip()))[0].replace('|', '/')}"


def survey_key(survey: Document | None) -> str:
    """Return the survey's id, its house, or its name without the year; "" when none is told.

    >>> survey_key({"id": None, "org": None, "name": "“2021年度公共服务评价”"})
    'name:公共服务评价'
    """
    if survey is None:
        return ""
    if survey["id"] or survey["org"]:
        return survey["id"] or f"org:{survey['org'].replace('|', '/')}"
    name = _BLANKS.sub("", _YEAR.sub("", fold(survey["name"] or "")))
    return f"name:{name.replace('|', '/')}" if name else ""


def cell_of(fact: Document) -> str | None:
    """Return the cell of a fact, as documents hold it; None when it makes no row of the ledger."""
    if fact["status"] != "measured" or fact["metric"] in NO_ROW:
        return None
    end = fact["period"]["end"] if fact["period"] else None
    whose = subject_key(fact["subject"])
    if whose is None and fact["metric"].startswith("survey_") and survey_key(fact["survey"]):
        whose = ""  # how many were asked is a number of the survey
    return None if whose is None or not end else f"{whose}|{fact['metric']}|{end[:4]}"


def series_of(cell: str) -> str:
    """Return the series of a cell.

    >>> series_of("csg-gd-qingyuan|saidi|2021")
    'csg-gd-qingyuan|saidi'
    """
    return cell.rpartition("|")[0]


def year_of(cell: str) -> int:
    """Return the year of a cell."""
    return int(cell.rpartition("|")[2])


def group_of(series: str) -> str:
    """Return the group of a series: of the bureaus under one parent, else of the subject alone.

    >>> group_of("csg-gd-qingyuan|saidi"), group_of("name:乐昌供电局|saidi"), group_of("csg|saidi")
    ('csg-gd|saidi', 'name:乐昌供电局|saidi', 'csg|saidi')
    """
    whose, _, metric = series.rpartition("|")
    known = get(whose)
    bureau = known is not None and known.level == "prefecture" and known.parents
    return f"{known.parents[-1].id}|{metric}" if known and bureau else series


def slot_of(fact: Document) -> Slot:
    """Return the slot of a fact; of a streak only the year in which it has got so long counts."""
    period = fact["period"]
    start, end = period["start"] or "", period["end"]
    if fact["metric"] == STREAK:
        start, end = f"{end[:4]}-01-01", f"{end[:4]}-12-31"
    return Slot(fact["segment"] or "", fact["scope"] or "", start, end)


@cache
def sisters(parent: str) -> tuple[Organisation, ...]:
    """Return the bureaus under an organisation of the table, now or once."""
    return tuple(
        known
        for known in organisations()
        if known.level == "prefecture" and any(above.id == parent for above in known.parents)
    )


def under(bureau: Organisation, parent: str, year: int) -> bool:
    """Whether a bureau belonged to its parent during a whole year."""
    first, last = f"{year}-01-01", f"{year}-12-31"
    return any(
        above.id == parent and (above.since or "") <= first and (above.until or "9999") >= last
        for above in bureau.parents
    )


@lru_cache(maxsize=4096)
def province_of(id: str | None, name: str) -> str | None:
    """Return the province, in short form, in which the subject lies; None when unknown or in several.

    >>> province_of("csg-gd-qingyuan", "清远供电局"), province_of(None, "国网湖州供电公司"), province_of("csg", "南方电网公司")
    ('广东', '浙江', None)
    """
    known = get(id) if id else None
    if known is not None:
        place = known.place or ""
    else:
        party = _party(name)
        if party is not None and party.place is not None:
            return party.place.province
        place = short_name(name)
    return _provinces().get(place)


@lru_cache(maxsize=4096)
def level_of(id: str | None, name: str) -> str | None:
    """Return what the subject supplies: prefecture, county, province, region …; None when its name does not tell.

    >>> level_of("csg-gd-qingyuan", "清远供电局"), level_of(None, "乐昌供电局"), level_of(None, "南方周末")
    ('prefecture', 'county', None)
    """
    known = get(id) if id else None
    if known is not None:
        return known.level
    party = _party(name)
    return party.level or None if party is not None else None


def _party(name: str) -> Party | None:
    """Who a name that is in no table says it is."""
    return next((token.value for token in suppliers_in(name)), None)


@cache
def _provinces() -> dict[str, str]:
    """Provinces by the short name of what lies in them; a name goes to the larger place."""
    found: dict[str, str] = {}
    for kind in ("province", "prefecture", "county"):
        for _, place in places():
            if place.kind == kind and place.province:
                found.setdefault(place.name, place.province)
    return found
