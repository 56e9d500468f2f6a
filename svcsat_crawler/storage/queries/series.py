"""Values year by year: whose, by which metric and survey; and the rows whose sources contradict each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pymongo.database import Database

from svcsat_crawler.organisations import organisations
from svcsat_crawler.storage.queries.asked import Asked
from svcsat_crawler.storage.queries.conditions import ascending, conditions
from svcsat_crawler.storage.queries.metric_order import CHIEF, asked_metrics
from svcsat_crawler.storage.queries.plan import NoneOf, Read, Value
from svcsat_crawler.storage.queries.reading import Document, documents
from svcsat_crawler.storage.queries.windows import years_down

KIND = ("rank_kind", "segment", "scope")
BY_BUREAU = ascending("survey_key", *KIND, "year")
BY_METRIC = ascending("subject_key", "survey_key", *KIND, "year")
BY_SURVEY = ascending("subject_key", *KIND, "year")


def series(database: Database[Document], asked: Asked, limit: int | None) -> Iterator[Document]:
    """Yield rows of the ledger, metric by metric.

    Those of a bureau, a province or a survey: bureau by bureau, survey by survey, the years in order.  Of all:
    the bureaus of the table so, then all others year by year; when years are asked for, all year by year.
    """
    return documents(database, series_reads(asked), limit)


def series_reads(asked: Asked) -> Iterator[Read]:
    equal: dict[str, Value]
    if asked.bureau:
        yield from _of_bureau(asked, asked.bureau.key)
        return
    for metric in asked_metrics(asked):
        if asked.province:
            equal = {"province": asked.province, "metric": metric}
            yield Read("ledger", equal, BY_METRIC, also=conditions(asked, *equal))
        elif asked.survey is not None:
            equal = {"survey_key": asked.survey, "metric": metric}
            yield Read("ledger", equal, BY_SURVEY, also=conditions(asked, *equal))
        else:
            yield from _of_all(asked, metric)


def _of_bureau(asked: Asked, key: str) -> Iterator[Read]:
    for metric in asked.metrics or CHIEF:
        equal = {"subject_key": key, "metric": metric}
        yield Read("ledger", equal, BY_BUREAU, also=conditions(asked, *equal))
    if not asked.metrics:
        rest = {**conditions(asked, "subject_key"), "metric": NoneOf(CHIEF)}
        yield Read("ledger", {"subject_key": key}, {"metric": 1, **BY_BUREAU}, also=rest)


def _of_all(asked: Asked, metric: str) -> Iterator[Read]:
    """A metric may have more rows than the embedded server sorts in a second: it is asked for in pieces."""
    told = conditions(asked, "metric", "year") if asked.years else conditions(asked, "metric")
    if not asked.years:
        listed = tuple(sorted(known.id for known in organisations()))
        for key in listed:
            yield Read("ledger", {"subject_key": key, "metric": metric}, BY_BUREAU, also=told)
        told["subject_key"] = NoneOf(listed)
    for year in years_down(asked.years, asked.at):
        yield Read("ledger", {"metric": metric, "year": year}, {"value": 1}, also=told)


def conflicts(database: Database[Document], asked: Asked, limit: int | None) -> Iterator[Document]:
    """Yield rows of the ledger whose sources say different values: of a bureau, a province or a survey in the
    order of its series, else latest year first.
    """
    return documents(database, _conflict_reads(asked), limit)


def _conflict_reads(asked: Asked) -> Iterator[Read]:
    if asked.bureau or asked.province or asked.survey is not None:
        for read in series_reads(asked):
            yield replace(read, also={**read.also, "state": "conflict"})
        return
    for year in years_down(asked.years, asked.at):
        equal: dict[str, Value] = {"state": "conflict", "year": year}
        for metric in asked.metrics:
            also = conditions(asked, "year", "metric")
            yield Read("ledger", {**equal, "metric": metric}, {"subject_key": 1}, also=also)
        if not asked.metrics:
            yield Read("ledger", equal, ascending("metric", "subject_key"), also=conditions(asked, "year"))
