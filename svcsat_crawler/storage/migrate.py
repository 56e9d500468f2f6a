"""From one schema version to the next: document by document, so that it can be interrupted and repeated.

A document says its own schema; ``meta`` says that of the whole store, and is raised only when every
document has been.  A step reads what documents held then, never what today's program would write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, NamedTuple

from pymongo import UpdateOne
from pymongo.database import Database
from pymongo.errors import PyMongoError

from svcsat_crawler.ledger.keys import cell_of, province_of, subject_key, survey_key
from svcsat_crawler.storage.errors import StoreError
from svcsat_crawler.storage.mongo import SCHEMA_VERSION, Store
from svcsat_crawler.storage.rows import row_record

Document = dict[str, Any]
# Collection, documents done, documents in all.
Progress = Callable[[str, int, int], None]
# A piece of documents → the fields to set in each, in the same order.
Change = Callable[[Database[Document], list[Document]], list[Document]]

PIECE = 500


class Part(NamedTuple):
    """What a step does to one collection: the fields it reads, and what it sets."""

    collection: str
    reads: dict[str, int]
    change: Change


class Step(NamedTuple):
    """One version to the next, collections in the order in which they are written."""

    version: int
    says: str
    parts: tuple[Part, ...]


class Pending(NamedTuple):
    """How many documents of a collection a step has still to change."""

    step: Step
    collection: str
    documents: int


def pending(store: Store) -> list[Pending]:
    """Return what ``migrate`` would do, oldest step first; [] for a store that is up to date.

    Raises StoreError for a store of a newer program.
    """
    database = store.database
    try:
        return [
            Pending(step, part.collection, database[part.collection].count_documents(_of(step)))
            for step in _steps(store)
            for part in step.parts
        ]
    except PyMongoError as error:
        raise _failed(store, error) from error


def migrate(store: Store, progress: Progress) -> None:
    """Bring *store* up to this program's schema; after an interruption simply repeat it."""
    database = store.database
    try:
        for step in _steps(store):
            for part in step.parts:
                _run(database, step, part, progress)
            database.meta.update_one({"_id": "schema"}, {"$set": {"version": step.version + 1}}, upsert=True)
    except PyMongoError as error:
        raise _failed(store, error) from error
    store.prepare()


def _steps(store: Store) -> list[Step]:
    schema = store.database.meta.find_one({"_id": "schema"})
    version = schema["version"] if schema else SCHEMA_VERSION
    if version > SCHEMA_VERSION:
        raise StoreError(
            f"{store.shown_uri} holds data of schema {version}, this program knows {SCHEMA_VERSION}: "
            "use a newer version of the program"
        )
    return [step for step in STEPS if step.version >= version]


def _of(step: Step) -> Document:
    return {"schema": step.version}


def _run(database: Database[Document], step: Step, part: Part, progress: Progress) -> None:
    collection = database[part.collection]
    total = collection.count_documents(_of(step))
    # Only the keys are streamed: the embedded server holds a whole answer in memory.
    keys = (found["_id"] for found in collection.find(_of(step), {"_id": 1}).batch_size(10 * PIECE))
    done = 0
    while piece := list(islice(keys, PIECE)):
        found = list(collection.find({"_id": {"$in": piece}, **_of(step)}, part.reads))
        fields = part.change(database, found)
        collection.bulk_write(
            [
                UpdateOne({"_id": each["_id"], **_of(step)}, {"$set": {**change, "schema": step.version + 1}})
                for each, change in zip(found, fields, strict=True)
            ],
            ordered=False,
            bypass_document_validation=True,  # a later step may have more to add
        )
        done += len(found)
        progress(part.collection, done, total)


def _failed(store: Store, error: PyMongoError) -> StoreError:
    return StoreError(f"{store.shown_uri}: {' '.join(str(error).split())[:300]}; repeat it")


# Schema 1 → 2


def _articles_2(_: Database[Document], articles: list[Document]) -> list[Document]:
    return [
        {
            "row": row_record(article),
            "rescued": None,
            "unclaimed": [],
            "changed": max(_times(article)),
            "changed_by": "site",
        }
        for article in articles
    ]


def _times(article: Document) -> Iterator[Any]:
    yield article["first_seen"]
    yield from (earlier["replaced"] for earlier in article.get("revisions") or ())


def _facts_2(database: Database[Document], facts: list[Document]) -> list[Document]:
    keys = sorted({fact["article"] for fact in facts})
    found = database.articles.find({"_id": {"$in": keys}}, {"cluster": 1, "column": 1})
    articles = {article["_id"]: article for article in found}
    changes = []
    for fact in facts:
        article, subject = articles.get(fact["article"], {}), fact["subject"]
        changes.append(
            {
                "cluster": article.get("cluster") or fact["article"],
                "column": article.get("column"),
                "cell": cell_of(fact),
                "subject_key": subject_key(subject),
                "survey_key": survey_key(fact["survey"]),
                "province": province_of(subject["id"], subject["name"]) if subject else None,
            }
        )
    return changes


def _pages_2(_: Database[Document], pages: list[Document]) -> list[Document]:
    return [{"rescued": None} for _ in pages]


def _nothing(_: Database[Document], found: list[Document]) -> list[Document]:
    return [{} for _ in found]


_ALL: dict[str, int] = {}
_KEY = {"_id": 1}

STEPS = (
    Step(
        1,
        "articles keep their list row and what the answers have still to take in; facts know their place there",
        (
            Part("pages", _KEY, _pages_2),
            Part("metrics", _ALL, _facts_2),
            Part("articles", _ALL, _articles_2),
            Part("runs", _KEY, _nothing),
        ),
    ),
)
