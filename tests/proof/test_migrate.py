"""An older store: refused by a crawl, brought up by ``scrapy store migrate``, however often that is broken off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pymongo import ReplaceOne

from svcsat_crawler.storage import migrate
from svcsat_crawler.storage.mongo import SCHEMA_VERSION, Store, StoreError
from tests.crawls.conftest import Line
from tests.proof.test_check import found

# What schema 2 added to the documents of schema 1.
NEW = {
    "articles": "row rescued unclaimed changed changed_by differs".split(),
    "metrics": "cluster column cell subject_key survey_key province".split(),
    "pages": ["rescued"],
    "runs": [],
}
# Not in a store of schema 1, and not made by the migration: what others put there, and what time decides.
LATER = frozenset(("unclaimed", "changed", "changed_by", "cluster", "differs", "row"))


@pytest.fixture
def old(store: Store) -> Iterator[dict[str, dict[str, Any]]]:
    """The store as schema 1 had it; yields its documents as they were before."""
    before = {name: {each["_id"]: each for each in store.database[name].find({})} for name in NEW}
    for name, fields in NEW.items():
        store.database[name].bulk_write(
            [
                ReplaceOne(
                    {"_id": key},
                    {field: value for field, value in {**each, "schema": 1}.items() if field not in fields},
                )
                for key, each in before[name].items()
            ],
            bypass_document_validation=True,
        )
    store.database.meta.update_one({"_id": "schema"}, {"$set": {"version": 1}})
    yield before
    for name, documents in before.items():
        store.database[name].bulk_write(
            [ReplaceOne({"_id": key}, each) for key, each in documents.items()],
            bypass_document_validation=True,
        )
    store.database.meta.update_one({"_id": "schema"}, {"$set": {"version": SCHEMA_VERSION}})


Old = dict[str, dict[str, Any]]


def test_an_older_store_is_refused_in_one_line(filled: Line, old: Old) -> None:
    for command in (("crawl", "finews"), ("reextract", "--apply")):
        result = filled.scrapy(*command)
        assert result.returncode == 1
        assert "holds data of schema 1" in result.stderr and "run `scrapy store migrate`" in result.stderr
        assert result.stderr.count("\n") == 1


def test_a_dry_run_counts_and_writes_nothing(filled: Line, store: Store, old: Old) -> None:
    result = filled.scrapy("store", "migrate", "--dry-run")
    assert result.returncode == 0
    for name, documents in old.items():
        assert f"  {name}: {len(documents):,} documents" in result.stdout
        assert store.database[name].count_documents({"schema": 1}) == len(documents)


def test_a_migrated_store_is_whole_and_reads_as_before(filled: Line, store: Store, old: Old) -> None:
    result = filled.scrapy("store", "migrate")
    assert result.returncode == 0, result.stderr
    assert found(store) == set()
    for name, documents in old.items():
        now = {each["_id"]: each for each in store.database[name].find({})}
        for key, before in documents.items():
            assert {field: now[key].get(field) for field in before if field not in LATER} == {
                field: value for field, value in before.items() if field not in LATER
            }
    assert filled.scrapy("verify").stdout.startswith("100 %")
    assert "up to date" in filled.scrapy("store", "migrate").stdout


@pytest.mark.parametrize("after", [1, 2, 3])
def test_a_migration_that_is_broken_off_goes_on(store: Store, old: Old, after: int) -> None:
    steps = 0

    def break_off(collection: str, done: int, total: int) -> None:
        nonlocal steps
        steps += 1
        if steps == after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        migrate.migrate(store, break_off)
    with pytest.raises(StoreError, match="scrapy store migrate"):
        store.prepare()
    left = {each.collection: each.documents for each in migrate.pending(store)}
    assert sum(left.values()) < sum(map(len, old.values()))
    migrate.migrate(store, lambda *_: None)
    assert found(store) == set() and migrate.pending(store) == []


def test_a_store_of_a_newer_program_is_left_alone(store: Store, old: Old) -> None:
    store.database.meta.update_one({"_id": "schema"}, {"$set": {"version": SCHEMA_VERSION + 1}})
    with pytest.raises(StoreError, match="use a newer version of the program"):
        migrate.migrate(store, lambda *_: None)
