"""``schedule.toml``: what is crawled when.  Pure: no clock, no store, no network."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

ZONE = "Asia/Shanghai"
LATE = "6h"
FIELDS = ("spider", "cron", "zone", "late", "arguments", "settings")
LATEST = timedelta(days=30)
_CRON = 'right is e.g. "30 6 * * *" (minute hour day month weekday)'
_NAMES = {
    "arguments": "scrapyd keeps this name for itself",
    "settings": "no name of a setting: right is e.g. DOWNLOAD_DELAY",
}
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


class ScheduleError(ValueError):
    """A timetable that cannot be used; one line that names the entry and says what is right."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timetable."""

    name: str
    spider: str
    cron: str
    zone: str = ZONE
    late: timedelta = timedelta(hours=6)
    arguments: dict[str, str] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def times(self) -> str:
        """What decides its times: a change of it begins a new count."""
        return f"{self.cron} {self.zone}"

    def after(self, moment: datetime) -> Iterator[datetime]:
        """Yield the planned times after *moment*, in UTC.

        As in Debian's cron a time that the clocks leave out comes right after the gap, and one that
        they pass twice comes once.

        >>> berlin = Entry("e", "ep18", "30 2 * * *", "Europe/Berlin")
        >>> [f"{time:%d %H:%M}" for time, _ in zip(berlin.after(datetime(2026, 3, 28, tzinfo=UTC)), "123")]
        ['28 01:30', '29 01:00', '30 00:30']
        """
        for planned in CronSim(self.cron, moment.astimezone(ZoneInfo(self.zone))):
            yield planned.astimezone(UTC)

    def due(self, after: datetime, until: datetime) -> tuple[datetime | None, int]:
        """Return the latest planned time after *after* and up to *until*, and how many there are."""
        latest, count = None, 0
        for planned in self.after(after):
            if planned > until:
                break
            latest, count = planned, count + 1
        return latest, count


def read(text: str, file: str = "schedule.toml") -> list[Entry]:
    """Return the entries of a timetable in their order.

    Raises ScheduleError naming *file*, the entry and what would be right.
    """
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ScheduleError(f"{file} is no TOML: {error}") from error
    if not tables:
        raise ScheduleError(
            f'{file} names no entry: right is e.g. [ep18-daily] with spider = "ep18" and a cron'
        )
    try:
        return [_entry(name, table) for name, table in tables.items()]
    except ScheduleError as error:
        raise ScheduleError(f"{file}: {error}") from error


def _entry(name: str, table: Any) -> Entry:
    """Return one checked entry."""
    if not isinstance(table, dict):
        raise ScheduleError(f"{name} stands outside of an entry: write it below a line like [ep18-daily]")
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", name):
        raise ScheduleError(f"[{name}]: a name is up to 40 lower-case letters, digits and hyphens")
    for key in table:
        if key not in FIELDS:
            raise ScheduleError(f"[{name}] {key}: unknown, right are {', '.join(FIELDS)}")
    spider, cron = _word(name, table, "spider"), _word(name, table, "cron")
    zone, late = _word(name, table, "zone", ZONE), _word(name, table, "late", LATE)
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ScheduleError(f"[{name}] zone = {zone!r}: no such time zone, right is e.g. {ZONE}") from error
    entry = Entry(
        name,
        spider,
        cron,
        zone,
        _lateness(name, late),
        _texts(name, table, "arguments", r"(?!_)(?!(?:project|spider|jobid|priority|setting)$)\w+"),
        _texts(name, table, "settings", r"[A-Z][A-Z0-9_]*"),
    )
    if len(cron.split()) != 5:
        raise ScheduleError(f"[{name}] cron = {cron!r}: {len(cron.split())} fields instead of 5; {_CRON}")
    try:
        next(entry.after(datetime(2026, 1, 1, tzinfo=UTC)))
    except CronSimError as error:
        raise ScheduleError(f"[{name}] cron = {cron!r}: {str(error).lower()}; {_CRON}") from error
    except StopIteration as error:
        raise ScheduleError(f"[{name}] cron = {cron!r}: that time never comes; {_CRON}") from error
    return entry


def _word(name: str, table: dict[str, Any], key: str, default: str | None = None) -> str:
    value = table.get(key, default)
    if value is None:
        raise ScheduleError(f"[{name}] has no {key}: an entry needs spider and cron")
    if not isinstance(value, str) or not value.strip():
        raise ScheduleError(f"[{name}] {key} = {value!r}: right is a text in quotes")
    return value.strip()


def _lateness(name: str, late: str) -> timedelta:
    match = re.fullmatch(r"(\d{1,5})([mhd])", late)
    allowed = timedelta(**{_UNITS[match[2]]: int(match[1])}) if match else None
    if allowed is None or not timedelta(minutes=1) <= allowed <= LATEST:
        raise ScheduleError(f"[{name}] late = {late!r}: right is 1m to {LATEST.days}d, e.g. 90m, 6h or 1d")
    return allowed


def _texts(name: str, table: dict[str, Any], key: str, right: str) -> dict[str, str]:
    """Return what ``scrapy crawl`` would be given with -a or -s: texts.  *right*: pattern of the names."""
    given = table.get(key, {})
    if not isinstance(given, dict):
        raise ScheduleError(f"[{name}] {key} = {given!r}: right is a table in braces, name = value")
    for each, value in given.items():
        if not re.fullmatch(right, each):
            raise ScheduleError(f"[{name}] {key}.{each}: {_NAMES[key]}")
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise ScheduleError(f"[{name}] {key}.{each} = {value!r}: right is a text or a number")
    return {each: str(value) for each, value in given.items()}
