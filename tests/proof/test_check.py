"""``scrapy store check``: a whole store is whole, and every kind of damage is found and counted."""

from __future__ import annotations

from typing import Any

import pytest

from svcsat_crawler.proof.check import HARMLESS, KINDS, Finding, check
from svcsat_crawler.storage.mongo import Store
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
    assert "1 facts whose sentence does not stand at its offsets" in result.stdout
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
        case "ledger":
            row = store.database.ledger.find_one({"fact": fact["_id"]})
            assert row
            where = f"ledger {row['_id']}"
            spoil("metrics", fact["_id"], gone=True)
        case "quarantine page":
            where = "http://ep18.cn/x"
    made = {
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


def test_a_collection_without_its_validator_is_told_and_gets_it_back(store: Store) -> None:
    store.database.command("collMod", "pages", validator={})
    store.database.meta.update_one({"_id": "schema"}, {"$unset": {"forms": 1}})
    assert ("validator", "pages") in {
        (each.kind, each.where) for each in check(store) if isinstance(each, Finding)
    }
    store.prepare()
    assert "validator" not in {each.kind for each in check(store) if isinstance(each, Finding)}
