"""The year that an article is mostly about: the one that it names most often for what it tells."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from svcsat_crawler.metrics.bearings import (
    is_looked_back_at,
    is_moment,
    is_reference,
    not_told,
    points_back,
    to_come,
)
from svcsat_crawler.metrics.sentences import Sentence
from svcsat_crawler.metrics.token import Token
from svcsat_crawler.text.dates import TimeWord, resolve, year_of

# Up to this month an article still speaks of the year before.
HALF = 6
_NEWS_DAYS = 31
# 此前在2019年评价中: not what the article is about.
_BACK_THEN = tuple("此前在 此前 早在 之前在 以前在 曾在 还是在 不如 上一次是 上次是 上一次在 上次在".split())


def main_year(sentences: list[Sentence], published: date | None) -> int | None:
    """Note the times of all sentences; return the year named most often, the later one on a tie."""
    latest = published.year if published else 9999
    counts: dict[int, int] = defaultdict(int)
    for sentence in sentences:
        if "time" not in sentence.kinds:
            continue
        sentence.times = [
            (token, is_reference(sentence, token)) for token in sentence.tokens if token.kind == "time"
        ]
        for token, aside in sentence.times:
            if aside or not _counts(sentence, token, published):
                continue
            year = year_of(token.value, None, published)
            if year is not None and year <= latest:
                counts[year] += 3 if token.value.has_year else 1
    return max(counts, key=lambda year: (counts[year], year)) if counts else None


def is_news_day(word: TimeWord, published: date | None) -> bool:
    """Whether a day lies right before the publication: when it was said, not what it is about."""
    if word.day is None or word.has_year or word.until or published is None:
        return False
    days = resolve(word, None, published)
    return days is not None and 0 <= (published - days[1]).days <= _NEWS_DAYS


def _counts(sentence: Sentence, token: Token, published: date | None) -> bool:
    """Whether a time can be what the article is about."""
    word: TimeWord = token.value
    if word.years_to is not None or word.same or to_come(sentence, token):
        return False
    if word.has_year and (is_looked_back_at(sentence, token) or is_moment(word)):
        return False
    if sentence.text.startswith("同期", token.end) or points_back(sentence, token):
        return False
    if sentence.text.endswith(_BACK_THEN, sentence.start, token.start):
        return False
    if published is None:
        return True
    if word.since and word.year is not None and word.year < published.year:
        return False  # 自2006年以来连续八年第一
    if published.month == 1 and word.year == published.year:
        return False  # it has just begun and has nothing to tell yet
    if published.month > HALF and word.relative == -1:
        return False  # 去年 is old news by now, and only compared with
    return not (not_told(sentence, token, published) or is_news_day(word, published))
