"""The way of one article: fold → sentences → tokens → binding → merging → checks."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache, partial
from typing import Literal, TypeVar

from svcsat_crawler.items import Evidence, Fact, How, OtherQuantity, Subject, Unclaimed
from svcsat_crawler.metrics.answers import survey_answers
from svcsat_crawler.metrics.audit import audit
from svcsat_crawler.metrics.check import flags_of
from svcsat_crawler.metrics.columns import mark_columns
from svcsat_crawler.metrics.complaints import of_supplier
from svcsat_crawler.metrics.coverage import survey_counts
from svcsat_crawler.metrics.finishing import finish
from svcsat_crawler.metrics.found import Found
from svcsat_crawler.metrics.headlines import label_paragraphs, part_headlines
from svcsat_crawler.metrics.levels import LevelReader
from svcsat_crawler.metrics.lexicon import metrics
from svcsat_crawler.metrics.measured import may_hold_levels
from svcsat_crawler.metrics.merge import Merged, merge
from svcsat_crawler.metrics.others import Others, count
from svcsat_crawler.metrics.paired import pair_of_metrics
from svcsat_crawler.metrics.periods import Periods
from svcsat_crawler.metrics.ranks import MARKS, RankReader
from svcsat_crawler.metrics.satisfaction import is_ours
from svcsat_crawler.metrics.sentences import Sentence, holding, split_sentences
from svcsat_crawler.metrics.state import State
from svcsat_crawler.metrics.status import Statuses
from svcsat_crawler.metrics.subjects import Subjects
from svcsat_crawler.metrics.surveys import Surveys
from svcsat_crawler.metrics.tables import join_rows
from svcsat_crawler.metrics.token import Token
from svcsat_crawler.metrics.tokens import tokenize
from svcsat_crawler.metrics.zeros import zeros
from svcsat_crawler.text.width import fold, squeeze

_SATISFIED = frozenset(
    (
        "satisfaction_score",
        "satisfaction_rate",
        "satisfaction_rank",
        "satisfaction_streak",
        "first_place_count",
    )
)


# Nobody but suppliers of power measures these.
_OUTAGES = frozenset(("saidi", "saifi", "asai"))
# Kinds of tokens that change what the text is about.
_SURVEYED = frozenset(("survey", "sat", "eval"))
_NAMED = frozenset(("org", "place", "authority"))
# One of these stands in every sentence about a survey.
_COUNTING = frozenset(("quantity", "survey", "eval", "sat", "neutral"))
# A line that ends with a comma goes on in the next one.
_BROKEN = re.compile(r"(?<=[,、])\n(?=[^\n])")
# 信宜(Xìnyí)供电局: the reading of a name inside it.
_PINYIN = re.compile(r"\([A-Za-z\u00c0-\u024f'’ -]{2,24}\)(?=[市县区州]?(?:供电|电力|电业|电网))")
_F = TypeVar("_F", bound=Fact)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


class Text:
    """A folded and squeezed text that knows the way back to the original.

    *every*: with the numbers in figures of paragraphs that can hold no fact.
    """

    def __init__(self, original: str, *, every: bool) -> None:
        self.original = original
        folded = fold(original)
        if ",\n" in folded or "、\n" in folded:
            folded = _BROKEN.sub(" ", folded)
        if "(" in folded:
            folded = _PINYIN.sub(_blank, folded)
        if "单位 " in folded:
            folded = mark_columns(folded)
        folded = join_rows(folded)
        if ".1 " in folded:
            folded = label_paragraphs(folded)
        if " " in folded:
            folded = part_headlines(folded)
        self.plain, self.offsets = squeeze(folded)
        self.tokens, self.topics, self.cues = tokenize(self.plain, every=every)
        self.sentences = split_sentences(self.plain, self.tokens)

    def piece(self, start: int, end: int) -> tuple[int, int]:
        """Return the original offsets of a piece of the squeezed text."""
        return self.offsets[start], self.offsets[end - 1] + 1


@dataclass(slots=True, frozen=True)
class Reading:
    """What an article states: facts, and the numbers that no metric claims, counted and one by one."""

    facts: list[Fact]
    unclaimed: list[Unclaimed] = field(default_factory=list)
    others: list[OtherQuantity] = field(default_factory=list)


def read_article(text: str, title: str, published: date | None, others: Others | None = None) -> Reading:
    """Return what an article states; unclaimed numbers only where there are *others* to collect them."""
    body = Text(text, every=others is not None)
    head = Text(title, every=False)
    repeated = bool(head.plain) and body.plain.startswith(head.plain)
    state = _prepare(body, head, published)
    found = [] if repeated else [("title", fact) for fact in _read(head, state, title=True)]
    state.asked = False
    state.new_paragraph()
    found = [("body", fact) for fact in _read(body, state, others=others)] + found
    ours = (state.surveys.known or state.power_topic) and not state.other_trades
    listed = state.rating or state.utilities or ours
    if not listed and not any(fact.metric in _SATISFIED for _, fact in found):
        found = [(where, fact) for where, fact in found if not fact.metric.startswith("survey_")]
    facts = [_fact(item, body if item.where == "body" else head) for item in merge(found)]
    audit(facts)
    if others is None:
        return Reading(facts)
    single = [_other(noun, found, body) for noun, found in others.made]
    return Reading(facts, count(others, body.original, body.offsets), single)


def _prepare(body: Text, head: Text, published: date | None) -> State:
    """Look once through the whole article: its subject, its year, whether it is about power."""
    state = State(published, Subjects(), Periods(published), Statuses(head.plain), Surveys())
    state.subjects.survey_text(head.tokens, body.tokens)
    state.periods.survey_text([*head.sentences, *body.sentences])
    topics = [*head.topics, *body.topics]
    topics += [token.kind for token in head.tokens]
    topics += [token.kind for token in body.tokens]
    services = topics.count("service")
    state.other_trades = services > 0
    named = topics.count("power") + state.subjects.power
    state.power_named = named > 0
    outages = not services and any(t.kind == "metric" and t.value in _OUTAGES for t in body.tokens)
    state.power_topic = named > services or outages or (named == services and "获得电力" in body.plain)
    for sentence in head.sentences:
        _notice_satisfaction(state, sentence)
    state.titled_satisfaction, state.titled_survey = state.satisfaction_seen, state.survey_seen
    return state


def _read(text: Text, state: State, *, title: bool = False, others: Others | None = None) -> list[Found]:
    facts: list[Found] = []
    if not text.sentences:
        return facts
    paragraph = 0
    cues = text.cues
    state.statuses.begin(text.plain, cues["ahead"], cues["promise"])
    state.surveys.begin(text.plain, cues["quote"], holding(text.sentences, cues["survey"]))
    state.zeros = holding(text.sentences, cues["zero"])
    state.orders = holding(text.sentences, cues["order"])
    state.paired = holding(text.sentences, cues["pair"])
    state.asking = holding(text.sentences, cues["asked"])
    state.answers = holding(text.sentences, cues["answer"])
    for sentence in text.sentences:
        if sentence.paragraph != paragraph:
            state.new_paragraph(text.plain, sentence.start)
            if state.statuses.asked:
                state.statuses.reply(sentence)
            paragraph = sentence.paragraph
        if state.statuses.cues:
            state.statuses.enter(sentence)
        state.surveys.enter(sentence)
        kinds = sentence.kinds
        if not kinds.isdisjoint(_SURVEYED):
            _notice_satisfaction(state, sentence)
        before = len(facts)
        for fact in _facts_of(state, sentence):
            if fact.metric == "complaints" and not of_supplier(
                state, fact, regulator=bool(cues["regulator"])
            ):
                continue
            fact.headline = title or (
                sentence.paragraph == 0 and sentence.text[sentence.end - 1] not in "。;!?"
            )
            facts.extend(finish(state, fact))
        if others is not None and "quantity" in kinds:
            others.read(state, sentence, facts[before:])
        if "metric" in kinds:
            state.named = _last_named(sentence) or state.named
            if cues["pair"]:
                state.named_both = pair_of_metrics(sentence) or state.named_both
        if not title and "time" in kinds:
            state.periods.advance(sentence)
        state.leave(sentence)
        if not state.rated and len(facts) > before:
            state.rated = any(fact.metric in _SATISFIED for fact in facts[before:])
        if not kinds.isdisjoint(_NAMED):
            state.subjects.advance(sentence)
    return facts


def _last_named(sentence: Sentence) -> str | None:
    """Return the core metric that a sentence names last: 这个数字 is seldom one of the others."""
    for token in reversed(sentence.tokens):
        if token.kind == "metric" and metrics()[token.value].core:
            return str(token.value)
    return None


def _facts_of(state: State, sentence: Sentence) -> list[Found]:
    """Return the facts of one sentence."""
    facts: list[Found] = []
    kinds = sentence.kinds
    start = sentence.start
    if start in state.orders or not kinds.isdisjoint(MARKS):
        facts += RankReader(state, sentence).read()
    if start in state.zeros:
        facts += zeros(state, sentence)
    if "quantity" in kinds:
        if may_hold_levels(state, sentence):
            facts += LevelReader(state, sentence).read()
        if start in state.answers:
            for item in survey_answers(sentence):
                facts.append(_survey_figure(state, sentence, *item))
    if not kinds.isdisjoint(_COUNTING):
        asked = start in state.asking
        if asked or state.survey_seen:
            for item in survey_counts(sentence, asked=asked):
                facts.append(_survey_figure(state, sentence, *item))
    return facts


def _notice_satisfaction(state: State, sentence: Sentence) -> None:
    """Note that the paragraph is about a survey, and whether about satisfaction with power."""
    if state.power_named and not state.utilities:
        said = sentence.text[sentence.start : sentence.end]
        state.utilities = "公用" in said or "公共服务" in said
    for token in sentence.tokens:
        if token.kind == "survey":
            state.survey_seen = True
        if token.kind in ("sat", "eval"):
            state.survey_seen = True
            known = state.satisfaction_seen and state.rating
            if not known and is_ours(sentence, token, power_subject=state.power_topic):
                state.satisfaction_seen = state.rating = True


def _survey_figure(state: State, sentence: Sentence, metric: str, value: float, token: Token) -> Found:
    index = sentence.clause_of(token)
    found = state.make(metric, value, token, sentence, index, rule=metric, confidence=0.95)
    if metric == "survey_years_running":
        found.status = "measured"
    return found


def _fact(merged: Merged, text: Text) -> Fact:
    where: Literal["body", "title"] = "body" if merged.where == "body" else "title"
    fact = _made(Fact, merged.best, text, mentions=len(merged.sentences), where=where)
    fact.flags = flags_of(fact)
    return fact


def _other(head: str, found: Found, text: Text) -> OtherQuantity:
    return _made(partial(OtherQuantity, head=head), found, text, mentions=1, where="body")


def _made(
    kind: Callable[..., _F], found: Found, text: Text, *, mentions: int, where: Literal["body", "title"]
) -> _F:
    """Return a fact of a *kind*: what was found, with its offsets in the original text."""
    original, bound, span = text.original, found.bound, found.span
    party = bound.parties[0] if bound else None
    start, end = text.piece(found.sentence.start, found.sentence.end)
    raw_start, raw_end = text.piece(found.start, found.end)
    return kind(
        metric=found.metric,
        value=found.value,
        unit=found.unit,
        raw=original[raw_start:raw_end],
        subject=_subject(party.id, party.name, bound.how) if party and bound else None,
        period=span.period(found.period_how) if span else None,
        evidence=Evidence(
            sentence=original[start:end], start=start, end=end,
            rule=found.rule, mentions=mentions, where=where,
        ),
        qualifier=found.qualifier,
        segment=found.segment,
        scope=found.scope,
        comparison=found.comparison,
        rank=found.rank,
        survey=found.survey,
        status=found.status,
        confidence=max(0.05, found.confidence),
    )  # fmt: skip


# Many facts share one.
@lru_cache(maxsize=1024)
def _subject(id: str | None, name: str, how: How) -> Subject:
    return Subject(id=id, name=name, how=how)
