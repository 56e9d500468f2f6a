"""``scrapy store check``: a whole store is whole, and every kind of damage is found and counted."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

import pytest
from pymongo import InsertOne

from svcsat_crawler.answers.reconcile import closing
from svcsat_crawler.ledger.unsound import unsound_findings
from svcsat_crawler.proof.check import HARMLESS, KINDS, Finding, Step, check
from svcsat_crawler.proof.derived import Units
from svcsat_crawler.proof.forms import faults
from svcsat_crawler.storage.documents import now
from svcsat_crawler.storage.mongo import COLLECTIONS, Store
from tests.crawls.conftest import Line
from tests.proof.conftest import Spoil, added
from tests.proof.test_verify import a_fact


def found(store: Store) -> set[tuple[str, str]]:
    """Return (kind, document) of all findings that are faults."""
    findings = [each for each in check(store) if isinstance(each, Finding)]
    assert {each.kind for each in findings} <= set(KINDS)
    return {(each.kind, each.where) for each in findings if each.kind not in HARMLESS}


def test_a_store_that_was_just_filled_is_whole(filled: Line) -> None:
    result = filled.scrapy("store", "check")
    assert result.stdout.splitlines()[-1].endswith("documents looked at: whole"), result.stdout
    assert result.returncode == 0


def test_findings_are_counted_with_examples(filled: Line, store: Store, spoil: Spoil) -> None:
    fact = a_fact(store)
    spoil("metrics", fact["_id"], evidence__end=fact["evidence"]["end"] + 1)
    result = filled.scrapy("store", "check")
    assert "1 × facts whose sentence does not stand at its offsets" in result.stdout
    assert f"{fact['article']} {fact['_id']}: evidence not at its offsets" in result.stdout
    assert result.returncode == 1


@pytest.mark.parametrize("kind", sorted(set(KINDS) - HARMLESS))
def test_every_kind_is_found(store: Store, spoil: Spoil, kind: str) -> None:
    fact = a_fact(store, cell={"$ne": None})
    key = fact["article"]
    where: Any = key
    match kind:
        case "schema version":
            where = f"articles {key}"
            spoil("articles", key, schema=1)
        case "form":
            where = f"metrics {fact['_id']}"
            spoil("metrics", fact["_id"], value="viel")
        case "index":
            where = "metrics"
            store.database.metrics.drop_index([("article", 1)])
        case "fact without article":
            where = "metrics made up"
        case "evidence":
            where = f"{key} {fact['_id']}"
            spoil("metrics", fact["_id"], evidence__start=fact["evidence"]["start"] + 1)
        case "fact count":
            spoil("articles", key, facts=99)
        case "page":
            spoil("pages", fact["page"], gone=True)
        case "reprint":
            spoil("articles", key, duplicate_of="ep18:0")
        case "derived":
            where = f"{key} {fact['_id']}"
            spoil("metrics", fact["_id"], province="火星")
        case "cluster":
            spoil("articles", key, cluster="ep18:0")
        case "sketch":
            where = "sketches made up"
        case "row" | "ledger":
            row = store.database.ledger.find_one({"cell": fact["cell"], "articles": key})
            assert row
            where = f"ledger {row['_id']}"
            if kind == "row":
                spoil("ledger", row["_id"], value=99.99)
            else:
                spoil("metrics", fact["_id"], gone=True)
        case "gap":
            gap = store.database.gaps.find_one({})
            assert gap
            where = f"gaps {gap['_id']}"
            spoil("gaps", gap["_id"], why="so")
        case "audit":
            where = "audit made up"
        case "quarantine page":
            where = "http://ep18.cn/x"
    sketch, gap = store.database.sketches.find_one({}), store.database.gaps.find_one({})
    assert sketch and gap
    finding = {
        "unit": f"cell:{fact['cell']}",
        "kind": "impossible",
        "message": "",
        "sides": [],
        "state": "open",
    }
    made = {
        "sketch": ("sketches", {**sketch, "_id": "made up"}),
        "audit": ("audit", {**gap, **finding, "_id": "made up", "closed": None}),
        "fact without article": ("metrics", {**fact, "_id": "made up", "article": "ep18:0"}),
        "quarantine page": ("quarantine", {"_id": "made up", "url": "http://ep18.cn/x", "page": "00" * 32}),
    }
    try:
        if kind in made:
            with added(store, *made[kind]):
                assert (kind, where) in found(store)
        else:
            assert (kind, where) in found(store)
    finally:
        store.prepare()


@pytest.mark.parametrize("name", ["subject_key", "cell", "title"])
def test_a_wrong_key_of_a_fact_is_found_and_put_right(
    filled: Line, store: Store, spoil: Spoil, name: str
) -> None:
    fact = a_fact(store, cell={"$ne": None})
    spoil("metrics", fact["_id"], **{name: "csg-gd-qingyuan|saidi|1991"})
    (told,) = [each for each in check(store) if isinstance(each, Finding) and each.kind == "derived"]
    assert told.where == f"{fact['article']} {fact['_id']}" and told.what.startswith(f"{name} stored ")
    dry = filled.scrapy("reextract", "--article", fact["article"])
    assert "1 rekeyed" in dry.stdout or "1 changed" in dry.stdout, dry.stdout
    assert "1 article to write; nothing written" in dry.stdout
    done = filled.scrapy("reextract", "--article", fact["article"], "--apply")
    assert "1 article written" in done.stdout
    assert found(store) == set()


def test_wrong_answers_are_put_right_by_a_rebuild(filled: Line, store: Store) -> None:
    row, gap = store.database.ledger.find_one({"flags": []}), store.database.gaps.find_one({})
    lost = store.database.ledger.find_one({"flags": [], "_id": {"$ne": row and row["_id"]}})
    assert row and gap and lost
    store.database.ledger.update_one({"_id": row["_id"]}, {"$set": {"value": 99.99, "flags": ["peers"]}})
    store.database.ledger.delete_one({"_id": lost["_id"]})
    store.database.gaps.delete_one({"_id": gap["_id"]})
    article = store.database.articles.find_one({"facts": {"$gt": 0}})
    assert article
    store.database.articles.update_one({"_id": article["_id"]}, {"$set": {"cluster": "ep18:0"}})
    told = {each.where: each.what for each in check(store) if isinstance(each, Finding)}
    assert told[f"ledger {row['_id']}"].startswith(f"value stored 99.99, derived {row['value']:.15g}")
    assert told[f"ledger {lost['_id']}"] == f"is missing, of {lost['cell']}"
    assert told[f"gaps {gap['_id']}"].startswith("is missing, of ")
    assert told[article["_id"]] == "cluster ep18:0, which is no stored article"
    assert filled.scrapy("ledger", "rebuild").returncode == 0
    assert found(store) == set()


def test_what_this_program_did_not_write_is_found(store: Store) -> None:
    names = ["ledger", "audit", "gaps", "sketches", "runs", "events", "quarantine"]
    with ExitStack() as stack:
        for name in names:
            stack.enter_context(added(store, name, {"_id": "junk", "a": 1}))
        assert {("form", f"{name} junk") for name in names} <= found(store)


def test_every_document_but_those_of_meta_is_looked_at(store: Store) -> None:
    looked_at = sum(each.documents for each in check(store) if isinstance(each, Step))
    names = set(COLLECTIONS) - {"meta"}
    assert looked_at == sum(store.database[name].count_documents({}) for name in names)


def test_a_ledger_that_is_behind_is_told_and_not_compared(filled: Line, store: Store, spoil: Spoil) -> None:
    article = store.database.articles.find_one({"facts": {"$gt": 0}})
    row = store.database.ledger.find_one({})
    assert article and row
    spoil("ledger", row["_id"], value=99.99)
    store.database.articles.update_one({"_id": article["_id"]}, {"$set": {"changed": now()}})
    try:
        result = filled.scrapy("store", "check")
    finally:
        store.database.articles.update_one({"_id": article["_id"]}, {"$unset": {"changed": ""}})
    assert "articles: 1 wait for the ledger" in result.stdout and result.returncode == 0
    assert result.stdout.endswith("looked at: whole; ledger, audit and gaps were not compared\n")


def test_a_collection_without_its_validator_is_told_and_gets_it_back(store: Store) -> None:
    store.database.command("collMod", "pages", validator={})
    store.database.meta.update_one({"_id": "schema"}, {"$unset": {"forms": 1}})
    assert ("validator", "pages") in {
        (each.kind, each.where) for each in check(store) if isinstance(each, Finding)
    }
    store.prepare()
    assert "validator" not in {each.kind for each in check(store) if isinstance(each, Finding)}


def test_a_finding_about_facts_has_its_place_among_the_answers(store: Store) -> None:
    fact = a_fact(store, cell={"$ne": None})
    (finding,) = unsound_findings(fact["cell"], [{**fact, "value": float("nan")}])
    opened = closing({}, [finding], now()).operations[0]
    assert isinstance(opened, InsertOne)
    assert list(faults("audit", opened._doc)) == []
    units = Units()
    units.unit(finding["unit"])
    assert [cells for cells, _, _ in units.batches()] == [{fact["cell"]}]
