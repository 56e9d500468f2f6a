"""Which article carries which oddity.  Places count among the long stories, newest first."""

from __future__ import annotations

from functools import cache

from tests.replica.plan import Entry, ep18_entries

EP18 = {
    "br": (1, 6, 14, 22, 31, 40, 51),
    "timed": (0, 3, 6, 10, 16, 27, 34, 48, 60),
    "origin": (2, 9, 18, 33),
    "fullwidth": (4, 19),
    "nbsp": (5, 12, 30, 38),
    "nul": (7,),
    "dot": (42,),
    "hidden": (8, 29),
    "image": (10, 15, 21, 33, 41, 56),
    "broken": (11, 26),
    "gbk": (13, 20, 36, 47),
    "gbk-as-utf8": (23,),
    "latin": (25,),
    "bare": (28, 45),
    "layout": (32,),
}
PAGED = {"e-005": {"pages3"}, "e-018": {"pages2"}, "e-031": {"pages2", "timed"}, "e-044": {"pages3"}}
PAGED["e-057"] = {"pages2", "gbk"}
"""The long reads by story: on how many pages they stand."""


@cache
def _planted() -> list[Entry]:
    entries = ep18_entries()
    long = [entry for entry in entries if not entry.story_id.startswith("es-")]
    for quirk, places in EP18.items():
        for place in places:
            long[place].quirks.add(quirk)
    for entry in long:
        entry.quirks |= PAGED.get(entry.story_id, set())
        if "——" in entry.title and int(entry.number) % 4:
            entry.quirks.add("dash")
    for entry in [entry for entry in long if entry.folder == "qiye"][-9:-2:6]:
        entry.quirks.add("pinned")
    short = [entry for entry in entries if entry.story_id.startswith("es-")]
    short[30].quirks.add("gone")
    short[77].quirks.add("gone")
    short[50].quirks.add("empty")
    return entries


def plant_ep18(entries: list[Entry]) -> list[Entry]:
    """Mark the quirks on *entries* (once)."""
    assert entries is ep18_entries()
    return _planted()
