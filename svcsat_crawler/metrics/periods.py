"""Which time a number covers: the nearest time before it, else what the text was about so far."""

from __future__ import annotations

import re
from datetime import date

from svcsat_crawler.metrics.bearings import (
    VERB_ENDS,
    bracketed,
    is_beside,
    is_contrast,
    is_moment,
    narrower,
    points_back,
    says,
)
from svcsat_crawler.metrics.sentences import Sentence
from svcsat_crawler.metrics.spans import Span, whole_year
from svcsat_crawler.metrics.token import Token
from svcsat_crawler.metrics.years import HALF, is_news_day, main_year
from svcsat_crawler.text.dates import TimeWord, resolve, year_of

# A class of characters first: the scan skips the rest of the text. Not 3.2小时下降.
_TODAY = re.compile(
    "[如而现目眼当时](?:(?<=[如而现])今|(?<=现)在|(?<=目)前|(?<=眼)下|(?<=当)[前下](?!水平)|(?<!小时)(?<=时)下)"
)
_THESE_DAYS = re.compile("[如而现眼](?:(?<=[如而])今|(?<=现)在|(?<=眼)下)")
# What begins a sentence that goes on today.
_NOW = ("目前", "当前", "截至目前", "现今", "时下", "今年")
# 2018年214件;截至10月底36件: months that are just over, behind a year that is long over.
_JUST_OVER = 62
# In the last days of a year its figures are known.
_NEARLY_OVER = 20
_YEAR = 360


class Periods:
    """The times that the article has named so far."""

    def __init__(self, published: date | None) -> None:
        self.published = published
        # Times before this year are not those of today; without a day of publication none is told apart.
        self._long_ago = published.year - (published.month <= HALF) if published else 0
        self.main_year: int | None = None
        self._spans: dict[tuple[int, int | None], tuple[Token, Span | None]] = {}
        # Those of tokens of the text, as long as the text is about the same time.
        self._told: dict[int, Span | None] = {}
        self.paragraph_span: Span | None = None
        # The time of what goes on behind a semicolon.
        self.held: Span | None = None
        self.year: int | None = None
        # Whether what the text was about last is over for more than a year.
        self.looks_back = False

    def survey_text(self, sentences: list[Sentence]) -> None:
        """Note the times of all sentences, and the year that the article is mostly about."""
        self.main_year = main_year(sentences, self.published)

    def span(self, token: Token, context: int | None) -> Span | None:
        """Return the days of a time token; many numbers share one."""
        known = self._spans.get((id(token), context))
        if known is None:
            # With its token, which lives on: no other one gets its id.
            known = self._spans[id(token), context] = token, self._resolved(token, context)
        return known[1]

    def _span_told(self, sentence: Sentence, token: Token) -> Span | None:
        """Return the days of a time of a sentence, given what the text has told before it."""
        key = id(token)
        if key not in self._told:
            self._told[key] = self.span(token, self._year_before(sentence, token))
        return self._told[key]

    def _resolved(self, token: Token, context: int | None) -> Span | None:
        if token.value.same and context is None and not token.value.later:
            # 全年 in January is the year before.
            guessed = self.guess()
            context = guessed.year if guessed else None
        days = resolve(token.value, context, self.published)
        if days is None:
            return None
        first, last = days
        if token.value.since and self.main_year is not None and first.year < self.main_year < last.year:
            last = date(self.main_year, 12, 31)
        return Span(first, last, token.value.label)

    def bind(self, sentence: Sentence, own: int, position: int) -> tuple[Span | None, str]:
        """Return the span of a number at *position* in a clause that starts at *own*, and how it was found."""
        time = self._nearest(sentence, own, position) if "time" in sentence.kinds else None
        if time is not None:
            span = self._span_told(sentence, time)
            if span is not None and self._is_over(sentence, time.end, position, span):
                return self.guess(), "inherited"
            if span is not None:
                stated = time.start >= own or time.value.has_year
                return span, "stated" if stated else "inherited"
        before = self.held or self.paragraph_span
        if before is None:
            year = self.year or self.main_year
            if year is None:
                return self.guess(), "publication"
            before = whole_year(year)
        if self._is_over(sentence, sentence.start, position, before):
            return self.guess(), "inherited"
        return before, "inherited"

    def _nearest(self, sentence: Sentence, own: int, position: int) -> Token | None:
        """Return the time before *position* that a number there has, in a clause that starts at *own*."""
        best: Token | None = None
        for token, aside in sentence.times:
            if token.start >= position:
                break
            if bracketed(sentence.text, token, position):
                continue  # 得83.6分(2017年82.1分),全省第七
            # 今年84.92分,而2019年为83.87分,首次…: a contrast holds for its own clause.
            if best is not None and token.start < own and sentence.text[token.start - 1] == "而":
                continue
            # 2012年度…继2008年以来第五次: how long, not when.
            if best is not None and token.value.since and best.value.has_year:
                continue
            if not aside and (best is None or not narrower(best.value, token.value)):
                best = token
        return best

    def _is_over(self, sentence: Sentence, start: int, position: int, span: Span) -> bool:
        """Whether a number is one of today behind a time of long ago: 五年前还是16.4小时,如今降到4.7小时."""
        if span.last.year >= self._long_ago:
            return False
        return _TODAY.search(sentence.text, start, position) is not None

    def _year_before(self, sentence: Sentence, token: Token) -> int | None:
        context = self.year
        word: TimeWord = token.value
        if word.later or (word.relative is not None and word.label.startswith(("上", "前一"))):
            # 上年 counts from a year that the text has named, else from the day of publication.
            context = self.paragraph_span.year if self.paragraph_span else None
        if context is None and self.published is None and not word.later:
            context = self.main_year
        if context is not None and word.months is not None and self._just_over(word):
            context = None
        if word.day is not None and is_news_day(word, self.published):
            context = None
        for other, aside in sentence.times:
            if other is token:
                break
            if not aside and other.value.has_year:
                context = year_of(other.value, context, self.published)
        return context

    def _just_over(self, word: TimeWord) -> bool:
        """Whether months since January end right before the publication, in a text about a whole year before."""
        if word.months is None or word.has_year:
            return False
        before, published = self.paragraph_span, self.published
        if before is None and self.year is not None:
            before = whole_year(self.year)  # the paragraph begins with it
        if published is None or before is None or before.year >= published.year:
            return False
        if (before.last - before.first).days < _YEAR:
            return False
        if not word.until and (word.months[0] != 1 or word.months[1] == 1):
            return False
        days = resolve(word, published.year, published)
        return days is not None and -_NEARLY_OVER <= (published - days[1]).days <= _JUST_OVER

    def ahead(self, sentence: Sentence, position: int, span: Span) -> bool:
        """Whether the time of a number at *position* lies behind the day of publication: 到年底, 2020年底前."""
        if self.published is None:
            return False
        last = span.last
        if last.year > self.published.year:
            return True
        if (last - self.published).days < _NEARLY_OVER:
            return False
        text = sentence.text
        return any(
            text.startswith("前", token.end)
            or (token.value.towards and text[token.start - 1] not in VERB_ENDS)
            for token, aside in sentence.times
            if not aside and token.start < position
        )

    def guess(self) -> Span | None:
        """Return the year of publication; in January an article speaks of the year before."""
        if self.published is None:
            return None
        return whole_year(self.published.year - (self.published.month == 1))

    def advance(self, sentence: Sentence) -> None:
        """Take note of the times of *sentence*, for the sentences after it."""
        goes_on = sentence.text[sentence.end - 1] == ";"
        for token, aside in sentence.times:
            if aside:
                continue
            contrast = is_contrast(sentence, token) and not self._is_now(token)
            if goes_on and not contrast and (token.value.has_year or token.value.later):
                # 到2025年,停电时间将降到0.8小时;最大负荷预计680万千瓦
                self.held = self._span_told(sentence, token)
            if token.value.towards and not self._reached(sentence, token):
                continue
            if token.start > sentence.start and is_moment(token.value):
                continue
            lead = sentence.text[token.start - 1 : token.start]
            inside = lead == "而" and token.start - 1 > sentence.start
            if inside or (lead in ("而", "“", "(") and self.paragraph_span is not None):
                continue
            span = self._span_told(sentence, token)
            if span is None or (self.published is not None and span.first > self.published):
                continue
            if token.value.same and not token.value.later and self.paragraph_span is not None:
                continue
            if contrast or self._goes_back(sentence, token, span) or self._was_before(sentence, token, span):
                continue
            self._go_to(span)
            self.looks_back = self.published is not None and span.year < self.published.year - 1

    def _is_now(self, token: Token) -> bool:
        """Whether a year is a later one than that told before: 2018年还在14.2小时,2022年是7.6小时."""
        told, year = self.paragraph_span, token.value.year
        return told is not None and year is not None and year > told.year

    def _go_to(self, span: Span | None) -> None:
        """Let the text be about a time."""
        self.paragraph_span = span
        self.year = span.year if span else None
        self._told.clear()

    def _goes_back(self, sentence: Sentence, token: Token, span: Span) -> bool:
        """Whether a sentence only looks back, for itself: 2022年91.2分;2020年为86.8分。分市看,…"""
        before = self.paragraph_span
        if before is None or token.start > sentence.start or not token.value.has_year:
            return False
        told = sentence.text[token.start - 1 : token.start] == ";" or says(sentence, token)
        told = told or points_back(sentence, token)
        return told and span.year < before.year

    def _was_before(self, sentence: Sentence, token: Token, span: Span) -> bool:
        """Whether a year earlier than the one told before only says what a number was: 今年6.1小时,去年9.8小时。"""
        told = self.paragraph_span
        earlier = told is None and token.value.relative == -1
        earlier = earlier or (told is not None and span.year < told.year)
        return earlier and is_beside(sentence, token)

    def come_back(self, sentence: Sentence) -> None:
        """Go on in the year of publication behind 如今 in a text that looked years back."""
        times = sentence.times
        start = times[-1][0].end if times else sentence.start
        begins = not times and sentence.text.startswith(_NOW, start)
        if begins or _THESE_DAYS.search(sentence.text, start, sentence.end):
            self.held = span = self.guess()
            self._go_to(span)
            self.looks_back = False

    def _reached(self, sentence: Sentence, token: Token) -> bool:
        """Whether a year was reached, not aimed at: 由2014年的31.4小时降到2016年的15.1小时."""
        year, published = token.value.year, self.published
        past = year is not None and published is not None and year < published.year
        return past and sentence.text[token.start - 1] in VERB_ENDS

    def new_paragraph(self) -> None:
        """Forget months and days at the end of a paragraph; the year stays."""
        self.paragraph_span = self.held = None
        self.looks_back = False
        self._told.clear()
        if self.main_year is not None:
            self.year = self.main_year
