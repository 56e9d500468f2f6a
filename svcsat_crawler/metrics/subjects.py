"""Whose number it is: the party that a clause, sentence or article is about."""

from __future__ import annotations

from svcsat_crawler.items import How
from svcsat_crawler.metrics.asides import is_aside
from svcsat_crawler.metrics.bound import Bound
from svcsat_crawler.metrics.candidates import KINDS, UNNAMED, candidates, choose, goes_on_unknown, listed_with
from svcsat_crawler.metrics.named import (
    COUNTY_WORDS,
    begins_list,
    head_of,
    inside,
    is_county,
    of_city,
    only_county,
    ours_told,
    part_of,
    region_in,
    run_of_parties,
)
from svcsat_crawler.metrics.paired import PAIR, one_of
from svcsat_crawler.metrics.parties import Party, of_place, supplier_itself
from svcsat_crawler.metrics.sentences import Sentence
from svcsat_crawler.metrics.stations import (
    OFFICE,
    any_station,
    office_before,
    serving,
    station,
    unnamed_office,
)
from svcsat_crawler.metrics.token import Token
from svcsat_crawler.metrics.wholes import (
    CITY_WORDS,
    above,
    as_spelled,
    averaged,
    city_above,
    is_said_of,
    right_before,
    whole_meant,
)
from svcsat_crawler.metrics.whom import Whom
from svcsat_crawler.organisations import Place

_NAMED = frozenset(("org", "place"))
_HOUSES = frozenset(("house", "authority"))
# 比曲靖供电局81.2分低4.4分
_AGAINST = frozenset("比较")
NATION = of_place(Place("全国", "nation"))
# Bodies whose figures are about the whole country.
_NATIONAL = ("国家", "中电联", "中国电力企业", "国务院", "电监会")


class Subjects(Whom):
    """What the article has been about so far."""

    def __init__(self) -> None:
        super().__init__()
        self.current: Party | None = None
        self.place: Party | None = None
        self.source: Party | None = None
        # The office told last, for 该所.
        self.office: Party | None = None
        # What 我区 is in a text that says so: 我区(麒麟区).
        self.ours: Party | None = None
        # The county named last, for 全县 in an article of its city's bureau; None where several were named at once.
        self.county: Party | None = None
        # The two that 前者 and 后者 stand for.
        self.pair: tuple[Party, ...] = ()
        # Whether the paragraph is headed by a party (云浮:得分…), and what the text was about before it.
        self.headed = False
        self.before_head: Party | None = None
        # The parties of the last list, for 三局分别为….
        self.listed: tuple[Party, ...] = ()

    def refer(self, token: Token, sentence: Sentence) -> Party | None:
        """Return what 该局, 全市 or 全省 stands for."""
        if token.value in PAIR:
            return self.pair[PAIR.index(token.value)] if len(self.pair) == 2 else None
        if self.ours is not None and self._word(token).startswith("我"):
            return self.ours
        named = "org" in sentence.kinds
        near = [t.value for t in sentence.tokens if t.kind == "org" and t.end <= token.start] if named else []
        subject = self._named_like(token, near, sentence)
        if token.value != "region":
            return subject
        if self._word(token) in COUNTY_WORDS and of_city(subject):
            county = only_county(sentence.tokens, token.start) or self.county
            self._go_under(county if county is not None and not county.power else None)
            subject = county or subject
        subject = whole_meant(sentence, token, self._word(token), subject, self.place or self.alone)
        if subject is None:
            return None
        if self._word(token) in CITY_WORDS and self._county_of_main(subject):
            return self.main
        if self._word(token) == "全市" and is_said_of(sentence, token):
            subject = city_above(subject)
        if subject.level == "province" or "全省" not in self._word(token):
            return subject
        province = subject.place.province if subject.place else None
        return of_place(Place(province, "province", province)) if province else subject

    def _named_like(self, token: Token, near: list[Party], sentence: Sentence) -> Party | None:
        """Return the nearest supplier that the reference can mean: 该局 is a bureau, no company."""
        word = self._word(token)
        office = (office_before(sentence, token.start) or self.office) if word.endswith("所") else None
        if office is not None:
            return office
        ending = "局" if word.endswith("局") else "公司" if word.endswith("公司") else ""
        for party in (*reversed(near), self.current, self.main):
            if party is None or (ending and self.headed and not party.power):
                continue
            if ending != "局" or party.name.endswith("局"):
                return party
        return near[-1] if near else self.current or self.main

    def _county_of_main(self, subject: Party) -> bool:
        """Whether a party lies inside the city of the article's subject: 全市 behind a county's bureau is the city."""
        main = self.main
        if main is None or main.place is None or subject.place is None or main.place.kind == "county":
            return False
        return subject.place.kind == "county" and subject.place.prefecture == main.place.name

    def _whole(self, sentence: Sentence, token: Token) -> Party | None:
        """Return what 全市, 全省 or 全国 of an average stands for."""
        word = self._word(token)
        party = NATION if word == "全国" else self.refer(token, sentence)
        return above(word, party) if party else None

    def _word(self, token: Token) -> str:
        return self._text[token.start : token.end]

    def bind(self, sentence: Sentence, clause_index: int, position: int) -> Bound | None:
        """Return the parties of a number that stands at *position* in a clause."""
        self._text = sentence.text
        clauses = sentence.clauses
        clause = clauses[clause_index]
        said = sentence.text[clause.start : position]
        held = said[-1:] == "(" or said.find("于") >= 0 or said[:1] in _AGAINST
        if any_station(said):
            own = station(sentence, clause, position)
            if own is not None:
                return Bound((own,), "stated")
        if OFFICE in said and unnamed_office(sentence, clause, position):
            office = office_before(sentence, position) or self.office
            return Bound((office,), "inherited") if office else None
        if held and (named := right_before(sentence, position, self.main)):
            return Bound((named,), "stated")
        if "平均" in said and "全" in said and (told := averaged(sentence, clause, position)):
            whole = self._whole(sentence, told)
            return Bound((whole,), "inherited") if whole else None
        if sentence.kinds.isdisjoint(KINDS):
            return self.fallback(sentence)
        if clause_index and len(said) < UNNAMED and goes_on_unknown(sentence, clause_index, position):
            return None
        paired = None  # 前者 of a pair that the sentence itself names
        for index in range(clause_index, -1, -1):
            fit = candidates(sentence, clauses[index])
            if fit and index == clause_index and fit[-1].end > position:
                fit = [t for t in fit if t.end <= position]
            if not fit:
                continue
            chosen = fit[0] if len(fit) == 1 else choose(sentence, fit)
            if index != clause_index and sentence.text.startswith("是", fit[0].end):
                chosen = fit[0]  # 黔东南是贵州供电难度最大的地区
            how: How = "stated" if index == clause_index else "inherited"
            if chosen.kind == "reference":
                party = self.refer(chosen, sentence)
                if party is not None:
                    return Bound((party,), "inherited")
                paired = paired or chosen.value
                continue
            if chosen.kind == "place" and (supplier := serving(sentence, chosen, self.current)):
                return Bound((supplier,), "inherited")
            listed = listed_with(sentence, clauses[index].tokens, chosen)
            if len(listed) == 1 and chosen.kind == "place":
                listed = (as_spelled(sentence, chosen, self.main),)
            self.pair = listed if len(listed) == 2 else self.pair
            return Bound(one_of(listed, paired) if paired else listed, how)
        return self.fallback(sentence)

    def fallback(self, sentence: Sentence) -> Bound | None:
        """Return the subject of the text so far, for a sentence that names none."""
        current = self.main if self._of_province(sentence) else self.current
        party = current or self.main or self.place
        if party is None:
            party = next(
                (self._behind(token, sentence) for token in sentence.tokens if token.kind == "authority"),
                None,
            )
        party = party or self.source or region_in(sentence) or self.titled or self.asked or self.nation
        return Bound((party,), "inherited") if party else None

    def _of_province(self, sentence: Sentence) -> bool:
        """Whether a sentence is about the province's company again: 省消委会的评价里,供电居首."""
        if self.main is None or self.main.level != "province" or sentence.kinds.isdisjoint(_HOUSES):
            return False
        return any(t.kind in _HOUSES and sentence.text[t.start - 1] == "省" for t in sentence.tokens)

    @staticmethod
    def _behind(token: Token, sentence: Sentence) -> Party | None:
        name = sentence.text[token.start : token.end]
        return NATION if name.startswith(_NATIONAL) else None

    def new_paragraph(self) -> None:
        """Go back to the article's subject when the last one was only a part of it: a county's bureau."""
        if self.headed:
            self.current, self.headed = self.before_head, False
        if self.above is not None:
            self.current, self.place = None, self.above
        if self.titled is not None and is_county(self.place) and inside(self.place, self.titled):
            self.place = self.titled
        main, current = self.main, self.current
        if self.its_office is not None:
            self.current = main
        if main is current or main is None or current is None or main.place is None or current.place is None:
            return
        around = (current.place.province, current.place.prefecture)
        if main.place.name in around and current.place.name != main.place.name:
            self.current = main

    def _said_county(self, sentence: Sentence) -> Party | None:
        """Return the county that 全县 in a sentence stands for, which goes on behind a semicolon: 2018年全县用电量…;户均停电…."""
        for token in sentence.tokens:
            if token.kind == "reference" and sentence.text[token.start : token.end] in COUNTY_WORDS:
                county = only_county(sentence.tokens, token.start) or self.county
                return county if county is not None and not county.power else None
        return None

    def _go_under(self, party: Party | None) -> None:
        """Let a party be the subject to the end of the paragraph."""
        if party is not None:
            self.before_head = self.before_head if self.headed else self.current
            self.headed, self.current = True, supplier_itself(party)

    def advance(self, sentence: Sentence) -> None:
        """Take note of what *sentence* was about, for the sentences after it."""
        text = sentence.text
        start, noted = sentence.start, -1
        if not start or text[start - 1] == "\n":
            self._go_under(head_of(sentence))
        if self.source is None and "authority" in sentence.kinds:
            told = (self._behind(t, sentence) for t in sentence.tokens if t.kind == "authority")
            self.source = next((source for source in told if source is not None), None)
        named = [t for t in sentence.tokens if t.kind in _NAMED]
        if len(named) > 1:
            self.listed = run_of_parties(text, named) or self.listed
        parted = False  # whether what comes is a part: 其中哈密供电公司97.5%,和田供电公司89.3%
        for token in named:
            if token.kind == "org" and text[token.end - 1] == "所":
                self.office = token.value
            if is_county(token.value):
                self.county = only_county(sentence.tokens, sentence.end)
            start = (text.rfind(",", start, token.start) + 1) or start
            start = (text.rfind(":", start, token.start) + 1) or start
            parted = parted or text.startswith("其中", start)
            if parted or start == noted:
                continue
            if start < token.start and sentence.heavy(start, token.start):
                continue
            if is_aside(sentence, token, token.start <= start + 1):
                continue
            noted = start
            if token.kind == "place":
                self.place = self.place if begins_list(sentence, token) else token.value
            elif text.startswith(("、", "和", "与"), token.end):
                behind = [t.value for t in sentence.tokens if t.kind == "org" and t.start == token.end + 1]
                self.pair = (token.value, *behind)
            elif start == sentence.start or not part_of(token.value, self.main):
                self.current = supplier_itself(token.value)
        if "reference" in sentence.kinds:
            self.ours = self.ours or ours_told(sentence)
            self._go_under(self._said_county(sentence))
