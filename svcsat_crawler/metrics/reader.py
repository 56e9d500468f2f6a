"""What the readers of levels and of changes share while they read one sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from svcsat_crawler.metrics.bound import Bound
from svcsat_crawler.metrics.changes import LEVEL_OF
from svcsat_crawler.metrics.found import Found
from svcsat_crawler.metrics.lexicon import metrics
from svcsat_crawler.metrics.names import Name
from svcsat_crawler.metrics.sentences import Clause, Sentence
from svcsat_crawler.metrics.sources import source_of
from svcsat_crawler.metrics.spans import Span
from svcsat_crawler.metrics.state import State
from svcsat_crawler.metrics.token import Token

_PLANS = frozenset(("target", "planned", "forecast"))
# 首次低于1分钟, 历史上首次突破99.99%
_PASSED = re.compile("[^,;。]{0,6}(?:首次|首度|首破|首超|第一次|再次|再度|一举|成功|历史性)[^,;。\\d]{0,6}$")
# 比目标值5小时少0.9小时, 优于考核目标5小时
_AIMED_AT = re.compile(
    "(?:[比较]|[优好低高少快短]于|超过|完成|达到)[^,;。\\d]{0,10}(?:目标|标准|计划|考核|任务)[^,;。\\d]{0,6}$"
)
# 全省平均82.3分, 办结41件: beside ours, and what changes behind it is ours.
_BESIDE_OURS = re.compile("平均|均值|目标|标准|(?:办结|办复|处理|答复|处置|回复)(?!率|及时)")
# 13分钟,(这)就是…的平均停电时间
_THIS_IS = re.compile("这?(?:就|便|也|正|恰)?[是为](?!全国|全省|国际|目标|计划|[去上前])")
# 国家要求不超过15个工作日。我们区里实际平均是|2.7个工作日
_ACTUALLY = re.compile("实际(?:(?P<mean>平均)|上|用时|耗时|只|仅|也|就|才|大约|约|要|需要?|用了?|是|为)*$")
_ENDS = "。;!"
# How many levels a later sentence can point at: 这三项指标.
_KEPT = 8


class SentenceReader:
    """One sentence with the facts made so far; ``group`` holds those of the last number or list."""

    pending: tuple[Token, Name] | None = None
    # All numbers of the list that the last value before is the first of.
    starts: Sequence[Token] = ()
    # The value before that stands before its name.
    ahead: Token | None = None
    # The printed time of the last value before, for 农村由8.2小时降至5.1小时 behind it.
    since: Span | None = None
    # Whether the number before is none of ours, and what changes behind it is not the level before it.
    unread: bool = False
    # Clause and place of the name that stands behind the number: whose and of when it is.
    behind: tuple[int, int] | None = None

    def __init__(self, state: State, sentence: Sentence) -> None:
        self.state = state
        self.sentence = sentence
        self.clauses = sentence.clauses
        self.group: list[Found] = []
        self.made: list[Found] = []
        self.bounds: dict[int, Bound | None] = {}

    def _bound(self, clause_index: int, token: Token) -> Bound | None:
        start = token.start
        if start not in self.bounds:
            self.bounds[start] = self.state.subjects.bind(self.sentence, clause_index, start)
        return self.bounds[start]

    def _power(self, clause_index: int, token: Token) -> Callable[[], bool]:
        """Return the question whether *token* is about a supplier: few names need the answer."""
        return lambda: self.state.power_subject(self._bound(clause_index, token))

    def _last_told(self) -> Found | None:
        """Return the fact made last in this sentence, else the level told last before it."""
        return next(reversed(self.made or self.state.levels), None)

    def _add(self, facts: list[Found]) -> None:
        if not self.group or not (
            self._in_brackets(facts[-1].start) or self._is_mean(facts[0]) or self._is_passed(facts)
        ):
            self.group = facts
        self.unread = False
        levels = self.state.levels
        for fact in facts:
            if fact.value is not None:
                levels.append(fact)
        del levels[:-_KEPT]
        self.made.extend(facts)
        last = facts[-1]
        for token in self.sentence.tokens:
            if token.start == last.start:
                if token.kind == "quantity":
                    self.state.carried = (last.metric, token.value.dimension, token.value.unit)
                break

    def _level_in(self, clause_index: int) -> bool:
        return any(self.clauses[clause_index].start <= found.start for found in self.group)

    def _planned(self, clause_index: int, token: Token) -> Name | None:
        """Return the metric of 停电时间3.4小时,明年力争再降30%: what is planned is no change of what was measured."""
        last = self.group[-1]
        if last.status != "measured" or "status" not in self.sentence.kinds or self._level_in(clause_index):
            return None
        tokens = self.clauses[clause_index].tokens
        planned = any(t.kind == "status" and t.value in _PLANS and t.end <= token.start for t in tokens)
        return Name(LEVEL_OF.get(last.metric, last.metric), None, "carried") if planned else None

    def _answered(self, clause: Clause, token: Token) -> Name | None:
        """Return the metric of 9.6小时 that alone answers the question 停电时间是多少?"""
        if not self.state.answering or any(f.status == "measured" for f in self.state.levels):
            return None
        text, start = self.sentence.text, clause.start
        actual = _ACTUALLY.search(text, start, token.start) if "实际" in text[start : token.start] else None
        if actual is None and self.state.levels:
            return None
        if not (actual and actual["mean"]) and self.sentence.heavy(
            start, actual.start() if actual else token.start
        ):
            return None
        if self.sentence.heavy(token.end, clause.end - (text[clause.end - 1] in _ENDS)):
            return None
        if token.value.dimension == "points":
            return Name("satisfaction_score", None, "earlier") if self.state.satisfaction_seen else None
        id = self.state.named
        fits = id is not None and token.value.dimension in metrics()[id].accepts
        return Name(id, None, "carried") if fits and id is not None else None

    def _said_behind(self, clause_index: int, token: Token) -> Name | None:
        """Return the metric of "13分钟,这是顺德客户今年前11个月的平均停电时间", with whose and of when it is."""
        sentence = self.sentence
        clause = sentence.clauses[clause_index]
        if token.end != clause.end or sentence.heavy(clause.start, token.start):
            return None
        if any(t.kind == "quantity" and t.end < token.start for t in clause.tokens):
            return None  # which of several it is, is not told
        for index, behind in enumerate(
            sentence.clauses[clause_index + 1 : clause_index + 3], clause_index + 1
        ):
            kinds = [t.kind for t in behind.tokens]
            if "quantity" in kinds:
                return None
            if "metric" in kinds and _THIS_IS.match(sentence.text, behind.start):
                named = behind.tokens[kinds.index("metric")]
                if token.value.dimension not in metrics()[named.value].accepts:
                    return None
                self.bounds[token.start] = self.state.subjects.bind(sentence, index, named.start)
                self.behind = index, named.start
                return Name(named.value, None, "earlier")
        return None

    def _in_brackets(self, position: int) -> bool:
        """Whether a number only stands in brackets: 86.4分(2019年85.9分),升0.5分."""
        text = self.sentence.text
        opened = text.rfind("(", self.sentence.start, position)
        return opened >= 0 and ")" not in text[opened:position]

    def _is_mean(self, fact: Found) -> bool:
        """Whether a score is the mean beside that of one: 得84.1分,全省平均82.3分,同比提高1.2分."""
        return (
            fact.metric == "satisfaction_score"
            and "平均" in self.sentence.text[self.group[-1].end : fact.start]
        )

    def _is_passed(self, facts: list[Found]) -> bool:
        """Whether a number is what the level before has passed: 户均停电0.62分钟,首次低于1分钟,同比下降70%."""
        last, fact = self.group[-1], facts[0]
        if fact.status != "measured" == last.status and last.metric == fact.metric:
            low = max(self.sentence.start, last.end)
            return _AIMED_AT.search(self.sentence.text, low, fact.start) is not None
        if fact.qualifier == "eq" or last.qualifier != "eq" or last.metric != fact.metric or len(facts) > 1:
            return False
        start = self.sentence.clause_at(Token(fact.start, fact.end, "fact")).start
        return start >= last.end and _PASSED.match(self.sentence.text, start, fact.start) is not None

    def _like_last(self, token: Token) -> bool:
        """Whether a number that is no level of ours is counted like the level before: 投诉41件,属实7件,同比降12%."""
        last = self.group[-1]
        clause = self.sentence.clause_at(token)
        beside = _BESIDE_OURS.search(self.sentence.text, clause.start, token.start)
        if beside is not None or self._in_brackets(token.start):
            return False
        return last.value is not None and token.value.dimension in metrics()[last.metric].accepts

    def _of_source(self, clause: Clause, token: Token) -> bool:
        """Whether a row goes on with what was generated from what: 其中风电、光伏共29.4亿千瓦时."""
        carried = self.state.carried
        generated = carried is not None and carried[0] == "energy_generated"
        return generated and source_of(self.sentence, clause, token) is not None

    def _keyed(self, found: Found, key: Token) -> Found:
        """Let the key of a list override what the number would have found by itself."""
        if key.kind == "segment":
            found.segment = key.value
        elif key.kind == "scope":
            found.scope = key.value or self.sentence.text[key.start : key.end]
        elif key.kind in ("org", "place"):
            found.bound = Bound((key.value,), "stated")
        elif key.kind == "time":
            found.span = self.state.periods.span(key, self.state.periods.year) or found.span
            found.period_how = "stated"
        elif key.kind == "metric":
            parts = [
                t for t in self.sentence.tokens if t.start == key.start and t.kind in ("scope", "segment")
            ]
            found.scope = self.sentence.text[parts[0].start : parts[0].end] if parts else found.scope
        return found
