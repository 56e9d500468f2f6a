"""Facts for the ledger, as the store holds them, without any text being read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from svcsat_crawler.items import Article, Comparison, Evidence, Fact, Period, Rank, Subject, Survey
from svcsat_crawler.ledger import audit, peers
from svcsat_crawler.ledger.keys import group_of
from svcsat_crawler.ledger.rows import rows_of
from svcsat_crawler.ledger.series import Series
from svcsat_crawler.organisations import get
from svcsat_crawler.storage.documents import fact_document, utc
from svcsat_crawler.text.times import BEIJING

PROVINCIAL = Survey(id="gd-province-conditions", org="广东省省情调查研究中心")
HOUSE = Survey(name="南方电网第三方客户满意度测评")
UNITS = {
    "satisfaction_score": "points",
    "satisfaction_rank": "rank",
    "satisfaction_streak": "years",
    "saidi": "hours",
    "first_place_count": "count",
    "survey_valid": "count",
    "grid_projects": "count",
}
Document = dict[str, Any]


def subject(key: str, how: str = "stated") -> Subject:
    known = get(key)
    return Subject(id=known.id if known else None, name=known.name if known else key, how=how)  # type: ignore[arg-type]


def whole(year: int, how: str = "stated") -> Period:
    return Period(start=f"{year}-01-01", end=f"{year}-12-31", label=f"{year}年", how=how)  # type: ignore[arg-type]


def number(metric: str, value: float | None, bureau: str, year: int, **more: Any) -> Fact:
    """A fact with the fields that matter here; *how*, *where*, *sentence* go to where they belong."""
    how, where = more.pop("how", "stated"), more.pop("where", "body")
    raw = more.pop("raw", f"{value:g}" if value is not None else "")
    sentence = more.pop("sentence", f"{bureau}{year}年{metric}为{raw}。")
    return Fact(
        metric=metric,
        value=value,
        unit=more.pop("unit", UNITS[metric]),
        raw=raw,
        subject=more.pop("subject", None) or subject(bureau, how),
        period=more.pop("period", None) or whole(year),
        evidence=Evidence(sentence=sentence, start=0, end=len(sentence), rule="test", where=where),
        **more,
    )


def printed(key: str, facts: Iterable[Fact], day: str = "2022-01-10", **more: Any) -> list[Document]:
    """The documents of the facts of one article printed on a day."""
    return [fact_document(article(key, day, **more), fact) for fact in facts]


def article(key: str, day: str = "2022-01-10", **more: Any) -> Article:
    published = datetime.fromisoformat(day).replace(tzinfo=BEIJING) + timedelta(hours=9)
    source = {"ep18": "ep18", "nfplus": "nanfangplus"}.get(key.split(":", maxsplit=1)[0], "finews")
    title = more.pop("title", f"{key}的标题")
    address = f"http://ep18.cn/{key.split(':')[1]}.html"
    return Article(key=key, source=source, url=address, title=title, published=published, **more)


def stored(documents: Iterable[Document]) -> list[Document]:
    """Give the documents their times as the store hands them out."""
    return [{**document, "published": utc(document["published"])} for document in documents]


def ledger(facts: Iterable[Document], copies: dict[str, list[str]] | None = None) -> dict[str, Series]:
    """Return all rows of these facts, by series."""
    cells: dict[str, list[Document]] = defaultdict(list)
    for fact in facts:
        if fact["cell"]:
            cells[fact["cell"]].append(fact)
    rows: dict[str, list[Document]] = defaultdict(list)
    for cell, some in cells.items():
        for row in rows_of(cell, some, copies or {}):
            rows[row["series"]].append(row)
    made = {series: Series(some) for series, some in rows.items()}
    for one in made.values():
        one.link(range(1990, 2100))
    return made


def rows(facts: Iterable[Document], copies: dict[str, list[str]] | None = None) -> list[Document]:
    return [row for series in ledger(facts, copies).values() for row in series.rows]


def findings(made: dict[str, Series]) -> list[Document]:
    """Return everything that the audit finds."""
    found = [one for series in made.values() for one in audit.series_findings(series, range(1990, 2100))]
    groups: dict[str, list[Document]] = defaultdict(list)
    for unit, series in made.items():
        groups[group_of(unit)] += series.rows
    return found + [
        one for unit, some in groups.items() for one in peers.peer_findings(f"group:{unit}", some)
    ]


def change(direction: str, value: float | None, unit: str = "points", **more: Any) -> Comparison:
    return Comparison(kind=more.pop("kind", "yoy"), direction=direction, value=value, unit=unit, **more)  # type: ignore[arg-type]


def moved(base: int, now: int) -> Comparison:
    """从第13位上升至第9位."""
    direction = "up" if now < base else "down" if now > base else "flat"
    return change(direction, abs(base - now), "rank", kind="from_to", base=float(base))


def peers_of(kind: str, of: int | None = None) -> Rank:
    return Rank(kind=kind, of=of)  # type: ignore[arg-type]
