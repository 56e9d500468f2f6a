"""Parks that no table of places has: beside their supplier they are a part of what it serves, no subject."""

from __future__ import annotations

from collections.abc import Iterable

from svcsat_crawler.metrics.parties import place_names
from svcsat_crawler.metrics.token import Token

# Districts people live in are places by themselves (容东片区, 福田中心区): these are not.
_ENDS = ("工业区", "工业园", "产业园", "科技园", "软件园", "保税区", "加工区", "园区", "城核心区")


def part_zones(places: Iterable[Token], tokens: list[Token]) -> None:
    """Make scopes of the unknown zones among *places* where *tokens* name a supplier, in place.

    >>> from svcsat_crawler.metrics.parties import Party
    >>> from svcsat_crawler.organisations import Place
    >>> zone = Token(9, 14, "place", Party("企沙工业区", place=Place("企沙工业区", "county"), level="county"))
    >>> part_zones([zone], [Token(0, 5, "org", Party("阳江供电局", power=True))])
    >>> zone.kind
    'scope'
    """
    zones = [place for place in places if _is_zone(place.value.name)]
    if zones and any(token.kind == "org" and token.value.power for token in tokens):
        for zone in zones:
            zone.kind = "scope"


def _is_zone(name: str) -> bool:
    names = place_names()
    return (
        name.endswith(_ENDS) and name not in names and not any(name[:length] in names for length in (2, 3, 4))
    )
