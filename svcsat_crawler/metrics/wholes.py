"""The whole whose parts a text tells of: 全市 behind a list of counties, 全市平均1.8小时 beside a bureau's number."""

from __future__ import annotations

from collections.abc import Iterable

from svcsat_crawler.metrics.candidates import KINDS
from svcsat_crawler.metrics.parties import Party, of_place, place_names
from svcsat_crawler.metrics.sentences import Clause, Sentence
from svcsat_crawler.metrics.token import Token
from svcsat_crawler.organisations import Place

_FIGURES = frozenset(("metric", "quantity"))
_NAMED = frozenset(("org", "place"))
CITY_WORDS = frozenset(("全市", "全州", "我市", "该市", "本市"))
_ABOVE = frozenset(("province", "region", "group"))
_TOWNS = frozenset(("prefecture", "county"))
# Such a county is never called 全市.
_NO_CITY = "区县旗"
_COUNTY = "区县旗市"
# 比全市平均少0.4小时, 低于全市平均: held against it.
_AGAINST = "比较于"
_MEANS = ("全区平均", "全州平均")
_REGIONS = frozenset(("广西", "内蒙古", "宁夏", "新疆", "西藏"))


def averaged(sentence: Sentence, clause: Clause, position: int) -> Token | None:
    """Return the reference in 全市平均 or 全国平均水平 when it says whose the number at *position* is."""
    for token in reversed(clause.tokens):
        if token.end > position:
            continue
        start = token.start if token.kind == "average" else -1
        if token.kind == "neutral" and sentence.text.startswith(_MEANS, token.start - 2):
            start = token.start - 2  # 全区|平均
        if start >= 0 and sentence.text[start] == "全":
            against = sentence.text[start - 1] in _AGAINST
            return None if against else Token(start, start + 2, "reference", "region")
        if token.kind in KINDS:
            return None
    return None


def _whole_around(sentence: Sentence, token: Token, word: str) -> Party | None:
    """Return the one city or province in which all places before *token* lie: 奎文0.4小时,昌乐2小时,全市平均1.8小时.

    *word*: what stands for it, 全市 or 全省.
    """
    if word not in CITY_WORDS and word != "全省":
        return None
    before = [t.value.place for t in sentence.tokens if t.kind == "place" and t.end <= token.start]
    towns = [place for place in before if place and place.kind in _TOWNS]
    if word == "全省":
        wholes = {place.province for place in towns}
    else:
        wholes = {place.name if place.kind == "prefecture" else place.prefecture for place in towns}
    place = place_names().get(wholes.pop() or "") if len(wholes) == 1 else None
    return of_place(place) if place is not None else None


def _is_city(token: Token) -> bool:
    """Whether a token is a place that is called 全市: a prefecture, or a county's city."""
    if token.kind != "place" or token.value.place is None:
        return False
    place = token.value.place
    return place.kind == "prefecture" or (place.kind == "county" and place.name.endswith("市"))


def only_city(tokens: Iterable[Token]) -> Party | None:
    """Return the city that an article names when it names no other city or county."""
    named = {t.value for t in tokens if t.kind == "place" and t.value.place and t.value.place.kind in _TOWNS}
    city = named.pop() if len(named) == 1 else None
    return city if city is not None and _is_city(Token(0, 0, "place", city)) else None


def whole_meant(
    sentence: Sentence, token: Token, word: str, subject: Party | None, last: Party | None
) -> Party | None:
    """Return what a *word* as 全市 stands for, given the *subject* so far and the place told *last*."""
    if subject is None:
        return _whole_around(sentence, token, word) or last
    return (_city_told(sentence, token, word, last) if subject.level in _ABOVE else None) or subject


def _city_told(sentence: Sentence, token: Token, word: str, last: Party | None) -> Party | None:
    """Return the city told before a *word* for it that no province is called: 井冈山市可靠率99.58%;全市售电量….

    *last*: the place that the text was about last.
    """
    if word not in CITY_WORDS:
        return None
    told = [t.value for t in sentence.tokens if t.end <= token.start and _is_city(t)]
    if told:
        return told[-1]
    return last if last is not None and _is_city(Token(0, 0, "place", last)) else None


def above(word: str, party: Party) -> Party:
    """Return the whole that 全市 or 全区 of a mean is where the text was about a part of it."""
    if word == "全区":
        return region_above(party)
    return city_above(party) if word in CITY_WORDS else party


def region_above(party: Party) -> Party:
    """Return the autonomous region that 全区 is in an article about one of its bureaus; any other party itself."""
    province = party.place.province if party.place else None
    if party.level in ("province", "group") or province not in _REGIONS:
        return party
    return of_place(Place(province, "province", province))


def city_above(party: Party) -> Party:
    """Return the city of a district or a county; any other party itself."""
    place = party.place
    if place is None or place.kind != "county" or place.name[-1] not in _NO_CITY:
        return party
    city = place_names().get(place.prefecture or "")
    return of_place(city) if city is not None else party


def is_said_of(sentence: Sentence, token: Token) -> bool:
    """Whether a number of its own stands right behind a reference: 惠东县4宗;全市共23宗, but not 在全市万人评议中."""
    behind = sentence.following(token.end)[:1]
    return bool(behind) and behind[0].kind in _FIGURES and behind[0].start - token.end <= 1


def as_spelled(sentence: Sentence, token: Token, main: Party | None) -> Party:
    """Return a place as it is spelled where it can be no county: 长安 in an article about 东莞, whose town it is."""
    party: Party = token.value
    name = sentence.text[token.start : token.end]
    if party.place is None or party.place.kind != "county" or name[-1] in _COUNTY:
        return party
    if main is None or main.place is None or main.place.kind != "prefecture":
        return party
    foreign = party.place.prefecture is not None and party.place.prefecture != main.place.name
    return Party(name, level="county") if foreign else party


def right_before(sentence: Sentence, position: int, main: Party | None) -> Party | None:
    """Return the party that a number at *position*, in brackets or not, stands right behind: 仅次于珠海(82.9分), 低于云南电网公司79.4分."""
    position -= sentence.text[position - 1] == "("
    named = next((t for t in sentence.tokens if t.end == position and t.kind in _NAMED), None)
    if named is None or named.kind == "org":
        return named.value if named else None
    return as_spelled(sentence, named, main)
