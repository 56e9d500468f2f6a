"""Articles for the load list: long, distinct, with facts; told while the sites are built, rendered when asked for."""

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
FIRST_NUMBER = 2_000_000


class BenchEntry(Entry):
    """An entry whose story is told at the first look; every one has figures of its own."""

    def __init__(self, place: int, total: int) -> None:
        self.place = place
        self.site, self.story_id, self.folder, self.quirks = "ep18", f"b-{place:05}", "bench", set()
        self.number = str(FIRST_NUMBER + total - place)
        self.published = datetime(2020, 6, 30, 9) - timedelta(hours=7 * place)  # noqa: DTZ001
        ranked = RANKED[place % len(RANKED)]
        self.bureau = Bureau(ranked.name, ranked.city, seed=f"{ranked.name} bench {place}")
        self.year = 2014 + place // len(RANKED) % 6
        self.title = f"{self.bureau.name}{self.year}年服务实录之{place + 1}"

    @cached_property
    def story(self) -> Story:  # type: ignore[override]
        rng = random.Random(self.story_id)
        names = [rng.choice(LEADS), *rng.sample(PARTS, 3), *rng.sample(FEATURES, 5)]
        return combine([kinds()[name] for name in names], self.bureau, self.year, self.story_id)


def bench_entries(count: int) -> list[Entry]:
    """The load list, newest first."""
    return [BenchEntry(place, count) for place in range(count)]
