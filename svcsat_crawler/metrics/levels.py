"""Reads the quantities of a sentence: levels, from-to pairs, changes and lists."""

from __future__ import annotations

from collections.abc import Callable

from svcsat_crawler.metrics import stated
from svcsat_crawler.metrics.around import name_around
from svcsat_crawler.metrics.found import Found
from svcsat_crawler.metrics.items_of import named_item
from svcsat_crawler.metrics.kinds import counted_before
from svcsat_crawler.metrics.lexicon import counted_in, metrics
from svcsat_crawler.metrics.lists import chain, lend_to_start, lend_units
from svcsat_crawler.metrics.measured import DIMENSIONS
from svcsat_crawler.metrics.names import (
    BLOCKED,
    Name,
    has_key,
    name_before,
    name_in_clause,
)
from svcsat_crawler.metrics.paired import one_of_both
from svcsat_crawler.metrics.role import Role
from svcsat_crawler.metrics.roles import role_of
from svcsat_crawler.metrics.satisfaction import owner_of
from svcsat_crawler.metrics.scores import FULL_MARKS, of_few_points, share_of_satisfied
from svcsat_crawler.metrics.scoring import ScoreReader
from svcsat_crawler.metrics.sentences import Clause
from svcsat_crawler.metrics.sources import source_of
from svcsat_crawler.metrics.token import Token

_ASKED = frozenset(("sat", "eval", "survey", "house", "peer"))
_OPINION = ("满意", "评价", "测评", "评议", "调查")
_NOUN_NEEDED = frozenset(("count", "CNY", "places"))
# Unknown characters between 这个数字 and its number: 停在.
_REACH = 3


class LevelReader(ScoreReader):
    """Reads the levels of one sentence, with their changes."""

    def read(self) -> list[Found]:
        """Return the facts of the sentence."""
        sentence = self.sentence
        said = sentence.text[sentence.start : sentence.end]
        if "、" in said:
            lend_units(sentence)
        if "年的" in said:
            lend_to_start(sentence)
        for clause_index, clause in enumerate(self.clauses):
            behind = 0  # the first token behind the last list of numbers
            for index, token in enumerate(clause.tokens):
                if token.kind != "quantity" or index < behind:
                    continue
                listed = chain(sentence, clause, index)
                behind = index + len(listed)
                if self._matters(clause_index, listed[0]):
                    self._quantity(clause_index, index, listed)
            if self.group and not behind:
                self._direction_only(clause_index)
        self._start_alone()
        if self.became is not None and self.became[0].comparison is None:
            self.became[0].comparison = self.became[1]
        return self.made

    def _matters(self, clause_index: int, token: Token) -> bool:
        """Whether any metric takes the number; counts and money need their noun near."""
        dimension = token.value.dimension
        if dimension not in _NOUN_NEEDED:
            return dimension in DIMENSIONS and (dimension != "points" or not of_few_points(self.sentence))
        if self.state.carried is not None and self.state.carried[1] == dimension:
            return True
        clause = self.clauses[clause_index]
        named = "metric" in self.sentence.kinds
        if self.group or (named and any(t.kind == "metric" for t in clause.tokens)):
            return True
        if name_around(self.sentence, token) is not None or self._of_both(clause, token) is not None:
            return True
        return named and clause_index > 0 and self._named_alone(clause_index - 1)

    def _named_alone(self, clause_index: int) -> bool:
        """Whether a clause names a count and holds no number: "投诉降得最多,只有71件"."""
        kinds = [token.kind for token in self.clauses[clause_index].tokens]
        return "metric" in kinds and "quantity" not in kinds

    def _quantity(self, clause_index: int, index: int, listed: list[Token]) -> None:
        clause = self.clauses[clause_index]
        role = role_of(self.sentence, clause, index)
        if role.kind == "change" and not self.group:
            if self._of_power_told(clause_index, listed[0], role):
                return
            if self._of_last_score(clause_index, listed[0], role):
                return
            if len(listed) == 1 and self._of_rate_told(clause_index, listed[0], role):
                return
        if role.kind == "change":
            self._change(clause_index, listed, role)
        elif role.kind == "start":
            name = self._name(clause_index, listed[0], free=True)
            self.ahead = None if name else listed[0]
            self.pending, self.starts = (listed[0], name) if name else None, listed
        elif role.kind in ("level", "to"):
            self._level(clause_index, listed, role)

    def _name(self, clause_index: int, token: Token, *, free: bool = False) -> Name | None:
        """Return the metric that the quantity *token* is a value of, or None."""
        sentence = self.sentence
        clause = self.clauses[clause_index]
        dimension = token.value.dimension
        if dimension == "points" and self._of_rival(clause_index, token):
            return None
        if dimension == "points" and self._of_province(clause, token):
            return Name("satisfaction_score", None, "earlier")
        power = self._power(clause_index, token)
        name = name_in_clause(sentence, clause, token, dimension, power=power, free=free)
        if dimension == "kWh" and (name is None or name is BLOCKED) and self._of_source(clause, token):
            name = Name("energy_generated", None, "carried")
        elif name is None:
            name = self._unnamed(clause_index, token, power)
        elif name is BLOCKED:
            name = self._item(clause_index, token)
        if name is None or name is BLOCKED or not counted_in(name.metric, token.value):
            return None
        if stated.is_no_level(sentence, clause, token, name.metric) or self._of_no_survey(name):
            return None
        if self.state.of_other_trade(name.metric, sentence, token.start, power):
            return None
        return name

    def _of_no_survey(self, name: Name) -> bool:
        """Whether a score is one of nothing that customers were asked about: 获评文明单位,综合得分97.3分."""
        if name.token is None or name.token.kind != "score" or self.state.survey_seen or self.state.rating:
            return False
        sentence = self.sentence
        if not sentence.kinds.isdisjoint(_ASKED) or owner_of(sentence, name.token) == "power":
            return False
        return not any(sentence.text.find(word, sentence.start, sentence.end) >= 0 for word in _OPINION)

    def _unnamed(self, clause_index: int, token: Token, power: Callable[[], bool]) -> Name | None:
        """Return the metric of a number that has no name in its clause, by the first way that tells one."""
        sentence, dimension = self.sentence, token.value.dimension
        clause = self.clauses[clause_index]
        name = self._answered(clause, token) or self._of_both(clause, token) or self._pointed(clause, token)
        if name is not None:
            return name
        if dimension == "points" and any(t.kind == "peer" and t.end == token.start for t in clause.tokens):
            return None  # 公用事业领域81.34分: of all of them
        if dimension == "points" and self._scored(clause_index, token):
            return Name("satisfaction_score", None, "earlier")
        if dimension == "percent" and share_of_satisfied(sentence, clause, token, power=power):
            return Name("satisfaction_rate", None, "same")
        if dimension == "percent" and self._is_rated_item(clause, token):
            return Name("satisfaction_rate", None, "carried")
        used = dimension == "kWh" and sentence.text.endswith("用电", clause.start, token.start)
        name = self._around(token) if used else None  # 供电量8.96亿千瓦时,其中居民生活用电2.31亿千瓦时
        name = name or name_before(sentence, clause_index, token, dimension, power=power)
        if name is None and dimension == "kWh":
            name = self._around(token)
        if name is None and dimension in stated.OUTAGE:
            told = {found.metric for found in (*self.state.levels, *self.made)}
            name = stated.stated_before(sentence, clause_index, token, told)
        if name is None and self._of_other_service():
            return None
        name = name or self._like_the_last_level(clause_index, token)
        if name is None and dimension not in _NOUN_NEEDED:
            name = self._of_row(clause_index, token) or self._said_behind(clause_index, token)
        if name is None and dimension == "count" and self.made:
            counted = counted_before(sentence, clause, token, self.made[-1])
            name = Name(counted, None, "carried") if counted else None
        return name or self._around(token)

    def _around(self, token: Token) -> Name | None:
        id = name_around(self.sentence, token)
        return Name(id, None, "same") if id else None

    def _like_the_last_level(self, clause_index: int, token: Token) -> Name | None:
        """Return the metric of a row that goes on without its name: 上海1.47小时,北京1.52小时."""
        if self.state.carried is None:
            return None
        dimension = token.value.dimension
        metric, carried, unit = self.state.carried
        if carried != dimension or dimension not in metrics()[metric].accepts:
            return None
        if dimension in ("count", "CNY") and unit != token.value.unit:
            return None
        clause = self.clauses[clause_index]
        keyed = (
            has_key(self.sentence, clause_index, token)
            or self._of_desk(clause, token)
            or stated.without_some(self.sentence, clause, token)
            or stated.is_aim(self.sentence, clause, token)
        )
        return Name(metric, None, "carried") if keyed else None

    def _of_row(self, clause_index: int, token: Token) -> Name | None:
        """Return the metric of "城区年均停电0.8次、2.1小时,农村3.3次、10.4小时" by the unit of the number."""
        dimension = token.value.dimension
        row = [f.metric for f in (*self.state.levels, *self.made) if f.value is not None]
        asked = [self.state.named] if self.state.named else []  # 办电要多久?低压平均3天
        fits = [id for id in (*asked, *row) if dimension in metrics()[id].accepts]
        return (
            Name(fits[-1], None, "carried") if fits and has_key(self.sentence, clause_index, token) else None
        )

    def _of_both(self, clause: Clause, token: Token) -> Name | None:
        """Return the metric of 前者0.71小时 behind 停电时间和投诉, if it takes the number."""
        if self.sentence.start not in self.state.paired:
            return None
        id = one_of_both(self.sentence, clause, token, self.state.named_both)
        fits = id is not None and token.value.dimension in metrics()[id].accepts
        return Name(id, None, "carried") if fits and id is not None else None

    def _pointed(self, clause: Clause, token: Token) -> Name | None:
        """Return the metric that 这个数字 stands for: the last one that the paragraph has named."""
        id = self.state.named or self.state.named_before
        if id is None or token.value.dimension not in metrics()[id].accepts:
            return None
        for pointer in reversed(clause.tokens):
            if pointer.end <= token.start and self._is_pointer(pointer):
                near = self.sentence.heavy(pointer.end, token.start) <= _REACH
                return Name(id, None, "carried") if near else None
        return None

    def _level(self, clause_index: int, listed: list[Token], role: Role) -> None:
        token = listed[0]
        if self._goes_further(clause_index, token):
            return
        pair = self.pending if role.kind == "to" or self.pending else None
        name = self._name(clause_index, token, free=pair is not None)
        if pair is None and name is not None and self.ahead is not None:
            pair, self.ahead = (self.ahead, name), None  # 与2018年的12.4小时相比,停电时间降至3.7小时
        fits = pair is not None and pair[0].value.dimension == token.value.dimension
        if name is not None and name.metric == "satisfaction_score" and token.value.value <= FULL_MARKS:
            return
        if pair is not None and fits and (name is None or name.metric == pair[1].metric):
            if len(listed) > 1 or (len(self.starts) > 1 and self.starts[0] is pair[0]):
                self._rows_from_to(clause_index, listed, name or pair[1])
            else:
                self._from_to(clause_index, pair[0], token, name or pair[1])
            return
        name = name or self._beyond(clause_index, listed)
        if name is None:
            self.unread = bool(self.group) and len(listed) == 1 and self._like_last(token)
            if role.kind == "to":
                self.ahead = None  # 许可时限由10天压缩到5天,平均接电时间34天: the pair is of something else
            if len(listed) > 1:
                self._services(clause_index, listed)
                if token.value.dimension == "points" and self.state.satisfaction_seen:
                    self._items(clause_index, listed, Name("satisfaction_score", None, "earlier"))
            return
        if len(listed) > 1:
            self._list(clause_index, listed, name)
            return
        found = self._make(clause_index, token, name)
        if self.behind is not None:
            found.span, found.period_how = self.state.periods.bind(self.sentence, *self.behind)
            self.behind = None
        if name.token is None and name.metric in ("satisfaction_score", "satisfaction_rate"):
            found.scope = found.scope or named_item(self.sentence, self.clauses[clause_index], token)
        if name.metric == "energy_generated":
            source = source_of(self.sentence, self.clauses[clause_index], token)
            found.scope = found.scope or source
        if name.how == "carried" and name.token is None:
            self._carry_parts(found, clause_index)
        self._take_pending_change(found, clause_index)
        if role.kind == "to" and name.token is None and found.status == "measured":
            self._become(found, clause_index)
        self._add([found])
