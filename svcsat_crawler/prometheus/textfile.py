"""The state of all spiders as a file for the node exporter's textfile collector."""

from __future__ import annotations

import os
from typing import Any

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from pymongo.database import Database

from svcsat_crawler.verdict.causes import NAMES

VERDICTS = ("good", "no news", "incomplete", "broken")
_GOOD = ("good", "no news")

Document = dict[str, Any]


def write(database: Database[Document], path: str) -> None:
    """Write the file, whole or not at all: readers see the old one or the new one.

    Raises OSError when that cannot be done.
    """
    # The collector reads names that end in .prom; until it is whole ours must not.
    unfinished = f"{path}.{os.getpid()}.tmp"
    try:
        with open(unfinished, "wb") as file:  # noqa: PTH123
            file.write(generate_latest(registry(database)))
        os.chmod(unfinished, 0o644)  # noqa: PTH101
        os.replace(unfinished, path)  # noqa: PTH105
    finally:
        if os.path.exists(unfinished):  # noqa: PTH110
            os.unlink(unfinished)  # noqa: PTH108


def registry(database: Database[Document]) -> CollectorRegistry:
    """Return the metrics of each spider's latest finished run, and when its last good one ended."""
    found = CollectorRegistry()
    verdict = Gauge(
        "svcsat_run_verdict", "1 for the verdict of the latest run", ["spider", "verdict"], registry=found
    )
    cause = Gauge(
        "svcsat_run_cause", "1 for each kind of cause of the latest run", ["spider", "kind"], registry=found
    )
    count = Gauge("svcsat_run_count", "Counts of the latest run", ["spider", "what"], registry=found)
    times = {
        name: Gauge(f"svcsat_{name}_timestamp_seconds", about, ["spider"], registry=found)
        for name, about in (
            ("run_started", "When the latest run began"),
            ("run_finished", "When the latest run ended"),
            ("last_good_run", "When the last run that was good or had no news ended; 0 for never"),
        )
    }
    for spider in sorted(database.runs.distinct("spider")):
        finished = {"spider": spider, "verdict": {"$in": list(VERDICTS)}, "part": {"$ne": "helper"}}
        for run in database.runs.find(finished).sort("started", -1).limit(1):
            for word in VERDICTS:
                verdict.labels(spider, word).set(run["verdict"] == word)
            kinds = {each["kind"] for each in run.get("causes") or ()}
            for kind in NAMES:
                cause.labels(spider, kind).set(kind in kinds)
            for what, number in (run.get("counts") or {}).items():
                count.labels(spider, what).set(number)
            times["run_started"].labels(spider).set(run["started"].timestamp())
            if run.get("finished"):
                times["run_finished"].labels(spider).set(run["finished"].timestamp())
        good = {"spider": spider, "verdict": {"$in": list(_GOOD)}, "part": {"$ne": "helper"}}
        last = database.runs.find(good, {"finished": 1}).sort("started", -1).limit(1).to_list()
        times["last_good_run"].labels(spider).set(last[0]["finished"].timestamp() if last else 0)
    return found
