"""What keeping ledger, audit, gaps and clusters up to date costs, in stores of several sizes.

``python -m benchmarks.ledger`` fills the embedded store with articles of bureaus and years (four facts an article,
every fourth one printed again in other words), brings the answers up to date, and then measures an update after BATCH
more articles (half of them new, half of them new versions) and after a single one: CPU milliseconds an article of this
process and of the store's server.  The last column is the cost against that in the smallest store: it must not grow.

Then ``scrapy ledger update`` takes WHOLE articles (``--whole``) at once into an empty ledger: its CPU an article, start
included, and its memory over the last two thirds of the run.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from pymongo import ReplaceOne
from rich.console import Console
from rich.table import Table

from benchmarks.line import ROOT, drift
from benchmarks.processes import cpu_of, rss_of, run
from benchmarks.stories import story
from svcsat_crawler.answers import clusters, work
from svcsat_crawler.items import Article, Comparison, Evidence, Fact, Period, Rank, Subject, Survey
from svcsat_crawler.organisations import organisations
from svcsat_crawler.storage import embedded
from svcsat_crawler.storage.documents import article_document, fact_document, now
from svcsat_crawler.storage.mongo import Store

SIZES = (500, 1_500, 4_500)
BATCH = 200
WHOLE = 10_000
ARTICLES_A_YEAR = 2
YEARS = range(2006, 2026)
SURVEY = Survey(id="gd-province-conditions", org="广东省省情调查研究中心")
BUREAUS = [one.id for one in organisations() if one.level == "prefecture"]


class Cost(NamedTuple):
    """CPU milliseconds an article: of this process, of that for the clusters, and of the server."""

    own: float
    clusters: float
    server: float

    def __str__(self) -> str:
        return f"{self.own:.2f} ({self.clusters:.2f}) + {self.server:.1f}"


class Clock:
    """Measures the CPU of one function inside an update."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._assign = clusters.assign
        clusters.assign = self.assign  # type: ignore[assignment]

    def assign(self, *arguments: Any) -> set[str]:
        began = time.process_time()
        moved = self._assign(*arguments)
        self.seconds += time.process_time() - began
        return moved


def article(number: int, version: int = 0) -> tuple[Article, list[Fact]]:
    """Return the article of this number: two a bureau and year, bureaus without end; the same in every run."""
    place, year = divmod(number // ARTICLES_A_YEAR, len(YEARS))
    year += YEARS[0]
    key = BUREAUS[place] if place < len(BUREAUS) else f"第{place}供电局"
    subject = Subject(id=key if place < len(BUREAUS) else None, name=key, how="stated")
    score = round(70 + place % 9 + (year - 2006) * 0.7 + version * 0.1, 2)
    facts = [
        fact("satisfaction_score", score, "points", subject, year, comparison=Comparison(
            kind="yoy", direction="up", value=0.7, unit="points")),
        fact("satisfaction_rank", 1 + (place + year) % 20, "rank", subject, year, rank=Rank(kind="province_bureaus", of=20)),
        fact("satisfaction_streak", year - 1999 - version, "years", subject, year, rank=Rank(kind="local_services")),
        fact("saidi", round(9 - (year - 2006) * 0.3 + version, 2), "hours", subject, year),
    ]  # fmt: skip
    text = story(number)
    made = Article(
        key=f"ep18:{number}",
        source="ep18",
        url=f"http://ep18.cn/web/dianwang/qiye/{number}.html",
        title=text.title,
        body="\n".join([*text.paragraphs, *(one.evidence.sentence for one in facts)]),
        published=text.published or datetime(year + 1, 1, 5, 9, tzinfo=UTC),
        column="企业风采",
        facts=facts,
    )
    return made, facts


def fact(metric: str, value: float, unit: str, subject: Subject, year: int, **more: Any) -> Fact:
    sentence = f"{year}年，{subject.name}{metric}为{value:g}{unit}。"
    return Fact(
        metric=metric,
        value=value,
        unit=unit,
        raw=f"{value:g}",
        subject=subject,
        period=Period(start=f"{year}-01-01", end=f"{year}-12-31", label=f"{year}年", how="stated"),
        evidence=Evidence(sentence=sentence, start=0, end=len(sentence), rule=metric),
        survey=SURVEY if metric != "saidi" else None,
        **more,
    )


def put(store: Store, numbers: Iterator[int] | range | list[int], version: int = 0) -> None:
    """Store articles with their facts as a crawl leaves them."""
    seen = now()
    facts, articles = [], []
    for number in numbers:
        made, stated = article(number, version)
        if version:
            store.database.metrics.delete_many({"article": made.key})
        facts += [fact_document(made, one) for one in stated]
        times = {"changed": seen, "changed_by": "site", "first_seen": seen, "last_seen": seen}
        articles.append({"_id": made.key, **article_document(made), "revisions": [], **times})
    for first in range(0, len(facts), 1000):
        some = facts[first : first + 1000]
        store.database.metrics.bulk_write([ReplaceOne({"_id": one["_id"]}, one, upsert=True) for one in some])
    for first in range(0, len(articles), 500):
        some = articles[first : first + 500]
        store.database.articles.bulk_write(
            [ReplaceOne({"_id": one["_id"]}, one, upsert=True) for one in some]
        )


def update(store: Store, server: int, clock: Clock) -> Cost:
    before = time.process_time(), clock.seconds, cpu_of(server)
    done = work.update(store)
    after = time.process_time(), clock.seconds, cpu_of(server)
    return Cost(
        *((end - start) * 1000 / max(done.articles, 1) for start, end in zip(before, after, strict=True))
    )


def measure(folder: Path, sizes: list[int]) -> Iterator[list[str]]:
    """Yield one line of the table for each size of the store."""
    environ = {"SVCSAT_DATA_DIR": str(folder), "SVCSAT_STORE_IDLE": "600"}
    with Store.from_environment(environ) as store:
        store.prepare()
        server = int(embedded.status(folder).pid or 0)
        size, smallest, clock = 0, 0.0, Clock()
        for wanted in sizes:
            put(store, range(size, wanted))
            size = wanted
            filled = update(store, server, clock)
            put(store, range(size, size + BATCH // 2))
            put(store, random.Random(size).sample(range(size), BATCH // 2), version=1)
            batch = update(store, server, clock)
            size += BATCH // 2
            put(store, [size])
            single = update(store, server, clock)
            size += 1
            smallest = smallest or batch.own
            yield [
                f"{size:,}",
                f"{store.database.ledger.estimated_document_count():,}",
                *map(str, (filled, batch, single)),
                f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:.0f} + {rss_of(server):.0f}",
                f"{batch.own / smallest:.2f}×",
            ]


def whole(data: Path, articles: int) -> str:
    """Return one line on an update of so many articles by the command."""
    environ = {**os.environ, "SVCSAT_DATA_DIR": str(data), "SVCSAT_STORE_IDLE": "600"}
    environ.pop("MONGODB_URI", None)
    with Store.from_environment(environ) as store:
        store.prepare()
        for first in range(0, articles, 1000):
            put(store, range(first, min(first + 1000, articles)))
        server = int(embedded.status(data).pid or 0)
        before = cpu_of(server)
        cost = run([sys.executable, "-m", "scrapy", "ledger", "update"], environ, ROOT)
        spent = cpu_of(server) - before
    if cost.code:
        raise SystemExit(cost.out)
    own, theirs = cost.cpu / articles * 1000, spent / articles * 1000
    return (
        f"scrapy ledger update of {articles:,} articles: {own:.2f} ms CPU an article + {theirs:.1f} of the server, "
        f"{cost.seconds:.0f} s, at most {cost.peak:.0f} MB, over the last two thirds {drift(cost):+.1f} %"
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ledger", description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=list(SIZES), metavar="ARTICLES")
    parser.add_argument("--whole", type=int, default=WHOLE, metavar="ARTICLES")
    options = parser.parse_args()
    out = Console(highlight=False, width=None if sys.stdout.isatty() else 130)
    table = Table(
        title="CPU ms an article: this process (of that for clusters) + the store's server",
        title_justify="left",
    )
    for name in (
        "articles",
        "rows",
        "filling",
        f"{BATCH} changed",
        "1 changed",
        "MB",
        "against the smallest",
    ):
        table.add_column(name, justify="right")
    folder = Path(tempfile.mkdtemp(prefix="svcsat-bench-"))
    try:
        for line in measure(folder / "data", options.sizes):
            table.add_row(*line)
            out.print(f"[dim]{line[0]} articles: {line[3]} of {BATCH} changed[/dim]")
        out.print(table)
        if options.whole:
            out.print(whole(folder / "whole", options.whole))
    finally:
        for name in ("data", "whole"):
            embedded.stop(folder / name)
        shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
