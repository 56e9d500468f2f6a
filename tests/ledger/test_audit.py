"""The audit: everything that is planted is found, and nothing where nothing is."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import pytest

from svcsat_crawler.ledger.keys import RANK
from svcsat_crawler.metrics import extract
from svcsat_crawler.metrics.check import KINDS, flag, kind_of
from tests.ledger import facts
from tests.ledger.facts import HOUSE, PROVINCIAL, findings, ledger, number, printed, stored
from tests.ledger.world import World

BUREAU = "csg-gd-qingyuan"
PLANTABLE = ("streak_start", "score_change", "from_rank", "peers", "impossible")
PLANTED = 60


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_store_without_errors_raises_no_alarm(seed: int) -> None:
    made = ledger(World(seed).tell().told)
    assert sum(len(series.rows) for series in made.values()) > 1000
    assert [one["message"] for one in findings(made)] == []


@pytest.mark.parametrize("seed", [4, 5, 6])
def test_every_planted_error_is_found_with_both_sentences_and_nothing_else(seed: int) -> None:
    world = World(seed)
    for kind in PLANTABLE:
        world.plant(kind, PLANTED)
    made = ledger(world.tell().told)
    cells = {row["_id"]: row["cell"] for series in made.values() for row in series.rows}
    found = defaultdict(set)
    for one in findings(made):
        assert len(one["sides"]) == (1 if one["kind"] == "impossible" else 2)
        assert all(side["sentence"] and side["url"] for side in one["sides"])
        found[one["kind"]].add(cells[one["sides"][0]["row"]])
    planted = defaultdict(set)
    for cell, kind in world.planted:
        planted[kind].add(cell)
    assert {kind: len(cells) for kind, cells in planted.items()} == dict.fromkeys(PLANTABLE, PLANTED)
    assert found == planted


def test_order_does_not_matter() -> None:
    world = World(7)
    for kind in PLANTABLE:
        world.plant(kind, 20)
    told = world.tell().told
    expected = findings(ledger(told))
    world.rng.shuffle(told)
    assert sorted(findings(ledger(told)), key=lambda one: one["_id"]) == sorted(
        expected, key=lambda one: one["_id"]
    )


def streaks(*told: tuple[int, int], survey: object = PROVINCIAL) -> list[facts.Document]:
    return [
        document
        for year, years in told
        for document in printed(
            f"ep18:{year}{years}{survey is None}",
            [number("satisfaction_streak", years, BUREAU, year, survey=survey)],
            f"{year + 1}-01-10",
        )
    ]


def messages(*told: list[facts.Document]) -> list[str]:
    return [one["message"] for one in findings(ledger(stored(sum(told, []))))]


def test_two_years_that_do_not_fit_are_one_finding() -> None:
    assert messages(streaks((2020, 12), (2021, 14))) == [
        "14 years in a row in 2021 began in 2008, 12 years in a row in 2020 began in 2009"
    ]


def test_a_streak_may_end_and_another_begin() -> None:
    assert messages(streaks((2010, 5), (2011, 6), (2016, 2), (2017, 3))) == []
    assert len(messages(streaks((2010, 5), (2011, 6), (2017, 3)))) == 1


def test_two_surveys_are_two_streaks() -> None:
    assert messages(streaks((2020, 17), (2021, 18)), streaks((2020, 9), (2021, 10), survey=HOUSE)) == []


def test_an_unnamed_survey_fits_any_named_one_and_is_flagged_when_it_fits_none() -> None:
    named = streaks((2020, 17), (2021, 18)) + streaks((2020, 9), (2021, 10), survey=HOUSE)
    assert messages(named, streaks((2022, 19), (2019, 8), survey=None)) == []
    assert len(messages(streaks((2020, 17), (2021, 18)), streaks((2022, 20), survey=None))) == 1


def scores(*told: tuple[int, float | None, facts.Comparison | None], **more: object) -> list[facts.Document]:
    return [
        document
        for year, value, comparison in told
        for document in printed(
            f"ep18:{year}{value}",
            [number("satisfaction_score", value, BUREAU, year, comparison=comparison, **more)],
        )
    ]


def test_a_change_is_compared_within_what_rounding_explains() -> None:
    before = (2020, 80.0, None)
    assert messages(scores(before, (2021, 81.57, facts.change("up", 1.57)))) == []
    assert messages(scores(before, (2021, 81.57, facts.change("up", 1.6)))) == []
    assert messages(scores(before, (2021, 81.57, facts.change("down", 1.57)))) == [
        "2021: 81.57, down by 1.57, means 83.14 in 2020, where 80 is told"
    ]


def test_a_change_counts_from_the_year_that_it_names() -> None:
    told = scores((2018, 78.2, None), (2020, 80.0, None), (2021, 81.2, facts.change("up", 3.0, base=2018.0)))
    assert messages(told) == []


def test_a_change_told_alone_is_compared_with_the_value_of_another_article() -> None:
    told = scores((2020, 80.0, None), (2021, 81.57, None), (2021, None, facts.change("up", 2.0)))
    assert messages(told) == ["2021: 81.57, up by 2, means 79.57 in 2020, where 80 is told"]


def test_a_rough_number_proves_nothing() -> None:
    rough = scores((2021, 81.0, facts.change("up", 2.0)), qualifier="over")
    assert messages(scores((2020, 80.0, None)), rough) == []


def ranks(key: str, *told: tuple[str, int, int, int | None]) -> list[facts.Document]:
    made = [
        number(RANK, place, bureau, year, rank=facts.peers_of("province_bureaus", of))
        for bureau, year, place, of in told
    ]
    return printed(key, made)


def test_the_number_of_bureaus_may_change_over_the_years_only() -> None:
    told = [
        ("csg-gd-qingyuan", 2018, 9, 19),
        ("csg-gd-meizhou", 2018, 3, 19),
        ("csg-gd-meizhou", 2021, 2, 20),
    ]
    assert messages(ranks("ep18:1", *told)) == []
    assert messages(ranks("ep18:1", *told, ("csg-gd-heyuan", 2018, 4, 20))) == [
        "2018: 20 bureaus are ranked, elsewhere 19"
    ]


def test_a_rank_below_the_last_bureau_is_flagged() -> None:
    told = [("csg-gd-qingyuan", 2018, 9, 19), ("csg-gd-meizhou", 2018, 20, None)]
    assert messages(ranks("ep18:1", *told)) == ["2018: rank 20, where 19 bureaus are ranked"]


def test_one_rank_among_two_numbers_of_peers() -> None:
    told = ranks("ep18:1", (BUREAU, 2018, 9, 19)) + ranks("ep18:2", (BUREAU, 2018, 9, 20))
    assert messages(told) == ["2018: among 19, elsewhere among 20"]


IMPOSSIBLE = {
    "2021年，清远供电局供电服务满意度在全省12个地市供电局中排名第14位。": "rank_above_of",
    "2021年，清远供电局供电服务满意度得分为105.3分。": "out_of_range",
    "2021年，清远供电局供电可靠率达到199.98%。": "out_of_range",
    "2021年，广东电网公司供电服务满意度在21个地市中有25个排名第一。": "count_above_of",
}


def extracted(key: str, text: str) -> list[facts.Document]:
    """What the store holds of an article of this text."""
    return stored(printed(key, extract(text, published=date(2022, 1, 10))))


@pytest.mark.parametrize("text", IMPOSSIBLE)
def test_what_an_article_says_against_itself_is_a_finding_with_one_side(text: str) -> None:
    told = extracted("ep18:1", text)
    (one,) = findings(ledger(told))
    assert (one["kind"], len(one["sides"])) == ("impossible", 1)
    assert IMPOSSIBLE[text] in [kind_of(text) for fact in told for text in fact["flags"]]
    value = max(fact["value"] for fact in told)
    assert f"{value:g}" in one["message"] and KINDS[IMPOSSIBLE[text]] in one["message"]


@pytest.mark.parametrize("text", IMPOSSIBLE)
def test_the_impossible_is_found_by_its_numbers_alone(text: str) -> None:
    told = [{**fact, "flags": []} for fact in extracted("ep18:1", text)]
    assert [one["message"] for one in findings(ledger(told))] == [
        one["message"] for one in findings(ledger(extracted("ep18:1", text)))
    ]


def test_a_flag_with_the_other_sentence_is_told_by_its_numbers() -> None:
    flags = [flag("valid_above_issued", "1200 valid of 1000", "发放问卷1000份。")]
    told = number("survey_valid", 1200.0, BUREAU, 2021, flags=flags)
    assert messages(printed("ep18:1", [told])) == [
        "2021: 1200 valid of 1000: more valid answers than questionnaires issued"
    ]


def test_a_streak_may_be_longer_than_its_services_are_many() -> None:
    told = extracted("ep18:1", "2021年，清远供电局供电服务满意度连续13年在全市12项公共服务中排名第一。")
    assert {fact["metric"] for fact in told} >= {"satisfaction_streak"}
    assert findings(ledger(told)) == []


def test_a_rise_above_the_level_is_impossible_and_a_sane_number_is_not() -> None:
    assert len(messages(scores((2021, 80.0, facts.change("up", 1.0))))) == 0
    told = extracted("ep18:1", "2021年，清远供电局供电服务满意度得分为40.8分，同比上升41.57分。")
    assert [one["kind"] for one in findings(ledger(told))] == ["impossible"]
