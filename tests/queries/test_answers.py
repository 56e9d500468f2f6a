"""Each question with every set of filters gives what looking at each document in Python gives."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from svcsat_crawler.ledger.keys import level_of, province_of
from svcsat_crawler.storage import queries
from svcsat_crawler.storage.documents import beijing
from svcsat_crawler.storage.queries import Asked, Bureau, Years, holdings
from svcsat_crawler.text.times import BEIJING
from tests.queries.cases import NOW, QUESTIONS, every_asked, fits, printed
from tests.queries.conftest import Document, Filled

GROUP = ("metric", "year", "survey_key", "rank_kind", "segment", "scope")


def ids(documents: Iterable[Document]) -> list[str]:
    return [document["_id"] for document in documents]


def series(filled: Filled, asked: Asked) -> set[str]:
    return {row["_id"] for row in filled.answers.ledger if fits(row, asked)}


def conflicts(filled: Filled, asked: Asked) -> set[str]:
    return {row["_id"] for row in filled.answers.ledger if row["state"] == "conflict" and fits(row, asked)}


def gaps(filled: Filled, asked: Asked) -> set[str]:
    return {
        gap["_id"]
        for gap in filled.answers.gaps
        if fits(gap, asked, "source")
        and gap["due"] < f"{NOW:%Y-%m-%d}"
        and (not asked.source or asked.source in [place["source"] for place in gap["where"]])
    }


def audit(filled: Filled, asked: Asked) -> set[str]:
    return {
        one["_id"] for one in filled.answers.audit if one["state"] == "open" and fits(one, asked, "source")
    }


def facts(filled: Filled, asked: Asked) -> set[str]:
    return {fact["_id"] for fact in filled.facts if fits(fact, asked)}


def articles(filled: Filled, asked: Asked) -> set[str]:
    about = asked.without("source", "years").given()
    stating = {fact["article"] for fact in filled.facts if fits(fact, asked, "years")}
    return {
        article["_id"]
        for article in filled.articles
        if printed(article, asked.years)
        and (not asked.source or article["source"] == asked.source)
        and (not about or article["_id"] in stating)
    }


def watch(filled: Filled, asked: Asked) -> set[str]:
    found = set()
    for event in filled.events:
        province = province_of(event["subject"]["id"], event["subject"]["name"])
        seen = {**event, "province": province, "source": event["spider"], "survey_key": asked.survey}
        at = beijing(event["at"])
        when = not asked.years or (at is not None and asked.years.first <= at.year <= asked.years.last)
        if when and fits(seen, asked, "years"):
            found.add(event["_id"])
    return found


def runs(filled: Filled, asked: Asked) -> set[str]:
    return {
        run["_id"]
        for run in filled.runs
        if (not asked.source or run["spider"] == asked.source)
        and printed({"published": run["started"]}, asked.years)
    }


EXPECTED: dict[str, Callable[[Filled, Asked], set[str]]] = {
    "series": series, "conflicts": conflicts, "gaps": gaps, "audit": audit, "facts": facts, "articles": articles,
    "watch": watch, "runs": runs,
}  # fmt: skip


@pytest.mark.parametrize("question", EXPECTED)
def test_every_set_of_filters_finds_all_and_only_what_fits(filled: Filled, question: str) -> None:
    some = 0
    for asked in every_asked():
        found = ids(QUESTIONS[question](filled.database, asked, None))
        assert len(found) == len(set(found)), f"{asked.given()}: something twice"
        assert set(found) == EXPECTED[question](filled, asked), asked.given()
        some += bool(found)
    assert some > 10


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_limit_takes_the_first_of_the_whole_answer(filled: Filled, question: str) -> None:
    for asked in every_asked()[::13]:
        whole = ids(QUESTIONS[question](filled.database, asked, None))
        cut = ids(QUESTIONS[question](filled.database, asked, 3))
        if question == "movers":  # half improved, half worsened
            assert len(cut) == min(3, len(whole)) and set(cut) <= set(whole)
        else:
            assert cut == whole[:3], asked.given()


def test_a_gap_is_shown_from_the_day_after_it_was_due(filled: Filled) -> None:
    last = max(filled.answers.gaps, key=lambda gap: (gap["due"], gap["_id"]))
    day = datetime.fromisoformat(last["due"]).replace(tzinfo=BEIJING)
    assert day > NOW, "nothing is still awaited, so nothing is tested"
    for at, shown in ((NOW, False), (day, False), (day + timedelta(days=1), True)):
        asked = Asked(at=at, bureau=Bureau(last["subject_key"], ""), years=Years(last["year"], last["year"]))
        assert (last["_id"] in ids(queries.gaps(filled.database, asked, None))) == shown


def test_a_series_is_in_order_of_bureau_survey_and_year(filled: Filled) -> None:
    asked = Asked(at=NOW, metrics=("satisfaction_score",), province="广东")
    rows = list(queries.series(filled.database, asked, None))
    order = [(row["subject_key"], row["survey_key"], row["year"]) for row in rows]
    assert order == sorted(order) and len(rows) > 20


def test_facts_and_articles_come_latest_first(filled: Filled) -> None:
    for asked in (
        Asked(at=NOW),
        Asked(at=NOW, metrics=("saidi", "satisfaction_score")),
        Asked(at=NOW, province="广东"),
    ):
        for found in (queries.facts, queries.articles):
            times = [one["published"] for one in found(filled.database, asked, 300)]
            dated = [time for time in times if time]
            assert dated == sorted(dated, reverse=True)
            assert times[: len(dated)] == dated, "articles without a date come last"


@pytest.mark.parametrize("metric", ["satisfaction_score", "satisfaction_rank"])
def test_a_league_puts_the_best_first_and_counts_places(filled: Filled, metric: str) -> None:
    years = sorted({row["year"] for row in filled.answers.ledger if row["metric"] == metric})
    latest = list(queries.league(filled.database, Asked(at=NOW, metrics=(metric,)), None))
    assert {row["year"] for row in latest} == {years[-1]}
    asked = Asked(at=NOW, metrics=(metric,), years=Years(2018, 2019))
    rows = list(queries.league(filled.database, asked, None))
    expected = {row["_id"] for row in filled.answers.ledger if fits(row, asked) and row["value"] is not None}
    assert {row["_id"] for row in rows} == expected
    groups: dict[tuple[Any, ...], list[Document]] = defaultdict(list)
    for row in rows:
        assert row["level"] == level_of(row["subject"]["id"], row["subject"]["name"])
        groups[row["level"], *(row[name] for name in GROUP)].append(row)
    assert {"prefecture", "province"} <= {key[0] for key in groups}
    for year in (2018, 2019):
        levels = [key[0] for key in groups if key[2] == year]
        cities = levels.count("prefecture")
        assert set(levels[:cities]) == {"prefecture"}, "cities come first"
    better = (lambda a, b: a < b) if metric == "satisfaction_rank" else (lambda a, b: a > b)
    for group in groups.values():
        for row in group:
            assert row["place"] == 1 + sum(better(other["value"], row["value"]) for other in group)
            assert row["listed"] == len(group)
    assert rows == [row for group in groups.values() for row in group], "a group is told in one piece"


def test_a_bureau_in_a_league_keeps_its_place_among_all(filled: Filled) -> None:
    asked = Asked(at=NOW, years=Years(2010, 2024), province="广东")
    whole = {row["_id"]: row for row in queries.league(filled.database, asked, None)}
    key = next(row["subject_key"] for row in whole.values() if row["place"] > 1)
    one = Asked(at=NOW, years=asked.years, province="广东", bureau=Bureau(key, key))
    rows = list(queries.league(filled.database, one, None))
    assert rows == [row for row in whole.values() if row["subject_key"] == key]


def test_movers_improve_first_and_worsen_last(filled: Filled) -> None:
    for metric, sign in (("satisfaction_score", 1), ("satisfaction_rank", -1)):
        asked = Asked(at=NOW, metrics=(metric,), years=Years(2019, 2019))
        deltas = [sign * row["delta"] for row in queries.movers(filled.database, asked, None)]
        expected = [
            sign * row["delta"]
            for row in filled.answers.ledger
            if fits(row, asked) and row["delta"] not in (None, 0)
        ]
        assert deltas == sorted(expected, reverse=True)
        assert deltas


def test_streaks_are_told_once_at_their_longest(filled: Filled) -> None:
    longest: dict[tuple[Any, ...], Document] = {}
    merged = 0
    for row in filled.answers.ledger:
        if row["metric"] == "satisfaction_streak" and row["value"] is not None:
            began = row["year"] - row["value"] + 1
            surveys = {
                other["survey_key"]
                for other in filled.answers.ledger
                if (other["subject_key"], other["metric"]) == (row["subject_key"], row["metric"])
                and other["value"] is not None
                and other["year"] - other["value"] + 1 == began
                and other["survey_key"]
            }
            folded = not row["survey_key"] and len(surveys) == 1
            merged += folded
            key = (row["subject_key"], next(iter(surveys)) if folded else row["survey_key"], began)
            if key not in longest or longest[key]["value"] < row["value"]:
                longest[key] = row
    assert merged > 3, "no streak without a survey, so nothing tested"
    found = list(queries.streaks(filled.database, Asked(at=NOW), None))
    assert {row["_id"] for row in found} == {row["_id"] for row in longest.values()}
    assert [row["value"] for row in found] == sorted((row["value"] for row in found), reverse=True)
    one = Bureau(found[5]["subject_key"], "")
    assert {row["_id"] for row in queries.streaks(filled.database, Asked(at=NOW, bureau=one), None)} == {
        row["_id"] for row in longest.values() if row["subject_key"] == one.key
    }


def test_the_demo_gets_certain_facts_of_different_bureaus(filled: Filled) -> None:
    best = queries.best_facts(filled.database, 10)
    assert len(best) == 10
    assert all(fact["status"] == "measured" for fact in best)
    assert len({fact["subject"]["name"] for fact in best}) == 10


def test_what_is_held_instead_names_the_filter_that_is_in_the_way(filled: Filled) -> None:
    row = next(row for row in filled.answers.ledger if row["metric"] == "saidi")
    bureau = Bureau(row["subject_key"], row["subject"]["name"])
    nothing = Asked(at=NOW, bureau=bureau, metrics=("saidi",), years=Years(1995, 1995))
    years = sorted(
        {
            other["year"]
            for other in filled.answers.ledger
            if other["subject_key"] == bureau.key and other["metric"] == "saidi"
        }
    )
    assert holdings.held(filled.database, "ledger", nothing) == ("years", years)
    unheard = Asked(at=NOW, bureau=Bureau("name:甲", "甲"), metrics=("saidi",))
    held = holdings.held(filled.database, "ledger", unheard)
    assert held is not None and held.name == "bureau" and bureau.key in held.values


def test_articles_of_a_far_future_and_of_long_ago_are_found(filled: Filled) -> None:
    """Time is walked through in pieces: none may be left out."""
    odd = [datetime(1971, 5, 1, tzinfo=UTC), datetime(2090, 1, 1, tzinfo=UTC)]
    collection = filled.database.articles
    like = filled.articles[0]
    try:
        collection.insert_many(
            [{**like, "_id": f"odd:{n}", "source": "odd", "published": at} for n, at in enumerate(odd)]
        )
        found = list(queries.articles(filled.database, Asked(at=NOW, source="odd"), None))
        assert [article["_id"] for article in found] == ["odd:1", "odd:0"]
    finally:
        collection.delete_many({"source": "odd"})
