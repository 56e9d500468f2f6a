"""What the rules share while they read an article: subjects, periods, status, survey, facts."""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from svcsat_crawler.metrics.bound import Bound
from svcsat_crawler.metrics.found import Found
from svcsat_crawler.metrics.lexicon import metrics
from svcsat_crawler.metrics.live import LONGEST_HEADING
from svcsat_crawler.metrics.periods import Periods
from svcsat_crawler.metrics.qualifiers import better_than, qualifier_of
from svcsat_crawler.metrics.sentences import Sentence
from svcsat_crawler.metrics.spans import Span, next_year, whole_year
from svcsat_crawler.metrics.status import Statuses
from svcsat_crawler.metrics.subjects import Subjects
from svcsat_crawler.metrics.surveys import Surveys
from svcsat_crawler.metrics.token import Token

_TO_COME = frozenset(("target", "planned", "forecast"))


@lru_cache(maxsize=256)
def _less(confidence: float, guessed: float) -> float:
    return round(confidence - guessed, 3)


# One of these stands in a heading, and what else can.
_NAMING = frozenset(("metric", "sat"))
_HEADING = frozenset(("metric", "sat", "neutral", "fill", "scope", "segment", "power"))
# What a paragraph about the survey of the one before begins with.
_RESULTS = (
    "结果显示", "结果表明", "调查显示", "调查结果", "测评显示", "测评结果", "评价显示", "评价结果", "评议显示", "评议结果",
    "报告显示", "报告指出", "从结果看", "从测评", "从调查", "从得分", "分行业看", "分城市看", "分地区看", "分市看", "分项看",
)  # fmt: skip


@dataclass(slots=True)
class State:
    """The article so far; one object per article."""

    published: date | None
    subjects: Subjects
    periods: Periods
    statuses: Statuses
    surveys: Surveys
    # The name of the last level, for rows that go on without it, with the printed unit.
    carried: tuple[str, str, str] | None = None
    # The metric that the paragraph named last, for 这个数字停在3.1小时.
    named: str | None = None
    # The two that 前者 and 后者 stand for: 停电时间和投诉双降,前者….
    named_both: tuple[str, ...] = ()
    # The one that the paragraph before named last.
    named_before: str | None = None
    # The last levels of the paragraph, for 两项指标分别控制在….
    levels: list[Found] = field(default_factory=list)
    # Whether the last sentence was a question, and whether the paragraph answers the one before it.
    asked: bool = False
    answering: bool = False
    # The time of the last value before, for the pairs behind a semicolon.
    since: Span | None = None
    # The last rank of this sentence and the one before, for 这是该局连续第八年获此成绩.
    ranked: Found | None = None
    # Whether the article has stated a fact about satisfaction.
    rated: bool = False
    satisfaction_seen: bool = False
    survey_seen: bool = False
    titled_satisfaction: bool = False
    titled_survey: bool = False
    power_topic: bool = False
    # Whether the article names power supply at all.
    power_named: bool = False
    other_trades: bool = False
    # Whether the article has spoken of satisfaction with power.
    rating: bool = False
    # Whether a survey has rated utilities, power supply among them.
    utilities: bool = False
    # Where the sentences begin that can hold a zero in words.
    zeros: Set[int] = frozenset()
    # Those that can put services in their order.
    orders: Set[int] = frozenset()
    # Those with 前者 or 后者.
    paired: Set[int] = frozenset()
    # Those with a word of a survey.
    asking: Set[int] = frozenset()
    # Those that can say how many were asked or have answered.
    answers: Set[int] = frozenset()

    def power_subject(self, bound: Bound | None) -> bool:
        """Whether a sentence about *bound* is about a supplier of power."""
        return self.power_topic or (bound is not None and bound.power)

    def of_other_trade(
        self, metric: str, sentence: Sentence, position: int, power: Callable[[], bool]
    ) -> bool:
        """Whether the sentence names another trade, or the article does and the sentence no power: 报装时间5天 of 燃气公司."""
        named = metrics()[metric]
        if not named.unless:
            return False
        if named.foreign(sentence.text, sentence.start, position):
            return True
        return self.other_trades and not power() and named.untold(sentence.text, sentence.start, sentence.end)

    def new_paragraph(self, text: str = "", start: int = 0) -> None:
        """Forget what the last paragraph was about, all but the survey whose results the one at *start* tells."""
        self.subjects.new_paragraph()
        self.statuses.new_paragraph()
        self.carried = self.ranked = None
        self.levels = []
        self.answering, self.asked = self.asked, False
        if self.answering:
            return  # what has been asked for, and of when, is not said again
        self.periods.new_paragraph()
        self.named_before, self.named, self.named_both = self.named, None, ()
        if not (self.survey_seen and text.startswith(_RESULTS, start)):
            self.satisfaction_seen = self.titled_satisfaction
            self.survey_seen = self.titled_survey

    def leave(self, sentence: Sentence) -> None:
        """Forget at the end of a sentence what only a semicolon carries on: its time, its plan."""
        if self.periods.looks_back:
            self.periods.come_back(sentence)
        if self.ranked is not None and self.ranked.sentence is not sentence:
            self.ranked = None
        last = sentence.text[sentence.end - 1]
        if last == ";":
            self.statuses.hold(sentence)
        else:
            self.periods.held = self.statuses.held = self.since = None
        self.asked = last == "?"
        if self.asked:
            self.statuses.ask(sentence.text, sentence.start, sentence.end)
        elif sentence.end - sentence.start <= LONGEST_HEADING and _is_heading(sentence):
            # 一、办电时间。低压平均2.3个工作日: what is below answers it as it would a question
            self.answering = self.asked = True

    def make(
        self,
        metric: str,
        value: float | None,
        token: Token,
        sentence: Sentence,
        clause_index: int,
        *,
        rule: str,
        unit: str | None = None,
        bound: Bound | None = None,
        confidence: float = 0.97,
    ) -> Found:
        """Return a fact with subject, period, status and qualifier bound; it is not added yet.

        *bound* overrides what stands before the number.
        """
        clause = sentence.clauses[clause_index]
        span, how = self.periods.bind(sentence, clause.start, token.start)
        if bound is None:
            bound = self.subjects.bind(sentence, clause_index, token.start)
        past = span is not None and self.published is not None and span.last < self.published
        ahead = not past and span is not None and self.periods.ahead(sentence, token.start, span)
        over = past and how != "publication"
        if self.statuses.answers and self.periods.paragraph_span is None and "time" not in sentence.kinds:
            over = False  # 今年有什么目标? …: nothing before it tells its year
        status = self.statuses.of(sentence, clause, token, ahead=ahead, over=over)
        if status in _TO_COME and self.published and span:
            if how != "stated":
                # A plan without a time of its own is one for the year of the news.
                span = span if span.year >= self.published.year else whole_year(self.published.year)
            elif span.last < self.published and "年" not in span.label:
                span = next_year(span)  # 预计8月达到300万千瓦
        guessed = 0.0 if how == "stated" else 0.03 if how == "inherited" else 0.1
        if bound is None or bound.how != "stated":
            guessed += 0.03 if bound else 0.2
        if guessed:
            confidence = _less(confidence, guessed)
        found = Found(
            metric, value, unit or metrics()[metric].unit, token.start, token.end, sentence, rule,
            bound, span, how, status=status, confidence=confidence,
        )  # fmt: skip
        if token.kind == "quantity":
            better = better_than(sentence, clause, token, metric)
            found.qualifier = better or qualifier_of(sentence, clause, token)
        if metric.startswith(("satisfaction", "first_place")):
            found.survey = self.surveys.current()
        return found


def _is_heading(sentence: Sentence) -> bool:
    """Whether a paragraph begins with the name of a metric alone: 一、办电时间。"""
    if sentence.kinds.isdisjoint(_NAMING) or not sentence.kinds <= _HEADING:
        return False
    return not sentence.start or sentence.text[sentence.start - 1] == "\n"
