"""Which stories appear on which site, under which number, and with which quirk: one fixed plan."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache

from tests.replica.stories.draft import Story
from tests.replica.stories.telling import Kind, combine, kinds, tell
from tests.replica.stories.world import RANKED

ALWAYS = {"survey_release", "quick_read", "county_count", "reliability", "interview", "two_surveys"}
"""Kinds told twice as often as the others: those with the most facts."""
LONG_READ = ("survey_release", "reliability", "connection", "market_trade", "veteran_lineman")

SECOND = ("reliability", "connection", "market_trade", "village_industry", "typhoon_repair")
"""Kinds that can follow another one in a longer story."""


@dataclass(slots=True, eq=False)
class Entry:
    """One article on one site.

    ``story_id`` is the same for reprints; ``folder`` is the list (ep18), the column (南方Plus) or
    where a post still exists (finews); ``quirks`` are the planned oddities of its page.
    """

    site: str
    story_id: str
    story: Story
    title: str
    published: datetime
    folder: str = ""
    number: str = ""
    quirks: set[str] = field(default_factory=set)

    @property
    def rng(self) -> random.Random:
        """Random numbers of its furniture, the same at every call."""
        return random.Random(f"{self.site}{self.number}")


@dataclass(frozen=True, slots=True)
class Told:
    id: str
    story: Story


def turns(years: range, count: int, seed: str) -> Iterator[Told]:
    """Tell *count* long stories: every kind in turn, bureaus and years mixed."""
    rng = random.Random(seed)
    order = [kind for kind in kinds().values() for _ in range(1 + (kind.name in ALWAYS))]
    bag: list[Kind] = []
    for number in range(count):
        if not bag:
            bag = rng.sample(order, len(order))
        kind = bag.pop()
        bureau, year = rng.choice(kind.bureaus), rng.choice(years)
        told_id = f"{seed}-{number:03}"
        if number % 13 == 5:
            parts = [kinds()[name] for name in LONG_READ]
            yield Told(told_id, combine(parts, rng.choice(RANKED), year, told_id))
        elif number % 3 == 1 and kind.who in {"city", "ranked"}:
            more = rng.choice([name for name in SECOND if name != kind.name])
            yield Told(told_id, combine([kind, kinds()[more]], bureau, year, told_id))
        else:
            yield Told(told_id, tell(kind, bureau, year, told_id))


def small(folder: str, years: range, count: int, seed: str) -> Iterator[Told]:
    """Tell *count* short pieces, all with different titles."""
    rng = random.Random(seed)
    titles: set[str] = set()
    while len(titles) < count:
        kind = rng.choice(list(kinds(folder).values()))
        told_id = f"{seed}-{len(titles):03}"
        story = tell(kind, rng.choice(kind.bureaus), rng.choice(years), f"{told_id}{rng.random()}")
        if story.title not in titles:
            titles.add(story.title)
            yield Told(told_id, story)


@cache
def pool() -> dict[str, list[Told]]:
    """All long stories by the site that printed them first."""
    found = {
        "ep18": list(turns(range(2013, 2021), 66, "e")),
        "nfplus": list(turns(range(2016, 2026), 70, "n")),
        "finews": list(turns(range(2020, 2026), 46, "f")),
    }
    found["ep18"] += templates() + twins()
    return found


def templates() -> list[Told]:
    """The same wording a year (or two) later, with that year's figures."""
    told = []
    for name, bureau, years in (
        ("survey_release", RANKED[4], (2016, 2017, 2018)),
        ("county_count", RANKED[9], (2015, 2016)),
        ("reliability", RANKED[12], (2018, 2019)),
    ):
        for year in years:
            told.append(Told(f"t-{name}-{year}", tell(kinds()[name], bureau, year, f"template {name}")))
    return told


def twins() -> list[Told]:
    """The same wording in the same year about another bureau."""
    kind = kinds()["quick_read"]
    return [
        Told(f"w-{bureau.city}", tell(kind, bureau, 2019, "twin story")) for bureau in (RANKED[6], RANKED[14])
    ]


def entry(site: str, told: Told, later: timedelta = timedelta()) -> Entry:
    return Entry(site, told.id, told.story, told.story.title, told.story.written + later)


def numbered(entries: list[Entry], first: int, step: int, form: str = "{}") -> list[Entry]:
    """Give rising numbers by date, newest last, and return the entries newest first."""
    entries.sort(key=lambda e: (e.published, e.story_id))
    for rank, item in enumerate(entries):
        item.number = form.format(first + step * rank, item.published)
    return entries[::-1]


@cache
def ep18_entries() -> list[Entry]:
    """Articles of ep18, newest first; ``folder`` is the column path."""
    reprints = [told for told in pool()["nfplus"] if told.story.written.year <= 2020][:8]
    main = [entry("ep18", told) for told in pool()["ep18"]]
    main += [entry("ep18", told, timedelta(days=1, hours=2)) for told in reprints]
    rng = random.Random("ep18 folders")
    for item in main:
        item.folder = rng.choices(["qiye", "fuwu", "kehu"], [5, 2, 1.4])[0]
    minor = [entry("ep18", told) for told in small("short", range(2013, 2021), 264, "es")]
    for place, item in enumerate(minor):
        item.folder = ("qiye", "qiye", "fuwu", "qiye", "kehu", "fuwu")[place % 6]
    for item in main[-len(reprints) :]:
        item.quirks.add("sourced")
    return numbered(main + minor, 610_023, 61)


@cache
def nfplus_entries() -> list[Entry]:
    """Articles of 南方Plus, newest first; ``folder`` is the channel, quirks ``offtopic`` have no keyword."""
    main = [entry("nfplus", told) for told in pool()["nfplus"]]
    minor = [entry("nfplus", told) for told in small("short", range(2017, 2026), 130, "ns")]
    other = [entry("nfplus", told) for told in small("offtopic", range(2017, 2026), 60, "no")]
    for item in other:
        item.quirks.add("offtopic")
    return numbered(main + minor + other, 90_004_017, 1_013)


@cache
def finews_entries() -> list[Entry]:
    """Posts of finews, newest first; quirk ``archived`` means only the archive still has it."""
    reprints = [told for told in pool()["nfplus"] if told.story.written.year >= 2020][:18]
    main = [entry("finews", told) for told in pool()["finews"]]
    main += [entry("finews", told, timedelta(minutes=38)) for told in reprints]
    minor = [entry("finews", told) for told in small("short", range(2020, 2026), 24, "fs")]
    posts = numbered(main + minor, 2_230_310, 7_919, "NW{1:%Y%m%d}22{0:08}")
    for place, item in enumerate(posts):
        if place % 5 == 4:
            item.quirks.add("archived")
    return posts
