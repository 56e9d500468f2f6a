"""Rows: which value is shown, what supports it, what contradicts it, and what is counted with what."""

from __future__ import annotations

import itertools
import random
from datetime import date
from typing import Any

import pytest

from svcsat_crawler.items import Period, Survey
from svcsat_crawler.ledger.keys import cell_of, group_of, subject_key
from svcsat_crawler.metrics import extract
from svcsat_crawler.storage.documents import plain
from tests.ledger import facts
from tests.ledger.facts import HOUSE, PROVINCIAL, Document, number, peers_of, printed, rows, stored

BUREAU = "csg-gd-qingyuan"


def score(key: str, value: float | None, day: str = "2022-01-10", **more: Any) -> list[Document]:
    return stored(printed(key, [number("satisfaction_score", value, BUREAU, 2021, **more)], day))


def one(*told: list[Document], **more: Any) -> Document:
    (row,) = rows(sum(told, []), **more)
    return row


def test_a_row_holds_its_statement_with_its_proof() -> None:
    row = one(score("ep18:1", 81.57, survey=PROVINCIAL, sentence="清远供电局得81.57分。", raw="81.57分"))
    assert (row["cell"], row["group"]) == (
        "csg-gd-qingyuan|satisfaction_score|2021",
        "csg-gd|satisfaction_score",
    )
    assert row["subject"] == {"id": BUREAU, "name": "清远供电局"} and row["province"] == "广东"
    assert row["survey"] == {"id": PROVINCIAL.id, "org": PROVINCIAL.org, "name": None}
    assert (row["value"], row["state"], row["clusters"], row["printings"]) == (81.57, "single", 1, 1)
    assert row["sentence"] == "清远供电局得81.57分。" == row["support"][0]["sentence"]
    assert row["period"] == {"start": "2021-01-01", "end": "2021-12-31", "label": "2021年"}


def test_planned_values_and_those_of_nobody_make_no_row() -> None:
    assert rows(score("ep18:1", 85.0, status="target")) == []
    fact = plain(number("satisfaction_score", 81.0, BUREAU, 2021))
    assert cell_of({**fact, "subject": None}) is None
    assert cell_of({**fact, "period": None}) is None
    assert cell_of({**fact, "metric": "other_quantity"}) is None


def test_a_name_that_the_table_knows_is_its_id() -> None:
    by_name = score(
        "ep18:1", 81.57, subject=facts.Subject(id=None, name="南方电网广东清远供电局", how="stated")
    )
    assert one(by_name, score("ep18:2", 81.57))["clusters"] == 2
    assert subject_key({"id": None, "name": "乐昌供电局"}) == "name:乐昌供电局"
    assert group_of("name:乐昌供电局|saidi") == "name:乐昌供电局|saidi"


# Each pair: the better told value, then one that comes second although it has what the rule looks at only later.
@pytest.mark.parametrize(
    ("shown", "other"),
    [
        ({"where": "title"}, {"qualifier": "over"}),
        ({"how": "inherited"}, {"where": "title"}),
        ({}, {"how": "inherited"}),
        ({"how": "inherited"}, {"period": facts.whole(2021, "publication")}),
    ],
)
def test_the_best_told_value_is_shown_and_the_other_stands_beside_it(
    shown: dict[str, Any], other: dict[str, Any]
) -> None:
    better = score("ep18:1", 81.57, "2021-12-25", **shown)
    worse = score("ep18:2", 90.01, "2022-01-20", **other) + score("ep18:3", 90.01, "2022-01-21", **other)
    row = one(better, worse)
    assert (row["value"], row["state"], row["clusters"]) == (81.57, "conflict", 1)
    (conflict,) = row["conflicts"]
    assert (conflict["value"], conflict["clusters"], len(conflict["support"])) == (90.01, 2, 2)


def extracted(key: str, title: str, body: str) -> list[Document]:
    return stored(printed(key, extract(body, title=title, published=date(2022, 1, 10))))


def test_several_projects_of_a_year_are_no_conflict() -> None:
    told = extracted("ep18:1", "清远供电局12项农网工程收尾", "2021年，清远供电局负责的一项配网工程投产送电。")
    told += extracted("ep18:2", "", "2021年，清远供电局完成带电作业613次。")
    told += extracted("ep18:3", "", "2021年，清远供电局完成带电作业490次。")
    projects, jobs = (
        next(row for row in rows(told) if row["metric"] == metric)
        for metric in ("grid_projects", "live_line_work")
    )
    assert (projects["state"], projects["conflicts"]) == ("several", [])
    assert [(value["value"], len(value["support"])) for value in projects["others"]] == [(12.0, 1)]
    assert (jobs["state"], {jobs["value"], jobs["others"][0]["value"]}) == ("several", {613.0, 490.0})
    assert jobs["articles"] == ["ep18:2", "ep18:3"]


@pytest.mark.parametrize(
    "metric", ["最高负荷达{}万千瓦", "售电量{}亿千瓦时", "投诉{}件", "供电服务满意度得分{}分"]
)
def test_two_levels_of_a_year_are_a_conflict(metric: str) -> None:
    told = extracted("ep18:1", "", f"2021年，清远供电局{metric.format(81)}。")
    told += extracted("ep18:2", "", f"2021年，清远供电局{metric.format(84)}。")
    assert [(row["state"], row["others"]) for row in rows(told)] == [("conflict", [])]


def test_one_of_several_numbers_has_no_change_since_last_year() -> None:
    told = [
        document
        for year, counts in ((2020, (5,)), (2021, (3, 9)), (2022, (4,)))
        for count in counts
        for document in printed(f"ep18:{year}{count}", [number("grid_projects", count, BUREAU, year)])
    ]
    made = rows(stored(told))
    assert [row["delta"] for row in made] == [None, None, None]
    assert [row["previous"] and row["previous"]["year"] for row in made] == [None, 2020, 2021]


def test_more_clusters_decide_then_the_later_one() -> None:
    told = [score("ep18:1", 81.0), score("ep18:2", 82.0), score("ep18:3", 82.0)]
    assert one(*told)["value"] == 82.0
    assert one(score("ep18:1", 82.0, "2021-12-30"), score("ep18:2", 81.0, "2022-01-02"))["value"] == 81.0


def test_reprints_count_once_and_word_by_word_ones_as_printings() -> None:
    first, copy, other = score("ep18:1", 81.0), score("ep18:2", 81.0), score("ep18:3", 81.0)
    copy[0]["cluster"] = "ep18:1"
    row = one(first, copy, other, copies={"ep18:1": ["finews:8", "finews:9"]})
    assert (row["clusters"], row["printings"], row["state"]) == (2, 5, "agreed")
    assert row["articles"] == ["ep18:1", "ep18:2", "ep18:3", "finews:8", "finews:9"]


def test_a_rough_or_rounded_number_supports_the_exact_one() -> None:
    rough = score("ep18:2", 80.0, qualifier="over") + score("ep18:3", 82.0, where="title")
    row = one(score("ep18:1", 81.57), rough)
    assert (row["value"], row["state"], row["conflicts"]) == (81.57, "agreed", [])
    assert [said["value"] for said in row["support"]] == [81.57, 82.0, 80.0]
    assert one(score("ep18:1", 81.57), score("ep18:2", 82.0, qualifier="over"))["state"] == "conflict"


def test_a_change_alone_makes_a_row_only_where_no_value_is_told() -> None:
    change = score("ep18:2", None, comparison=facts.change("up", 1.5))
    row = one(change)
    assert (row["value"], row["comparison"]["value"]) == (None, 1.5)
    row = one(score("ep18:1", 81.57), change)
    assert (row["value"], row["state"], len(row["changes"])) == (81.57, "single", 1)
    assert row["articles"] == ["ep18:1", "ep18:2"]


def test_a_score_without_a_survey_counts_for_the_one_that_has_it() -> None:
    unnamed = score("ep18:3", 81.57)
    row = one(score("ep18:1", 81.57, survey=PROVINCIAL), unnamed)
    assert (row["survey_key"], row["clusters"]) == (PROVINCIAL.id, 2)
    named = score("ep18:1", 81.57, survey=PROVINCIAL) + score("ep18:2", 80.2, survey=HOUSE)
    assert [row["clusters"] for row in rows(named + unnamed)] == [2, 1]


def test_a_score_without_a_survey_stays_apart_where_none_or_several_have_it() -> None:
    other = rows(score("ep18:1", 81.57, survey=PROVINCIAL) + score("ep18:3", 79.0))
    assert {row["survey_key"]: row["value"] for row in other} == {PROVINCIAL.id: 81.57, "": 79.0}
    both = score("ep18:1", 81.57, survey=PROVINCIAL) + score("ep18:2", 81.57, survey=HOUSE)
    assert len(rows(both + score("ep18:3", 81.57))) == 3


def test_a_survey_is_one_by_id_by_house_and_by_its_name() -> None:
    by_house = Survey(org="镇江市消协", name="“2020年度公共服务评价”")
    by_name = Survey(name="2021年公共服务评价")
    row = one(score("ep18:1", 81.57, survey=by_house), score("ep18:2", 82.0, survey=by_name))
    assert (row["survey_key"], row["state"]) == ("org:镇江市消协", "conflict")


def rank(key: str, place: int, kind: str, **more: Any) -> list[Document]:
    return stored(
        printed(key, [number("satisfaction_rank", place, BUREAU, 2021, rank=peers_of(kind), **more)])
    )


def test_ranks_among_different_peers_are_different_rows() -> None:
    told = (
        rank("ep18:1", 1, "local_services")
        + rank("ep18:1", 9, "province_bureaus")
        + rank("ep18:2", 9, "other")
    )
    found = {row["rank_kind"]: (row["value"], row["clusters"]) for row in rows(told)}
    assert found == {"local_services": (1, 1), "province_bureaus": (9, 2)}


def test_a_part_of_the_year_is_another_period_but_not_for_a_streak() -> None:
    part = Period(start="2021-01-01", end="2021-11-30", label="2021年1-11月", how="stated")
    saidi = [number("saidi", 3.33, BUREAU, 2021, period=part), number("saidi", 4.1, BUREAU, 2021)]
    assert len(rows(stored(printed("ep18:1", saidi)))) == 2
    streaks = [number("satisfaction_streak", 13, BUREAU, 2021, period=part)]
    streaks += [number("satisfaction_streak", 13, BUREAU, 2021)]
    assert len(rows(stored(printed("ep18:1", streaks)))) == 1


def streaks(*told: tuple[int, int, Survey | None]) -> list[Any]:
    """The streaks that rows tell of, by (year, length, survey)."""
    made = rows(
        document
        for year, length, survey in told
        for document in stored(
            printed(
                f"ep18:{year}{length}", [number("satisfaction_streak", length, BUREAU, year, survey=survey)]
            )
        )
    )
    return [(row["streak"]["began"], row["streak"]["survey_key"]) for row in made]


def test_a_streak_of_no_survey_is_that_of_the_only_one_which_began_then() -> None:
    named, other = PROVINCIAL.id, "name:南方电网第三方客户满意度测评"
    assert streaks((2020, 12, PROVINCIAL), (2021, 13, None)) == [(2009, named), (2009, named)]
    assert streaks((2020, 12, PROVINCIAL), (2021, 14, None)) == [(2009, named), (2008, "")]
    both = streaks((2019, 11, HOUSE), (2020, 12, PROVINCIAL), (2021, 13, None))
    assert both == [(2009, other), (2009, named), (2009, "")]
    assert streaks((2020, 12, None), (2021, 13, None)) == [(2009, ""), (2009, "")]
    assert [row["streak"] for row in rows(score("ep18:1", 81.0))] == [None]


def test_last_year_is_that_of_the_same_period_survey_and_peers() -> None:
    def told(year: int, value: float, **more: Any) -> list[Document]:
        return stored(printed(f"ep18:{year}{value}", [number("saidi", value, BUREAU, year, **more)]))

    part = Period(start="2021-01-01", end="2021-11-30", label="2021年1-11月", how="stated")
    made = rows(
        told(2020, 5.0) + told(2021, 4.0) + told(2021, 3.0, period=part) + told(2022, 3.5, scope="全口径")
    )
    found = {row["value"]: (row["previous"] and row["previous"]["value"], row["delta"]) for row in made}
    assert found == {5.0: (None, None), 4.0: (5.0, -1.0), 3.0: (None, None), 3.5: (None, None)}


def moves(*told: list[Document]) -> list[tuple[Any, ...]]:
    return [(row["value"], row["delta"], row["delta_by"]) for row in rows(sum(told, []))]


def test_a_change_that_the_article_states_counts_where_no_value_of_last_year_is() -> None:
    up = facts.change("up", 1.5)
    assert moves(score("ep18:1", 81.5, comparison=up)) == [(81.5, 1.5, "stated")]
    assert moves(score("ep18:1", None, comparison=facts.change("down", 1.5))) == [(None, -1.5, "stated")]
    last = stored(printed("ep18:2", [number("satisfaction_score", 80.2, BUREAU, 2020)]))
    assert (81.5, 1.3, "rows") in moves(score("ep18:1", 81.5, comparison=up), last)
    alone = stored(
        printed("ep18:2", [number("satisfaction_score", None, BUREAU, 2020, comparison=up)], "2021-01-10")
    )
    assert (81.5, 1.5, "stated") in moves(score("ep18:1", 81.5, comparison=up), alone)


@pytest.mark.parametrize(
    ("comparison", "delta"),
    [
        (facts.change("up", 1.5, base=2020.0), 1.5),
        (facts.change("up", 1.5, base=2015.0), None),
        (facts.change("up", 1.5, kind="previous"), None),
        (facts.change("up", 1.5, kind="cumulative"), None),
        (facts.change("up", 1.5, "percent"), None),
        (facts.change("up", None), None),
        (facts.change("flat", None), 0.0),
        (facts.change("up", 1.5, kind="from_to", base=80.0), 1.5),
        (None, None),
    ],
)
def test_only_changes_since_last_year_in_the_own_unit_are_taken(comparison: Any, delta: float | None) -> None:
    assert moves(score("ep18:1", 81.5, comparison=comparison))[0][1] == delta


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021年，清远供电局供电服务满意度得分81.57分，同比上升1.57分。", 1.57),
        ("2021年，清远供电局供电服务满意度在全省供电局中排名第9位，同比上升4位。", -4.0),
        ("2021年，清远供电局供电服务满意度全省排名从第13位上升至第9位。", -4.0),
        ("2021年，清远供电局供电服务满意度全省排名从2018年的第13位上升至第9位。", None),
        ("2021年，清远供电局供电可靠率为99.97%，同比提高0.02个百分点。", 0.02),
        ("2021年，清远供电局售电量达120亿千瓦时，同比增加3亿千瓦时。", 3e8),
        ("2021年，清远供电局售电量达120亿千瓦时，同比增长3%。", None),
        ("2021年，清远供电局客户平均停电时间4.6小时，同比下降50%。", None),
        ("清远供电局客户平均停电时间由2020年的4.98小时降至2021年的4.6小时。", -0.38),
    ],
)
def test_a_stated_change_has_the_sign_of_value_less_earlier_value(text: str, expected: float | None) -> None:
    told = [
        fact
        for fact in stored(printed("ep18:1", extract(text, published=date(2022, 1, 10))))
        if fact["year"] == 2021
    ]
    (row,) = rows(told)
    assert row["delta"] == (expected if expected is None else pytest.approx(expected))
    assert row["delta_by"] == (expected and "stated")


def test_the_order_in_which_facts_come_does_not_matter() -> None:
    rng = random.Random(11)
    surveys = [None, PROVINCIAL, HOUSE]
    for _ in range(60):
        told = [
            score(
                f"ep18:{place}",
                rng.choice([81.0, 81.57, 82.0, None]),
                rng.choice(["2021-12-30", "2022-01-10"]),
                survey=rng.choice(surveys),
                qualifier=rng.choice(["eq", "eq", "over", "about"]),
                where=rng.choice(["body", "title"]),
                comparison=rng.choice([None, facts.change("up", 1.0)]),
            )[0]
            for place in range(7)
        ]
        expected = rows(told)
        for order in itertools.islice(itertools.permutations(told), 0, 5040, 997):
            assert rows(order) == expected
