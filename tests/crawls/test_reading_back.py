"""What a user does with the data: query it, export it, move it to a MongoDB with a login."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from svcsat_crawler.storage import embedded
from svcsat_crawler.storage.mongo import Store
from tests.crawls.conftest import Line
from tests.replica.server import Replica
from tests.storage.conftest import locked_server, locked_uri  # noqa: F401 - fixtures


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, replica: Replica) -> Iterator[Line]:
    """A store with the posts of finews."""
    line = Line(tmp_path_factory.mktemp("filled") / "data", replica.url)
    export = line.data.parent / "articles.jsonl"
    result = line.scrapy(
        "crawl", "finews", "-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=0", "-O", str(export)
    )
    assert result.returncode == 0, result.stderr[-2000:]
    yield line
    embedded.stop(line.data)


def lines_of(line: Line, *command: str) -> list[dict]:
    result = line.scrapy("query", *command, "--format", "jsonl")
    assert result.returncode == 0, result.stderr
    return [json.loads(text) for text in result.stdout.splitlines()]


def test_a_feed_holds_the_articles_without_their_pages(filled: Line) -> None:
    export = filled.data.parent / "articles.jsonl"
    items = [json.loads(text) for text in export.read_text("utf-8").splitlines()]
    assert {item["key"] for item in items} == {doc["_id"] for doc in filled.documents("articles")}
    assert all("pages" not in item and item["body"] for item in items)
    assert any(item["facts"] and item["facts"][0]["evidence"]["sentence"] for item in items)


def test_facts_are_filtered_by_bureau_year_metric_and_source(filled: Line) -> None:
    everything = filled.documents("metrics", {"metric": "satisfaction_score", "subject.id": {"$ne": None}})
    one = everything[0]
    name, year = one["subject"]["name"], one["year"]
    command = ("facts", "--bureau", name, "--year", str(year), "--metric", "satisfaction_score")
    found = lines_of(filled, *command)
    assert one["_id"] in {fact["_id"] for fact in found}
    assert {(fact["subject"]["name"], fact["year"]) for fact in found} == {(name, year)}
    assert lines_of(filled, "facts", "--bureau", one["subject"]["id"], "--year", str(year), "--limit", "1")
    assert lines_of(filled, "facts", "--bureau", name.removesuffix("供电局"))
    assert lines_of(filled, "facts", "--source", "ep18") == []


def test_times_are_printed_in_beijing_time(filled: Line) -> None:
    article = lines_of(filled, "articles", "--limit", "1")[0]
    assert article["published"].endswith("+08:00")


def test_tables_fit_a_terminal_of_80_columns(filled: Line) -> None:
    filled.environment["COLUMNS"] = "80"
    for what in ("articles", "runs"):
        result = filled.scrapy("query", what, "--limit", "5")
        assert result.returncode == 0
        assert max(map(len, result.stdout.splitlines())) <= 80
    facts = filled.scrapy("query", "facts", "--limit", "3").stdout
    assert "“" in facts and "https://finews.withounder.com/" in facts
    unknown = filled.scrapy("query", "facts", "--bureau", "无此供电局")
    assert unknown.returncode == 2
    assert unknown.stderr.startswith("scrapy query: --bureau '无此供电局' is unknown")


def test_a_crawl_into_a_mongodb_with_a_login_and_back(
    filled: Line,
    locked_uri: str,  # noqa: F811
    tmp_path: Path,
) -> None:
    elsewhere = Line(tmp_path / "unused", filled.replica, {"MONGODB_URI": locked_uri})
    result = elsewhere.crawl("finews")
    assert result.returncode == 0, result.stdout + result.stderr[-2000:]
    assert not (tmp_path / "unused").exists(), "the embedded store was started although MONGODB_URI is set"
    with Store.from_environment({"MONGODB_URI": locked_uri}) as store:
        there = set(store.database.articles.distinct("_id"))
    assert there == {document["_id"] for document in filled.documents("articles")}
    assert "p%40ss" not in result.stdout + result.stderr and "p@ss" not in result.stdout + result.stderr
    dump = tmp_path / "dump"
    assert elsewhere.scrapy("store", "dump", str(dump)).returncode == 0
    home = Line(tmp_path / "home", filled.replica)
    try:
        assert home.scrapy("store", "restore", str(dump)).returncode == 0
        assert {document["_id"] for document in home.documents("articles")} == there
        again = home.crawl("finews")
        assert "verdict: no news" in again.stdout
    finally:
        embedded.stop(home.data)
