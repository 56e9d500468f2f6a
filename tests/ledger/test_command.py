"""``scrapy ledger`` and the end of ``scrapy crawl``, as a person types them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from svcsat_crawler.answers import update
from svcsat_crawler.commands.ledger import RIGHT
from svcsat_crawler.storage import embedded
from tests.crawls.conftest import Line, replica  # noqa: F401 - fixtures
from tests.fields_page import PAGE
from tests.replica.server import Replica


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory, replica: Replica) -> Iterator[Line]:  # noqa: F811
    """A store with the posts of finews."""
    replica.reset()
    line = Line(tmp_path_factory.mktemp("crawled") / "data", replica.url, answers=True)
    result = line.crawl("finews")
    assert result.returncode == 0, result.stdout + result.stderr[-2000:]
    (last,) = (text for text in result.stdout.splitlines() if text.startswith("ledger:"))
    articles = len(line.documents("articles"))
    assert last.startswith(f"ledger: {articles} articles, {len(line.documents('ledger'))} rows written")
    yield line
    embedded.stop(line.data)


def test_a_crawl_leaves_nothing_to_do(crawled: Line) -> None:
    assert crawled.documents("articles", {"changed": {"$exists": True}}) == []
    result = crawled.scrapy("ledger", "update")
    assert result.returncode == 0 and result.stdout.startswith("ledger: was up to date, ")
    status = crawled.scrapy("ledger", "status").stdout
    assert f"{len(crawled.documents('ledger')):,} rows" in status and "all articles are in" in status


def test_every_row_stands_on_stored_facts(crawled: Line) -> None:
    facts = {fact["_id"]: fact for fact in crawled.documents("metrics", {"cell": {"$ne": None}})}
    told = set()
    for row in crawled.documents("ledger"):
        shown = facts[row["fact"]]
        assert (shown["value"], shown["evidence"]["sentence"]) == (row["value"], row["sentence"])
        others = [said for value in (*row["conflicts"], *row["others"]) for said in value["support"]]
        told |= {said["fact"] for said in (*row["support"], *others, *row["changes"])}
    assert told == facts.keys()


def test_a_rebuild_writes_nothing_that_is_right(crawled: Line) -> None:
    before = {name: crawled.documents(name) for name in ("ledger", "audit", "gaps", "events")}
    result = crawled.scrapy("ledger", "rebuild")
    assert result.returncode == 0
    assert {name: crawled.documents(name) for name in before} == before
    assert result.stdout.startswith(f"ledger: {len(crawled.documents('articles'))} articles, ")


@pytest.mark.parametrize("words", [(), ("begin",), ("update", "now")])
def test_wrong_usage_is_one_line(crawled: Line, words: tuple[str, ...]) -> None:
    result = crawled.scrapy("ledger", *words)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == f"scrapy ledger: {' '.join(words) or 'no action'}: right is {RIGHT}\n"


def test_what_keeps_the_ledger_behind_is_told_and_the_verdict_stays(crawled: Line) -> None:
    with crawled.store() as store:
        store.database.meta.insert_one({"_id": update.PENDING, "kind": "answers", "cells": [None]})
    result = crawled.crawl("finews")
    assert result.returncode == 5
    assert "verdict: no news" in result.stdout
    assert "the ledger is behind: program error" in result.stderr.splitlines()[-1]
    assert crawled.last_run("finews")["verdict"] == "no news"
    with crawled.store() as store:
        store.database.meta.delete_one({"_id": update.PENDING})
    assert crawled.crawl("finews").returncode == 0


def test_a_number_that_a_site_changes_is_an_event(crawled: Line, replica: Replica) -> None:  # noqa: F811
    row = next(
        row
        for row in crawled.documents("ledger", {"metric": "satisfaction_score"})
        if row["where"] == "body" and row["sentence"].count(row["raw"]) == 1
    )
    path = row["url"].split("withounder.com")[1]
    page = replica.page("finews.withounder.com", path)
    other = row["raw"].replace(row["raw"][:2], "66", 1)
    changed = page.body.decode().replace(row["raw"], other)
    assert changed != page.body.decode()
    replica.fault("finews.withounder.com", path, body=changed.encode())
    code = row["article"].split(":")[1]
    result = crawled.crawl("finews", f"posts={code}", "full=1")
    assert "1 changed number" in result.stdout, result.stdout + result.stderr[-2000:]
    events = crawled.documents("events", {"kind": "number_changed", "article": row["article"]})
    event = next(event for event in events if event["metric"] == "satisfaction_score")
    assert (event["before"]["raw"], event["after"]["raw"]) == (row["raw"], other)
    section = PAGE.read_text("utf-8").split("#### A number that changed in an article")[1].split("\n#")[0]
    assert sorted(name for name in event if f"| `{name}` |" not in section) == []
