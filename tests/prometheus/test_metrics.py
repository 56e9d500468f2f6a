"""Metrics as Prometheus reads them: the file after runs, the address during one."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from svcsat_crawler.prometheus import textfile
from svcsat_crawler.storage.mongo import Store
from tests.crawls.conftest import QUICK, Line, line, replica  # noqa: F401 - fixtures
from tests.replica.server import Replica
from tests.schedule.conftest import free_port, wait_for
from tests.storage.conftest import shared_data_dir, store  # noqa: F401 - fixtures

BEGIN = datetime(2026, 10, 22, 6, tzinfo=UTC)


def samples(text: str) -> dict[tuple[str, ...], float]:
    """Return name, spider and the other label -> value."""
    return {
        (
            sample.name,
            sample.labels["spider"],
            *(v for k, v in sample.labels.items() if k != "spider"),
        ): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_the_file_tells_of_every_spider(store: Store, tmp_path: Path) -> None:  # noqa: F811
    for number, (spider, verdict) in enumerate(
        [("ep18", "good"), ("ep18", "broken"), ("ep18", "running"), ("finews", "broken")]
    ):
        begun = BEGIN + timedelta(hours=number)
        ended = None if verdict == "running" else begun + timedelta(minutes=1)
        causes = [{"kind": "layout", "text": "…"}] if verdict == "broken" else []
        run = {"spider": spider, "verdict": verdict, "started": begun, "finished": ended, "causes": causes}
        store.database.runs.insert_one({"_id": f"run-{number}", **run, "counts": {"new": number}})
    path = tmp_path / "svcsat.prom"
    textfile.write(store.database, str(path))
    found = samples(path.read_text("utf-8"))
    assert found["svcsat_run_verdict", "ep18", "broken"] == 1
    assert found["svcsat_run_verdict", "ep18", "good"] == 0
    assert found["svcsat_run_cause", "ep18", "layout"] == 1
    assert found["svcsat_run_cause", "ep18", "charset"] == 0
    assert found["svcsat_run_count", "ep18", "new"] == 1
    good = (BEGIN + timedelta(minutes=1)).timestamp()
    assert found["svcsat_last_good_run_timestamp_seconds", "ep18"] == good
    assert found["svcsat_last_good_run_timestamp_seconds", "finews"] == 0
    assert [entry.name for entry in tmp_path.iterdir()] == ["svcsat.prom"]


def test_a_file_that_cannot_be_written_leaves_the_old_one(store: Store, tmp_path: Path) -> None:  # noqa: F811
    (tmp_path / "svcsat.prom").mkdir()
    with pytest.raises(OSError, match="directory"):
        textfile.write(store.database, str(tmp_path / "svcsat.prom"))
    assert [entry.name for entry in tmp_path.iterdir()] == ["svcsat.prom"]


@pytest.mark.slow
def test_a_crawl_answers_while_it_runs_and_writes_the_file_at_its_end(
    line: Line,  # noqa: F811
    replica: Replica,  # noqa: F811
    tmp_path: Path,
) -> None:
    port, file = free_port(), tmp_path / "svcsat.prom"
    line.environment = {"SVCSAT_METRICS_PORT": str(port), "SVCSAT_METRICS_FILE": str(file)}
    slow = replica.fault("ep18.cn", "/web/dianwang/qiye/20", delay=1)
    crawl = line.start(
        "crawl", "ep18", "-a", "max_pages=1", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=1", *QUICK[:4]
    )

    def asked() -> dict[tuple[str, ...], float] | None:
        try:
            text = requests.get(f"http://127.0.0.1:{port}/metrics", timeout=5).text
        except requests.ConnectionError:
            return None
        found = samples(text)
        return found if found.get(("svcsat_crawl_queued", "ep18")) else None

    during = wait_for(asked, 60)
    slow.times = 0
    out, err = crawl.communicate(timeout=60)
    assert crawl.returncode == 0, err
    assert during["svcsat_crawl_responses_total", "ep18", "200"] > 0
    assert during["svcsat_crawl_count_total", "ep18", "requests"] > 0
    assert during["svcsat_crawl_start_timestamp_seconds", "ep18"] <= time.time()
    after = samples(file.read_text("utf-8"))
    assert after["svcsat_run_verdict", "ep18", "good"] == 1
    assert after["svcsat_run_count", "ep18", "new"] == line.last_run("ep18")["counts"]["new"] > 0


@pytest.mark.slow
def test_what_cannot_be_served_or_written_is_told_and_changes_nothing(line: Line) -> None:  # noqa: F811
    line.environment = {"SVCSAT_METRICS_PORT": "99999", "SVCSAT_METRICS_FILE": "/nowhere/svcsat.prom"}
    crawled = line.crawl("finews")
    assert crawled.returncode == 0
    assert "SVCSAT_METRICS_PORT='99999' is no port" in crawled.stderr
    assert "SVCSAT_METRICS_FILE='/nowhere/svcsat.prom' cannot be written: No such file" in crawled.stderr
