"""What is said when there is no answer: what was looked for, and what the store does hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pymongo.database import Database

from svcsat_crawler.metrics.labels import label
from svcsat_crawler.organisations import get, survey_houses
from svcsat_crawler.storage.queries import Asked, holdings
from svcsat_crawler.storage.queries.league import STREAK, USUAL
from svcsat_crawler.storage.queries.reading import Document
from svcsat_crawler.terminal.others import instead

MOST = 12
# What a question finds, in one word for many.
NOUNS = {
    "series": "values",
    "league": "values",
    "movers": "changes",
    "audit": "findings",
    "watch": "changed numbers",
}
LEDGER = ("series", "league", "streaks")
FACTS = ("facts",)


def words(asked: Asked, what: str = "") -> str:
    """Say what is asked for.

    >>> from svcsat_crawler.storage.queries import Bureau, Years
    >>> words(Asked(metrics=("saidi",), bureau=Bureau("csg-gd-qingyuan", "清远供电局"), years=Years(2020, 2020)))
    'saidi of 清远供电局 in 2020'
    """
    parts = [", ".join(asked.metrics) or what]
    if asked.bureau:
        parts.append(f"of {asked.bureau.name}")
    if asked.province:
        parts.append(f"in {asked.province}")
    if asked.survey is not None:
        parts.append(f"by {_survey(asked.survey)}")
    if asked.source:
        parts.append(f"from {asked.source}")
    if asked.years:
        parts.append(f"in {spans(range(asked.years.first, asked.years.last + 1))}")
    return " ".join(part for part in parts if part)


def nothing(database: Database[Document], question: str, asked: Asked) -> str:
    """Return one line for an empty answer."""
    collection = "ledger" if question in LEDGER else "metrics" if question in FACTS else question
    if question in ("league", "movers") and not asked.metrics:
        asked = replace(asked, metrics=(USUAL,))
    if question == "streaks":
        asked = replace(asked, metrics=(STREAK,))
    of_values = collection in ("ledger", "metrics")
    noun = NOUNS.get(question, question)
    said = f"no {words(asked, noun)}"
    if asked.metrics and not of_values:
        said = f"no {noun} with {words(asked)}"
    if of_values and holdings.is_empty(database, collection):
        todo = "run scrapy crawl" if holdings.is_empty(database, "articles") else "run scrapy ledger update"
        return f"{said}: the store holds none at all; {todo}"
    if of_values:
        there = holdings.held(database, collection, asked)
        return f"{said}; {there.name} there: {_values(there)}" if there else said
    found = instead(database, question, asked)
    if found is None and holdings.is_empty(database, "articles"):
        return f"{said}: nothing is stored yet; run scrapy crawl"
    if found is None:
        return f"{said}: there are none at all"
    there, whole = found
    return f"{said}; {there.name} there{'' if whole else ', for example'}: {_values(there)}"


def _values(there: holdings.Held) -> str:
    if there.name == "years":
        return spans(value for value in there.values if isinstance(value, int))
    names = [_named(there.name, str(value)) for value in there.values]
    return ", ".join(names[:MOST]) + (f" and {len(names) - MOST} more" if len(names) > MOST else "")


def _named(name: str, value: str) -> str:
    if name == "bureau":
        known = get(value)
        return known.name if known else value.removeprefix("name:")
    if name == "metrics":
        return f"{value} {label(value)}"
    return _survey(value) if name == "survey" else value


def _survey(key: str) -> str:
    known = {house.id: house.name for house in survey_houses()}
    return known.get(key) or key.partition(":")[2] or key or "no named survey"


def spans(years: Iterable[int]) -> str:
    """Return years, runs of them joined.

    >>> spans([2016, 2017, 2018, 2019, 2021])
    '2016–2019, 2021'
    """
    return ", ".join(
        f"{first}" if first == last else f"{first}–{last}" for first, last in _runs(sorted(years))
    )


def _runs(years: list[int]) -> Iterator[tuple[int, int]]:
    start = before = None
    for year in years:
        if before is None or year != before + 1:
            if start is not None and before is not None:
                yield start, before
            start = year
        before = year
    if start is not None and before is not None:
        yield start, before
