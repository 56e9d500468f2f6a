"""How well copies are told from stories that only look like copies: pairs of our own, from a fixed seed."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import NamedTuple

from svcsat_crawler.answers.sketches import SHARED
from svcsat_crawler.clusters import Features, Verdict, decide, features
from tests.clusters.pairs import Pair, pairs, stories
from tests.clusters.stories import Text

SEEDS = ("first half", "second half")


class Judged(NamedTuple):
    pair: Pair
    a: Features
    b: Features
    verdict: Verdict


def read(text: Text) -> Features:
    return features(text.title, text.body, text.published)


@cache
def judged() -> list[Judged]:
    found = []
    for pair in (pair for seed in SEEDS for pair in pairs(seed)):
        a, b = read(pair.a), read(pair.b)
        found.append(Judged(pair, a, b, decide(a, b)))
    return found


def wrong(same: bool) -> list[str]:
    return [
        f"{one.pair.what}: {one.pair.a.title} / {one.pair.b.title}: {one.verdict}"
        for one in judged()
        if one.verdict.same is same and one.pair.same is not same
    ]


def test_the_set_is_large_and_mixed() -> None:
    kinds = Counter(one.pair.same for one in judged())
    assert min(kinds.values()) >= 250
    assert len(judged()) >= 500
    assert sum(1 for seed in SEEDS for _ in stories(seed)) >= 60
    assert len({one.pair.what for one in judged()}) >= 20


def test_copies_are_found_and_lookalikes_are_not() -> None:
    right = sum(one.pair.same and one.verdict.same for one in judged())
    missed, merged = wrong(same=False), wrong(same=True)
    f1 = 2 * right / (2 * right + len(missed) + len(merged))
    assert f1 >= 0.97, missed + merged


def test_two_years_or_two_bureaus_are_never_merged() -> None:
    merged = [
        one.pair.what
        for one in judged()
        if one.verdict.same and (one.pair.a.year != one.pair.b.year or one.pair.a.bureau != one.pair.b.bureau)
    ]
    assert merged == []


def test_it_does_not_matter_which_is_asked_first() -> None:
    assert [one.verdict for one in judged()] == [decide(one.b, one.a) for one in judged()]


def test_copies_share_phrases() -> None:
    """What the look-up does not propose is never decided."""
    copies = [one for one in judged() if one.pair.same]
    proposed = [one for one in copies if len(set(one.a.phrases) & set(one.b.phrases)) >= SHARED]
    assert len(proposed) >= 0.99 * len(copies)
