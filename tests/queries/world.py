"""Invented articles with their facts, and all that follows from them, as documents in the store's own form.

Who, what and when are drawn; facts and articles go through the project's own functions, so they always have
the present form.  The same seed gives the same documents.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from svcsat_crawler.items import Article, Comparison, Evidence, Fact, Period, Rank, Subject, Survey
from svcsat_crawler.ledger.audit import series_findings
from svcsat_crawler.ledger.gaps import METRICS as YEARLY
from svcsat_crawler.ledger.gaps import gaps_of
from svcsat_crawler.ledger.keys import series_of
from svcsat_crawler.ledger.rows import rows_of
from svcsat_crawler.ledger.series import Series
from svcsat_crawler.organisations import organisations, places, survey_houses
from svcsat_crawler.storage.documents import article_document, fact_document
from svcsat_crawler.text.times import BEIJING

Document = dict[str, Any]

SOURCES = ("ep18", "ep18", "ep18", "nanfangplus", "nanfangplus", "finews")
KEYS = {"ep18": "ep18", "nanfangplus": "nfplus", "finews": "finews"}
ADDRESSES = {
    "ep18": "http://ep18.cn/web/dianwang/qiye/{}.html",
    "nanfangplus": "https://static.nfnews.com/content/{}.html",
    "finews": "https://finews.withounder.com/pdfnews/{}/",
}
# Metric, unit, range of values, words before and after the number; the first ones are told most.
TOLD = (
    ("satisfaction_score", "points", (76.0, 92.0), "供电服务满意度得分", "分"),
    ("satisfaction_rank", "rank", (1, 21), "供电服务满意度在全省供电局中排名第", ""),
    ("satisfaction_streak", "years", (2, 18), "供电服务满意度连续", "年位居首位"),
    ("saidi", "hours", (0.3, 12.0), "客户平均停电时间", "小时"),
    ("satisfaction_rate", "percent", (90.0, 99.9), "客户满意率", "%"),
    ("asai", "percent", (99.8, 99.999), "供电可靠率", "%"),
    ("saifi", "interruptions", (0.1, 4.0), "客户平均停电次数", "次"),
    ("energy_sold", "kWh", (1e9, 9e10), "售电量", "千瓦时"),
    ("peak_load", "kW", (1e6, 2e7), "最高负荷", "千瓦"),
    ("connection_time", "working_days", (1.0, 40.0), "平均接电时间", "个工作日"),
    ("complaints", "count", (1, 900), "投诉", "件"),
    ("market_users", "count", (100, 90000), "市场用户", "户"),
)
FIRST, LAST = 2006, 2025


@dataclass(frozen=True)
class Size:
    """How much there is to be."""

    articles: int
    facts: int
    seed: int = 7


def suppliers() -> list[Subject]:
    """Return the listed suppliers, then one for every other prefecture, by a name that no table knows."""
    known = [Subject(id=one.id, name=one.name, how="stated") for one in organisations() if one.place]
    cities = {one.place for one in organisations()}
    others = [
        Subject(id=None, name=f"国网{place.name}供电公司", how="stated")
        for _, place in places()
        if place.kind == "prefecture" and place.name not in cities
    ]
    return known + others


def documents(size: Size) -> Iterator[tuple[Document, list[Document]]]:
    """Yield articles with their facts."""
    draw = random.Random(size.seed)
    whom = suppliers()
    # The first are told most: half of all facts are those of a tenth of the suppliers.
    weights = [1 / (place + 8) for place in range(len(whom))]
    wanted = size.facts
    for number in range(size.articles):
        left = size.articles - number
        count = max(0, round(wanted / left + draw.uniform(-2, 2)))
        article, facts = _article(draw, number, count, whom, weights)
        wanted -= len(facts)
        yield article, facts


def _article(
    draw: random.Random, number: int, count: int, whom: list[Subject], weights: list[float]
) -> tuple[Document, list[Document]]:
    source = draw.choice(SOURCES)
    year = draw.randint(FIRST, LAST)
    # Most are printed early in the year after; one in a thousand without a date.
    printed = datetime(year + 1, 1, 1, 9, tzinfo=BEIJING) + timedelta(days=draw.randint(-150, 200))
    subject = draw.choices(whom, weights)[0]
    house = draw.choice([*survey_houses()[:3], None])
    article = Article(
        key=f"{KEYS[source]}:{number:07}",
        source=source,
        url=ADDRESSES[source].format(f"{number:07}"),
        title=f"{subject.name}{year}年指标公布（第{number}号）",
        published=None if number % 1000 == 999 else printed,
        column=draw.choice(("企业风采", "供电服务", None)),
        rules_version="1",
    )
    body: list[str] = []
    facts = {}
    for _ in range(count):
        about = subject if draw.random() < 0.8 else draw.choices(whom, weights)[0]
        fact = _fact(draw, about, year if draw.random() < 0.8 else year - 1, house, sum(map(len, body)))
        body.append(fact.evidence.sentence)
        facts[id(fact)] = fact
    article.body = "".join(body)
    article.facts = list(facts.values())
    article.text_hash = f"{number:064x}"
    stored = {
        document["_id"]: document for document in (fact_document(article, fact) for fact in article.facts)
    }
    first = {"first_seen": printed.astimezone(UTC), "last_seen": printed.astimezone(UTC), "revisions": []}
    return {"_id": article.key, **article_document(article), **first}, list(stored.values())


def _fact(draw: random.Random, subject: Subject, year: int, house: Any, start: int) -> Fact:
    metric, unit, (low, high), before, after = draw.choices(TOLD, range(len(TOLD), 0, -1))[0]
    # One true value a bureau and year; one source in twelve has another.
    own = random.Random(f"{subject.name}{metric}{year}")
    value = own.uniform(low, high) if isinstance(low, float) else own.randint(low, high)
    value = round(value * (1 if draw.random() < 11 / 12 else 1.01), 2) if isinstance(value, float) else value
    raw = f"{value:.10g}{after[:1] if after else '位'}"
    sentence = f"{year}年，{subject.name}{before}为{raw}{after[1:]}，各项服务举措持续推进，第三方结果由有关机构公布。"
    satisfied = metric.startswith("satisfaction")
    change = draw.random() < 0.3 and unit == "points"
    return Fact(
        metric=metric,
        value=float(value),
        unit=unit,
        raw=raw,
        subject=subject,
        period=Period(start=f"{year}-01-01", end=f"{year}-12-31", label=f"{year}年", how="stated"),
        evidence=Evidence(sentence=sentence, start=start, end=start + len(sentence), rule=metric),
        comparison=Comparison(kind="yoy", direction="up", value=1.2, unit=unit) if change else None,
        rank=Rank(kind="province_bureaus", of=21) if metric == "satisfaction_rank" else None,
        survey=Survey(id=house.id, org=house.name, year=year) if house and satisfied else None,
        status="measured" if draw.random() < 0.95 else "planned",
        confidence=round(draw.uniform(0.7, 1.0), 2),
    )


@dataclass
class Answers:
    """What follows from the facts."""

    ledger: list[Document]
    audit: list[Document]
    gaps: list[Document]


def answers(facts: Iterable[Document]) -> Answers:
    """Return rows, findings and gaps, made by the functions that ``scrapy ledger`` makes them with."""
    seen = {
        "first_seen": datetime(2026, 1, 1, tzinfo=UTC),
        "updated": datetime(2026, 1, 1, tzinfo=UTC),
        "schema": 2,
    }
    cells: dict[str, dict[str, list[Document]]] = defaultdict(lambda: defaultdict(list))
    for fact in facts:
        if fact["cell"]:
            cells[series_of(fact["cell"])][fact["cell"]].append(fact)
    made = Answers([], [], [])
    groups: dict[str, list[Document]] = defaultdict(list)
    for of_series in cells.values():
        series = Series(row for cell, some in of_series.items() for row in rows_of(cell, some, {}))
        years = {row["year"] for row in series.rows}
        series.link(years)
        findings = series_findings(series, years)
        made.audit += [{**one, "state": "open", "closed": None, **seen} for one in findings]
        made.ledger += [{**row, **seen} for row in series.rows]
        for row in series.rows:
            groups[row["group"]].append(row)
    for group, rows in groups.items():
        if group.rpartition("|")[2] in YEARLY:
            made.gaps += [{**gap, **seen} for gap in gaps_of(group, rows)]
    return made


def runs(count: int) -> Iterator[Document]:
    """Yield run records."""
    draw = random.Random(count)
    for number in range(count):
        started = datetime(2026, 1, 1, tzinfo=UTC) - timedelta(hours=9 * number)
        yield {
            "_id": f"run{number:06}",
            "spider": draw.choice(SOURCES),
            "started": started,
            "finished": started + timedelta(minutes=12),
            "verdict": draw.choice(("good", "no news", "incomplete")),
            "cause": "all lists were walked to what was known",
            "counts": {"new": draw.randint(0, 9), "changed": 0, "known": 20, "facts": draw.randint(0, 30)},
        }


def events(facts: Iterable[Document], count: int) -> Iterator[Document]:
    """Yield changes of some of these facts."""
    for number, fact in zip(range(count), facts, strict=False):
        side = {"qualifier": "eq", "sentence": fact["evidence"]["sentence"], "raw": fact["raw"]}
        kind = ("number_changed", "number_gone", "number_added")[number % 3]
        yield {
            "_id": f"event{number:06}",
            "kind": kind,
            "article": fact["article"],
            "metric": fact["metric"],
            "subject": {"id": fact["subject"]["id"], "name": fact["subject"]["name"]},
            "subject_key": fact["subject_key"],
            "year": fact["year"],
            "before": None if kind == "number_added" else {**side, "value": fact["value"]},
            "after": None if kind == "number_gone" else {**side, "value": fact["value"] + 1},
            "at": datetime(2026, 1, 1, tzinfo=UTC) - timedelta(hours=number),
            "url": fact["url"],
            "title": fact["title"],
            "spider": fact["source"],
        }
