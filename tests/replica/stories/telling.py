"""The kinds of stories, read from ``kinds/``, and how one is told.

A kind is a text file: header lines ``who:`` (which bureaus), ``months:`` (when it is printed; from
13 on they count into the next year) and ``title:``, then a blank line, then one paragraph a line.  ``## `` marks a
subhead, ``? `` a paragraph that is left out now and then.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files

from tests.replica.stories import satisfaction, supply  # noqa: F401  their printers register themselves
from tests.replica.stories.draft import Draft, Story
from tests.replica.stories.world import (
    CITY_BUREAUS,
    COUNTY_BUREAUS,
    OTHER_BUREAUS,
    PROVINCE,
    RANKED,
    Bureau,
)

WHO = {
    "city": CITY_BUREAUS,
    "ranked": RANKED,
    "county": COUNTY_BUREAUS,
    "other": OTHER_BUREAUS,
    "province": [PROVINCE],
    "any": CITY_BUREAUS + COUNTY_BUREAUS + OTHER_BUREAUS,
}


HEADS = {
    "reliability": "[把停电时间再压一压|少停一次，多亮一分]",
    "connection": "[办电这件事|从等电到等货]",
    "market_trade": "[电费账怎么算|进了市场以后]",
    "peak_summer": "[最热的那几天|负荷曲线的尖峰]",
    "county_count": "[功夫在县区|看看县里的成绩]",
}
"""Subheads over the further parts of a long story."""


@dataclass(frozen=True, slots=True)
class Kind:
    name: str
    who: str
    first_month: int
    last_month: int
    title: str
    lines: tuple[str, ...]

    @property
    def bureaus(self) -> list[Bureau]:
        return WHO[self.who]


@cache
def kinds(folder: str = "") -> dict[str, Kind]:
    """Kinds of one folder by name: the long ones, ``short`` or ``offtopic``."""
    place = files("tests.replica.stories").joinpath("kinds", *filter(None, [folder]))
    found = {}
    for file in sorted(place.iterdir(), key=lambda file: file.name):
        if not file.name.endswith(".txt"):
            continue
        head, _, body = file.read_text(encoding="utf-8").partition("\n\n")
        fields = dict(line.split(": ", 1) for line in head.splitlines())
        first, last = map(int, fields["months"].split("-"))
        name = file.name.removesuffix(".txt")
        found[name] = Kind(name, fields["who"], first, last, fields["title"], tuple(body.splitlines()))
    return found


def tell(kind: Kind, bureau: Bureau, year: int, seed: str) -> Story:
    """Tell a story; the same seed with another bureau or year is the same text with other figures."""
    return combine([kind], bureau, year, seed)


def combine(parts: list[Kind], bureau: Bureau, year: int, seed: str) -> Story:
    """Tell several kinds as one long story, under the title of the first."""
    kind, draft = parts[0], Draft(bureau, year, seed)
    title = draft.write(kind.title)
    for part in parts:
        if part is not kind:
            draft.head(HEADS.get(part.name, "{city}见闻"))
        for line in part.lines:
            if line.startswith("## "):
                draft.head(line.removeprefix("## "))
            elif line.startswith("? "):
                draft.maybe(line.removeprefix("? "))
            else:
                draft.p(line)
    facts = sorted(draft.facts.values(), key=lambda fact: fact["metric"])
    return Story(
        kind=kind.name,
        bureau=bureau.name,
        year=year,
        title=title,
        paragraphs=draft.paragraphs,
        subheads=frozenset(draft.subheads),
        facts=facts,
        written=moment(kind, year, f"{seed}{bureau.name}{year}"),
    )


def moment(kind: Kind, year: int, seed: str) -> datetime:
    """When the story of *year* is printed, to the second."""
    rng = random.Random(seed)
    month = rng.randint(kind.first_month, kind.last_month)
    year, month = (year + 1, month - 12) if month > 12 else (year, month)
    return datetime(  # noqa: DTZ001
        year, month, rng.randint(1, 28), rng.randint(7, 21), rng.randint(0, 59), rng.randint(0, 59)
    )
