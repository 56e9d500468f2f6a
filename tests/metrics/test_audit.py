"""The audit: every planted error is flagged with both sentences, and nothing where the numbers agree."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from svcsat_crawler.items import Fact
from svcsat_crawler.metrics import extract
from svcsat_crawler.metrics.audit import rounded
from svcsat_crawler.metrics.check import KINDS, flag, kind_of
from tests import gold
from tests.replica.truth import truth
from tests.score import published

PAIRS: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("audit.toml").read_text("utf-8"))["pair"]
# What two facts contradict each other in, against what a fact says by itself.
OF_TWO = {
    "earlier_value_differs", "value_differs", "streak_start_differs", "valid_above_issued", "reliability_differs",
}  # fmt: skip
# The one labelled article that contradicts itself on purpose.
CONFLICTS = {"mentions-03": {"value_differs"}}


def flags(facts: list[Fact]) -> set[str]:
    return {kind_of(text) for fact in facts for text in fact.flags}


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair["kind"])
def test_a_planted_error_is_flagged_and_nothing_else(pair: dict[str, Any]) -> None:
    facts = extract(pair["planted"])
    assert flags(facts) == {pair["kind"]}, [(fact.metric, fact.value, fact.flags) for fact in facts]


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair["kind"])
def test_what_agrees_is_not_flagged(pair: dict[str, Any]) -> None:
    facts = extract(pair["clean"])
    assert facts
    assert flags(facts) == set()


@pytest.mark.parametrize(
    "pair", [pair for pair in PAIRS if pair["kind"] in OF_TWO], ids=lambda pair: pair["kind"]
)
def test_both_facts_are_flagged_with_the_sentence_of_the_other(pair: dict[str, Any]) -> None:
    first, second = [fact for fact in extract(pair["planted"]) if fact.flags]
    for one, other in ((first, second), (second, first)):
        (text,) = one.flags
        assert text.endswith(f"“{other.evidence.sentence}”")


def test_the_table_is_large_enough_and_holds_every_kind() -> None:
    assert len(PAIRS) >= 40
    assert {pair["kind"] for pair in PAIRS} == set(KINDS)


def test_nothing_is_repaired() -> None:
    (fact,) = extract("2018年，湛江供电局供电可靠率达109.93%。")
    assert (fact.value, fact.raw) == (109.93, "109.93%")


@pytest.mark.parametrize("article", gold.articles(), ids=lambda article: article["id"])
def test_no_false_alarm_in_the_labelled_articles(article: dict[str, Any]) -> None:
    facts = extract(article["text"], title=article["title"], published=published(article["date"]))
    assert flags(facts) == CONFLICTS.get(article["id"], set())


def test_no_false_alarm_in_the_articles_of_the_stand_in_sites() -> None:
    wrong = []
    for record in truth():
        facts = extract(
            "\n".join(record["body_paragraphs"]),
            title=record["title"],
            published=published(record["published"]),
        )
        wrong += [(record["key"], fact.flags) for fact in facts if fact.flags]
    assert wrong == []


def test_a_flag_is_of_a_known_kind_and_one_line() -> None:
    assert (
        flag("value_differs", "1 and 2 hours", "第一行\n第二行")
        == "value_differs: 1 and 2 hours “第一行 第二行”"
    )
    with pytest.raises(KeyError, match="no kind of flag"):
        flag("odd", "")


@pytest.mark.parametrize(
    ("value", "low", "high"),
    [
        (83.0, 82.5, 83.5),
        (83.05, 83.045, 83.055),
        (500.0, 450.0, 550.0),
        (0.0, -0.5, 0.5),
        (4e9, 3.5e9, 4.5e9),
    ],
)
def test_a_printed_number_is_a_range(value: float, low: float, high: float) -> None:
    assert rounded(value) == (pytest.approx(low), pytest.approx(high))
