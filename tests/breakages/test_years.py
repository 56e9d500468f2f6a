"""What only a site's own history tells: named when it comes, and never on an ordinary day of many years."""

from __future__ import annotations

import os
from datetime import date, timedelta

import pytest

from tests.breakages.years import START, Day, Site, greetings, rests

ORDINARY = {
    "ten a day": Site((6.0, 4.0)),
    "forty a day": Site((20.0, 12.0, 8.0)),
    "one a day": Site((1.0,)),
    "three a day, most with figures": Site((2.0, 1.0), telling=0.9),
    "three a day, few with figures": Site((2.0, 1.0), telling=0.15),
    "one a week": Site((0.15, 0.1)),
    "one a month": Site((0.03,)),
    "a busy and a sleepy list": Site((8.0, 0.05)),
    "greetings without figures": Site((9.0,), days=greetings),
    "many greetings, usually all with figures": Site((15.0,), telling=0.95, days=greetings),
    "half name their source": Site((5.0,), origin=0.5),
    "crawled on Mondays": Site((5.0, 0.3), every=lambda day: day.weekday() == 0),
    "not crawled in the holidays": Site((5.0, 0.3), every=lambda day: not rests(day)),
    "not crawled for a quarter": Site((5.0, 0.3), every=lambda day: not 4 <= day.month <= 6),
}


# A dozen with `make soak`.
SEEDS = range(12 if os.environ.get("SVCSAT_SOAK") else 1)


@pytest.mark.parametrize("name", ORDINARY)
@pytest.mark.parametrize("seed", SEEDS)
def test_ordinary_years_raise_no_alarm(name: str, seed: int) -> None:
    site = ORDINARY[name]
    site = Site(site.lists, site.telling, site.origin, seed, every=site.every, days=site.days)
    alarms = [
        (day, verdict.cause) for day, verdict in site.live(3) if verdict.word not in ("good", "no news")
    ]
    assert alarms == []


# A year and some into its history; the two festivals after it are still to come.
SINCE = date(2024, 9, 2)
CHANGES = {
    "nothing new any more": (Site((6.0, 4.0)), Day(news=0.0), "silent", 95),
    "nothing new in one a week": (Site((0.3,)), Day(news=0.0), "silent", 160),
    "no figures": (Site((6.0, 4.0)), Day(telling=0.0), "no_figures", 21),
    "no figures in one a day": (Site((1.0,)), Day(telling=0.0), "no_figures", 60),
    "no figures in forty a day": (Site((40.0,)), Day(telling=0.0), "no_figures", 22),
    "most sources gone": (Site((6.0, 4.0)), Day(origin=0.2), "layout", 7),
    "most clocks gone": (Site((2.0, 1.0)), Day(clock=0.25), "layout", 30),
    "everything anew": (Site((3.0,)), Day(news=300.0), "flood", 3),
    "four rows of 25": (Site((6.0, 4.0)), Day(rows=0.16), "layout", 1),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_named_in_time_and_nothing_before(name: str) -> None:
    site, change, kind, days = CHANGES[name]
    named = None
    for day, verdict in site.broken(SINCE, change).live((SINCE - START).days / 365 + 0.6):
        kinds = {cause.kind for cause in verdict.causes}
        assert day >= SINCE or not kinds, (day, verdict.cause)
        if kind in kinds:
            named = named or day
            assert verdict.word == "incomplete"
            assert kinds == {kind}, (day, verdict.cause)
    assert named and named <= SINCE + timedelta(days=days), named


def test_what_is_mended_is_not_named_any_more() -> None:
    mended = SINCE + timedelta(days=40)
    bad = Day(telling=0.0, origin=0.0)
    usual = Site((6.0, 4.0))
    site = Site((6.0, 4.0), days=lambda day: bad if SINCE <= day < mended else usual.days(day))
    words = {day: verdict.word for day, verdict in site.live((mended - START).days / 365 + 0.3)}
    assert words[mended - timedelta(days=1)] not in ("good", "no news")
    assert {word for day, word in words.items() if day >= mended} <= {"good", "no news"}
