"""Articles for the two load lists; told while the sites are built, rendered when asked for.

All are as long as each other and distinct.  On the list ``bench`` every one is a supplier's yearly report, with some
fourteen facts.  ``everyday`` is a list as the others are: one in seven is such a report, the rest tells of drills,
halls and charity.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from functools import cached_property

from tests.replica.plan import Entry
from tests.replica.stories.draft import Story
from tests.replica.stories.telling import combine, kinds
from tests.replica.stories.world import RANKED, Bureau

LEADS = ("survey_release", "interview", "quick_read")
PARTS = ("reliability", "connection", "market_trade", "peak_summer", "county_count")
FEATURES = (
    "veteran_lineman island_station village_industry hotline_night typhoon_repair exam_guard ev_charging school_class"
).split()
SHORT = ("charity", "drill", "hall", "patrol", "project", "training")
FIRST_NUMBER = {"bench": 2_000_000, "everyday": 3_000_000}
# One in seven: as on the other lists of the stand-in.
EVERY = 7


class BenchEntry(Entry):
    """An entry whose story is told at the first look; every one has figures of its own."""

    def __init__(self, folder: str, place: int, total: int) -> None:
        self.place = place
        self.site, self.story_id, self.folder, self.quirks = "ep18", f"{folder[0]}-{place:05}", folder, set()
        self.number = str(FIRST_NUMBER[folder] + total - place)
        self.published = datetime(2020, 6, 30, 9) - timedelta(hours=7 * place)  # noqa: DTZ001
        ranked = RANKED[place % len(RANKED)]
        self.bureau = Bureau(ranked.name, ranked.city, seed=f"{ranked.name} {folder} {place}")
        self.year = 2014 + place // len(RANKED) % 6
        self.title = f"{self.bureau.name}{self.year}年服务实录之{place + 1}"

    @cached_property
    def story(self) -> Story:  # type: ignore[override]
        rng = random.Random(self.story_id)
        if self.folder == "bench" or self.place % EVERY == 0:
            names = [rng.choice(LEADS), *rng.sample(PARTS, 3), *rng.sample(FEATURES, 5)]
            parts = [kinds()[name] for name in names]
        else:
            parts = [kinds()[name] for name in rng.sample(FEATURES, 7)]
            parts += [kinds("short")[name] for name in rng.sample(SHORT, len(SHORT))]
        return combine(parts, self.bureau, self.year, self.story_id)


def bench_entries(count: int) -> list[Entry]:
    """Both load lists, each of *count* articles, newest first."""
    return [BenchEntry(folder, place, count) for folder in FIRST_NUMBER for place in range(count)]
