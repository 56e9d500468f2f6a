"""``make demo``: crawl the stand-in sites with all three spiders and show what was found.

Needs no network and no server: the sites are served by ``tests/replica``, the store is the embedded
one.  Run again, it stores nothing new.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from rich.console import Console

from svcsat_crawler.storage import queries
from svcsat_crawler.storage.mongo import Store
from svcsat_crawler.terminal.facts import fact_lines
from tests.replica.server import Replica

ROOT = Path(__file__).resolve().parent.parent
SPIDERS = ("ep18", "nanfangplus", "finews")
# The stand-in is ours: no reason to be slow with it.
QUICK = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=0", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=8")


def main() -> int:
    out = Console(highlight=False)
    started = time.monotonic()
    # Invented articles have no business in anybody's MongoDB.
    os.environ.pop("MONGODB_URI", None)
    data = os.environ.setdefault("SVCSAT_DATA_DIR", str(ROOT / ".svcsat-demo"))
    worst = 0
    with Replica() as replica:
        out.print(f"[dim]stand-in sites at {replica.url}, data in {data}[/dim]\n")
        environment = {**os.environ, "SVCSAT_REPLICA": replica.url}
        if not sys.stderr.isatty():
            environment.setdefault("SVCSAT_LOG_LEVEL", "ERROR")
        for spider in SPIDERS:
            command = [sys.executable, "-m", "scrapy", "crawl", spider, *QUICK]
            code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
            worst = max(worst, code)
            out.print()
    with Store.from_environment() as store:
        out.print("[bold]Ten of the facts, each with its sentence[/bold]\n")
        for fact in queries.best_facts(store.database, 10):
            out.print(fact_lines(fact), soft_wrap=True)
        total = store.database.metrics.estimated_document_count()
        articles = store.database.articles.estimated_document_count()
    out.print(f"{articles} articles and {total} facts stored, {time.monotonic() - started:.0f} s")
    out.print(f"more: SVCSAT_DATA_DIR={data} .venv/bin/scrapy query facts", soft_wrap=True)
    return worst


if __name__ == "__main__":
    sys.exit(main())
