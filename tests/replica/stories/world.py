"""Who the stories are about, and the figures of each year: invented, but consistent with each other.

A streak starts in one fixed year for a bureau, this year's score minus the change is last year's
score, and the bureaus of a year share out the ranks of the province without a tie.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from functools import cache

CITIES = (
    "广州 深圳 珠海 汕头 佛山 韶关 河源 梅州 惠州 汕尾 东莞 中山 江门 阳江 湛江 茂名 肇庆 清远 潮州 揭阳 云浮"
).split()
COUNTIES = {
    "台山": "江门",
    "四会": "肇庆",
    "罗定": "云浮",
    "阳春": "阳江",
    "英德": "清远",
    "博罗": "惠州",
    "高州": "茂名",
    "兴宁": "梅州",
    "陆丰": "汕尾",
    "乐昌": "韶关",
}
ELSEWHERE = {
    "国网湖州供电公司": "湖州",
    "国网宜昌供电公司": "宜昌",
    "国网泉州供电公司": "泉州",
    "国网潍坊供电公司": "潍坊",
    "柳州供电局": "柳州",
    "遵义供电局": "遵义",
    "曲靖供电局": "曲靖",
    "海口供电局": "海口",
}
RANKED_FROM = 2020
"""From this year on 20 bureaus are ranked in the province, before it 19."""


@dataclass(frozen=True, slots=True)
class Bureau:
    """A power supply bureau; ``parent`` is the city bureau of a county one.

    ``seed`` decides its figures where they are not to be those of its name.
    """

    name: str
    city: str
    parent: str | None = None
    seed: str | None = None
    figures: dict[int, Figures] = field(default_factory=dict, compare=False, hash=False, repr=False)

    def of(self, year: int) -> Figures:
        if year not in self.figures:
            self.figures[year] = figures(self.seed or self.name, year)
        return self.figures[year]


@dataclass(frozen=True, slots=True)
class Figures:
    """One year of one bureau: hours, counts, 10,000 kW, 100 million kWh, 10,000 yuan."""

    score: float
    streak: int
    saidi: float
    saifi: float
    peak: float
    traded: float
    users: int
    saved: int
    bill: float
    rate: float


@cache
def figures(name: str, year: int) -> Figures:
    own = random.Random(f"{name}")
    first = own.randint(2004, 2010)
    score, saidi, peak = own.uniform(73, 77), own.uniform(9, 16), own.uniform(120, 1300)
    traded, saved = own.uniform(8, 40), own.randint(300, 1500)
    for passed in range(2012, year + 1):
        step = random.Random(f"{name}{passed}")
        score = min(score + step.uniform(-0.35, 1.35), 95.9)
        saidi = max(saidi * step.uniform(0.74, 0.97), 0.21)
        peak *= step.uniform(1.008, 1.09)
        traded *= step.uniform(1.04, 1.3)
        saved = int(saved * step.uniform(1.05, 1.3))
    now = random.Random(f"{name}{year}now")
    return Figures(
        score=round(score, 2),
        streak=year - first + 1,
        saidi=round(saidi, 2),
        saifi=round(saidi / now.uniform(2.6, 3.9) + 0.05, 2),
        peak=round(peak, 1),
        traded=round(traded, 2),
        users=int(traded * now.uniform(9, 14)),
        saved=saved,
        bill=round(traded * now.uniform(0.03, 0.06), 2),
        rate=round(min(94 + (year - 2012) * 0.33 + now.uniform(0, 1.1), 99.8), 2),
    )


@cache
def ranking(year: int) -> dict[str, int]:
    """Rank in the province by city, for the cities that are ranked in *year*."""
    ranked = [city for city in CITIES if city != "深圳" and (year >= RANKED_FROM or city != "广州")]
    return {
        city: place
        for place, city in enumerate(
            sorted(ranked, key=lambda city: -figures(f"{city}供电局", year).score), start=1
        )
    }


CITY_BUREAUS = [Bureau(f"{city}供电局", city) for city in CITIES]
COUNTY_BUREAUS = [Bureau(f"{town}供电局", town, f"{city}供电局") for town, city in COUNTIES.items()]
OTHER_BUREAUS = [Bureau(name, city) for name, city in ELSEWHERE.items()]
RANKED = [bureau for bureau in CITY_BUREAUS if bureau.city not in {"广州", "深圳"}]
PROVINCE = Bureau("广东电网公司", "广东")
