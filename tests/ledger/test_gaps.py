"""Gaps: what is expected and missing, and what is not expected."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from svcsat_crawler.ledger.gaps import gaps_of
from svcsat_crawler.ledger.keys import RANK, STREAK, sisters
from tests.ledger.facts import HOUSE, PROVINCIAL, Document, number, peers_of, printed, rows, stored

BUREAU = "csg-gd-qingyuan"
BUREAUS = [bureau.id for bureau in sisters("csg-gd")]


def told(metric: str, value: float, bureau: str, year: int, **more: Any) -> list[Document]:
    key = f"ep18:{metric}{bureau}{year}{value}"
    day = more.pop("day", f"{year + 1}-01-10")
    column = more.pop("column", "企业风采")
    return stored(printed(key, [number(metric, value, bureau, year, **more)], day, column=column))


def gaps(*facts: list[Document], day: str = "2099-01-01") -> list[Document]:
    """Return what is missing on a day."""
    groups = defaultdict(list)
    for row in rows(sum(facts, [])):
        groups[row["group"]].append(row)
    found = []
    for group, some in sorted(groups.items()):
        ranks = groups.get(group.replace(STREAK, RANK), []) if group.endswith(STREAK) else []
        found += gaps_of(group, some, ranks)
    return [gap for gap in found if gap["due"] < day]


def years(found: list[Document]) -> list[tuple[str, int]]:
    return sorted((gap["subject_key"], gap["year"]) for gap in found)


def test_years_between_are_expected() -> None:
    found = gaps(told("saidi", 5.0, BUREAU, 2018), told("saidi", 4.0, BUREAU, 2021))
    assert years(found) == [(BUREAU, 2019), (BUREAU, 2020)]
    assert {gap["why"] for gap in found} == {"told for 2018 and 2021"}
    assert found[0]["subject"] == {"id": BUREAU, "name": "清远供电局"} and found[0]["province"] == "广东"


def test_a_streak_speaks_of_the_years_before_it() -> None:
    streak = told(STREAK, 13, BUREAU, 2021, survey=PROVINCIAL, rank=peers_of("local_services"))
    found = gaps(streak)
    assert years(found) == [(BUREAU, year) for year in range(2009, 2021)]
    assert found[0]["why"] == "13 years in a row are told for 2021"
    first = told(RANK, 1, BUREAU, 2015, survey=PROVINCIAL, rank=peers_of("local_services"))
    assert (BUREAU, 2015) not in years([gap for gap in gaps(streak, first) if gap["metric"] == STREAK])
    elsewhere = told(RANK, 1, BUREAU, 2015, survey=HOUSE, rank=peers_of("local_services"))
    assert (BUREAU, 2015) in years([gap for gap in gaps(streak, elsewhere) if gap["metric"] == STREAK])


def test_sister_bureaus_of_the_same_survey_are_expected() -> None:
    most = [told("satisfaction_score", 80.0, bureau, 2021, survey=PROVINCIAL) for bureau in BUREAUS[:-2]]
    found = gaps(*most)
    assert years(found) == sorted((bureau, 2021) for bureau in BUREAUS[-2:])
    assert found[0]["why"] == f"told for {len(most)} sister bureaus" and found[0]["subject"]["name"]


def test_a_bureau_is_not_expected_where_it_did_not_belong() -> None:
    others = [bureau for bureau in BUREAUS if bureau != "csg-gd-guangzhou"]
    for year, expected in ((2015, []), (2021, [("csg-gd-guangzhou", 2021)])):
        facts = [told("satisfaction_score", 80.0, bureau, year, survey=PROVINCIAL) for bureau in others]
        assert years(gaps(*facts)) == expected


def test_a_few_bureaus_expect_nothing_of_others() -> None:
    assert gaps(*[told("saidi", 4.0, bureau, 2021) for bureau in BUREAUS[:2]]) == []
    few = [told("saidi", 4.0, bureau, 2021) for bureau in BUREAUS[:3]]
    others = [told("saidi", 4.0, bureau, 2020) for bureau in BUREAUS[3:12]]
    assert [gap for gap in gaps(*few, *others) if gap["year"] == 2021] == []


def test_a_result_without_a_survey_may_be_the_missing_one() -> None:
    ends = [told("satisfaction_score", 80.0, BUREAU, year, survey=PROVINCIAL) for year in (2018, 2020)]
    assert years(gaps(*ends, day="2021-12-31")) == [(BUREAU, 2019)]
    assert gaps(*ends, told("satisfaction_score", 79.0, BUREAU, 2019), day="2021-12-31") == []


def test_parts_of_years_expect_nothing() -> None:
    part = [told("saidi", 4.0, BUREAU, year) for year in (2018, 2021)]
    for fact in sum(part, []):
        fact["period"] = {**fact["period"], "end": fact["period"]["end"].replace("12-31", "06-30")}
    assert gaps(*part) == []


def test_a_gap_says_where_and_when_to_look() -> None:
    facts = [
        told("saidi", 5.0, BUREAU, 2018, day="2019-01-07"),
        told("saidi", 4.0, BUREAU, 2019, day="2019-12-28"),
        told("saidi", 3.0, BUREAU, 2020, day="2021-01-12", column="优质服务"),
        told("saidi", 2.0, BUREAU, 2022, day="2026-05-01"),
    ]
    (gap,) = gaps(*facts, day="2023-06-01")
    assert gap["where"] == [
        {"source": "ep18", "column": "企业风采"},
        {"source": "ep18", "column": "优质服务"},
    ]
    assert gap["usual"] == {"from": "2021-12-21", "to": "2022-01-20"}
    assert gap["due"] == "2022-02-20"


def scores(*told_years: int, **more: Any) -> list[Document]:
    return sum((told("satisfaction_score", 80.0, BUREAU, year, **more) for year in told_years), [])


def test_the_latest_result_is_missing_once_its_usual_days_are_over() -> None:
    every = scores(*range(2019, 2025), survey=PROVINCIAL)
    assert gaps(every, day="2026-02-20") == []
    (gap,) = gaps(every, day="2026-02-21")
    assert (gap["year"], gap["usual"]["to"], gap["due"]) == (2025, "2026-01-20", "2026-02-20")
    assert gap["why"] == "told for 2022, 2023 and 2024, not since"
    assert years(gaps(every)) == [(BUREAU, 2025), (BUREAU, 2026)]


def test_what_was_told_once_lately_is_not_awaited() -> None:
    assert gaps(scores(2024, survey=PROVINCIAL)) == []
    assert [gap["year"] for gap in gaps(scores(2019, 2024, survey=PROVINCIAL))] == [2020, 2021, 2022, 2023]
    assert 2025 in [gap["year"] for gap in gaps(scores(2022, 2024, survey=PROVINCIAL))]


def test_a_result_without_any_date_is_due_at_the_end_of_the_next_year() -> None:
    undated = [{**fact, "published": None} for fact in scores(2023, 2024)]
    assert [(gap["usual"], gap["due"]) for gap in gaps(undated)] == [
        (None, "2026-12-31"),
        (None, "2027-12-31"),
    ]


def test_a_gap_says_who_else_tells_that_year() -> None:
    every = scores(2022, 2023, 2024, survey=PROVINCIAL) + scores(2024, 2025, survey=HOUSE)
    found = [gap for gap in gaps(every, scores(2025)) if gap["survey_key"] == PROVINCIAL.id]
    assert [gap["why"] for gap in found if gap["year"] == 2025] == [
        f"told for 2022, 2023 and 2024, not since; that year is told by {HOUSE.name}"
    ]
    other = told("satisfaction_score", 75.0, BUREAU, 2025)
    found = [gap for gap in gaps(every, other) if gap["survey_key"] == PROVINCIAL.id]
    assert found[0]["why"].endswith(
        "; that year is told without a survey's name; that year is told by " + str(HOUSE.name)
    )


def test_one_gap_is_enough_where_a_survey_is_not_always_named() -> None:
    every = scores(2022, 2023, 2024, survey=PROVINCIAL) + [
        fact for year in (2022, 2023) for fact in told("satisfaction_score", 70.0, BUREAU, year)
    ]
    found = gaps(every, told("satisfaction_score", 75.0, BUREAU, 2024), day="2026-06-01")
    assert [(gap["survey_key"], gap["year"]) for gap in found] == [(PROVINCIAL.id, 2025)]
