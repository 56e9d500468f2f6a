"""How fast ``scrapy reextract`` reads an archive again, and whether that stays so when the archive grows.

Fills an empty embedded store by crawling the stand-in's load list (32 KB pages, about 2,000 characters
each), then runs the command over it, for two sizes.  Said are pages a second of wall time, CPU a page of the
command with its workers and of the store beside it, the memory of all its processes over the last two thirds
of the run, and how long 100,000 pages take: at that rate, and with all cores free (by the CPU alone).

``python -m benchmarks.reextract [--sizes 3000,9000] [--command verify]``
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.line import QUIET, ROOT, RUDE, crawling, drift
from benchmarks.processes import Cost, cpu_of, rss_of_all, run
from svcsat_crawler.storage import embedded
from tests.replica.server import Replica

WHOLE = 100_000


def fill(articles: int, environment: dict[str, str]) -> None:
    """Crawl the load list into the store; the ledger, which is made after the verdict, is not waited for."""
    with Replica(articles=articles) as replica:
        command = [*crawling("bench"), "-a", "max_pages=99999"]  # the site's own limit is 200 pages of 25
        variables = {**environment, "SVCSAT_REPLICA": replica.url, "PYTHONUNBUFFERED": "1"}
        process = subprocess.Popen(
            [*command, *RUDE, *QUIET], cwd=ROOT, env=variables, text=True, stdout=subprocess.PIPE
        )
        assert process.stdout
        verdict = next((line for line in process.stdout if line.startswith("verdict: ")), "no verdict")
        process.terminate()
        process.communicate()
        if f"{articles} articles read" not in verdict:
            raise SystemExit(verdict)


def measure(articles: int, words: list[str]) -> tuple[Cost, float]:
    """Return the cost of the command over so many articles, and the CPU seconds of its store."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        environment = {**os.environ, "SVCSAT_DATA_DIR": folder, "SVCSAT_STORE_IDLE": "600"}
        environment.pop("MONGODB_URI", None)
        try:
            fill(articles, environment)
            server = embedded.status(data).pid
            assert server
            before = cpu_of(server)
            cost = run([sys.executable, "-m", "scrapy", *words], environment, ROOT, rss_of_all)
            return cost, cpu_of(server) - before
        finally:
            embedded.stop(data)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reextract", description=__doc__)
    parser.add_argument("--sizes", default="3000,9000", help="archives to measure, in pages")
    parser.add_argument("--command", default="reextract", help="reextract, verify, or 'reextract --apply'")
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    out = Console(highlight=False)
    table = Table(title=f"scrapy {options.command} on {os.cpu_count()} cores", title_justify="left")
    names = ("pages", "s", "pages/s", "ms/page", "store ms", "MB", "drift", "100,000", "by CPU")
    for name in names:
        table.add_column(name, justify="right")
    rates = []
    for size in sizes:
        out.print(f"[dim]{size} pages ...[/dim]")
        cost, store = measure(size, options.command.split())
        if cost.code:
            raise SystemExit(cost.out)
        rates.append(size / cost.seconds)
        table.add_row(
            f"{size:,}",
            f"{cost.seconds:.1f}",
            f"{rates[-1]:.0f}",
            f"{cost.cpu / size * 1000:.2f}",
            f"{store / size * 1000:.2f}",
            f"{max(memory for _, memory in cost.curve):.0f}",
            f"{drift(cost):+.1f} %",
            f"{WHOLE / rates[-1] / 60:.1f} min",
            f"{WHOLE * (cost.cpu + store) / size / (os.cpu_count() or 1) / 60:.1f} min",
        )
        out.print(
            f"[dim]{cost.out.strip().splitlines()[-1]}, {cost.seconds:.1f} s, {cost.cpu:.1f} s CPU[/dim]"
        )
    out.print(table)
    if len(rates) > 1:
        pairs = zip(sizes, rates, strict=True)
        growth = statistics.mean(rate / rates[0] for _, rate in list(pairs)[1:])
        out.print(f"rate against that of {sizes[0]:,} pages: [bold]{growth:.2f}[/bold]")
    return 0


if __name__ == "__main__":
    sys.exit(main())
