"""Values year by year: whose, by which metric and survey; and the rows whose sources contradict each other."""

from __future__ import annotations

from collections.abc import Iterator

from pymongo.database import Database

from svcsat_crawler.storage.queries.asked import Asked
from svcsat_crawler.storage.queries.conditions import ascending, conditions
from svcsat_crawler.storage.queries.metric_order import asked_metrics
from svcsat_crawler.storage.queries.plan import Read
from svcsat_crawler.storage.queries.reading import Document, documents
from svcsat_crawler.storage.queries.windows import years_down

KIND = ("rank_kind", "segment", "scope")
BY_BUREAU = ascending("survey_key", *KIND, "year")
BY_METRIC = ascending("subject_key", "survey_key", *KIND, "year")
BY_SURVEY = ascending("subject_key", *KIND, "year")
BY_VALUE = ascending("survey_key", *KIND, "value")


def series(database: Database[Document], asked: Asked, limit: int | None) -> Iterator[Document]:
    """Yield rows of the ledger: metric by metric, bureau by bureau, survey by survey, the years in order."""
    return documents(database, series_reads(asked), limit)


def series_reads(asked: Asked) -> Iterator[Read]:
    for metric in asked_metrics(asked):
        if asked.bureau:
            equal, order = {"subject_key": asked.bureau.key}, BY_BUREAU
        elif asked.province:
            equal, order = {"province": asked.province}, BY_METRIC
        elif asked.survey is not None:
            equal, order = {"survey_key": asked.survey}, BY_SURVEY
        else:
            equal, order = {}, BY_METRIC
        yield Read("ledger", {**equal, "metric": metric}, order, also=conditions(asked, "metric", *equal))


def conflicts(database: Database[Document], asked: Asked, limit: int | None) -> Iterator[Document]:
    """Yield rows of the ledger whose sources say different values, latest year first."""
    reads = (
        Read(
            "ledger",
            {"state": "conflict", "year": year},
            ascending("metric", "subject_key"),
            also=conditions(asked, "year"),
        )
        for year in years_down(asked.years, asked.at)
    )
    return documents(database, reads, limit)
