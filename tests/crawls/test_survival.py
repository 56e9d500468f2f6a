"""What a crawl survives: kill -9, a stop, a store that goes away.  Nothing is lost, nothing doubled."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from svcsat_crawler.storage import embedded
from tests.crawls.conftest import EP18_LISTS, QUICK, Line
from tests.replica.server import Replica
from tests.replica.truth import truth
from tests.storage.conftest import Server

ARTICLES = {record["key"] for record in truth() if record["key"].startswith("ep18:")}
COMMAND = ("crawl", "ep18", "-a", f"lists={EP18_LISTS}", *QUICK)


def wait_for_requests(replica: Replica, count: int, process: subprocess.Popen[str]) -> None:
    """Wait until the sites have been asked *count* times, or the crawl has ended."""
    deadline = time.monotonic() + 60
    while len(replica.requests) < count and process.poll() is None:
        assert time.monotonic() < deadline, "the crawl does not get on"
        time.sleep(0.005)


def finish(line: Line) -> None:
    """Crawl to the end and compare with the truth: all there, each once."""
    result = line.scrapy(*COMMAND)
    assert result.returncode == 3, result.stdout + result.stderr[-2000:]  # one planted page has no text
    stored = [document["_id"] for document in line.documents("articles")]
    assert sorted(stored) == sorted(ARTICLES)


@pytest.mark.parametrize("after", [6, 40, 150, 290])
def test_kill_9_then_the_same_command_again(line: Line, replica: Replica, after: int) -> None:
    process = line.start(*COMMAND)
    wait_for_requests(replica, after, process)
    process.kill()
    process.communicate()
    kept = {document["_id"] for document in line.documents("articles")}
    facts_kept = {document["_id"] for document in line.documents("metrics")}
    before = len(replica.requests)
    asked_at_first = {seen.path for seen in replica.requests}
    finish(line)
    assert facts_kept <= {document["_id"] for document in line.documents("metrics")}
    again = [seen.path for seen in replica.requests[before:]]
    refetched = [path for path in again if path in asked_at_first and "/20" in path]
    known = {
        document["url"].split("ep18.cn")[1]
        for document in line.documents("articles", {"_id": {"$in": [*kept]}})
    }
    assert not known & set(again), "a stored article was fetched again"
    assert len(refetched) <= 60, "more than what was in flight was fetched again"


def test_a_stop_by_sigterm_keeps_what_was_read_and_says_so(line: Line, replica: Replica) -> None:
    process = line.start(*COMMAND)
    wait_for_requests(replica, 100, process)
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 3, err[-2000:]
    assert "stopped before the end (shutdown)" in " ".join(out.split())
    run = line.last_run("ep18")
    assert run["verdict"] == "incomplete"
    counts = run["counts"]
    assert len(line.documents("articles")) == counts["new"] + counts["duplicate"] > 0
    finish(line)


def test_the_embedded_store_killed_in_mid_crawl_is_brought_back(line: Line, replica: Replica) -> None:
    process = line.start(*COMMAND)
    wait_for_requests(replica, 100, process)
    killed = store_process(line)
    os.kill(killed, signal.SIGKILL)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 3, out + err[-2000:]
    assert store_process(line) != killed
    assert {document["_id"] for document in line.documents("articles")} == ARTICLES


def test_a_store_that_is_away_for_a_while_loses_nothing(line: Line, replica: Replica) -> None:
    process = line.start(*COMMAND)
    wait_for_requests(replica, 100, process)
    pid = store_process(line)
    os.kill(pid, signal.SIGSTOP)
    try:
        time.sleep(12)
        assert process.poll() is None
    finally:
        os.kill(pid, signal.SIGCONT)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 3, out + err[-2000:]
    assert {document["_id"] for document in line.documents("articles")} == ARTICLES


def store_process(line: Line) -> int:
    """Return the id of the server that works on this data directory."""
    pid = embedded.status(line.data).pid
    assert pid is not None
    return pid


def test_a_store_that_stays_away_ends_the_crawl_and_the_next_run_brings_the_rest(
    line: Line, replica: Replica, tmp_path: Path
) -> None:
    server = Server(tmp_path, "--standalone")
    server.start()
    line.environment |= {"MONGODB_URI": server.uri(options="serverSelectionTimeoutMS=1000")}
    line.environment |= {"SVCSAT_STORE_PATIENCE": "3"}
    try:
        process = line.start(*COMMAND)
        wait_for_requests(replica, 150, process)
        server.kill()
        out, err = process.communicate(timeout=60)
        assert process.returncode == 4, out + err[-3000:]
        assert "the store stayed away" in " ".join(out.split())
        asked = len(replica.requests)
        assert asked < 370, "it went on fetching what could not be kept"
        server.start()
        finish(line)
        dead = line.documents("runs", {"verdict": "incomplete", "cause": {"$regex": "without a word"}})
        assert len(dead) == 1
    finally:
        server.kill()


def test_two_crawls_and_a_query_at_once(line: Line) -> None:
    first = line.start(*COMMAND)
    second = line.start("crawl", "finews", *QUICK)
    query = line.scrapy("query", "articles", "--format", "jsonl")
    for process, code in ((first, 3), (second, 0)):
        out, err = process.communicate(timeout=120)
        assert process.returncode == code, out + err[-2000:]
    assert query.returncode == 0, query.stderr
    stored = {document["_id"] for document in line.documents("articles")}
    assert stored >= ARTICLES
    assert {key.partition(":")[0] for key in stored} == {"ep18", "finews"}
