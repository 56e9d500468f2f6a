"""``python -m benchmarks.queries``: how long each question takes on the embedded store, full.

Fills a store of its own with invented articles and facts (as many as asked for) and all that follows from
them, asks every question with several filters, and shows the median and the 95th percentile of each.  The
figure to hold is a 95th percentile of at most one second on the screen's 50 lines; the time of the command
itself (Scrapy's start) is not in it.  The CPU column tells a slow question from a busy machine.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Table

from benchmarks.processes import cpu_of
from svcsat_crawler.storage import embedded
from svcsat_crawler.storage.mongo import Store
from svcsat_crawler.storage.queries import Asked, Bureau, Years
from tests.queries import world
from tests.queries.cases import QUESTIONS

Document = dict[str, Any]
BATCH = 2_000
LIMIT = 50

SCORE, SAIDI = ("satisfaction_score",), ("saidi",)
QINGYUAN = Bureau("csg-gd-qingyuan", "清远供电局")
UNLISTED = Bureau("name:国网邯郸供电公司", "国网邯郸供电公司")
ASKED = (
    Asked(),
    Asked(bureau=QINGYUAN),
    Asked(bureau=UNLISTED),
    Asked(bureau=QINGYUAN, metrics=SCORE),
    Asked(bureau=QINGYUAN, years=Years(2016, 2021)),
    Asked(bureau=QINGYUAN, metrics=SCORE, survey="gd-province-conditions"),
    Asked(province="广东"),
    Asked(province="广东", metrics=SAIDI),
    Asked(province="广东", years=Years(2020, 2020)),
    Asked(province="青海", metrics=SCORE, years=Years(2018, 2018)),
    Asked(years=Years(2020, 2020)),
    Asked(years=Years(2016, 2021)),
    Asked(metrics=SCORE),
    Asked(metrics=SAIDI, years=Years(2019, 2019)),
    Asked(metrics=SCORE, years=Years(2012, 2018)),
    Asked(metrics=("satisfaction_rank", "satisfaction_streak")),
    Asked(survey="gz-public-opinion"),
    Asked(survey="gz-public-opinion", years=Years(2015, 2015)),
    Asked(source="finews"),
    Asked(source="ep18", metrics=SCORE),
    Asked(bureau=QINGYUAN, years=Years(1995, 1995)),  # nothing
)


def insert(store: Store, name: str, documents: Iterable[Document]) -> int:
    """Insert in large batches; return how many."""
    rest = iter(documents)
    count = 0
    while some := list(islice(rest, BATCH)):
        store.database[name].insert_many(some, ordered=False)
        count += len(some)
    return count


def fill(store: Store, size: world.Size, out: Console) -> None:
    """Fill the store; says how much went in and how fast."""
    facts: list[Document] = []

    def articles() -> Iterator[Document]:
        for article, some in world.documents(size):
            facts.extend(some)
            yield article

    def told(name: str, documents: Iterable[Document]) -> None:
        began = time.monotonic()
        count = insert(store, name, documents)
        out.print(f"[dim]{name}: {count:,} in {time.monotonic() - began:.0f} s[/dim]")

    told("articles", articles())
    told("metrics", facts)
    answers = world.answers(facts)
    told("ledger", answers.ledger)
    told("audit", answers.audit)
    told("gaps", answers.gaps)
    told("events", world.events(facts[::101], 3_000))
    told("runs", world.runs(5_000))
    began = time.monotonic()
    store.prepare(validate=False)  # indexes are made faster of what is there
    out.print(f"[dim]indexes in {time.monotonic() - began:.0f} s[/dim]")


class Time(NamedTuple):
    """One time that a question was asked."""

    seconds: float
    cpu: float
    asked: Asked
    lines: int


def measure(store: Store, server: int, question: str, rounds: int) -> list[Time]:
    """Ask a question with all filters; the CPU is that of both processes (to 10 ms)."""
    found = []
    for _ in range(rounds):
        for asked in ASKED:
            began, cpu = time.perf_counter(), time.process_time() + cpu_of(server)
            lines = len(list(QUESTIONS[question](store.database, asked, LIMIT)))
            spent = time.process_time() + cpu_of(server) - cpu
            found.append(Time(time.perf_counter() - began, spent, asked, lines))
    return found


def table(store: Store, server: int, rounds: int) -> tuple[Table, float]:
    """Ask everything; return the table and the worst 95th percentile."""
    shown = Table(title=f"{len(ASKED)} sets of filters, {rounds} times each, first {LIMIT} lines; ms")
    for name in ("question", "p50", "p95", "p95 CPU", "slowest", "with", "lines"):
        shown.add_column(name, justify="left" if name in ("question", "with") else "right")
    worst = 0.0
    for question in QUESTIONS:
        times = measure(store, server, question, rounds)
        seconds, cpu = [each.seconds for each in times], [each.cpu for each in times]
        p95 = statistics.quantiles(seconds, n=20)[-1]
        p95_cpu = statistics.quantiles(cpu, n=20)[-1]
        slowest = max(times, key=lambda each: each.seconds)
        worst = max(worst, p95)
        numbers = (statistics.median(seconds), p95, p95_cpu, slowest.seconds)
        filters = " ".join(slowest.asked.given()) or "none"
        shown.add_row(question, *(f"{1000 * value:.0f}" for value in numbers), filters, str(slowest.lines))
    return shown, worst


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.queries", description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--facts", type=int, default=400_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--data", type=Path, help="fill this directory and keep it; full already: only ask")
    options = parser.parse_args()
    out = Console(highlight=False)
    with tempfile.TemporaryDirectory(prefix="svcsat-queries-") as scratch:
        data = options.data or Path(scratch)
        environ = {"SVCSAT_DATA_DIR": str(data), "SVCSAT_STORE_IDLE": "600"}
        try:
            with Store.from_environment(environ) as store:
                if not store.database.articles.estimated_document_count():
                    fill(store, world.Size(options.articles, options.facts), out)
                server = embedded.status(data).pid
                assert server
                shown, worst = table(store, server, options.rounds)
        finally:
            embedded.stop(data)
    out.print(shown)
    out.print(f"worst 95th percentile: {worst:.2f} s")
    return 0 if worst <= 1 else 1


if __name__ == "__main__":
    raise SystemExit(main())
