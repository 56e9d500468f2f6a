"""What a web archive's index answers: pure.  The Wayback Machine's form and pywb's."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, NamedTuple

# pywb's word → the Wayback Machine's.
_SAME = {"url": "original", "status": "statuscode", "mime": "mimetype"}


class Snapshot(NamedTuple):
    """One recorded page: when (14 digits, UTC), and under which address."""

    timestamp: str
    original: str

    @property
    def at(self) -> datetime:
        return datetime.strptime(self.timestamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)


class Found(NamedTuple):
    """Snapshots, oldest first, and the key to ask for more of them with, if any."""

    snapshots: list[Snapshot]
    more: str | None


def read(text: str) -> Found:
    """Read an answer with ``output=json``: an array with a head line, or an object a line.

    Raises ValueError for anything else.

    >>> read('[["timestamp","original"],["20210102030405","http://ep18.cn/1.html"],[],["key"]]')
    Found(snapshots=[Snapshot(timestamp='20210102030405', original='http://ep18.cn/1.html')], more='key')
    >>> read('{"timestamp": "20210102030405", "url": "http://ep18.cn/1.html", "status": "200"}').more
    """
    text = text.strip()
    if not text.startswith("["):
        return Found(_snapshots(json.loads(line) for line in text.splitlines()), None)
    lines = json.loads(text)
    if not lines:
        return Found([], None)
    head, *rest = lines
    more = None
    if [] in rest:
        end = rest.index([])
        more = str(rest[end + 1][0]) if end + 1 < len(rest) else None
        rest = rest[:end]
    return Found(_snapshots(dict(zip(head, line, strict=True)) for line in rest), more)


def _snapshots(entries: Any) -> list[Snapshot]:
    found = []
    for entry in entries:
        if not isinstance(entry, dict):
            raise ValueError(f"an entry is {type(entry).__name__}")
        named = {_SAME.get(name, name): value for name, value in entry.items()}
        timestamp, original = named.get("timestamp"), named.get("original")
        if not isinstance(timestamp, str) or not isinstance(original, str):
            raise ValueError("an entry without timestamp or address")
        if named.get("statuscode", "200") == "200" and len(timestamp) == 14 and timestamp.isdigit():
            found.append(Snapshot(timestamp, original))
    return sorted(found)
