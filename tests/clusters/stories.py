"""The stories that the pairs are made of: those of the stand-in sites, and templates of our own that come every month or year.

The same template, bureau and seed with another year or month is next year's or next month's story: the same words, other
figures.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files

from tests.replica.stories.draft import Draft, Story
from tests.replica.stories.telling import WHO, combine, kinds
from tests.replica.stories.world import Bureau

# Slot of a template: smallest and largest figure, decimals.
SLOTS = {
    "elect": (3, 98, 2),
    "grow": (1, 19, 1),
    "peakday": (2, 27, 0),
    "load": (180, 1900, 1),
    "outage": (0.2, 3, 2),
    "faults": (3, 89, 0),
    "fewer": (2, 99, 0),
    "live": (12, 480, 0),
    "apply": (210, 9800, 0),
    "ontime": (97, 99.9, 2),
    "orders": (1100, 48000, 0),
    "call": (96, 99.8, 2),
}


@dataclass(frozen=True)
class Text:
    """An article as a site prints it."""

    title: str
    paragraphs: tuple[str, ...]
    published: datetime | None
    bureau: str
    year: int

    @property
    def body(self) -> str:
        return "\n".join(self.paragraphs)

    def but(self, **changes: object) -> Text:
        return replace(self, **changes)  # type: ignore[arg-type]


@cache
def templates() -> dict[str, tuple[str, ...]]:
    """Return the templates of ``kinds/``: header, title, paragraphs; a file is laid out like a kind of the stand-in sites."""
    folder = files(__package__).joinpath("kinds")
    return {
        file.name.removesuffix(".txt"): tuple(file.read_text(encoding="utf-8").splitlines())
        for file in sorted(folder.iterdir(), key=lambda file: file.name)
    }


def from_template(name: str, bureau: Bureau, year: int, seed: str, month: int = 0) -> Text:
    """Tell a template; *month* 0 is the one in which it usually comes."""
    _, months, title, _, *lines = templates()[name]
    first, last = map(int, months.removeprefix("months: ").split("-"))
    fixed = random.Random(f"{seed}{name}{bureau.name}")
    month = month or fixed.randint(first, last)
    figures = random.Random(f"{seed}{name}{bureau.name}{year}{month}")
    slots = {"month": str((month - 1) % 12 + 1)}
    for slot, (low, high, decimals) in SLOTS.items():
        slots[slot] = f"{figures.uniform(low, high):.{decimals}f}"
    draft = Draft(bureau, year, f"{seed}{name}")

    def write(line: str) -> str:
        for slot, value in slots.items():
            line = line.replace(f"{{{slot}}}", value)
        return draft.write(line)

    published = datetime(
        year + (month > 12), (month - 1) % 12 + 1, fixed.randint(1, 28), fixed.randint(7, 21), tzinfo=UTC
    )
    heading = write(title.removeprefix("title: "))
    return Text(heading, tuple(map(write, lines)), published, bureau.name, year)


def from_kinds(names: tuple[str, ...], bureau: Bureau, year: int, seed: str) -> Text:
    """Tell one or more kinds of the stand-in sites as one story."""
    story: Story = combine([kinds()[name] for name in names], bureau, year, seed)
    return Text(
        story.title, tuple(story.paragraphs), story.written.replace(tzinfo=UTC), story.bureau, story.year
    )


def city_kinds() -> list[str]:
    """Return the kinds that any city bureau may tell."""
    return [name for name, kind in kinds().items() if kind.who in ("city", "ranked", "any")]


CITIES = WHO["ranked"]
