"""The channels that exist here and which entries each of them lists."""

from __future__ import annotations

import random
from functools import cache

from tests.replica.plan import Entry, nfplus_entries

CHANNELS = {
    14: ("首页", "index"),
    16: ("经济", "jingji"),
    59: ("社会", "shehui"),
    410: ("教育", "jiaoyu"),
    74: ("汕尾", "shanwei"),
    38: ("广州", "guangzhou"),
    39: ("深圳", "shenzhen"),
    41: ("东莞", "dongguan"),
    75: ("湛江", "zhanjiang"),
    76: ("惠州", "huizhou"),
    85: ("珠海", "zhuhai"),
    87: ("汕头", "shantou"),
    90: ("韶关", "shaoguan"),
}
WEIGHTS = {14: 5, 16: 4, 59: 5, 38: 5, 39: 2, 41: 4, 74: 1.4, 75: 1, 76: 2, 85: 2, 87: 1, 90: 2}
EMPTY = 410
"""A channel without any item."""
FIRST_HOST_503, FIRST_HOST_FAILS, BLOCKED = 39, 85, 74
"""503 or success:false on the first API host only; 405 on both, so that the mobile page is left."""
TOPIC, TOPIC_BLOCKS = 99_000_700, {99_000_701: "在一线", 99_000_702: "账本里", 99_000_703: "待更新"}
OWN_COLUMNS = 99_000_100
"""First invented id of the bureaus' own columns (南方号)."""

QUIRKS = {
    "pc-404": (2, 30),
    "pc-shape": (5,),
    "gone-404": (9,),
    "gone-shape": (14, 37),
    "old-host": (1, 6, 12, 23, 41, 55),
    "markup": (3, 11, 28, 46),
    "no-summary": (4, 8, 19, 33, 47),
    "epoch": (7, 20, 40),
    "iso-time": (10, 24),
    "updated": (12, 31, 50),
    "picture": (0, 6, 13, 21, 29, 36, 44, 52, 60),
    "qr": (13, 44),
    "bare-head": (16, 38),
    "pictures": (18,),
    "normal-video": (22,),
}
"""Places among the long stories that are in channels, newest first."""


@cache
def entries() -> list[Entry]:
    """All entries with channel and quirks set: ``folder`` is the channel id, or ``topic``."""
    found = nfplus_entries()
    rng = random.Random("channels")
    long = [entry for entry in found if entry.story_id.startswith("n-")]
    for item in found:
        item.folder = str(rng.choices(list(WEIGHTS), list(WEIGHTS.values()))[0])
    for item in long[11::13]:
        item.folder = "topic"
    for quirk, places in QUIRKS.items():
        listed = [entry for entry in long if entry.folder != "topic"]
        for place in places:
            listed[place].quirks.add(quirk)
    return found


@cache
def own_column(entry: Entry) -> tuple[int, str]:
    """The item's own column: its channel, or the bureau's own one for every fourth."""
    name = entry.story.bureau
    if int(entry.number) % 4 == 1 and name.endswith("供电局") and "offtopic" not in entry.quirks:
        return OWN_COLUMNS + sum(map(ord, name)) % 400, name
    if entry.folder == "topic":
        return 652, "专题"
    return int(entry.folder), CHANNELS[int(entry.folder)][0]


@cache
def listed(channel: int) -> list[Entry]:
    """Entries of a channel, newest first; the front channel repeats a few of the others."""
    return [
        entry
        for entry in entries()
        if entry.folder == str(channel)
        or (channel == 14 and entry.folder == "16" and int(entry.number) % 5 == 0)
    ]


def static_path(entry: Entry) -> str:
    return f"/content/{entry.published:%Y%m/%d}/c{entry.number}.html"


def pc_path(entry: Entry) -> str:
    return f"/{own_column(entry)[0]}/{entry.number}.html"
