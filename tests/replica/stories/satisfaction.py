"""The figures of the surveys: scores, ranks, streaks, rates, first places, questionnaires."""

from __future__ import annotations

from typing import Any

from tests.replica.stories.draft import Draft
from tests.replica.stories.figures import before, change, han, now, printer
from tests.replica.stories.world import RANKED_FROM, ranking


@printer
def score(d: Draft) -> str:
    d.note("satisfaction_score", now(d).score, "points", f"{now(d).score:g}分")
    return f"{now(d).score:g}分"


@printer
def score_change(d: Draft) -> str:
    """提高1.2分, against the year before."""
    size = round(now(d).score - before(d).score, 2)
    comparison, text = change(d, size, "points", "{}分")
    d.note("satisfaction_score", now(d).score, "points", f"{now(d).score:g}分", comparison=comparison)
    return text


@printer
def last_score(d: Draft) -> str:
    value = before(d).score
    d.note("satisfaction_score", value, "points", f"{value:g}分", part="last", year=d.year - 1)
    return f"{value:g}分"


@printer
def before_last_score(d: Draft) -> str:
    value = d.bureau.of(d.year - 2).score
    d.note("satisfaction_score", value, "points", f"{value:g}分", part="before", year=d.year - 2)
    return f"{value:g}分"


def _first(d: Draft, word: str) -> str:
    d.note("satisfaction_rank", 1, "rank", word, part="local", rank_kind="local_services")
    return word


@printer
def first(d: Draft) -> str:
    return _first(d, d.rng.choice(["第一", "第一位", "首位", "第1位"]))


@printer
def first_of(d: Draft) -> str:
    """40项…第一: the number of services, for a text that goes on with the first place."""
    count = 36 + d.year % 5
    d.note("survey_service_items", count, "count", f"{count}项", subject=None, optional=True)
    d.note(
        "satisfaction_rank", 1, "rank", f"{count}项", part="local", rank_kind="local_services", rank_of=count
    )
    return f"{count}项"


@printer
def streak(d: Draft) -> str:
    d.note("satisfaction_streak", now(d).streak, "years", f"{now(d).streak}")
    return str(now(d).streak)


@printer
def streak_han(d: Draft) -> str:
    d.note("satisfaction_streak", now(d).streak, "years", han(now(d).streak))
    return han(now(d).streak)


@printer
def house_streak(d: Draft) -> str:
    """Streak in the grid company's own customer survey, that began ten years after the other."""
    value = max(now(d).streak - 5, 2)
    d.note(
        "satisfaction_streak", value, "years", f"{value}", part="house", survey="南方电网第三方客户满意度测评"
    )
    return str(value)


@printer
def house_score(d: Draft) -> str:
    value = round(now(d).score - 1.37, 2)
    d.note(
        "satisfaction_score",
        value,
        "points",
        f"{value:g}分",
        part="house",
        survey="南方电网第三方客户满意度测评",
    )
    return f"{value:g}分"


def _province(d: Draft, **more: Any) -> int:
    value = ranking(d.year)[d.bureau.city]
    d.note(
        "satisfaction_rank",
        value,
        "rank",
        f"第{value}",
        part="province",
        rank_kind="province_bureaus",
        **more,
    )
    return value


@printer
def place(d: Draft) -> str:
    """第9: rank among the bureaus of the province."""
    return f"第{_province(d)}"


@printer
def bureaus(d: Draft) -> str:
    """How many bureaus are ranked, for a text that gives the rank as well."""
    count = 20 if d.year >= RANKED_FROM else 19
    _province(d, rank_of=count)
    return str(count)


@printer
def last_place(d: Draft) -> str:
    """Rank of the year before, for 从第13位上升至第9位; only where it has changed."""
    then, value = ranking(d.year - 1)[d.bureau.city], ranking(d.year)[d.bureau.city]
    comparison = {
        "kind": "from_to",
        "direction": "up" if value < then else "down" if value > then else "flat",
        "value": abs(then - value),
        "unit": "rank",
        "base": then,
    }
    _province(d, comparison=comparison)
    return f"第{then}"


@printer
def moved(d: Draft) -> str:
    """The verb that fits :func:`last_place` and :func:`place`."""
    then, value = ranking(d.year - 1)[d.bureau.city], ranking(d.year)[d.bureau.city]
    return "上升至" if value < then else "变为" if value > then else "稳定在"


@printer
def rate(d: Draft) -> str:
    d.note("satisfaction_rate", now(d).rate, "percent", f"{now(d).rate:g}%")
    return f"{now(d).rate:g}%"


@printer
def rate_change(d: Draft) -> str:
    size = round(now(d).rate - before(d).rate, 2)
    comparison, text = change(d, size, "percentage_points", "{}个百分点")
    d.note("satisfaction_rate", now(d).rate, "percent", f"{now(d).rate:g}%", comparison=comparison)
    return text


def _firsts(d: Draft) -> tuple[int, int]:
    if d.bureau.name == "广东电网公司":
        return (20 if d.year >= RANKED_FROM else 19), (20 if d.year >= RANKED_FROM else 19)
    total = 5 + len(d.bureau.name.encode()) % 4 + sum(map(ord, d.bureau.city)) % 3
    return total - 1 - d.year % 3, total


@printer
def firsts(d: Draft) -> str:
    """How many of ``all`` came first at home."""
    count, total = _firsts(d)
    d.note("first_place_count", count, "count", f"{count}个", rank_of=total)
    return f"{count}个"


@printer
def all_(d: Draft) -> str:
    return f"{_firsts(d)[1]}个"


def _asked(d: Draft) -> int:
    return 210 + (d.year - 2013) * 9


@printer
def issued(d: Draft) -> str:
    value = _asked(d) / 100
    d.note("survey_issued", round(value * 1e4), "count", f"{value:g}万份", subject=None)
    return f"{value:g}万份"


@printer
def valid(d: Draft) -> str:
    value = round(_asked(d) * 0.0094, 2)
    d.note("survey_valid", round(value * 1e4), "count", f"{value:g}万份", subject=None)
    return f"{value:g}万份"
