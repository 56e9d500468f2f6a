"""Articles as JSON Lines: one object a line, each read or refused with what is wrong with it."""

from __future__ import annotations

import json
import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from svcsat_crawler.text.times import read_time

_YEAR_OR_MONTH = re.compile(r"\s*((?:19|20)\d\d)(?:\s*[-/.年]\s*(\d{1,2})\s*月?|\s*年)?\s*")


@dataclass(slots=True, frozen=True)
class Entry:
    """One article of the input."""

    id: str | int
    text: str
    title: str
    published: date | None


@dataclass(slots=True, frozen=True)
class Refused:
    """A line that holds no article."""

    line: int
    reason: str


def entries(lines: Iterable[bytes]) -> Iterator[Entry | Refused]:
    """Read each line; empty ones are passed over, and a byte order mark before the first."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield _entry(_object(line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line))
        except (ValueError, RecursionError) as error:
            yield Refused(number, str(error))


def _object(line: bytes) -> dict[str, Any]:
    try:
        read = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ValueError(f"no UTF-8 at byte {error.start + 1}") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"no JSON: {error.msg} at character {error.pos + 1}") from error
    if not isinstance(read, dict):
        raise ValueError(f"{_kind(read)}, where an object is right")
    return read


def _entry(read: dict[str, Any]) -> Entry:
    id, text, title = read.get("id"), read.get("text"), read.get("title")
    if isinstance(id, bool) or not isinstance(id, str | int):
        raise ValueError(_wrong("id", id, "text or a whole number"))
    if not isinstance(text, str):
        raise ValueError(_wrong("text", text, "text"))
    if not isinstance(title, str | None):
        raise ValueError(_wrong("title", title, "text or null"))
    if isinstance(read.get("date"), bool | list | dict):
        raise ValueError(_wrong("date", read["date"], "text such as 2021-12-29, or null"))
    return Entry(id, text, title or "", published(read.get("date")))


def published(value: str | float | None) -> date | None:
    """Return the day that *value* states; of a bare year or month the last; None when it has no year.

    >>> published("2026年01月12日 08:55"), published("2025-07"), published("2020"), published("7月3日")
    (datetime.date(2026, 1, 12), datetime.date(2025, 7, 31), datetime.date(2020, 12, 31), None)
    """
    read = read_time(value)
    if read:
        return read[0].date()
    match = _YEAR_OR_MONTH.fullmatch(str(value))
    if not match:
        return None
    year, month = int(match[1]), int(match[2] or 12)
    return date(year, month, monthrange(year, month)[1]) if 1 <= month <= 12 else None


def _wrong(name: str, value: Any, right: str) -> str:
    if value is None:
        return f"no {name!r}, where {right} is right"
    return f"{name!r} is {_kind(value)}, where {right} is right"


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")
