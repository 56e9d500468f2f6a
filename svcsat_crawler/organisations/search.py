"""Organisations, provinces and survey houses as people type them: found exactly, else near ones named."""

from __future__ import annotations

from difflib import get_close_matches

from svcsat_crawler.organisations import (
    Organisation,
    get,
    lookup,
    organisations,
    places,
    short_name,
    supplier_of,
    survey_houses,
)
from svcsat_crawler.text.width import fold, squeeze


def organisation(typed: str) -> Organisation | None:
    """Return the organisation with this id, name, variant, or the only one of this place.

    >>> organisation("清远").id, organisation("清远市供电局").id, organisation("csg-gd-qingyuan").name
    ('csg-gd-qingyuan', 'csg-gd-qingyuan', '清远供电局')
    >>> organisation("清") is None, organisation("CSG-GD-QINGYUAN").id
    (True, 'csg-gd-qingyuan')
    """
    word = squeeze(fold(typed.strip()))[0]
    return get(word.lower()) or lookup(word) or supplier_of(word) or supplier_of(short_name(word))


def near(typed: str) -> list[str]:
    """Return names of organisations that look like what was typed: first those that hold it.

    >>> near("清院供电局")[0], near("清源"), near("电网公司")[:2]
    ('清远供电局', ['清远供电局', '河源供电局'], ['南方电网公司', '广东电网公司'])
    """
    word = squeeze(fold(typed.strip()))[0]
    names = [known.name for known in organisations()]
    holding = [name for name in names if word and word in name]
    by_place = {known.place: known.name for known in organisations() if known.place}
    close = [by_place[place] for place in get_close_matches(word, by_place, n=3, cutoff=0.5)]
    return list(dict.fromkeys([*holding, *close, *get_close_matches(word, names, n=3, cutoff=0.6)]))


def province(typed: str) -> str | None:
    """Return a province in short form, as documents hold it.

    >>> province("广东省"), province("广东"), province("清远")
    ('广东', '广东', None)
    """
    word = short_name(squeeze(fold(typed.strip()))[0])
    return word if word in provinces() else None


def provinces() -> list[str]:
    """Return the short names of the provinces."""
    return [place.name for _, place in places() if place.kind == "province"]


def survey(typed: str) -> str | None:
    """Return the ``survey_key`` of a survey house by id, name or variant; None when the table has none."""
    word = squeeze(fold(typed.strip()))[0]
    for house in survey_houses():
        if word in (house.name, *house.aliases) or (house.id and word.lower() == house.id):
            return house.id or f"org:{house.name}"
    return None
