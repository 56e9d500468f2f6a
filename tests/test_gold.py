"""Our labelled articles: what they must hold, and what the engine must reach on them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from svcsat_crawler.metrics.lexicon import metrics
from svcsat_crawler.text.fingerprint import fold as letters
from svcsat_crawler.text.width import fold
from tests import gold
from tests.building import ROOT
from tests.score import scored

# A little under what the rules reach; floors only ever rise, and what is not measured but read so only falls.
FLOORS = {
    "tuning": {"precision": 0.99, "recall": 0.985, "all_fields": 0.99, "evidence": 1.0},
    "checking": {"precision": 0.99, "recall": 0.99, "all_fields": 0.99, "evidence": 1.0},
}
MEASURED_WRONGLY = {"tuning": 0, "checking": 0}
ARTICLES = gold.articles()
LABELS = [(article, label) for article in ARTICLES for label in article["facts"]]
KEYS = {
    "metric", "value", "unit", "raw", "subject", "year", "status", "comparison", "of", "segment", "rank",
    "survey", "core",
}  # fmt: skip
SCALES = (1, 1e4, 1e8, 1e12, 1 / 60)
# Somebody else's texts, none of which may be in ours.
OTHERS = (
    ROOT.parent / "shared",
    ROOT / "tests" / "metrics",
    ROOT / "tests" / "replica",
    ROOT / "tests" / "pages",
)
WINDOW = 20


@pytest.mark.parametrize("half", gold.HALVES)
def test_the_engine_reaches_the_floors(half: str) -> None:
    total = scored(gold.articles(half))
    reached = {name: getattr(total, name) for name in FLOORS[half]}
    low = {name: value for name, value in reached.items() if value < FLOORS[half][name]}
    assert not low, "\n".join(total.errors)
    assert total.measured_wrongly <= MEASURED_WRONGLY[half], "\n".join(total.errors)


def test_the_set_is_large_enough() -> None:
    assert len(ARTICLES) >= 140
    assert sum(not article["facts"] for article in ARTICLES) >= 25
    assert len({article["id"] for article in ARTICLES}) == len(ARTICLES)
    assert len({letters(article["text"]) for article in ARTICLES}) == len(ARTICLES)


@pytest.mark.parametrize("half", gold.HALVES)
def test_both_halves_hold_every_metric_and_every_kind(half: str) -> None:
    here = gold.articles(half)
    labelled = {label["metric"] for article in here for label in article["facts"] if label.get("core", True)}
    assert {id for id, metric in metrics().items() if metric.core} <= labelled
    assert {article["kind"] for article in here} == {article["kind"] for article in ARTICLES}


@pytest.mark.parametrize(("article", "label"), LABELS, ids=lambda given: given.get("id", given.get("metric")))
def test_a_label_is_what_the_text_prints(article: dict[str, Any], label: dict[str, Any]) -> None:
    assert set(label) <= KEYS
    assert label["metric"] in metrics()
    assert label["raw"] in article["text"] + "\n" + article["title"]
    assert "value" in label or "comparison" in label
    number = label.get("value", label.get("comparison", {}).get("value"))
    printed = re.search(r"\d[\d,]*(?:\.\d+)?", fold(label["raw"]).replace(" ", ""))
    if (
        printed
        and label["metric"] not in ("satisfaction_rank", "first_place_count")
        and "时" not in label["raw"][:-1]
    ):
        figure = float(printed[0].replace(",", ""))
        assert any(number == pytest.approx(figure * scale) for scale in SCALES), (figure, number)


def test_years_and_both_grids() -> None:
    years = {label["year"] for _, label in LABELS if "year" in label}
    assert set(range(2008, 2027)) <= years
    names = [label["subject"] for _, label in LABELS if "subject" in label]
    assert sum("供电公司" in name for name in names) >= 40
    assert sum("供电局" in name for name in names) >= 40


def test_no_text_is_somebody_elses() -> None:
    known = {window for text in _texts() for window in _windows(text)}
    for article in ARTICLES:
        shared = known.intersection(_windows(article["text"]))
        assert not shared, (
            f"{article['id']} shares {min(shared)!r} with a text of {', '.join(map(str, OTHERS))}"
        )


def _texts() -> Iterator[str]:
    for folder in OTHERS:
        for file in Path(folder).rglob("*"):
            if file.suffix in (".md", ".txt", ".json", ".jsonl", ".toml", ".py") and file.is_file():
                yield file.read_text("utf-8")


def _windows(text: str) -> set[str]:
    plain = letters(text)
    return {plain[at : at + WINDOW] for at in range(max(0, len(plain) - WINDOW + 1))}
