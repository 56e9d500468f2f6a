"""Years of a site as its runs see them, day by day: weekdays, holidays, year ends; and what may go wrong one day."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from svcsat_crawler.text.times import BEIJING
from svcsat_crawler.verdict import Arrivals, Past, Tally, Usual, Verdict, counts, judge
from svcsat_crawler.verdict.limits import PAST, RUNS

# First days of the Spring Festival (农历正月初一).
NEW_YEARS = (date(2023, 1, 22), date(2024, 2, 10), date(2025, 1, 29), date(2026, 2, 17), date(2027, 2, 6))
START = date(2023, 6, 1)
URL = "http://site.example/{}/"


def spring(day: date, before: int = 1, after: int = 7) -> bool:
    return any(-before <= (day - first).days < after for first in NEW_YEARS)


def rests(day: date) -> bool:
    """Whether a department that goes home early and comes back late prints nothing: 小年 to 元宵, 国庆."""
    return spring(day, 8, 14) or (day.month == 10 and day.day <= 8)


@dataclass(frozen=True)
class Day:
    """What a site prints on a day, as shares of what is usual for it."""

    news: float = 1.0
    telling: float = 1.0
    origin: float = 1.0
    clock: float = 1.0
    rows: float = 1.0


def calendar(day: date) -> Day:
    """Return an ordinary day: little at weekends, greetings at the festivals, reviews at the year's end."""
    news = 0.25 if day.weekday() > 4 else 1.0
    if rests(day):
        return Day(news=0.0)
    if (day.month, day.day) >= (12, 20) or (day.month, day.day) <= (1, 10):
        return Day(news=6 * news, telling=1.3)
    return Day(news=news, telling=0.8 if day.month in (6, 7, 8) else 1.0)


def greetings(day: date) -> Day:
    """Print on through the festival, but nothing that states a figure."""
    usual = calendar(day)
    return Day(news=1.0, telling=0.0) if spring(day) else usual


@dataclass
class Site:
    """A site with lists of so many articles a day each; all by the dice of *seed*."""

    lists: tuple[float, ...]
    telling: float = 0.5
    origin: float = 0.9
    seed: int = 0
    backlog: int = 600
    every: Callable[[date], bool] = lambda day: True
    days: Callable[[date], Day] = calendar
    _waiting: list[int] = field(default_factory=list)
    _runs: list[dict[str, Any]] = field(default_factory=list)
    _states: dict[str, dict[str, Any]] = field(default_factory=dict)

    def live(self, years: float) -> Iterator[tuple[date, Verdict]]:
        """Yield each day of a run with its verdict."""
        dice = random.Random(self.seed)
        self._waiting = [self.backlog] * len(self.lists)
        for number in range(int(years * 365)):
            day = START + timedelta(days=number)
            print_ = self.days(day)
            for index, rate in enumerate(self.lists):
                self._waiting[index] += poisson(dice, rate * print_.news)
            if self.every(day):
                yield day, self._run(day, print_, dice)

    def _run(self, day: date, now: Day, dice: random.Random) -> Verdict:
        began = datetime(day.year, day.month, day.day, 6, 30, tzinfo=BEIJING)
        usual = Usual.of(self._runs[:RUNS])
        usual.past, usual.now = Past.of(self._runs[:PAST], {}), began
        walks, articles = [], 0
        for index, new in enumerate(self._waiting):
            url = URL.format(index)
            usual.arrivals[url] = Arrivals.of(self._states.get(url, {}), "")
            walks.append(walk(url, new, max(1, round(25 * now.rows))))
            self._states[url] = {"arrivals": usual.arrivals[url].after(day, new)}
            articles += new
        self._waiting = [0] * len(self.lists)
        tally = Tally()
        tally.fields.update(
            articles=articles,
            title=articles,
            long=articles,
            chinese=articles,
            characters=800 * articles,
            clock=sum(dice.random() < 0.98 * now.clock for _ in range(articles)),
            origin=sum(dice.random() < self.origin * now.origin for _ in range(articles)),
        )
        telling = sum(dice.random() < self.telling * now.telling for _ in range(articles))
        found = {**counts({}), "new": articles, "telling": telling}
        verdict = judge(found, walks, "finished", tally, usual)
        causes = [{"kind": cause.kind} for cause in verdict.causes]
        record = {
            "verdict": verdict.word,
            "started": began,
            "arguments": {},
            "counts": found,
            "causes": causes,
        }
        self._runs.insert(0, {**record, "tally": tally.record(), "lists": walks})
        return verdict

    def broken(self, since: date, day: Day) -> Site:
        """Return the same site, on which something is wrong from a day on."""

        def days(today: date) -> Day:
            usual = self.days(today)
            if today < since:
                return usual
            return Day(
                usual.news * day.news,
                usual.telling * day.telling,
                usual.origin * day.origin,
                usual.clock * day.clock,
                day.rows,
            )

        return replace(self, days=days, _runs=[], _states={})


def walk(url: str, new: int, rows: int) -> dict[str, Any]:
    """Return the record of a walk that came to its end."""
    stopped = {"stopped": "known", "why": "", "last_url": url, "pages": 1, "more": True, "read_by": "ul"}
    return {"name": url, "url": url, "new": new, "first_rows": rows, "total": None, **stopped}


def poisson(dice: random.Random, rate: float) -> int:
    """Return a number of articles: a mean of *rate*, in lumps as news comes."""
    if rate > 20:
        return round(rate * dice.uniform(0.5, 1.5))
    lumps = sum(dice.random() < rate / 40 for _ in range(20))
    return sum(dice.choice((1, 1, 2, 4)) for _ in range(lumps))
