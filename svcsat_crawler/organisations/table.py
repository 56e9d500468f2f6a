"""Who supplies power, who asks the customers, and where places are: data of this package."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from msgspec import Struct

Level = Literal["group", "region", "province", "prefecture"]
PlaceKind = Literal["nation", "province", "prefecture", "county"]


@dataclass(slots=True, frozen=True)
class Parent:
    """The organisation above, with the years it was so when it changed."""

    id: str
    since: str | None = None
    until: str | None = None


@dataclass(slots=True, frozen=True)
class Organisation:
    """A supplier of power; ``place`` is its province or city in short form (清远)."""

    id: str
    name: str
    full: str
    level: Level
    place: str | None = None
    # The place that it serves a part of, where several do: 香港.
    serves: str | None = None
    grid: str | None = None
    # Whether its name is everyday text elsewhere, so that only what stands around it tells.
    brief: bool = False
    aliases: tuple[str, ...] = ()
    parents: tuple[Parent, ...] = ()

    @property
    def city(self) -> str | None:
        """The city as it is written in full, for a bureau of a prefecture."""
        return f"{self.place}市" if self.level == "prefecture" else None


@dataclass(slots=True, frozen=True)
class SurveyHouse:
    """Who runs a survey."""

    id: str | None
    name: str
    aliases: tuple[str, ...] = ()


class Place(Struct, frozen=True):
    """A place in short form, with the short forms of what it lies in."""

    name: str
    kind: PlaceKind
    province: str | None = None
    prefecture: str | None = None


def _data(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _parents(rows: list[dict[str, str]]) -> tuple[Parent, ...]:
    return tuple(Parent(**row) for row in rows)


def _bureau(row: dict[str, Any], prefixes: list[str]) -> Organisation:
    city = row["city"]
    name = f"{city}供电局"
    aliases = [f"{prefix}{name}" for prefix in prefixes] + [f"{city}市供电局", f"{city}供电"]
    return Organisation(
        id=f"csg-gd-{row['slug']}",
        name=name,
        full=row.get("full", name),
        level="prefecture",
        place=city,
        grid=f"{city}电网",
        aliases=tuple(dict.fromkeys(aliases)),
        parents=_parents(row.get("parents", [{"id": "csg-gd"}])),
    )


@cache
def organisations() -> tuple[Organisation, ...]:
    """Return every supplier of the table."""
    data = tomllib.loads(_data("organisations.toml"))
    made = [
        Organisation(
            **{
                **row,
                "aliases": tuple(row.get("aliases", ())),
                "parents": _parents(row.get("parents", [])),
            }
        )
        for row in data["organisation"]
    ]
    made += [_bureau(row, data["prefixes"]["csg-gd"]) for row in data["bureau"]]
    return tuple(made)


@cache
def survey_houses() -> tuple[SurveyHouse, ...]:
    """Return every survey house of the table."""
    data = tomllib.loads(_data("organisations.toml"))
    return tuple(SurveyHouse(row["id"], row["name"], tuple(row["aliases"])) for row in data["survey_house"])


_PROVINCE_ENDINGS = ("维吾尔自治区", "壮族自治区", "回族自治区", "特别行政区", "自治区", "省", "市")
_PEOPLES: tuple[str, ...] = (
    "土家族苗族",
    "藏族羌族",
    "布依族苗族",
    "苗族侗族",
    "哈尼族彝族",
    "壮族苗族",
    "傣族景颇族",
    "蒙古族藏族",
)
_PEOPLES += ("朝鲜族", "藏族", "彝族", "傣族", "白族", "傈僳族", "回族", "蒙古", "柯尔克孜", "哈萨克")


def short_name(name: str) -> str:
    """Return a place's name without its rank.

    >>> short_name("清远市"), short_name("广西壮族自治区"), short_name("红河哈尼族彝族自治州"), short_name("阳山县")
    ('清远', '广西', '红河', '阳山')
    """
    if name.endswith("自治州"):
        stem = name.removesuffix("自治州")
        return next((stem.removesuffix(people) for people in _PEOPLES if stem.endswith(people)), stem)
    for ending in (*_PROVINCE_ENDINGS, "地区", "盟", "自治县", "自治旗", "县", "区", "旗"):
        if name.endswith(ending) and len(name) - len(ending) >= 2:
            return name.removesuffix(ending)
    return name


_OF_COUNTIES = (
    *_PEOPLES, "满族", "蒙古族", "土家族", "苗族", "瑶族", "侗族", "壮族", "畲族", "羌族", "佤族", "拉祜族", "哈尼族", "布朗族", "纳西族", "普米族", "怒族", "独龙族", "景颇族", "布依族", "仡佬族",
    "水族", "毛南族", "仫佬族", "黎族", "撒拉族", "土族", "东乡族", "保安族", "裕固族", "锡伯", "塔吉克", "达斡尔族", "各族",
)  # fmt: skip


def _without_peoples(county: str) -> str | None:
    """Return the name that news give an autonomous county: 木里 of 木里藏族自治县; None for all others."""
    stem = county.removesuffix("自治县")
    if stem == county:
        return None
    while (people := next((p for p in _OF_COUNTIES if stem.endswith(p)), None)) and len(stem) - len(
        people
    ) > 1:
        stem = stem.removesuffix(people)
    return stem if stem != county.removesuffix("自治县") else None


@cache
def places() -> tuple[tuple[str, Place], ...]:
    """Return (full name, place) for every province, prefecture and county."""
    return tuple(_places())


def _places() -> Iterator[tuple[str, Place]]:
    yield "全国", Place("全国", "nation")
    yield from _listed("zones")
    for province, prefectures in json.loads(_data("places.json")).items():
        inside = short_name(province)
        yield province, Place(inside, "province", province=inside)
        for prefecture, counties in prefectures.items():
            city = short_name(prefecture) if prefecture else None
            if city:
                yield prefecture, Place(city, "prefecture", inside, city)
            for county in counties.split():
                stem = _without_peoples(county)
                place = Place(f"{stem}县" if stem else county, "county", inside, city)
                yield county, place
                if stem:
                    yield place.name, place
    yield from renamed()


@cache
def renamed() -> tuple[tuple[str, Place], ...]:
    """Return (full name, place) for the counties that have become a city or a district since the table was made."""
    return tuple(_listed("renamed"))


def _listed(table: str) -> Iterator[tuple[str, Place]]:
    for name, (province, prefecture) in tomllib.loads(_data("organisations.toml"))[table].items():
        yield name, Place(name, "county", province, prefecture or None)
