"""``scrapy verify``: everything follows from its page, and what does not is named with the reason."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
import zstandard

from svcsat_crawler.proof.compare import paired
from svcsat_crawler.storage.mongo import Store
from tests.crawls.conftest import Line
from tests.proof.conftest import Spoil


def a_fact(store: Store, **query: Any) -> dict[str, Any]:
    """Return one fact of the body, of an article with one page that no other article shares."""
    for fact in store.database.metrics.find({"evidence.where": "body", "value": {"$ne": None}, **query}):
        article = store.database.articles.find_one({"_id": fact["article"]})
        if article and len(article["pages"]) == 1:
            return fact
    raise AssertionError("no such fact")


@pytest.mark.parametrize("processes", ["1", "2"])
def test_every_fact_of_every_site_follows_from_its_page(filled: Line, processes: str) -> None:
    facts = filled.documents("metrics")
    articles = filled.documents("articles")
    assert {fact["source"] for fact in facts} == {"ep18", "nanfangplus", "finews"}
    assert any(len(each["pages"]) > 1 and each["facts"] for each in articles)
    assert any(each["pages"][0]["url"].endswith(".md") and each["facts"] for each in articles)
    result = filled.scrapy("verify", "--processes", processes)
    said = f"100 % of {len(facts):,} facts of {len({fact['article'] for fact in facts}):,} articles follow"
    assert result.stdout.strip().startswith(said), result.stdout + result.stderr
    assert "not stored" not in result.stdout and "differently" not in result.stdout
    assert result.returncode == 0


def test_an_article_of_an_older_store_has_no_row(filled: Line, store: Store, spoil: Spoil) -> None:
    for source in ("ep18", "nanfangplus", "finews"):
        spoil("articles", a_fact(store, source=source)["article"], row=None)
    assert filled.scrapy("verify").returncode == 0


def damages(store: Store, spoil: Spoil, kind: str) -> tuple[dict[str, Any], str]:
    """Damage the store; return a fact that must fail now, and words of the reason."""
    fact = a_fact(store, source="ep18")
    page = store.database.pages.find_one({"_id": fact["page"]})
    assert page
    plain = zstandard.ZstdDecompressor().decompress(page["body"], max_output_size=page["bytes"])
    match kind:
        case "page missing":
            spoil("pages", page["_id"], gone=True)
        case "bytes damaged":
            spoil("pages", page["_id"], body=page["body"][:-20])
        case "other bytes":
            other = plain.replace(b"<title>", b"<title> ")
            spoil("pages", page["_id"], body=zstandard.compress(other), bytes=len(other))
            return fact, "the stored bytes do not match their sha256"
        case "page no longer reads":
            empty = b"<html><head><title>404</title></head></html>"
            identity = hashlib.sha256(empty).hexdigest()
            article = store.database.articles.find_one({"_id": fact["article"]})
            assert article
            store.database.pages.insert_one(
                {**page, "_id": identity, "body": zstandard.compress(empty), "bytes": len(empty)}
            )
            spoil("articles", fact["article"], pages=[{**article["pages"][0], "sha256": identity}])
            return fact, "no longer reads as an article: status 200, but the page says"
        case "fact not found":
            spoil("metrics", fact["_id"], gone=True)
            store.database.metrics.insert_one({**fact, "_id": "made up", "value": fact["value"] + 1})
            return {**fact, "value": fact["value"] + 1}, "fact not found"
        case "evidence not at its offsets":
            spoil("metrics", fact["_id"], evidence__start=fact["evidence"]["start"] + 1)
        case "text differs":
            article = store.database.articles.find_one({"_id": fact["article"]})
            assert article
            body = "多出来的一行。\n" + article["body"]
            evidence = {
                "evidence__start": fact["evidence"]["start"] + 8,
                "evidence__end": fact["evidence"]["end"] + 8,
            }
            spoil("articles", fact["article"], body=body)
            spoil("metrics", fact["_id"], **evidence)
            return fact, "text differs at body[0]: stored '多出来的一行"
        case "fact differs":
            spoil("metrics", fact["_id"], unit="bananas")
            return fact, "fact differs: unit stored 'bananas'"
        case "article missing":
            spoil("articles", fact["article"], gone=True)
    return fact, kind


@pytest.mark.parametrize(
    "kind",
    [
        "page missing",
        "bytes damaged",
        "other bytes",
        "page no longer reads",
        "fact not found",
        "evidence not at its offsets",
        "text differs",
        "fact differs",
        "article missing",
    ],
)
def test_a_fact_that_fails_is_named_with_the_reason(
    filled: Line, store: Store, spoil: Spoil, kind: str
) -> None:
    before = {
        name: {each["_id"] for each in store.database[name].find({}, {"_id": 1})}
        for name in ("metrics", "pages")
    }
    try:
        fact, reason = damages(store, spoil, kind)
        one = ("--source", "ep18") if kind == "article missing" else ("--article", fact["article"])
        result = filled.scrapy("verify", *one)
    finally:
        for name, keys in before.items():
            store.database[name].delete_many({"_id": {"$nin": [*keys]}})
    named = [line for line in result.stdout.splitlines() if line.startswith(fact["article"])]
    assert any(fact["metric"] in line and reason in line for line in named), result.stdout
    assert result.returncode == 1
    assert not result.stdout.splitlines()[-1].startswith("100 %")


def test_facts_that_are_not_stored_are_told(filled: Line, store: Store, spoil: Spoil) -> None:
    fact = next(
        fact
        for fact in store.database.metrics.find({})
        if store.database.metrics.count_documents({"article": fact["article"]}) > 1
    )
    spoil("metrics", fact["_id"], gone=True)
    result = filled.scrapy("verify", "--article", fact["article"])
    assert "read now but not stored: 1 fact (scrapy reextract)" in result.stdout
    assert result.returncode == 0


def test_a_fact_of_an_unknown_source_fails(filled: Line, store: Store, spoil: Spoil) -> None:
    fact = a_fact(store, source="finews")
    spoil("articles", fact["article"], source="elsewhere")
    result = filled.scrapy("verify", "--article", fact["article"])
    assert "unknown source 'elsewhere'" in result.stdout
    assert result.returncode == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--source", "nobody"), "unknown source 'nobody': there are ep18, finews, nanfangplus"),
        (("--source", ""), "unknown source '': there are ep18, finews, nanfangplus"),
        (("--article", "ep18:0"), "holds no such article"),
        (("--article", ""), "--article is empty"),
        (("everything",), "right is scrapy verify [--source SPIDER]"),
        (("--processes", "0"), "right is a number from 1"),
    ],
)
def test_wrong_usage_is_one_line(filled: Line, words: tuple[str, ...], said: str) -> None:
    result = filled.scrapy("verify", *words)
    assert result.returncode in (1, 2)
    assert said in result.stderr and result.stderr.count("\n") == 1


def test_examples_are_counted_from_none(filled: Line) -> None:
    result = filled.scrapy("reextract", "--examples", "-1")
    assert (result.returncode, result.stderr) == (
        2,
        "scrapy reextract: --examples -1: right is a number from 0\n",
    )


def test_the_same_words_read_otherwise_are_one_fact() -> None:
    def fact(identity: str, raw: str) -> dict[str, Any]:
        return {
            "_id": identity,
            "metric": "saidi",
            "raw": raw,
            "evidence": {"sentence": "甲", "where": "body"},
        }

    same, moved, gone, new = fact("1", "a"), fact("2", "b"), fact("3", "c"), fact("5", "d")
    read = [fact("1", "a"), fact("4", "b"), new]
    assert paired([same, moved, gone], read) == [(same, read[0]), (moved, read[1]), (None, new), (gone, None)]
