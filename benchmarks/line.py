"""``make bench``: the whole line against a bare Scrapy + parsel spider on the same pages.

Both crawl a load list of the stand-in (32 KB pages) with politeness off, in turn, on the same machine.  On the
list ``everyday`` one article in seven is a supplier's yearly report, as on the stand-in's other lists; on the list
``bench`` every one is, with some fourteen facts each (``--list``, both unless told).
Said is the client's CPU a page (the process that crawls); the embedded store is a process of its own
and shown apart, and so are the answers (ledger, audit, gaps) that a crawl ends with.  The figure is the
ratio of the rates: bare CPU a page / line CPU a page.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from benchmarks.processes import Cost, cpu_of, run
from svcsat_crawler.storage import embedded

ROOT = Path(__file__).resolve().parent.parent
LISTS = ("everyday", "bench")
RUDE = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=0", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=8")
QUIET = ("-s", "LOG_LEVEL=ERROR")


def path_of(listed: str) -> str:
    return f"/web/dianwang/{listed}/"


def crawling(listed: str) -> list[str]:
    """Return the command that crawls the load list *listed* with the whole line."""
    return [sys.executable, "-m", "scrapy", "crawl", "ep18", "-a", f"lists=http://ep18.cn{path_of(listed)}"]


def bare(address: str, listed: str) -> Cost:
    """Crawl the list *listed* with the bare spider: Scrapy's own settings and middlewares."""
    command = [sys.executable, "-m", "scrapy", "runspider", str(ROOT / "benchmarks" / "bare_spider.py")]
    command += ["-a", f"base={address}", "-a", f"path={path_of(listed)}", "-a", "host=ep18.cn", *RUDE, *QUIET]
    # Away from the project, so that none of its settings apply.
    with tempfile.TemporaryDirectory() as elsewhere:
        return run(command, dict(os.environ), Path(elsewhere))


def line(address: str, data: Path, listed: str) -> tuple[Cost, float, Cost]:
    """Crawl the list *listed* with the whole line, then bring the answers up to date.

    Returns the crawl's cost, the store's CPU seconds for it, and the cost of the answers.
    """
    environment = {
        **os.environ,
        "SVCSAT_REPLICA": address,
        "SVCSAT_DATA_DIR": str(data),
        "SVCSAT_STORE_IDLE": "60",
    }
    environment.pop("MONGODB_URI", None)
    uri = [sys.executable, "-m", "scrapy", "store", "uri"]
    subprocess.run(uri, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    server = embedded.status(data).pid
    assert server
    before = cpu_of(server)
    cost = run([*crawling(listed), *RUDE, *QUIET, "-s", "SVCSAT_ANSWERS=0"], environment, ROOT)
    store = cpu_of(server) - before
    return cost, store, run([sys.executable, "-m", "scrapy", "ledger", "update"], environment, ROOT)


class Row(NamedTuple):
    """One round."""

    peer: Cost
    whole: Cost
    store: float
    again: Cost
    answers: Cost


def drift(cost: Cost) -> float:
    """Return how memory grew over the last two thirds of a run, in percent."""
    settled = [size for at, size in cost.curve if at > cost.seconds / 3]
    third = max(1, len(settled) // 3)
    first, last = statistics.median(settled[:third]), statistics.median(settled[-third:])
    return (last / first - 1) * 100


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.line", description=__doc__)
    parser.add_argument("--articles", type=int, default=3000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--list", choices=LISTS, action="append", dest="lists")
    options = parser.parse_args()
    out = Console(highlight=False)
    replica = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tests.replica",
            "--port",
            "0",
            "--articles",
            str(options.articles),
            "--until-eof",
        ],
        cwd=ROOT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert replica.stdout and replica.stdin
    address = replica.stdout.readline().split()[1]
    try:
        for listed in options.lists or LISTS:
            show(
                out,
                [measure(out, address, listed, options, n) for n in range(options.rounds)],
                listed,
                options.articles,
            )
    finally:
        replica.stdin.close()
        replica.wait()
        replica.stdout.close()
    return 0


def measure(out: Console, address: str, listed: str, options: argparse.Namespace, number: int) -> Row:
    """Crawl the list once with each, and once more with the line."""
    out.print(f"[dim]{listed}: round {number + 1} of {options.rounds} ...[/dim]")
    peer = bare(address, listed)
    assert re.search(rf"articles {options.articles}\b", peer.out), peer.out
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        try:
            whole, store, answers = line(address, data, listed)
            again, _, _ = line(address, data, listed)
        finally:
            embedded.stop(data)
    assert whole.code == 0 and again.code == 0, whole.out + again.out
    return Row(peer, whole, store, again, answers)


def show(out: Console, rows: list[Row], listed: str, articles: int) -> None:
    """Print medians over the rounds, and the ratio round by round."""
    table = Table(
        title=f"{articles} articles of the list {listed}, medians of {len(rows)} rounds", title_justify="left"
    )
    for name in ("", "CPU ms/page", "pages/s", "peak MB"):
        table.add_column(name, justify="left" if not name else "right")

    def add(name: str, costs: list[Cost]) -> None:
        cpu = statistics.median(cost.cpu for cost in costs) / articles * 1000
        rate = statistics.median(articles / cost.seconds for cost in costs)
        peak = statistics.median(cost.peak for cost in costs)
        table.add_row(name, f"{cpu:.2f}", f"{rate:.0f}", f"{peak:.0f}")

    add("bare Scrapy + parsel", [row.peer for row in rows])
    add("whole line", [row.whole for row in rows])
    stores = statistics.median(row.store for row in rows) / articles * 1000
    table.add_row("  its store, a process of its own", f"{stores:.2f}", "", "")
    add("ledger, audit and gaps, after it", [row.answers for row in rows])
    out.print(table)
    ratios = sorted(row.peer.cpu / row.whole.cpu for row in rows)
    shown = ", ".join(f"{ratio:.2f}" for ratio in ratios)
    out.print(
        f"rate of the line / bare rate (client CPU): [bold]{statistics.median(ratios):.2f}[/bold] ({shown})"
    )
    out.print(
        f"memory over the last two thirds: {statistics.median(drift(row.whole) for row in rows):+.1f} %"
    )
    again = statistics.median(row.again.cpu for row in rows)
    first = statistics.median(row.whole.cpu for row in rows)
    out.print(f"second, incremental run: {again:.1f} s CPU against {first:.1f} s, list pages only")


if __name__ == "__main__":
    sys.exit(main())
