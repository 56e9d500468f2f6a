"""Organisations, survey houses and places by name."""

from __future__ import annotations

from functools import cache

from svcsat_crawler.organisations.table import (
    Organisation,
    Parent,
    Place,
    SurveyHouse,
    organisations,
    places,
    short_name,
    survey_houses,
)
from svcsat_crawler.text.width import fold, squeeze

__all__ = [
    "Organisation", "Parent", "Place", "SurveyHouse", "get", "lookup", "organisations", "places", "short_name",
    "supplier_of", "survey_houses",
]  # fmt: skip


@cache
def _by_id() -> dict[str, Organisation]:
    return {organisation.id: organisation for organisation in organisations()}


@cache
def _by_name() -> dict[str, Organisation]:
    names: dict[str, Organisation] = {}
    for organisation in organisations():
        grid = (organisation.grid,) if organisation.grid else ()
        for name in (organisation.name, organisation.full, *grid, *organisation.aliases):
            names.setdefault(squeeze(fold(name))[0], organisation)
    return names


def get(id: str) -> Organisation | None:
    """Return the organisation with this id."""
    return _by_id().get(id)


def lookup(name: str) -> Organisation | None:
    """Return the organisation with this name or alias; width, blanks and script do not matter.

    >>> lookup("南方电网广东清远供电局").id, lookup("東莞電網").name, lookup("清远市供电局").city
    ('csg-gd-qingyuan', '东莞供电局', '清远市')
    """
    return _by_name().get(squeeze(fold(name.strip()))[0])


@cache
def supplier_of(place: str) -> Organisation | None:
    """Return the supplier that serves a province or city, given in short form.

    >>> supplier_of("清远").id, supplier_of("苏州")
    ('csg-gd-qingyuan', None)
    """
    return next((organisation for organisation in organisations() if organisation.place == place), None)
