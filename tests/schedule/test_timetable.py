"""``schedule.toml``: what is taken, what is refused, and which times come of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from svcsat_crawler.schedule.timetable import Entry, ScheduleError, read
from tests.building import ROOT

GOOD = 'spider = "ep18"\ncron = "30 6 * * *"\n'


def test_an_entry_with_all_it_can_say() -> None:
    (entry,) = read(
        '[ep18-daily]\nspider = "ep18"\ncron = "30 6 * * 1-5"\nzone = "Europe/Berlin"\nlate = "90m"\n'
        'arguments = { since = "2021", max_pages = 5, keywords = "供电,满意度" }\n'
        "settings = { DOWNLOAD_DELAY = 2.5 }\n"
    )
    assert entry == Entry(
        "ep18-daily",
        "ep18",
        "30 6 * * 1-5",
        "Europe/Berlin",
        timedelta(minutes=90),
        {"since": "2021", "max_pages": "5", "keywords": "供电,满意度"},
        {"DOWNLOAD_DELAY": "2.5"},
    )


def test_what_is_not_said() -> None:
    (entry,) = read(f"[a]\n{GOOD}")
    assert (entry.zone, entry.late, entry.arguments) == ("Asia/Shanghai", timedelta(hours=6), {})
    assert next(entry.after(datetime(2026, 11, 22, 4, tzinfo=UTC))) == datetime(
        2026, 11, 22, 22, 30, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "names no entry"),
        ("[a\n", "is no TOML"),
        ('spider = "ep18"', "stands outside of an entry"),
        (f"[Ep18]\n{GOOD}", "[Ep18]: a name is up to 40 lower-case letters"),
        ('["a/../b"]\nspider = "ep18"\ncron = "0 6 * * *"', "[a/../b]: a name is"),
        ('[a]\ncron = "0 6 * * *"', "[a] has no spider"),
        ('[a]\nspider = "ep18"', "[a] has no cron"),
        ('[a]\nspider = 18\ncron = "0 6 * * *"', "[a] spider = 18: right is a text in quotes"),
        (f"[a]\n{GOOD}every = 5", "[a] every: unknown, right are spider, cron, zone"),
        ('[a]\nspider = "ep18"\ncron = "0 6 * *"', "4 fields instead of 5; right is e.g."),
        ('[a]\nspider = "ep18"\ncron = "0 0 6 * * *"', "6 fields instead of 5"),
        ('[a]\nspider = "ep18"\ncron = "61 6 * * *"', "'61 6 * * *': bad minute; right is e.g."),
        ('[a]\nspider = "ep18"\ncron = "0 0 31 2 *"', "'0 0 31 2 *': bad day-of-month"),
        (
            f'[a]\n{GOOD}zone = "Asia/Guangzhou"',
            "'Asia/Guangzhou': no such time zone, right is e.g. Asia/Shanghai",
        ),
        (f'[a]\n{GOOD}zone = "../etc/passwd"', "no such time zone"),
        (f'[a]\n{GOOD}late = "6"', "late = '6': right is 1m to 30d"),
        (f'[a]\n{GOOD}late = "0m"', "late = '0m': right is"),
        (f'[a]\n{GOOD}late = "31d"', "late = '31d': right is"),
        (f"[a]\n{GOOD}arguments = 5", "[a] arguments = 5: right is a table"),
        (
            f"[a]\n{GOOD}arguments = {{ full = true }}",
            "[a] arguments.full = True: right is a text or a number",
        ),
        (f'[a]\n{GOOD}arguments = {{ _job = "x" }}', "[a] arguments._job: scrapyd keeps this name"),
        (f'[a]\n{GOOD}arguments = {{ spider = "x" }}', "[a] arguments.spider: scrapyd keeps this name"),
        (f"[a]\n{GOOD}settings = {{ delay = 1 }}", "[a] settings.delay: no name of a setting"),
    ],
)
def test_a_wrong_timetable_is_refused_in_one_line(text: str, said: str) -> None:
    with pytest.raises(ScheduleError) as caught:
        read(text, "table.toml")
    message = str(caught.value)
    assert said in message
    assert message.startswith("table.toml")
    assert "\n" not in message


def test_the_projects_own_timetable_can_be_used() -> None:
    assert {entry.spider for entry in read((ROOT / "schedule.toml").read_text("utf-8"))} == {
        "ep18",
        "nanfangplus",
        "finews",
    }


def at(day: int, clock: str, zone: str) -> datetime:
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, 3, day, hour, minute, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def test_of_several_missed_times_the_latest_is_due() -> None:
    entry = Entry("a", "ep18", "30 6 * * *")
    after, until = at(1, "06:30", entry.zone), at(4, "06:29", entry.zone)
    assert entry.due(after, until) == (at(3, "06:30", entry.zone), 2)
    assert entry.due(after, until + timedelta(minutes=1)) == (at(4, "06:30", entry.zone), 3)
    assert entry.due(after, after) == (None, 0)
    assert entry.due(after, after - timedelta(days=400)) == (None, 0)


def test_a_clock_that_is_put_forward_loses_no_run_and_back_doubles_none() -> None:
    night = Entry("a", "ep18", "30 2 * * *", "Europe/Berlin")
    spring = [night.due(at(day, "00:00", "UTC"), at(day + 1, "00:00", "UTC"))[1] for day in (27, 28, 29, 30)]
    assert spring == [1, 1, 1, 1]
    autumn = datetime(2026, 10, 24, tzinfo=UTC)
    days = [night.due(autumn + timedelta(days=day), autumn + timedelta(days=day + 1))[1] for day in range(4)]
    assert days == [1, 1, 1, 1]
