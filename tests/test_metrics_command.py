"""``scrapy metrics``: the lexicon, what it does not claim, and ambiguous names."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from svcsat_crawler.metrics.lexicon import metrics
from svcsat_crawler.organisations.ambiguous import ambiguous_names
from tests.building import ROOT

TEXT = "周一架设光缆8公里。周二架设光缆12公里，更换杆塔3座。江门供电局客户平均停电时间4小时。"


def run(*words: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a user does."""
    return subprocess.run(
        [sys.executable, "-m", "scrapy", "metrics", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def articles(tmp_path: Path) -> str:
    file = tmp_path / "in.jsonl"
    lines = [json.dumps({"id": number, "text": TEXT}, ensure_ascii=False) for number in (1, 2)]
    file.write_text("\n".join(lines), "utf-8")
    return str(file)


def test_what_a_file_holds_that_no_metric_claims(articles: str) -> None:
    result = run("unclaimed", "--file", articles, "--format", "jsonl")
    assert (result.returncode, result.stderr) == (0, "")
    assert [json.loads(line) for line in result.stdout.splitlines()] == [
        {"head": "光缆", "unit": "km", "n": 4, "articles": 2, "example": "周一架设光缆8公里。"},
        {"head": "杆塔", "unit": "座", "n": 2, "articles": 2, "example": "周二架设光缆12公里，更换杆塔3座。"},
    ]


def test_as_a_table_it_fits_and_is_limited(articles: str) -> None:
    result = run("unclaimed", "--file", articles, "--limit", "1")
    head, row, count = result.stdout.splitlines()
    assert head.split() == ["head", "unit", "n", "articles", "example"]
    assert row.split() == ["光缆", "km", "4", "2", "周一架设光缆8公里。"]
    assert count == "1 nouns"


def test_a_bad_line_is_named_and_the_rest_counts(tmp_path: Path) -> None:
    file = tmp_path / "in.jsonl"
    file.write_text("{\n" + json.dumps({"id": 1, "text": TEXT}), "utf-8")
    result = run("unclaimed", "--file", str(file))
    assert result.returncode == 1
    assert "in.jsonl line 1: no JSON" in result.stderr
    assert "光缆" in result.stdout


def test_nothing_unclaimed_is_said(tmp_path: Path) -> None:
    file = tmp_path / "in.jsonl"
    file.write_text(json.dumps({"id": 1, "text": "今天有雨。"}), "utf-8")
    assert run("unclaimed", "--file", str(file)).stdout.startswith("nothing")


def test_every_metric_and_every_ambiguous_name_is_listed() -> None:
    listed = [json.loads(line) for line in run("list", "--format", "jsonl").stdout.splitlines()]
    assert [row["id"] for row in listed] == list(metrics())
    assert {row["id"]: row["core"] for row in listed}["voltage_pass_rate"] is False
    names = [json.loads(line)["name"] for line in run("ambiguous", "--format", "jsonl").stdout.splitlines()]
    assert names == [entry.name for entry in ambiguous_names()]
    for subject in ("list", "ambiguous"):
        assert max(len(line) for line in run(subject).stdout.splitlines()) <= 80


@pytest.mark.parametrize(
    ("words", "code", "reason"),
    [
        ((), 2, "ask for one of unclaimed, list, ambiguous"),
        (("all",), 2, "ask for one of unclaimed, list, ambiguous"),
        (("list", "--file", "x"), 2, "--file goes with unclaimed"),
        (("list", "--limit", "0"), 2, "--limit '0' is no whole number from 1"),
        (("unclaimed", "--file", "no-such-file"), 1, "no-such-file: No such file or directory"),
    ],
)
def test_wrong_usage_is_said(words: tuple[str, ...], code: int, reason: str) -> None:
    result = run(*words)
    assert result.returncode == code
    assert reason in result.stderr + result.stdout
