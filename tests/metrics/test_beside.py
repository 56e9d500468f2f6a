"""The metrics beside the core: each is read in its sentences, and in none that only look like it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from svcsat_crawler.metrics import extract
from svcsat_crawler.metrics.lexicon import metrics

TABLE = tomllib.loads(Path(__file__).with_name("beside.toml").read_text("utf-8"))
READS = [(id, text, value) for id, rows in TABLE.items() for text, value in rows["reads"]]
REFUSES = [(id, text) for id, rows in TABLE.items() for text in rows["refuses"]]


def test_the_table_holds_every_metric_beside_the_core() -> None:
    assert set(TABLE) == {id for id, metric in metrics().items() if not metric.core}


@pytest.mark.parametrize(("id", "text", "value"), READS)
def test_it_is_read(id: str, text: str, value: float) -> None:
    found = [fact.value for fact in extract(text) if fact.metric == id]
    assert found == [pytest.approx(value)], [(fact.metric, fact.value) for fact in extract(text)]


@pytest.mark.parametrize(("id", "text"), REFUSES)
def test_it_is_not_read_where_it_only_looks_so(id: str, text: str) -> None:
    assert id not in {fact.metric for fact in extract(text)}
