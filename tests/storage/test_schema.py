"""The schemas of documents: made of the items' own types, enforced by the server and known to the program."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from pymongo.errors import WriteError

from svcsat_crawler.items import Article, Evidence, Fact, Page, Period, Subject
from svcsat_crawler.storage import documents, schema, validators
from svcsat_crawler.storage.mongo import Store

PAGE = Page(
    url="http://ep18.cn/1.html",
    fetched=datetime(2024, 1, 1, tzinfo=UTC),
    status=200,
    headers={"Content-Type": "text/html"},
    body=b"<p>x",
    encoding="utf-8",
)
FACT = Fact(
    metric="saidi",
    value=4.12,
    unit="hours",
    raw="4.12小时",
    subject=Subject(id=None, name="甲局", how="stated"),
    period=Period(start="2019-01-01", end="2019-12-31", label="2019年", how="stated"),
    evidence=Evidence(sentence="甲局4.12小时。", start=0, end=9, rule="level"),
)
ARTICLE = Article(
    key="ep18:1", source="ep18", url="http://ep18.cn/1.html", title="甲", body="甲局4.12小时。", facts=[FACT]
)
SEEN = {"first_seen": PAGE.fetched, "last_seen": PAGE.fetched, "revisions": []}
WHOLE: dict[str, dict[str, Any]] = {
    "articles": {"_id": "ep18:1", **documents.article_document(ARTICLE), **SEEN},
    "metrics": documents.fact_document(ARTICLE, FACT),
    "pages": documents.page_document(PAGE, "ep18:1"),
}
WRONG = [
    ("articles", {"title": None}, "title is None (null), where string is right"),
    (
        "articles",
        {"published": "2019-01-01"},
        "published is '2019-01-01' (string), where date or null is right",
    ),
    (
        "articles",
        {"published_precision": "hour"},
        "published_precision is 'hour', where day or minute or second",
    ),
    ("articles", {"images": [{"url": "x"}]}, "images[0].caption is missing"),
    ("metrics", {"value": "4"}, "value is '4' (string), where double or int or long or null is right"),
    ("metrics", {"period": {"start": None}}, "period.end is missing"),
    ("metrics", {"status": "guessed"}, "status is 'guessed'"),
    ("pages", {"body": "text"}, "body is 'text' (string), where binData is right"),
    ("pages", {"compression": "gzip"}, "compression is 'gzip', where zstd is right"),
]


def faults(collection: str, document: dict[str, Any]) -> list[str]:
    return list(schema.faults(schema.schema_of(collection), document))


@pytest.fixture
def strict(store: Store) -> Store:
    assert validators.ensure(store.database)
    assert validators.missing(store.database) == []
    return store


@pytest.mark.parametrize("collection", schema.COLLECTIONS)
def test_what_the_program_writes_has_the_form(strict: Store, collection: str) -> None:
    strict.database[collection].insert_one(WHOLE[collection])
    stored = strict.database[collection].find_one({})
    assert stored and faults(collection, stored) == []


@pytest.mark.parametrize(("collection", "fields", "said"), WRONG)
def test_another_form_is_refused_by_the_server_and_named_by_the_program(
    strict: Store, collection: str, fields: dict[str, Any], said: str
) -> None:
    wrong = {**WHOLE[collection], **fields}
    assert any(said in fault for fault in faults(collection, wrong)), faults(collection, wrong)
    with pytest.raises(WriteError, match="failed validation"):
        strict.database[collection].insert_one(wrong)


@pytest.mark.parametrize("collection", schema.COLLECTIONS)
def test_every_field_that_is_always_there_is_asked_for(collection: str) -> None:
    for name in schema.schema_of(collection)["required"]:
        left = {other: value for other, value in WHOLE[collection].items() if other != name}
        assert faults(collection, left) == [f"{name} is missing"]


def test_a_field_of_an_unknown_type_is_told() -> None:
    with pytest.raises(TypeError, match="no JSON schema for <class 'complex'>"):
        schema.of_type(complex)
