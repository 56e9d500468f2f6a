"""What a sentence names for the sentences behind it: the party that heads a paragraph, a county, a list."""

from __future__ import annotations

from collections.abc import Iterable

from svcsat_crawler.metrics.parties import Party, of_place, place_names
from svcsat_crawler.metrics.sentences import Sentence
from svcsat_crawler.metrics.token import Token

COUNTY_WORDS = frozenset(("全县", "全旗", "该县", "该旗", "我县"))
JOINERS = ("、", "和", "及", "以及", "与", "以及其", "、以及")
_NAMED = frozenset(("org", "place"))
_BULLETS = "-—●■★◆▲·1234567890.、() 一二三四五六七八九十“”【】"
_CITIES = frozenset(("prefecture", "province", "region", "group"))
_TOWNS = ("镇", "乡")
# More suppliers than these are the bureaus of a province.
MANY = 4


def head_of(sentence: Sentence) -> Party | None:
    """Return the party that heads a paragraph with this first sentence: 云浮:得分80.92分;在全市公共服务中重回第一."""
    text = sentence.text
    if ":" not in text[sentence.start : sentence.end]:
        return None
    token = next((t for t in sentence.tokens if t.kind in _NAMED), None)
    if token is None or not text.startswith(":", token.end):
        return None
    line = text.rfind("\n", 0, sentence.start) + 1
    party: Party = token.value
    return None if text[line : token.start].strip(_BULLETS) else party


def of_city(party: Party | None) -> bool:
    """Whether a party is of a whole city or more, so that 全县 beside it is another one's."""
    return party is None or (party.place is not None and party.place.kind in _CITIES)


def is_county(party: Party | None) -> bool:
    """Whether a party is a county, or its supplier."""
    if party is None or party.place is None or party.place.kind != "county":
        return False
    return not party.place.name.endswith(_TOWNS)


def only_county(tokens: list[Token], limit: int) -> Party | None:
    """Return the county that is named before *limit*, when there is one alone."""
    named = {
        t.value.place.name: t.value
        for t in tokens
        if t.kind in _NAMED and t.end <= limit and is_county(t.value)
    }
    return next(iter(named.values())) if len(named) == 1 else None


def ours_told(sentence: Sentence) -> Party | None:
    """Return the place that a sentence says 我区 or 我县 to be: 我区(麒麟区)."""
    for token in sentence.tokens:
        if token.kind == "reference" and sentence.text[token.start] == "我":
            behind = sentence.following(token.end)[:1]
            if behind and behind[0].kind == "place" and sentence.text[token.end : behind[0].start] == "(":
                party: Party = behind[0].value
                return party
    return None


def begins_list(sentence: Sentence, token: Token) -> bool:
    """Whether a county is the first of several: what comes behind 婺源、德兴得分较高 is of their city again."""
    listed = token.value.level == "county" and sentence.text.startswith(JOINERS, token.end)
    return listed and any(
        t.kind in _NAMED and t.start - token.end <= 2 for t in sentence.following(token.end)
    )


def run_of_parties(text: str, named: list[Token]) -> tuple[Party, ...]:
    """Return the parties of the longest list among those *named*: 玉溪、红河、文山供电局; empty when there is none."""
    best: list[Party] = []
    run: list[Party] = []
    end = 0
    for token in named:
        if run and text[end : token.start] in JOINERS:
            run.append(token.value)
            if len(run) > len(best):
                best = run
        else:
            run = [token.value]
        end = token.end
    return tuple(best)


def inside(place: Party | None, supplier: Party) -> bool:
    """Whether a place lies in the area of a supplier."""
    if place is None or place.place is None or supplier.place is None:
        return False
    names = {supplier.place.name, supplier.place.prefecture}
    return place.place.name in names or place.place.prefecture in names - {None}


def lists_bureaus(suppliers: dict[Party, int], most: Party) -> bool:
    """Whether an article that names one supplier most often names many others of its rank as well."""
    if next(iter(suppliers)) == most:
        return False
    counts = [count for party, count in suppliers.items() if party.level == most.level]
    return len(counts) > MANY and sum(counts) > 2 * suppliers[most]


def city_of(house: str) -> Party | None:
    """Return the city that a survey house is named after: 广州 of 广州社情民意研究中心; a province's asks in many cities."""
    place = place_names().get(house[:2])
    return of_place(place) if place is not None and place.kind == "prefecture" else None


def is_office(party: Party) -> bool:
    """Whether a party is one office of a supplier, by its name."""
    return party.name.endswith("供电所")


def office_told(first: Party, tokens: Iterable[Token]) -> Party | None:
    """Return the one office that an article is about: it names it *first*, and more often than any supplier above it."""
    if not is_office(first):
        return None
    named: list[Party] = [t.value for t in tokens if t.kind == "org"]
    offices = [party for party in named if is_office(party)]
    least = min(offices, key=lambda party: len(party.name))  # 宜川县壶口供电所, then 壶口供电所
    others = [party for party in named if not is_office(party)]
    if len(offices) <= max(map(others.count, others), default=1):
        return None
    return least if all(party.name.endswith(least.name) for party in offices) else None


def part_of(party: Party, main: Party | None) -> bool:
    """Whether a company is one of a group's, named in passing: 南方电网…,广东电网公司连续14年第一."""
    if main is not None and is_office(main):
        return not is_office(party)  # 壶口供电所…,是国网延安供电公司的标杆所
    return main is not None and main.level == "group" and party.level in ("province", "prefecture")


def region_in(sentence: Sentence) -> Party | None:
    """Return the place of 徐州公用服务满意度调查 where nobody else is named."""
    places = (t.value for t in sentence.tokens if t.kind == "place")
    return next((place for place in places if place.level != "nation"), None)
