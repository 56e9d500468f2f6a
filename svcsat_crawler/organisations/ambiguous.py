"""Names that several places bear (朝阳, 鼓楼): listed, never guessed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from svcsat_crawler.organisations.table import Place, organisations, places, renamed, short_name


@dataclass(slots=True, frozen=True)
class AmbiguousName:
    """A name in short form with the places that bear it, each in full (北京朝阳区).

    ``id`` is that of the one organisation whose own name it is (中山供电局, 海南电网); every other
    supplier or place of this name stays without an id.
    """

    name: str
    places: tuple[str, ...]
    id: str | None


@cache
def ambiguous_names() -> tuple[AmbiguousName, ...]:
    """Return the names of places that do not lie in one another, the most often borne first.

    >>> names = {entry.name: entry for entry in ambiguous_names()}
    >>> names["朝阳"].places, names["朝阳"].id
    (('北京朝阳区', '吉林长春朝阳区', '辽宁朝阳市'), None)
    """
    bearers: defaultdict[str, dict[str, Place]] = defaultdict(dict)
    young = {full for full, _ in renamed()}
    for full, place in places():
        borne = bearers[short_name(full)]
        if full not in young or not any(_same_place(place, other) for other in borne.values()):
            borne.setdefault(_described(full, place), place)
    owners = {organisation.place: organisation.id for organisation in organisations() if organisation.place}
    found = []
    for name, borne in bearers.items():
        outermost = {full: place for full, place in borne.items() if not _inside_another(place, borne)}
        if len(outermost) > 1:
            found.append(AmbiguousName(name, tuple(sorted(outermost)), owners.get(name)))
    return tuple(sorted(found, key=lambda entry: (-len(entry.places), entry.name)))


def _described(full: str, place: Place) -> str:
    """Return 吉林长春朝阳区: what it lies in, then the name in full."""
    if place.kind == "province":
        return full
    around = (place.province, place.prefecture if place.kind == "county" else None)
    return "".join(name for name in around if name) + full


def _same_place(place: Place, other: Place) -> bool:
    """Whether two names are one county's before and after it became a city or a district: 宁乡县, 宁乡市."""
    around = place.province, place.prefecture
    return place.kind == other.kind == "county" and around == (other.province, other.prefecture)


def _inside_another(place: Place, borne: dict[str, Place]) -> bool:
    """Whether a county only repeats the name of its own prefecture or province (辽宁朝阳朝阳县)."""
    larger = {"county": ("prefecture", "province"), "prefecture": ("province",)}.get(place.kind, ())
    return any(
        other.kind in larger
        and other.name in (place.prefecture, place.province)
        and other.province == place.province
        for other in borne.values()
    )
