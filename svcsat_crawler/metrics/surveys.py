"""Which survey a figure comes from."""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass, field
from itertools import product

from svcsat_crawler.items import Survey
from svcsat_crawler.metrics.parties import Party
from svcsat_crawler.metrics.sentences import Sentence
from svcsat_crawler.organisations.index import Starts, matches_at

QUOTES = ("“", "《", '"')
_NAME = re.compile(
    r"[“《\"](?P<name>[^“”《》\"。;]{0,40}?(?:评价|调查|调研|测评|评议|建设|指数)[^“”《》\"。;]{0,8})[”》\"]"
)
# A second survey without a house: 在全国用户满意度测评中.
_ANOTHER = re.compile(
    r"(?:^|[,;。])(?:在|(?=[市县区]里))(?!该|此|本|上述|这)(?P<name>[^,;。“]{4,30}?(?:测评|评价|评议|调查)(?:活动)?)中"
)
# How such a name ends.
ENDINGS = frozenset("".join(parts) for parts in product(("测评", "评价", "评议", "调查"), ("中", "活动中")))
_YEAR = re.compile(r"(?:19|20)\d\d")
_NAMED = frozenset(("survey", "house", "place"))
# 供电公司请调查公司, 委托
_HIRING = "请委聘邀由托让与和"
# 委托|赛立信研究集团: the name of a firm goes back to who hires it.
_FIRMS = ("公司", "集团")
_LONGEST_BRAND = 8
_BRAND = re.compile(
    "(?:(?<=[由请聘托,。;:、“(])|^)(?!的|[\u4e00-\u9fff]*(?:第三方|专业|独立|社会|知名|外部|一家))[\u4e00-\u9fff]{2,6}$"
)
# What stands behind a supplier that asks its own customers.
_ASKING = ("组织", "委托", "联合", "开展", "向", "面向", "通过", "邀请", "对", "自行")


@dataclass(slots=True)
class Surveys:
    """The survey that the text speaks of now."""

    survey: Survey | None = None
    house: Party | None = None
    place: Party | None = None
    # Whether a house of the table, which rates power supply, has been named.
    known: bool = False
    # Those in quotes that are still to come, the next one last.
    _quoted: list[re.Match[str]] = field(default_factory=list)
    # Where the sentences begin that can name one without quotes.
    _naming: Set[int] = frozenset()

    def current(self) -> Survey | None:
        """Return a copy of the survey named last, or None."""
        if self.survey is None:
            return None
        return Survey(id=self.survey.id, org=self.survey.org, name=self.survey.name, year=self.survey.year)

    def begin(self, text: str, quotes: Starts, naming: Set[int]) -> None:
        """Look once for the names of surveys in quotes.

        *quotes*: where :data:`QUOTES` are; *naming*: where the sentences begin that have one of :data:`ENDINGS`.
        """
        self._quoted = list(matches_at(_NAME, text, quotes))[::-1]
        self._naming = naming

    def enter(self, sentence: Sentence) -> None:
        """Take note of survey houses and names of surveys in *sentence*."""
        kinds = sentence.kinds
        if not (self._quoted or self._naming) and kinds.isdisjoint(_NAMED):
            return
        housed = "survey" in kinds or "house" in kinds
        if housed or (self.place is None and "place" in kinds):
            self._named(sentence)
        text, start, end = sentence.text, sentence.start, sentence.end
        while self._quoted and self._quoted[-1].start() < start:
            self._quoted.pop()
        match = self._quoted[-1] if self._quoted else None
        if match is not None and match.end() <= end:
            year = _YEAR.search(match["name"])
            if self.survey is None:
                self.survey = Survey()
            if self.survey.name is None:
                self.survey.name = match["name"]
                self.survey.year = int(year[0]) if year else None
        if housed or (self.survey is not None and self.survey.org is None):
            return
        if start in self._naming:
            other = _ANOTHER.search(text[start:end])
            if other:
                self.survey = Survey(name=other["name"])

    def _named(self, sentence: Sentence) -> None:
        for position, token in enumerate(sentence.tokens):
            if token.kind == "place" and self.place is None:
                self.place = token.value
            if token.kind == "survey":
                self._set(token.value.id, token.value.name)
            elif token.kind == "house":
                self._set(None, self._house_name(sentence, position))

    def _set(self, id: str | None, name: str) -> None:
        if self.survey is not None and self.survey.org == name:
            return
        if self.survey is None or self.survey.org is not None:
            self.survey = Survey(id=id, org=name)
        else:
            self.survey.id, self.survey.org = id, name
        self.house = Party(name, id)
        self.known = self.known or id is not None

    @staticmethod
    def _house_name(sentence: Sentence, position: int) -> str:
        """Return 镇江市消协 for its ending 消协: the place right before belongs to the name."""
        token = sentence.tokens[position]
        start = token.start
        if position:
            before = sentence.tokens[position - 1]
            gap = sentence.text[before.end : token.start]
            if (
                before.kind in ("place", "authority", "org")
                and len(gap) <= 6
                and (not gap or (gap.isalpha() and gap[0] not in _HIRING))
            ):
                start = before.start
        if start == token.start and sentence.text.startswith(_FIRMS, token.end - 2):
            brand = _BRAND.search(sentence.text, max(sentence.start, start - _LONGEST_BRAND), start)
            start = brand.start() if brand else start
        return sentence.text[start : token.end]


def asking(sentence: Sentence) -> Party | None:
    """Return the supplier that asks its own customers: 国网新乡供电公司向大客户发放调查问卷500份."""
    found = (
        token.value
        for token in sentence.tokens
        if token.kind == "org" and token.value.power and sentence.text.startswith(_ASKING, token.end)
    )
    return next(found, None)
