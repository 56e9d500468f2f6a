"""Clusters in the embedded store: kept up article by article, in any order, after any interruption."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import pytest
from pymongo.collection import Collection
from pymongo.database import Database

from svcsat_crawler.answers import clusters, sketches
from svcsat_crawler.answers.clusters import assign, forget
from svcsat_crawler.items import Article
from svcsat_crawler.metrics import extract
from svcsat_crawler.storage.documents import article_document, fact_document, now
from svcsat_crawler.storage.mongo import Store
from tests.clusters.pairs import headless, mistyped, reordered, shortened, sourced
from tests.clusters.stories import CITIES, Text, from_template

Documents = Database[dict[str, Any]]
BUREAU, OTHER = CITIES[3], CITIES[7]


def put(database: Documents, key: str, text: Text) -> str:
    """Store an article and its facts as a crawl does."""
    article = Article(
        key=key, source=key.partition(":")[0], url=f"http://{key}", title=text.title, body=text.body
    )
    article.published = text.published
    article.facts = extract(text.body, title=text.title)
    seen = now()
    fields = {**article_document(article), "first_seen": seen, "last_seen": seen, "revisions": []}
    database["metrics"].delete_many({"article": key})
    for fact in article.facts:
        document = fact_document(article, fact)
        database["metrics"].replace_one({"_id": document["_id"]}, document, upsert=True)
    database["articles"].update_one({"_id": key}, {"$set": fields}, upsert=True)
    return key


def story(year: int = 2020, bureau: Any = BUREAU) -> Text:
    return from_template("annual_release", bureau, year, "store")


def copied(change: Callable[..., Text], *more: Any, days: int = 1) -> Text:
    text = change(story(), random.Random(7), *more)
    assert text.published
    return text.but(published=text.published + timedelta(days=days))


def all_of(database: Documents) -> dict[str, Any]:
    """Return everything that is kept of clusters."""
    fields = {"cluster": 1, "differs": 1}
    return {
        "articles": sorted(database["articles"].find({}, fields), key=lambda one: one["_id"]),
        "metrics": sorted(database["metrics"].find({}, {"cluster": 1}), key=lambda one: one["_id"]),
        "links": sorted(database["sketches"].find({}, {"links": 1}), key=lambda one: one["_id"]),
    }


def cluster_of(database: Documents) -> dict[str, str]:
    return {one["_id"]: one["cluster"] for one in database["articles"].find({}, {"cluster": 1})}


TEXTS: dict[str, Text] = {
    "ep18:1": copied(shortened, 0.6, days=2),
    "ep18:2": story(2021),
    "finews:3": copied(reordered, days=3),
    "finews:4": story(bureau=OTHER),
    "nfplus:5": story(),
    "nfplus:6": copied(sourced, days=1).but(published=None),
    "nfplus:7": from_template("monthly_supply", BUREAU, 2020, "store"),
    "nfplus:8": copied(mistyped, days=5),
}
COPIES = ("ep18:1", "finews:3", "nfplus:5", "nfplus:6", "nfplus:8")


def expected() -> dict[str, str]:
    return {key: "nfplus:5" if key in COPIES else key for key in TEXTS}


def fill(database: Documents, keys: Iterable[str] = TEXTS) -> list[str]:
    return [put(database, key, TEXTS[key]) for key in keys]


def test_copies_of_all_sites_are_one_cluster(store: Store) -> None:
    keys = fill(store.database)
    moved = assign(store.database, keys)
    assert cluster_of(store.database) == expected()
    assert moved == set(COPIES) - {"nfplus:5"}
    for fact in store.database["metrics"].find({}):
        assert fact["cluster"] == expected()[fact["article"]]
    assert assign(store.database, keys) == set()


def test_what_a_copy_changed_is_kept(store: Store) -> None:
    assign(store.database, fill(store.database))
    found: dict[str, Any] = {
        one["_id"]: one.get("differs") for one in store.database["articles"].find({}, {"differs": 1})
    }
    assert found["nfplus:5"] is None
    assert found["ep18:2"] is None
    added = [line for line in TEXTS["nfplus:6"].paragraphs if line not in story().paragraphs]
    assert found["nfplus:6"]["added"] == added
    assert found["nfplus:6"]["removed"] == []
    assert found["finews:3"] == {"against": "nfplus:5", "added": [], "removed": []}
    assert found["ep18:1"]["removed"]


@pytest.mark.parametrize("seed", range(4))
def test_one_by_one_in_any_order_is_the_same_as_anew(store: Store, seed: int) -> None:
    order = random.Random(seed).sample(sorted(TEXTS), len(TEXTS))
    for key in order:
        assign(store.database, fill(store.database, [key]))
    grown = all_of(store.database)
    assert cluster_of(store.database) == expected()
    forget(store.database)
    assign(store.database, sorted(TEXTS))
    assert all_of(store.database) == grown


def test_batches_are_the_same_as_one(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusters, "BATCH", 3)
    assign(store.database, fill(store.database))
    assert cluster_of(store.database) == expected()


def test_who_is_told_that_others_moved(store: Store) -> None:
    later = [key for key in TEXTS if key != "nfplus:5"]
    assign(store.database, fill(store.database, later))
    assert cluster_of(store.database)["finews:3"] == "ep18:1"
    store.database["articles"].update_many({}, {"$unset": {"changed": ""}})
    assert assign(store.database, fill(store.database, ["nfplus:5"])) == set(COPIES) - {"nfplus:5"}
    marked = {one["_id"] for one in store.database["articles"].find({"changed": {"$exists": True}})}
    assert marked == set(COPIES) - {"nfplus:5"}


def test_an_article_that_becomes_another_story_leaves(store: Store) -> None:
    assign(store.database, fill(store.database))
    put(store.database, "nfplus:5", story(2019))
    moved = assign(store.database, ["nfplus:5"])
    # The next one that printed it gives its name; the date of nfplus:6 is not known.
    first = "ep18:1"
    assert moved == {key for key in COPIES if key != "nfplus:5"}
    assert {cluster_of(store.database)[key] for key in COPIES if key != "nfplus:5"} == {first}
    assert cluster_of(store.database)["nfplus:5"] == "nfplus:5"
    found = store.database["articles"].find_one({"_id": "finews:3"})
    assert found
    assert found["differs"]["against"] == first
    assert {fact["cluster"] for fact in store.database["metrics"].find({"article": "finews:3"})} == {first}


def test_an_article_that_is_gone_leaves(store: Store) -> None:
    assign(store.database, fill(store.database))
    store.database["articles"].delete_one({"_id": "nfplus:5"})
    assign(store.database, ["nfplus:5"])
    assert cluster_of(store.database)["finews:3"] == "ep18:1"
    assert store.database["sketches"].find_one({"$or": [{"_id": "nfplus:5"}, {"links": "nfplus:5"}]}) is None


def test_facts_read_anew_get_their_cluster_back(store: Store) -> None:
    assign(store.database, fill(store.database))
    store.database["metrics"].update_many({"article": "finews:3"}, {"$set": {"cluster": "finews:3"}})
    assign(store.database, ["finews:3"])
    assert {fact["cluster"] for fact in store.database["metrics"].find({"article": "finews:3"})} == {
        "nfplus:5"
    }


class EndedError(Exception):
    """What happens instead of a write."""


@pytest.mark.parametrize("writes", range(8))
def test_an_interrupted_one_is_simply_repeated(
    store: Store, monkeypatch: pytest.MonkeyPatch, writes: int
) -> None:
    assign(store.database, fill(store.database, [key for key in TEXTS if key not in ("nfplus:5", "ep18:2")]))
    fill(store.database, ["nfplus:5", "ep18:2"])
    put(store.database, "ep18:1", story(bureau=OTHER))
    given = ["nfplus:5", "ep18:2", "ep18:1"]
    left = [writes]
    write = Collection.bulk_write

    def failing(collection: Collection[Any], operations: list[Any], **options: Any) -> Any:
        """Write all, some or none of it, then fail."""
        if left[0] < 2:
            if left[0]:
                write(collection, operations[:1], **options)
            raise EndedError
        left[0] -= 2
        return write(collection, operations, **options)

    with monkeypatch.context() as patch:
        patch.setattr(Collection, "bulk_write", failing)
        with pytest.raises(EndedError):
            assign(store.database, given)
    assign(store.database, given)
    grown = all_of(store.database)
    forget(store.database)
    assign(store.database, sorted(TEXTS))
    assert all_of(store.database) == grown
    assert cluster_of(store.database)["finews:4"] == "ep18:1"


def test_more_copies_than_a_phrase_leads_to(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sketches, "HOLDERS", 3)
    text = story()
    assert text.published
    for number in range(12):
        copy = mistyped(headless(text, random.Random(0)), random.Random(number))
        put(store.database, f"ep18:{number:02}", copy.but(published=text.published + timedelta(hours=number)))
        assign(store.database, [f"ep18:{number:02}"])
    assert set(cluster_of(store.database).values()) == {"ep18:00"}
    held = [len(one["phrases"]) for one in store.database["sketches"].find({})]
    assert sum(held) < 12 * max(held)


def test_a_sketch_of_an_article_that_is_no_more_does_no_harm(store: Store) -> None:
    assign(store.database, fill(store.database, ["nfplus:5"]))
    store.database["articles"].delete_one({"_id": "nfplus:5"})
    assign(store.database, fill(store.database, ["finews:3", "ep18:1"]))
    assert set(cluster_of(store.database).values()) == {"ep18:1"}
    assert store.database["sketches"].find_one({"_id": "nfplus:5"}) is None


def test_a_text_that_is_the_same_is_not_read_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = fill(store.database)
    assign(store.database, keys)
    kept = all_of(store.database)
    put(store.database, "finews:4", story(2018, OTHER))
    read: list[str] = []
    real = clusters.features

    def noting(title: str, body: str, published: Any) -> Any:
        read.append(body)
        return real(title, body, published)

    monkeypatch.setattr(clusters, "features", noting)
    assign(store.database, keys)
    assert read == [story(2018, OTHER).body]
    put(store.database, "finews:4", TEXTS["finews:4"])
    assign(store.database, keys)
    assert all_of(store.database) == kept


def test_it_is_told_how_far_it_is(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusters, "BATCH", 3)
    told: list[tuple[str, int, int]] = []
    assign(store.database, fill(store.database), lambda *step: told.append(step))
    assert told == [("clusters", done, 8) for done in (3, 6, 8)]
