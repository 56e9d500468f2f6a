"""Every decision about an entry, from states and sights written down here."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcsat_crawler.schedule.decisions import (
    CLOCK_SLACK,
    MOST_ASKS,
    PAUSE,
    SETTLE,
    Run,
    Seen,
    State,
    Step,
    begin,
    choose,
    follow,
    refused,
)
from svcsat_crawler.schedule.timetable import Entry

DAILY = Entry("daily", "ep18", "30 6 * * *")  # 22:30 UTC the day before
PLANNED = datetime(2026, 11, 21, 22, 30, tzinfo=UTC)
BEFORE = State("daily", "ep18", DAILY.times, counted=PLANNED - timedelta(days=1))
SOON = PLANNED + timedelta(seconds=5)
JOB = "daily-20261121T223005Z"
ASKED = replace(BEFORE, counted=PLANNED, phase="asked", planned=PLANNED, job=JOB, asks=1, asked=SOON)
LOST = replace(ASKED, phase="lost", verdict="lost")
ENDED = Run("good", "3 articles read", "finished", SOON, alive=False)
KILLED = Run("running", "", None, None, alive=False)


def kind(step: Step) -> str | None:
    return step.decision.kind if step.decision else None


def test_a_new_entry_counts_from_now_on() -> None:
    step = begin(DAILY, None, SOON)
    assert (kind(step), step.state.counted, step.state.phase) == ("begin", SOON, "idle")
    assert choose(DAILY, step.state, {}, SOON + timedelta(hours=1)) == (step.state, None)


def test_what_is_known_goes_on() -> None:
    assert begin(DAILY, ASKED, SOON) == (ASKED, None)


def test_changed_times_count_from_now_on_and_the_running_job_is_followed() -> None:
    step = begin(replace(DAILY, cron="0 6 * * *"), ASKED, SOON)
    assert (kind(step), step.state.counted, step.state.job, step.state.phase) == ("begin", SOON, JOB, "asked")
    step = begin(replace(DAILY, zone="Europe/Berlin"), ASKED, SOON)
    assert kind(step) == "begin"


def test_a_clock_that_was_far_ahead_does_not_silence_an_entry() -> None:
    ahead = replace(BEFORE, counted=SOON + timedelta(days=900))
    step = begin(DAILY, ahead, SOON)
    assert (kind(step), step.state.counted) == ("begin", SOON)


def test_a_clock_that_goes_back_a_little_doubles_nothing() -> None:
    early = PLANNED - CLOCK_SLACK + timedelta(minutes=1)
    step = begin(DAILY, replace(ASKED, phase="done"), early)
    assert kind(step) is None
    for minutes in range(0, 24 * 60, 30):
        assert kind(choose(DAILY, step.state, {}, early + timedelta(minutes=minutes))) is None


def test_due_is_asked_for() -> None:
    step = choose(DAILY, BEFORE, {}, SOON)
    assert step.state == ASKED
    assert step.decision == ("ask", f"{JOB} for 11-22 06:30 (+08:00)")


def test_missed_times_are_caught_up_once() -> None:
    step = choose(DAILY, replace(BEFORE, counted=PLANNED - timedelta(days=9)), {}, SOON)
    assert step.state == ASKED
    assert step.decision and step.decision.text.endswith("once for 9 planned times")
    assert choose(DAILY, step.state, {}, SOON + timedelta(hours=1)) == (step.state, None)


def test_what_is_later_than_allowed_is_skipped_and_said() -> None:
    late = PLANNED + DAILY.late
    assert kind(choose(DAILY, BEFORE, {}, late)) == "ask"
    step = choose(DAILY, BEFORE, {}, late + timedelta(seconds=1))
    assert (kind(step), step.state.counted, step.state.skipped) == ("skip", PLANNED, PLANNED)
    assert step.decision and "later than the allowed 6h" in step.decision.text
    assert kind(choose(DAILY, step.state, {}, late + timedelta(hours=1))) is None


def test_a_spider_that_runs_is_waited_for_and_that_is_said_once() -> None:
    step = choose(DAILY, BEFORE, {"ep18": "by-hand"}, SOON)
    assert (kind(step), step.state.counted) == ("wait", BEFORE.counted)
    assert step.decision and "ep18 is under way as by-hand" in step.decision.text
    assert kind(choose(DAILY, step.state, {"ep18": "by-hand"}, SOON)) is None
    assert kind(choose(DAILY, step.state, {"ep18": "another"}, SOON)) == "wait"
    free = choose(DAILY, step.state, {"finews": "other"}, SOON)
    assert (kind(free), free.state.waits) == ("ask", "")


def test_who_waits_too_long_is_skipped_with_what_it_waited_for() -> None:
    waiting = choose(DAILY, BEFORE, {"ep18": "by-hand"}, SOON).state
    step = choose(DAILY, waiting, {"ep18": "by-hand"}, PLANNED + timedelta(hours=7))
    assert kind(step) == "skip"
    assert step.decision and "it waited: ep18 is under way as by-hand" in step.decision.text


@pytest.mark.parametrize(
    "seen",
    [
        Seen(queued=frozenset({JOB})),
        Seen(queued=frozenset({JOB}), runs={JOB: KILLED}),
        Seen(runs={JOB: replace(KILLED, alive=True)}),  # scrapyd was killed, its job was not
    ],
)
def test_a_job_under_way_is_left_alone(seen: Seen) -> None:
    missed = replace(ASKED, missing=SOON)
    assert follow(missed, seen, SOON + timedelta(hours=9)) == (ASKED, None)


@pytest.mark.parametrize("ended", [frozenset(), frozenset({JOB})])
def test_a_run_that_came_to_its_end_is_done(ended: frozenset[str]) -> None:
    step = follow(ASKED, Seen(ended=ended, runs={JOB: ENDED}), SOON)
    assert step.decision == ("done", f"{JOB}: good – 3 articles read")
    assert (step.state.phase, step.state.verdict, step.state.cause) == ("done", "good", "3 articles read")
    assert kind(choose(DAILY, step.state, {}, SOON)) is None


def test_a_job_that_was_cancelled_is_done_and_one_stopped_with_scrapyd_is_lost() -> None:
    stopped = replace(
        ENDED, verdict="incomplete", cause="stopped before the end (shutdown)", reason="shutdown"
    )
    assert kind(follow(ASKED, Seen(ended=frozenset({JOB}), runs={JOB: stopped}), SOON)) == "done"
    assert kind(follow(ASKED, Seen(runs={JOB: stopped}), SOON)) == "lost"


@pytest.mark.parametrize(
    ("seen", "why"),
    [
        (Seen(runs={JOB: KILLED}), "its process ended without a word"),
        (Seen(ended=frozenset({JOB}), runs={JOB: KILLED}), "its process ended without a word"),
        (Seen(runs={JOB: replace(KILLED, verdict="incomplete")}), "its process ended without a word"),
        (Seen(ended=frozenset({JOB})), "it ended before its record began"),
    ],
)
def test_a_job_that_died_is_lost(seen: Seen, why: str) -> None:
    step = follow(ASKED, seen, SOON)
    assert (kind(step), step.state.phase) == ("lost", "lost")
    assert step.decision and why in step.decision.text


def test_a_job_that_nobody_knows_is_lost_after_a_while_only() -> None:
    first = follow(ASKED, Seen(), SOON)
    assert (kind(first), first.state.missing) == (None, SOON)
    again = follow(first.state, Seen(), SOON + SETTLE - timedelta(seconds=1))
    assert (kind(again), again.state) == (None, first.state)
    assert kind(follow(first.state, Seen(), SOON + SETTLE)) == "lost"
    late = follow(replace(ASKED, missing=None), Seen(), SOON + timedelta(days=1))
    assert kind(late) is None, "a scheduler that was away itself looks twice"


def test_a_lost_job_is_asked_for_again_under_another_id() -> None:
    at = SOON + timedelta(minutes=1)
    step = choose(DAILY, LOST, {}, at)
    assert step.decision == ("again", "daily-20261121T223105Z for 11-22 06:30 (+08:00) (ask number 2)")
    assert (step.state.planned, step.state.asks, step.state.phase) == (PLANNED, 2, "asked")
    assert step.state.job != LOST.job


def test_a_lost_job_waits_for_its_spider() -> None:
    step = choose(DAILY, LOST, {"ep18": "x"}, SOON)
    assert (kind(step), step.state.phase, step.state.asks) == ("wait", "lost", 1)


def test_a_job_that_is_lost_again_and_again_is_asked_for_ever_later_and_then_given_up() -> None:
    twice = replace(LOST, asks=2)
    assert kind(choose(DAILY, twice, {}, SOON + PAUSE - timedelta(seconds=1))) is None
    assert kind(choose(DAILY, twice, {}, SOON + PAUSE)) == "again"
    step = choose(DAILY, replace(LOST, asks=MOST_ASKS), {}, SOON + PAUSE * MOST_ASKS)
    assert (kind(step), step.state.phase, step.state.verdict) == ("give up", "done", "given up")
    assert kind(choose(DAILY, step.state, {}, SOON + timedelta(hours=1))) is None


def test_the_next_planned_time_takes_the_place_of_a_lost_job() -> None:
    step = choose(DAILY, LOST, {}, SOON + timedelta(days=1))
    assert kind(step) == "ask"
    assert step.decision and f"the lost {JOB} is not asked for again" in step.decision.text
    assert (step.state.planned, step.state.asks) == (PLANNED + timedelta(days=1), 1)


def test_what_scrapyd_refuses_stays_due_and_is_said_once() -> None:
    step = refused(BEFORE, "no such spider")
    assert (kind(step), step.state.counted) == ("refused", BEFORE.counted)
    assert kind(refused(step.state, "no such spider")) is None
    assert kind(refused(step.state, "something else")) == "refused"
    assert kind(choose(DAILY, step.state, {}, SOON)) == "ask"


SIGHT = st.sampled_from(["queued", "running", "ended", "killed", "shutdown", "unborn", "nothing"])


@given(st.lists(st.tuples(SIGHT, st.integers(1, 40_000), st.booleans()), max_size=60))
def test_whatever_happens_no_job_is_asked_for_while_one_is_under_way(
    story: list[tuple[str, int, bool]],
) -> None:
    """Every planned time is asked for or skipped, in order, and never beside a job under way."""
    at = SOON - timedelta(hours=1)
    state = begin(DAILY, None, at).state
    handled: list[datetime] = []
    for sight, seconds, hand in story:
        at += timedelta(seconds=seconds)
        job = state.job or "none"
        seen = {
            "queued": Seen(queued=frozenset({job}), busy={"ep18": job}),
            "running": Seen(runs={job: replace(KILLED, alive=True)}, busy={"ep18": job}),
            "ended": Seen(ended=frozenset({job}), runs={job: ENDED}),
            "killed": Seen(runs={job: KILLED}),
            "shutdown": Seen(runs={job: replace(ENDED, reason="shutdown")}),
            "unborn": Seen(ended=frozenset({job})),
            "nothing": Seen(),
        }[sight]
        busy = {**seen.busy, **({"ep18": "hand"} if hand else {})}
        followed = follow(state, seen, at).state
        if followed.phase == "asked":
            busy.setdefault("ep18", job)
        step = choose(DAILY, followed, busy, at)
        if kind(step) in ("ask", "again"):
            assert not busy
            assert step.state.job != state.job
            assert step.state.planned and at - step.state.planned <= DAILY.late or kind(step) == "again"
        if step.state.counted != state.counted:
            assert kind(step) in ("ask", "skip")
            handled.append(step.state.counted)
        state = step.state
    assert handled == sorted(set(handled))
    latest, _ = DAILY.due(SOON - timedelta(hours=1), at)
    assert latest is None or latest in handled or latest > state.counted
