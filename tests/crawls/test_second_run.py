"""A second run of a spider into the same store while the first goes on: refused in one line."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator

import pytest

from tests.crawls.conftest import QUICK, Line
from tests.crawls.test_survival import wait_for_requests
from tests.replica.server import Replica

ONE_PAGE = ("crawl", "ep18", "-a", "max_pages=1", *QUICK)


@pytest.fixture
def first(line: Line, replica: Replica) -> Iterator[subprocess.Popen[str]]:
    """A crawl of ep18 that waits for an answer of the site."""
    replica.fault("ep18.cn", "/web/dianwang/qiye/20", delay=30)
    process = line.start(*ONE_PAGE)
    wait_for_requests(replica, 3, process)
    yield process
    process.kill()
    process.communicate()


def test_the_second_run_is_refused(line: Line, replica: Replica, first: subprocess.Popen[str]) -> None:
    asked = len(replica.requests)
    second = line.scrapy(*ONE_PAGE)
    assert (second.returncode, second.stdout) == (6, "")
    assert re.fullmatch(
        rf"scrapy crawl ep18: ep18 is being crawled by process {first.pid} since \d\d-\d\d \d\d:\d\d \(\+08:00\): "
        rf"wait for its end, or stop it \(kill {first.pid}; it keeps what it has\) and start again\n",
        second.stderr,
    )
    assert len(replica.requests) - asked <= 8  # the first one's own
    assert [run["verdict"] for run in line.documents("runs")] == ["running"]
    assert line.scrapy("crawl", "finews", "-a", "max_pages=1", *QUICK).returncode == 0

    first.kill()
    first.communicate()
    replica.faults.clear()
    again = line.scrapy(*ONE_PAGE)
    assert again.returncode == 0, again.stderr
    assert "ended without a word" in line.documents("runs", {"spider": "ep18"})[0]["cause"]


def test_another_store_is_another_matter(line: Line, replica: Replica, first: subprocess.Popen[str]) -> None:
    other = Line(line.data.with_name("other"), line.replica)
    replica.faults.clear()
    try:
        assert other.scrapy(*ONE_PAGE).returncode == 0
    finally:
        assert other.scrapy("store", "stop").returncode == 0
