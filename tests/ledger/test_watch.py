"""Numbers that changed between two versions of an article."""

from __future__ import annotations

from datetime import UTC, datetime

from svcsat_crawler.ledger.watch import Version, changed_numbers

PRINTED = datetime(2022, 1, 9, 16, tzinfo=UTC)
SEEN = datetime(2022, 2, 1, tzinfo=UTC)
SCORE = "2021年，清远供电局供电服务满意度得分{}分。"


def events(*texts: str) -> list[dict]:
    versions = [
        Version("清远供电局公布结果", text, PRINTED, SEEN if place else None)
        for place, text in enumerate(texts)
    ]
    return changed_numbers("ep18:1", versions)


def test_a_changed_score_is_told_with_before_and_after() -> None:
    (event,) = events(SCORE.format("81.57"), SCORE.format("82.57"))
    assert (event["kind"], event["article"], event["metric"]) == (
        "number_changed",
        "ep18:1",
        "satisfaction_score",
    )
    assert (event["subject"]["id"], event["year"], event["at"]) == ("csg-gd-qingyuan", 2021, SEEN)
    assert (event["before"]["value"], event["after"]["value"]) == (81.57, 82.57)
    assert event["before"]["sentence"] == SCORE.format("81.57")


def test_numbers_that_go_and_come() -> None:
    kinds = [
        event["kind"]
        for event in events(SCORE.format("81.57"), "清远供电局举行了发布会。", SCORE.format("81.57"))
    ]
    assert kinds == ["number_gone", "number_added"]


def test_other_words_around_the_same_number_are_no_event() -> None:
    assert events(SCORE.format("81.57"), "记者获悉，" + SCORE.format("81.57") + "该局表示将继续努力。") == []
    assert events(SCORE.format("81.57")) == []


def test_a_rank_and_a_streak_are_watched() -> None:
    text = "2021年，清远供电局供电服务满意度在全市公共服务中排名第{}，连续{}年位居首位。"
    changed = events(text.format("一", "13"), text.format("一", "12"))
    assert [(event["metric"], event["before"]["value"], event["after"]["value"]) for event in changed] == [
        ("satisfaction_streak", 13, 12)
    ]
