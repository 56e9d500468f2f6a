"""Spider arguments: parsed and refused when the spider is built, never in a callback."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

COMMON = ("since", "until", "max_pages", "keywords", "full", "browser", "rescue", "warc", "recheck")


class ArgumentError(ValueError):
    """A spider argument that cannot be used; the message says what would be right."""


@dataclass(frozen=True, slots=True)
class Arguments:
    """What the user asked for, checked."""

    chosen: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    max_pages: int | None = None
    keywords: tuple[str, ...] | None = None
    full: bool = False
    browser: bool = False
    rescue: bool = False
    warc: tuple[str, ...] = ()
    recheck: int | None = None
    posts: tuple[str, ...] = ()
    given: dict[str, str] = field(default_factory=dict)


def words(value: str) -> tuple[str, ...]:
    """Split a comma-separated argument; Chinese commas count as well.

    >>> words("38,  16，59")
    ('38', '16', '59')
    """
    return tuple(part.strip() for part in re.split("[,，]", value) if part.strip())


def day(name: str, value: str, *, last: bool = False) -> date:
    """Read ``2021``, ``2021-12`` or ``2021-12-29``; *last* takes the period's last day.

    >>> day("until", "2020-02", last=True)
    datetime.date(2020, 2, 29)
    """
    match = re.fullmatch(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", value.strip())
    if not match:
        raise ArgumentError(f"{name}={value!r} is no date: write 2021, 2021-12 or 2021-12-29")
    year, month, number = (int(part) if part else None for part in match.groups())
    assert year is not None
    try:
        if number:
            return date(year, month or 1, number)
        if not last:
            return date(year, month or 1, 1)
        following = date(year + 1, 1, 1) if (month or 12) == 12 else date(year, (month or 12) + 1, 1)
        return date.fromordinal(following.toordinal() - 1)
    except ValueError as error:
        raise ArgumentError(f"{name}={value!r} is no date: {error}") from error


def switch(name: str, value: str) -> bool:
    """Read a 0/1 argument."""
    if value not in ("0", "1"):
        raise ArgumentError(f"{name}={value!r} is neither 0 nor 1")
    return value == "1"


def whole_number(name: str, value: str, what: str = "") -> int:
    """Read a number from 1; *what* it counts is told when it is none."""
    if not re.fullmatch(r"[1-9]\d{0,5}", value):
        raise ArgumentError(f"{name}={value!r} is no whole number{what} from 1")
    return int(value)


def parse(raw: dict[str, Any], *, lists_name: str, extra: tuple[str, ...] = ()) -> Arguments:
    """Check the arguments of ``-a`` (all strings) and return them typed.

    *lists_name* is the site's word for its lists (lists, columns, categories); *extra* names the
    arguments that only this site takes.  Names that begin with ``_`` belong to scrapyd.

    Raises ArgumentError with one line that says what is right.
    """
    given = {name: str(value) for name, value in raw.items() if not name.startswith("_")}
    allowed = (lists_name, *COMMON, *extra)
    for name in given:
        if name not in allowed:
            raise ArgumentError(f"unknown argument {name!r}: this spider takes {', '.join(allowed)}")
    for name, value in given.items():
        if not value.strip():
            raise ArgumentError(f"{name}= is empty: give a value or leave the argument out")
    if "recheck" in given and "warc" in given:
        raise ArgumentError("recheck= asks the site again and warc= asks nobody: leave one of them out")
    found = Arguments(
        chosen=words(given.get(lists_name, "")),
        since=day("since", given["since"]) if "since" in given else None,
        until=day("until", given["until"], last=True) if "until" in given else None,
        max_pages=whole_number("max_pages", given["max_pages"]) if "max_pages" in given else None,
        keywords=words(given["keywords"]) if "keywords" in given else None,
        full=switch("full", given.get("full", "0")),
        browser=switch("browser", given.get("browser", "0")),
        rescue=switch("rescue", given.get("rescue", "0")),
        warc=words(given.get("warc", "")),
        recheck=whole_number("recheck", given["recheck"], " of days") if "recheck" in given else None,
        posts=words(given.get("posts", "")),
        given=given,
    )
    if found.since and found.until and found.since > found.until:
        raise ArgumentError(f"since={given['since']} is later than until={given['until']}")
    return found
