"""Every row of the lexicon is in a sentence that is read as the row says: names, nouns, words around numbers, units."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from svcsat_crawler.items import Fact
from svcsat_crawler.metrics import extract, read
from svcsat_crawler.metrics.lexicon import Metric, frames, metrics, name_heads, names_from, word_index
from svcsat_crawler.organisations.index import Places
from svcsat_crawler.text.figures import UNITS, find_quantities
from svcsat_crawler.text.width import fold, squeeze
from tests import gold
from tests.metrics.test_cases import CASES, seen
from tests.metrics.test_sentences import CASES as READINGS
from tests.metrics_page import ENTRIES

DATA = files("svcsat_crawler.metrics")
FRAMES: dict[str, list[dict[str, Any]]] = tomllib.loads(
    Path(__file__).with_name("frames.toml").read_text("utf-8")
)
OWN = FRAMES.pop("own")
PATTERNS = FRAMES.pop("pattern")


def table(name: str) -> dict[str, Any]:
    return tomllib.loads(DATA.joinpath(name).read_text("utf-8"))


def rows() -> dict[str, list[str]]:
    """Return the words of words.toml by table: ``up``, or ``base.yoy`` where a table has values."""
    return {
        kind if name == "words" and len(groups) == 1 else f"{kind}.{name}": words
        for kind, groups in table("words.toml").items()
        for name, words in groups.items()
    }


def facts_of(fact: Fact) -> dict[str, Any]:
    found = seen(fact)
    found["change"] = ["none" if part is None else part for part in found["change"]]
    found["house"] = fact.survey.org if fact.survey else None
    return found


def holds(frame: dict[str, Any], word: str) -> bool:
    """Whether a sentence is read as its frame says, with *word* in it."""
    facts = [facts_of(fact) for fact in extract(frame["text"].replace("{word}", word))]
    wanted = {
        key: value.replace("{word}", word) if isinstance(value, str) else value
        for key, value in frame.get("expect", {}).items()
    }
    if wanted and not any(wanted == {key: fact[key] for key in wanted} for fact in facts):
        return False
    unwanted = {fact["metric"] for fact in facts} & set(frame.get("absent", ()))
    return not unwanted and frame.get("other") not in [fact["value"] for fact in facts]


def is_word(word: str, kind: str) -> bool:
    """Whether the index knows *word* as of *kind*: one word may stand in two tables, the first of which has it."""
    return any(
        found.kind == kind for found, start, end in word_index().scan(word) if (start, end) == (0, len(word))
    )


def test_every_table_has_a_frame() -> None:
    assert set(FRAMES) == set(rows())


@pytest.mark.parametrize("name", rows())
def test_every_word_is_in_a_sentence_that_is_read_so(name: str) -> None:
    own = {entry["word"]: entry for entry in OWN if entry["table"] == name}
    uncovered = [
        word
        for word in rows()[name]
        if not any(holds(frame, word) for frame in ([own[word]] if word in own else FRAMES[name]))
    ]
    assert uncovered == [], f"[{name}] of words.toml: no sentence of frames.toml is read as these words say"


# What a number of a dimension is printed like.
NUMBERS = {
    "hours": "3.5小时", "minutes": "25分钟", "times": "12次", "percent": "97.5%", "working_days": "4个工作日", "days": "4天",
    "kW": "320万千瓦", "kWh": "5.6亿千瓦时", "CNY": "1.3亿元", "count": "36", "places": "36名", "points": "84.5分", "km": "35公里",
    "kVA": "120万千伏安", "customer_hours": "6.5万时户", "CNY/kWh": "0.45元/千瓦时",
}  # fmt: skip
COUNTERS = ("件", "户", "个", "份", "宗", "次", "座", "项")
FRONTS = ("2021年江门供电局", "2021年江门供电局满意度调查中，供电服务得分83.2分，")


def prints(metric: Metric) -> list[str]:
    """Return numbers as the metric is printed."""
    found = []
    for dimension in metric.accepts:
        counters = (metric.counters or COUNTERS) if dimension == "count" else ("",)
        found += [NUMBERS[dimension] + counter for counter in counters]
    return found


def named(metric: Metric, name: str) -> bool:
    """Whether some number behind *name* is read as the metric."""
    return any(
        fact.metric == metric.id
        for front in FRONTS
        for number in prints(metric)
        for glue in ("", "为")
        for fact in extract(f"{front}{name}{glue}{number}。")
    )


@pytest.mark.parametrize("metric", metrics().values(), ids=metrics())
def test_every_name_is_read(metric: Metric) -> None:
    uncovered = [name for name in metric.names if not named(metric, name)]
    assert uncovered == [], f"[metric.{metric.id}] names of lexicon.toml"


@pytest.mark.parametrize("metric", [m for m in metrics().values() if m.weak], ids=lambda metric: metric.id)
def test_a_weak_name_is_read_beside_what_it_needs_only(metric: Metric) -> None:
    for name in metric.weak:
        alone = extract(f"2021年江门供电局{name}{prints(metric)[0]}。")
        assert metric.id not in {fact.metric for fact in alone} or any(
            need in name for need in metric.needs
        ), name
    uncovered = [
        need for need in metric.needs if not any(named(metric, f"{need}{name}") for name in metric.weak)
    ]
    uncovered += [
        name for name in metric.weak if not any(named(metric, f"{need}{name}") for need in metric.needs)
    ]
    assert uncovered == [], f"[metric.{metric.id}] needs and weak of lexicon.toml"


@cache
def sentences() -> tuple[str, ...]:
    """Return every sentence that another test reads."""
    found = [case["text"] for case in CASES] + [article["text"] for article in gold.articles()]
    found += [param.values[0]["text"] for param in READINGS]
    found += [entry.example for entry in ENTRIES.values()] + [row["text"] for row in PATTERNS]
    return tuple(squeeze(fold(text))[0] for text in found)


@pytest.mark.parametrize("row", PATTERNS, ids=lambda row: row["text"])
def test_a_sentence_with_a_pattern_is_read(row: dict[str, str]) -> None:
    assert row["metric"] in {fact.metric for fact in extract(row["text"])}


def groups_met() -> Iterator[tuple[str, str]]:
    """Yield (field, group) for every expression of lexicon.toml that some sentence meets."""
    index = Places({"name": name_heads()})
    for text in sentences():
        for start, head in index.scan(text)["name"].items():
            if match := names_from(head).match(text, start):
                yield "patterns", match.lastgroup or ""
        for quantity in find_quantities(text):
            before, behind = frames(quantity.dimension, quantity.unit)
            if before and (match := before.search(text, max(0, quantity.start - 60), quantity.start)):
                yield "before", match.lastgroup or ""
            if behind and (match := behind.match(text, quantity.end)):
                yield "behind", match.lastgroup or ""


def groups_there() -> Iterator[tuple[str, str]]:
    """Yield (field, group) for every expression of lexicon.toml."""
    for metric in metrics().values():
        yield from (("patterns", f"{metric.id}__{number}") for number in range(len(metric.patterns)))
        yield from (("patterns", f"{metric.id}__loose{number}") for number in range(len(metric.loose)))
        yield from (("before", f"{metric.id}__{number}") for number in range(len(metric.before)))
        yield from (("behind", f"{metric.id}__{number}") for number in range(len(metric.behind)))


def test_every_expression_is_in_a_sentence() -> None:
    uncovered = sorted(set(groups_there()) - set(groups_met()))
    assert uncovered == [], "expressions of lexicon.toml that no sentence of the tests meets"


@pytest.mark.parametrize("metric", [m for m in metrics().values() if m.limits], ids=lambda metric: metric.id)
def test_limits_are_about_values_of_the_metric(metric: Metric) -> None:
    assert metric.limits
    low, high = metric.limits
    assert low < high


# A name, a number of it, and a place for a noun between them.
BLOCKED = (
    "2021年江门供电局供电可靠率保持稳定，{word}97.5%。", "2021年江门供电局客户平均停电时间、{word}3.5小时。",
    "2021年江门供电局客户平均停电次数、{word}1.2次。", "2021年江门供电局最高负荷、{word}320万千瓦。", "2021年江门供电局售电量、{word}5.6亿千瓦时。",
    "2021年江门供电局客户投诉、{word}36件。", "2021年江门供电局节约电费、{word}1.3亿元。",
    "2021年江门供电局供电服务满意度、{word}84.5分。", "2021年江门供电局供电服务满意率、{word}97.5%。",
)  # fmt: skip


def blocks(noun: str) -> bool:
    """Whether a number that is read without the noun is not read with it."""
    for text in BLOCKED:
        without = {
            (fact.metric, fact.value) for fact in extract(text.replace("、{word}", "").replace("{word}", ""))
        }
        if without and not without & {
            (fact.metric, fact.value) for fact in extract(text.replace("{word}", noun))
        }:
            return True
    return False


def test_every_noun_keeps_its_number_from_the_names_before_it() -> None:
    uncovered = [noun for noun in table("lexicon.toml")["other"]["nouns"] if not blocks(noun)]
    assert uncovered == [], "[other] nouns of lexicon.toml"


@pytest.mark.parametrize("unit", UNITS)
def test_every_unit_is_read(unit: str) -> None:
    dimension, power = UNITS[unit]
    (found,) = find_quantities(f"3{unit}")
    assert (found.dimension, found.unit) == (dimension, unit)
    assert found.value == pytest.approx(3 * 10.0**power)


HEADS = {
    "soft": "2021年江门供电局光伏组件{word}1200台。",
    "begin": "本月江门供电局忙于{word}光伏组件1200台。",
    "finish": "2021年江门供电局1200台光伏组件{word}。",
}


@pytest.mark.parametrize("name", HEADS)
def test_every_word_around_a_head_noun_parts_it_from_its_number(name: str) -> None:
    frame = HEADS[name]
    uncovered = [
        word
        for word in table("heads.toml")[name]
        if [entry.head for entry in read(frame.replace("{word}", word)).unclaimed] != ["光伏组件"]
    ]
    assert uncovered == [], f"{name} of heads.toml"
