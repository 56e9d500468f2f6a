"""``scrapy reextract``: what differs is shown, written only when told to, and writing can be interrupted."""

from __future__ import annotations

import signal
import time
from datetime import timedelta
from typing import Any

import pytest
from scrapy.utils.project import get_project_settings

from svcsat_crawler.items import Article
from svcsat_crawler.proof.reextract import reextract
from svcsat_crawler.proof.rereading import Rereader
from svcsat_crawler.proof.workers import Bench
from svcsat_crawler.storage.mongo import Store
from tests.crawls.conftest import Line
from tests.proof.conftest import Spoil, added
from tests.proof.test_verify import a_fact

READ = ("title", "body", "text_hash", "facts", "published", "origin", "byline")


def content(store: Store) -> dict[str, dict[str, Any]]:
    """Return facts and articles without what says when they were written."""
    articles = {each["_id"]: {name: each[name] for name in READ} for each in store.database.articles.find({})}
    return {**articles, **{each["_id"]: each for each in store.database.metrics.find({})}}


def test_nothing_differs_in_a_store_that_was_just_filled(filled: Line) -> None:
    result = filled.scrapy("reextract")
    assert "0 added, 0 removed, 0 changed" in result.stdout and "nothing written" in result.stdout
    assert result.returncode == 0, result.stderr


def test_differences_are_shown_then_written_then_gone(filled: Line, store: Store, spoil: Spoil) -> None:
    whole = content(store)
    lost, other = a_fact(store, source="ep18"), a_fact(store, source="finews")
    text = a_fact(store, source="nanfangplus")["article"]
    spoil("metrics", lost["_id"], gone=True)
    spoil("metrics", other["_id"], unit="bananas")
    spoil("articles", text, body="不是这一篇。", text_hash="0")
    with added(store, "metrics", {**other, "_id": "made up", "raw": "没有这个数", "metric": "saidi"}):
        before = content(store)
        shown = filled.scrapy("reextract")
        assert "1 added, 1 removed, 1 changed" in shown.stdout
        assert "unit stored 'bananas'" in shown.stdout
        assert "body: reads otherwise in 1 article" in shown.stdout
        assert content(store) == before, "written without --apply"
        applied = filled.scrapy("reextract", "--apply")
        assert "1 added, 1 removed, 1 changed" in applied.stdout and "ledger: " in applied.stdout
        assert content(store) == whole
        again = filled.scrapy("reextract", "--apply")
        assert "0 added, 0 removed, 0 changed" in again.stdout and "0 articles written" in again.stdout
    touched = list(store.database.articles.find({"changed_by": "rules"}))
    assert {each["_id"] for each in touched} == {lost["article"], other["article"], text}
    assert all(each["revisions"] == [] for each in touched), "a reading of ours is no version of the site"
    assert store.database.events.count_documents({"kind": {"$in": ["number_changed", "number_gone"]}}) == 0
    assert filled.scrapy("verify").returncode == 0


def test_what_was_interrupted_is_finished_by_the_next_run(filled: Line, store: Store, spoil: Spoil) -> None:
    whole = content(store)
    facts = list(store.database.metrics.find({"source": "ep18"}))
    for fact in facts:
        spoil("metrics", fact["_id"], unit="bananas")
    process = filled.start("reextract", "--apply")
    deadline = time.monotonic() + 60
    while store.database.metrics.count_documents({"unit": "bananas"}) == len(facts):
        assert time.monotonic() < deadline and process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert "Traceback" not in err
    assert filled.scrapy("reextract", "--apply").returncode == 0
    assert content(store) == whole


def test_a_reprint_whose_original_says_something_else_gets_its_facts_back(
    filled: Line, store: Store, spoil: Spoil
) -> None:
    fact = a_fact(store, source="finews")
    other = a_fact(store, source="ep18")["article"]
    facts = list(store.database.metrics.find({"article": fact["article"]}))
    spoil("articles", fact["article"], duplicate_of=other, facts=0)
    for each in facts:
        spoil("metrics", each["_id"], gone=True)
    assert filled.scrapy("reextract", "--apply").returncode == 0
    article = store.database.articles.find_one({"_id": fact["article"]})
    assert article and article["duplicate_of"] is None and article["facts"] == len(facts)
    assert store.database.metrics.count_documents({"article": fact["article"]}) == len(facts)


def test_a_page_that_cannot_be_read_leaves_its_article_alone(
    filled: Line, store: Store, spoil: Spoil
) -> None:
    fact = a_fact(store, source="ep18")
    spoil("pages", fact["page"], gone=True)
    result = filled.scrapy("reextract", "--article", fact["article"], "--apply")
    assert f"{fact['article']} left as it is: page missing" in result.stdout
    assert result.returncode == 1
    assert store.database.metrics.find_one({"_id": fact["_id"]})


class _Meanwhile(Rereader):
    """A crawl that writes the article while it is being read."""

    store: Store

    def read(self, stored: dict[str, Any], pages: Any) -> Article:
        later = {"last_seen": stored["last_seen"] + timedelta(seconds=1)}
        self.store.database.articles.update_one({"_id": stored["_id"]}, {"$set": later})
        return super().read(stored, pages)


def test_an_article_that_a_crawl_has_written_meanwhile_is_left_to_the_next_run(
    store: Store, spoil: Spoil
) -> None:
    fact = a_fact(store, source="ep18")
    spoil("articles", fact["article"])
    spoil("metrics", fact["_id"], unit="bananas")
    reader = _Meanwhile(get_project_settings())
    reader.store = store
    found = reextract(Bench(store, reader), [fact["article"]], apply=True)
    assert found.busy == [fact["article"]]
    left = store.database.metrics.find_one({"_id": fact["_id"]})
    assert left and left["unit"] == "bananas"


@pytest.mark.parametrize("words", [("--examples",), ("now",)])
def test_wrong_usage(filled: Line, words: tuple[str, ...]) -> None:
    assert filled.scrapy("reextract", *words).returncode == 2
