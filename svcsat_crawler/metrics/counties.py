"""Counties named without their rank before scores and places: 连平、紫金分居第五、第六; 清新84.2分、英德83.9分.

A short name of two characters is an everyday word as often as a county (和平, 长安): it counts only right
before such a number, and beside another one or beside a supplier of the same city.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from operator import attrgetter

from svcsat_crawler.metrics.areas import listed_at
from svcsat_crawler.metrics.parties import Party, counties_called, supplier
from svcsat_crawler.metrics.token import Token
from svcsat_crawler.organisations import Place

_NUMBERS = frozenset(("rank", "ranklist", "quantity"))
_START = attrgetter("start")
_SCORES = frozenset(("points", ""))
_LEAST, _MOST = 50, 100
# No name of a county is shorter.
_SHORTEST = 2
# Between a name and its number: 连州以83.4分, 佛冈得82分, 连平居第五.
_VERBS = re.compile(
    r"(?:(?:[两三四五六七八九]地)?(?:居民|群众|市民|客户|用户|百姓)?的?(?:评价|得分|评分|满意度|满意率)(?:相对)?[较最偏]?[高低]?,?(?=分|依))?"
    r"(?:[较最偏][高低],|,(?=[为达仅只是有]|$))?(?:则|分别|依次|也|又|就|仅|均|都)?(?:[以得获为是达居列排位第有]{0,2}|打出|打了|达到|只有|仅有|仅为|给出|给了|拿到|考出|录得|获评)$"
)
_VERB_CHARS = "".join(re.findall(r"[\u4e00-\u9fff,]", _VERBS.pattern))
# Words between a list of names and its numbers: 三地居民评价较高,分别为.
_PASSED = frozenset(("resp", "score", "sat", "eval", "neutral", "segment", "highest", "fill"))
_BUREAUS = frozenset(("供电局", "供电公司"))
_BEST = ("最高的", "最低的", "靠前的", "靠后的", "第一的")
_EDGES = frozenset(',;:。、和及与中(\n"”为是的')


def counties_before_numbers(text: str, tokens: list[Token]) -> list[Token]:
    """Return tokens for counties that stand as keys of scores or ranks and are no token yet; *tokens* are sorted."""
    found: list[tuple[Token, Place]] = []
    for token in [t for t in tokens if t.kind in _NUMBERS]:
        if token.kind == "quantity" and not (
            token.value.dimension in _SCORES and _LEAST <= token.value.value <= _MOST
        ):
            continue
        low = _end_before(tokens, bisect_left(tokens, token.start, key=_START))
        if token.start - low >= _SHORTEST:
            found += _names(text, low, token.start)
    if not found:
        return []
    cities = {t.value.place.prefecture or t.value.place.name for t in tokens if _supplies(t)}
    for token, place in found:
        _like_those_counted(text, tokens, token, place)
    counts = Counter(place.prefecture for _, place in found)
    sure = {city for city, count in counts.items() if city and (count > 1 or city in cities)}
    # A name of several counties goes with the others: which one it is is not known.
    return [
        token
        for token, place in found
        if place.prefecture in sure
        or (not place.prefecture and (sure or _is_in(text[token.start : token.end], cities)))
    ]


def _is_in(name: str, cities: set[str | None]) -> bool:
    """Whether one of the counties that a name can mean lies in one of *cities*: 连山 in an article about 清远."""
    return any(county.prefecture in cities for county in counties_called().get(name, ()))


def _like_those_counted(text: str, tokens: list[Token], county: Token, place: Place) -> None:
    """Make a county a bureau behind bureaus that are named by their counties: 金沙、织金2个局第一,纳雍第三."""
    before = tokens[: bisect_left(tokens, county.start, key=_START)]
    last = next((token for token in reversed(before) if token.kind == "org"), None)
    if last is None or "。" in text[last.end : county.start]:
        return
    ending = last.value.name.removeprefix(text[last.start : last.end])
    if ending in _BUREAUS:
        county.kind, county.value = "org", supplier(text[county.start : county.end] + ending, place)


def _end_before(tokens: list[Token], number: int) -> int:
    """Return where the token before token *number* ends; what can stand between names and numbers is passed over."""
    before = number - 1
    while before >= 0 and tokens[before].kind in _PASSED:
        before -= 1
    return tokens[before].end if before >= 0 else 0


def _supplies(token: Token) -> bool:
    return token.kind in ("org", "place") and token.value.place is not None


def _names(text: str, low: int, position: int) -> list[tuple[Token, Place]]:
    """Return the counties of the list that ends before the number at *position*, back to *low*."""
    low = max(low, position - 40)
    first = max(low, position - 18)
    first += len(text[first:position].rstrip(_VERB_CHARS))
    verb = _VERBS.search(text, first, position)
    at = verb.start() if verb else position
    at -= text[at - 1 : at] == "("  # 信宜(88.2分)
    if text[at - 1 : at] == "分" and text[position] not in "0123456789":
        at -= 1
    named: list[tuple[Token, Place]] = []
    for token in listed_at(text, at):
        place = token.value.place
        if (
            token.start < low
            or place.kind != "county"
            or (
                token.start
                and text[token.start - 1] not in _EDGES
                and text[token.start - 3 : token.start] not in _BEST
            )
        ):
            break
        if not place.prefecture:
            token.value = Party(text[token.start : token.end], level="county")
        named.append((token, place))
    return named
