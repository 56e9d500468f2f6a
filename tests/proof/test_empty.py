"""A store that is empty, mistyped or of an older program: said in one line, never called proven."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from svcsat_crawler.storage import embedded
from tests.crawls.conftest import Line

COMMANDS = [("verify",), ("reextract",), ("store", "check")]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    line = Line(tmp_path_factory.mktemp("empty") / "mistyped")
    yield line
    embedded.stop(line.data)


@pytest.mark.parametrize("command", COMMANDS)
def test_an_empty_store_is_told_with_its_place(empty: Line, command: tuple[str, ...]) -> None:
    result = empty.scrapy(*command)
    assert (result.returncode, result.stdout) == (1, "")
    assert f"(data in {empty.data}) holds no" in result.stderr and result.stderr.count("\n") == 1
    assert result.stderr.endswith("scrapy crawl fills it\n")


@pytest.mark.parametrize("command", [("verify",), ("reextract",), ("verify", "--source", "ep18")])
def test_an_older_schema_is_refused(empty: Line, tmp_path: Path, command: tuple[str, ...]) -> None:
    with empty.store() as store:
        store.database.meta.update_one({"_id": "schema"}, {"$set": {"version": 1}}, upsert=True)
        try:
            result = empty.scrapy(*command)
        finally:
            store.database.meta.delete_one({"_id": "schema"})
    assert (result.returncode, result.stdout) == (1, "")
    said = "holds data of schema 1, this program knows 2: run `scrapy store migrate`\n"
    assert result.stderr.endswith(said) and result.stderr.count("\n") == 1


def test_a_store_without_facts_proves_nothing(empty: Line) -> None:
    with empty.store() as store:
        store.prepare(validate=False)
        store.database.articles.insert_one(
            {"_id": "ep18:1", "source": "ep18"}, bypass_document_validation=True
        )
        try:
            result = empty.scrapy("verify")
            chosen = empty.scrapy("verify", "--article", "ep18:1")
        finally:
            store.database.articles.delete_one({"_id": "ep18:1"})
    assert result.returncode == 1 and "holds no facts: there is nothing to verify" in result.stderr
    assert (chosen.returncode, chosen.stdout) == (0, "no facts to verify: these articles state none\n")
