"""Whom a whole article is about: the supplier that it names most often, its title before all."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from itertools import chain
from operator import attrgetter

from svcsat_crawler.metrics.named import MANY, city_of, lists_bureaus, office_told
from svcsat_crawler.metrics.parties import Party
from svcsat_crawler.metrics.token import Token
from svcsat_crawler.metrics.wholes import only_city

_START = attrgetter("start")
# What tells it.
_WHO = frozenset(("org", "place", "survey"))
_ABOVE = frozenset(("province", "region", "group"))


class Whom:
    """What one look through the article has told."""

    def __init__(self) -> None:
        self.main: Party | None = None
        self.suppliers: dict[Party, int] = defaultdict(int)
        # How often suppliers of power are named.
        self.power = 0
        # The office that the whole article is about.
        self.its_office: Party | None = None
        # The place that the title names first, for an article that names nobody else.
        self.titled: Party | None = None
        # The city whose house asks its citizens, for an article that names no other place.
        self.asked: Party | None = None
        # The province that an article about many of its bureaus goes back to with each paragraph.
        self.above: Party | None = None
        # The whole country, for an article that names it and no other place.
        self.nation: Party | None = None
        # The one city that an article without a supplier names, for 我市.
        self.alone: Party | None = None

    def survey_text(self, title: list[Token], body: list[Token]) -> None:
        """Count the suppliers of the whole article, those of the title four times, to find its subject."""
        for tokens, weight in ((title, 4), (body, 1)):
            for token in [t for t in tokens if t.kind in _WHO]:
                if token.kind == "org":
                    self.suppliers[token.value] += weight
                    self.power += token.value.power
                elif token.kind == "place" and weight > 1 and self.titled is None:
                    self.titled = token.value if token.value.level != "nation" else None
                elif token.kind == "place" and token.value.level == "nation":
                    place = bisect_left(tokens, token.end, key=_START)
                    behind = tokens[place] if place < len(tokens) else token
                    if behind.kind != "quantity" or behind.start != token.end:
                        self.nation = token.value  # but 在全国54个城市中: among whom
                elif token.kind == "survey" and self.asked is None:
                    self.asked = city_of(token.value.name)
        self.alone = None if self.suppliers else only_city((*title, *body))
        if self.suppliers:
            most = max(self.suppliers.values())
            first, *others = (party for party, count in self.suppliers.items() if count == most)
            # 江苏通报群众满意度…南通、扬州、泰州供电公司得分较高: an article about the province is about none of them.
            above = self.titled is not None and self.titled.level == "province"
            listed = bool(others) or lists_bureaus(self.suppliers, first)
            self.main = None if listed and above and first.level not in _ABOVE else first
            if most == 1 and any(t.kind == "place" and t.value.level == "nation" for t in title):
                self.main = None  # 中电联发布全国供电可靠性指标: a company named once, in passing
            self.its_office = office_told(next(iter(self.suppliers)), chain(title, body))
            self.main = self.its_office or self.main
            self.above = self.titled if listed and self.main is None and len(self.suppliers) > MANY else None
