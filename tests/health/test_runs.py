"""`scrapy runs`: a row for each spider, the cause of what is wrong, and an exit code for scripts."""

from __future__ import annotations

import socket
from datetime import UTC, datetime, timedelta

import pytest

from svcsat_crawler.storage.documents import SCHEMA
from tests.crawls.conftest import Line, line, replica  # noqa: F401 - fixtures

pytestmark = pytest.mark.slow
AT = datetime(2026, 3, 1, 3, tzinfo=UTC)


def remember(line: Line, spider: str, verdicts: str, *, cause: str = "", part: str | None = None) -> None:  # noqa: F811
    """Store a run for each verdict, a day apart."""
    words = {"g": "good", "n": "no news", "i": "incomplete", "b": "broken", "r": "running"}
    runs = [
        {
            "_id": f"{spider}-{part}-{day}",
            "spider": spider,
            "started": AT + timedelta(days=day),
            "finished": None if letter == "r" else AT + timedelta(days=day, minutes=9),
            "host": socket.gethostname(),
            "pid": 2**22 - 1,
            "arguments": {},
            "settings": {},
            "rules_version": "4",
            "part": part,
            "reason": "finished",
            "counts": {"new": day, "facts": 2 * day},
            "lists": [],
            "verdict": words[letter],
            "cause": cause,
            "causes": [],
            "tally": {},
            "schema": SCHEMA,
        }
        for day, letter in enumerate(verdicts)
    ]
    with line.store() as store:
        store.prepare()
        store.database.runs.insert_many(runs)


def test_each_spider_stands_by_its_last_run(line: Line) -> None:  # noqa: F811
    remember(line, "ep18", "ggbb", cause="list 企业风采: HTTP 403")
    remember(line, "finews", "ign")
    remember(line, "finews", "bbbbb", part="helper")
    done = line.scrapy("runs")
    rows = {row.split()[0]: row.split() for row in done.stdout.splitlines() if row.split()}
    assert done.returncode == 4
    assert rows["ep18"][1:] == ["03-04", "11:00", "broken", "2", "runs", "3", "6", "●●✖✖"]
    assert rows["finews"][1:] == ["03-03", "11:00", "no", "news", "1", "run", "2", "4", "▲●○"]
    assert rows["nanfangplus"][1:] == ["never"]
    assert "ep18: broken – list 企业风采: HTTP 403" in done.stdout
    assert line.scrapy("runs", "finews").returncode == 0


def test_a_killed_run_and_an_incomplete_one_are_told(line: Line) -> None:  # noqa: F811
    remember(line, "ep18", "gr")
    remember(line, "nanfangplus", "gi", cause="list 14: page 3 is missing")
    done = line.scrapy("runs")
    assert done.returncode == 3
    assert "ep18: its process is gone; the next crawl closes the record" in done.stdout
    assert "nanfangplus: incomplete – list 14: page 3 is missing" in done.stdout


def test_what_cannot_be_asked_is_refused_in_one_line(line: Line) -> None:  # noqa: F811
    unknown = line.scrapy("runs", "ep19")
    assert unknown.returncode == 2
    assert "unknown: ep19; there are ep18, finews, nanfangplus" in unknown.stderr
    line.environment["MONGODB_URI"] = "mongodb://127.0.0.1:9/svcsat?serverSelectionTimeoutMS=200"
    away = line.scrapy("runs")
    assert away.returncode == 1
    assert away.stderr.startswith("scrapy runs: ")
    assert len(away.stderr.splitlines()) == 1
