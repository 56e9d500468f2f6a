"""Articles of realistic wording and length for the benchmarks: the same in every run."""

from __future__ import annotations

import random
from datetime import timedelta

from tests.clusters.pairs import shortened, sourced
from tests.clusters.stories import CITIES, Text, city_kinds, from_kinds, from_template, templates

FIRST_YEAR, LAST_YEAR = 2012, 2025
EVERY = 4  # article is a copy of the one before it


def story(number: int) -> Text:
    """Return the article of this number: of 200 to 4,200 characters, half of them between 430 and 2,400.

    Three of ten come every month or year in the same words; every EVERY-th is its forerunner, cut to 60 % and with
    another site's words around it.
    """
    rng = random.Random(f"story {number}")
    if number % EVERY == EVERY - 1:
        text = sourced(shortened(story(number - 1), rng, 0.6), rng)
        return text.but(published=text.published and text.published + timedelta(days=1))
    bureau, year, wording = rng.choice(CITIES), rng.randint(FIRST_YEAR, LAST_YEAR), f"{rng.randrange(3)}"
    if rng.random() < 0.3:
        return from_template(rng.choice(sorted(templates())), bureau, year, wording)
    return from_kinds(tuple(rng.sample(city_kinds(), rng.randint(3, 14))), bureau, year, wording)
