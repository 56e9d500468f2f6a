"""Which survey a figure comes from, and the figures about the survey itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from svcsat_crawler.items import Survey
from svcsat_crawler.metrics.parties import Party
from svcsat_crawler.metrics.sentences import Sentence
from svcsat_crawler.metrics.token import Token
from svcsat_crawler.text.figures import whole_number

_NAME = re.compile(
    r"[“《\"](?P<name>[^“”《》\"。;]{0,40}?(?:评价|调查|调研|测评|评议|建设|指数)[^“”《》\"。;]{0,8})[”》\"]"
)
# A second survey without a house: 在全国用户满意度测评中.
_ANOTHER = re.compile(
    r"(?:^|[,;。])在(?!该|此|本|上述|这)(?P<name>[^,;。“]{4,30}?(?:测评|评价|评议|调查)(?:活动)?)中"
)
_ANOTHER_END = re.compile(r"(?:测评|评价|评议|调查)(?:活动)?中")
_YEAR = re.compile(r"(?:19|20)\d\d")
_ASKED = re.compile(r"调查|调研|测评|评价|评议|问卷|访问|民调")

_N = r"(?:\d{1,3}|[一二三四五六七八九十]{1,3})"
# metric -> expression; the group n is the number.  Source: press releases of provincial surveys.
_COUNTS = {
    "survey_cities": re.compile(
        rf"(?<![列居位])(?:全省|全国|省内|覆盖|涉及|涵盖|对)?(?:全省|全国)?(?P<n>{_N})个(?:地级以上|地级)?(?:地级市|地市|城市|市(?![区场民县])|省区市|省份)(?![级供局公第首排前电]|中排)"
    ),
    "survey_service_categories": re.compile(
        rf"(?P<n>{_N})大?类(?:地方)?(?:政府)?(?:公共)?服务(?![^,;。]{{0,10}}(?:第[一二三四五六七八九十\d]|首|榜|排名|居))"
    ),
    "survey_service_items": re.compile(
        rf"(?P<n>{_N})(?:项|种)(?:具体|细分|单项|政府|地方)*(?:公共)?服务(?!举措|措施|承诺|活动|工作|[^,;。]{{0,10}}(?:第[一二三四五六七八九十\d]|首|榜|排名|居))"
    ),
    "survey_years_running": re.compile(
        rf"(?:评价|调查|调研|课题|测评|评议|民调)(?:活动|工作|项目)?(?:至今|目前)?已?(?:经)?连续(?:开展|进行|举办|实施|组织|发布)了?(?P<n>{_N})年"
        rf"|(?:评价|调查|调研|课题|测评|评议|民调)(?:活动|工作|项目)?(?:至今|目前)?已?(?:经)?(?:连续)?(?:开展|进行|举办|实施|组织)了?(?P<n2>{_N})年(?!前)"
        rf"|连续(?P<n3>{_N})年(?:组织)?(?:开展|进行|举办|实施)[^,;。]{{0,16}}?(?:评价|调查|调研|测评|评议)"
    ),
}
_COVERS = re.compile(r"开展|进行|覆盖|涉及|涵盖|访问|实施|组织|抽取")


@dataclass(slots=True)
class Surveys:
    """The survey that the text speaks of now."""

    survey: Survey | None = None
    house: Party | None = None
    place: Party | None = None
    _quoted: bool = False
    _unquoted: bool = False

    def current(self) -> Survey | None:
        """Return a copy of the survey named last, or None."""
        if self.survey is None:
            return None
        return Survey(id=self.survey.id, org=self.survey.org, name=self.survey.name, year=self.survey.year)

    def begin(self, text: str) -> None:
        """Look once whether a text can hold the name of a survey at all."""
        self._quoted = _NAME.search(text) is not None
        self._unquoted = _ANOTHER_END.search(text) is not None

    def enter(self, sentence: Sentence) -> None:
        """Take note of survey houses and names of surveys in *sentence*."""
        kinds = sentence.kinds
        housed = "survey" in kinds or "house" in kinds
        if housed or (self.place is None and "place" in kinds):
            self._named(sentence)
        text, start, end = sentence.text, sentence.start, sentence.end
        match = _NAME.search(text, start, end) if self._quoted else None
        if match:
            year = _YEAR.search(match["name"])
            if self.survey is None:
                self.survey = Survey()
            if self.survey.name is None:
                self.survey.name = match["name"]
                self.survey.year = int(year[0]) if year else None
        if housed or (self.survey is not None and self.survey.org is None):
            return
        if self._unquoted:
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

    @staticmethod
    def _house_name(sentence: Sentence, position: int) -> str:
        """Return 镇江市消协 for its ending 消协: the place right before belongs to the name."""
        token = sentence.tokens[position]
        start = token.start
        if position:
            before = sentence.tokens[position - 1]
            gap = sentence.text[before.end : token.start]
            if before.kind in ("place", "authority", "org") and len(gap) <= 6 and (not gap or gap.isalpha()):
                start = before.start
        return sentence.text[start : token.end]


def survey_counts(sentence: Sentence) -> Iterator[tuple[str, int, Token]]:
    """Yield (metric, value, token) for the figures about a survey: cities, kinds, items, years."""
    if not _ASKED.search(sentence.text, sentence.start, sentence.end):
        return
    text = sentence.text[sentence.start : sentence.end]
    for metric, pattern in _COUNTS.items():
        for match in pattern.finditer(text):
            if metric == "survey_cities" and not _COVERS.search(text):
                continue
            group = next(name for name in ("n", "n2", "n3") if match.groupdict().get(name))
            value = whole_number(match[group])
            if value is None:
                continue
            start = sentence.start + match.start(group)
            end = start + len(match[group]) + 1
            yield metric, value, Token(start, end, "count", value)
            break
