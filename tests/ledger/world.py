"""A province of bureaus whose figures fit together, told by articles; and errors planted in them."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from svcsat_crawler.ledger.keys import sisters
from svcsat_crawler.metrics.check import flags_of
from tests.ledger import facts
from tests.ledger.facts import HOUSE, PROVINCIAL, Document

YEARS = range(2006, 2026)


@dataclass
class World:
    """``told`` are the facts; ``planted`` the cell and the kind of every error."""

    seed: int
    told: list[Document] = field(default_factory=list)
    planted: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)
        self.wrong: dict[tuple[str, str, int], Any] = {}
        self.count = 0

    def plant(self, kind: str, number: int) -> None:
        """Choose where errors of a kind will stand: at most two a series, not in two years in a row."""
        places = [(bureau.id, year) for bureau in sisters("csg-gd") for year in YEARS[2:-1]]
        self.rng.shuffle(places)
        chosen: dict[str, list[int]] = {}
        for bureau, year in places:
            years = chosen.setdefault(bureau, [])
            most = 3 if kind != "peers" else 4
            if number and len(years) < most and all(abs(year - other) > 2 for other in years):
                years.append(year)
                self.wrong[kind, bureau, year] = True
                number -= 1
        assert number == 0

    def off(self, kind: str, bureau: str, year: int, metric: str, choices: list[float]) -> float:
        """How far a planted error is off; 0 where none is."""
        if (kind, bureau, year) not in self.wrong:
            return 0
        self.planted.append((f"{bureau}|{metric}|{year}", kind))
        return self.rng.choice(choices)

    def tell(self) -> World:
        """Write the articles: one a bureau and year, every third printed again in other words."""
        ranked = [bureau.id for bureau in sisters("csg-gd")]
        standing = {year: self.rng.sample(ranked, len(ranked)) for year in YEARS}
        for bureau in ranked:
            score, began, house = (
                self.rng.uniform(70, 75),
                self.rng.randint(1999, 2003),
                self.rng.randint(1999, 2003),
            )
            for year in YEARS:
                before, score = round(score, 2), min(score + self.rng.uniform(-0.6, 1.4), 99.0)
                place = standing[year].index(bureau) + 1
                earlier = standing[year - 1].index(bureau) + 1 if year > YEARS[0] else None
                made = [
                    self.score(bureau, year, round(score, 2), before),
                    self.rank(bureau, year, place, earlier, len(ranked)),
                    self.streak(bureau, year, year - began + 1),
                    facts.number(
                        "satisfaction_streak",
                        year - house + 1,
                        bureau,
                        year,
                        survey=HOUSE,
                        rank=facts.peers_of("other"),
                    ),
                    self.among_services(bureau, year, 36 + year % 5),
                ]
                self.print(made, year)
                if self.rng.random() < 0.33:
                    title = facts.number("satisfaction_score", round(score), bureau, year, where="title")
                    self.print([made[0], title] if round(score) != round(score, 2) else made[:1], year)
        return self

    def print(self, made: list[Any], year: int) -> None:
        self.count += 1
        day = (
            f"{year + 1}-01-{self.rng.randint(5, 25):02}"
            if self.rng.random() < 0.7
            else f"{year}-12-{self.rng.randint(20, 31)}"
        )
        self.told += facts.stored(facts.printed(f"ep18:{self.count}", made, day))

    def score(self, bureau: str, year: int, score: float, before: float) -> Any:
        size = round(score - before, 2)
        size = round(
            size + self.off("score_change", bureau, year, "satisfaction_score", [-1.1, -0.3, 0.24, 0.9, 2.0]),
            2,
        )
        told = facts.change("up" if size > 0 else "down" if size else "flat", abs(size))
        return facts.number("satisfaction_score", score, bureau, year, survey=PROVINCIAL, comparison=told)

    def rank(self, bureau: str, year: int, place: int, earlier: int | None, peers: int) -> Any:
        of = peers + int(self.off("peers", bureau, year, "satisfaction_rank", [-1, 1, 2]))
        of = of if of >= place else peers + 1  # the last of all among fewer is impossible, another kind
        told = None
        if earlier is not None:
            off = int(self.off("from_rank", bureau, year, "satisfaction_rank", [-2, -1, 1, 3]))
            told = facts.moved(earlier + off if earlier + off > 0 else earlier + 1, place)
        kind = facts.peers_of("province_bureaus", of)
        return facts.number(
            "satisfaction_rank", place, bureau, year, survey=PROVINCIAL, comparison=told, rank=kind
        )

    def among_services(self, bureau: str, year: int, of: int) -> Any:
        place = 1 + int(self.off("impossible", bureau, year, "satisfaction_rank", [50, 71, 99]))
        told = facts.number(
            "satisfaction_rank", place, bureau, year, rank=facts.peers_of("local_services", of)
        )
        told.flags = flags_of(told)
        return told

    def streak(self, bureau: str, year: int, years: int) -> Any:
        years += int(self.off("streak_start", bureau, year, "satisfaction_streak", [-2, -1, 1, 2]))
        survey = PROVINCIAL if self.rng.random() < 0.6 else None
        return facts.number(
            "satisfaction_streak", years, bureau, year, survey=survey, rank=facts.peers_of("local_services")
        )
