"""The answers in a real store: kept up step by step they are what is made anew, whatever happens on the way."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pymongo import ReplaceOne
from pymongo.collection import Collection

from svcsat_crawler.answers import due, lease, rebuild, update, work
from svcsat_crawler.answers.changes import Changes
from svcsat_crawler.storage.documents import article_document, now, utc
from svcsat_crawler.storage.errors import StoreError
from svcsat_crawler.storage.mongo import Store
from tests.ledger import facts
from tests.ledger.facts import HOUSE, PROVINCIAL, number, peers_of

BUREAUS = ("csg-gd-qingyuan", "csg-gd-meizhou", "csg-gd-heyuan", "乐昌供电局")
COLLECTIONS = ("ledger", "audit", "gaps", "events")
TIMES = ("first_seen", "updated", "closed", "reopened")
Document = dict[str, Any]


class Press:
    """Articles that come, change and go silent, at random."""

    def __init__(self, store: Store, seed: int) -> None:
        self.database = store.database
        self.rng = random.Random(seed)
        self.clock = datetime(2022, 1, 1, tzinfo=UTC)

    def write(self, key: str) -> None:
        """Store an article as a crawl does: its facts first, then itself; a new version when it is there."""
        rng = self.rng
        bureau, year = rng.choice(BUREAUS), rng.choice(range(2016, 2022))
        made = [self.fact(bureau, year) for _ in range(rng.randint(0, 4))]
        day = f"{year + 1}-01-{rng.randint(5, 25):02}"
        body = f"{year}年，{bureau}供电服务满意度得分{rng.randint(70, 90)}.5分。"
        article = facts.article(key, day, body=body, text_hash=body, column=rng.choice(["企业风采", None]))
        copied = self.database.articles.find_one(
            {"_id": rng.choice(["ep18:1", "ep18:2"]), "duplicate_of": None}
        )
        if copied is not None and key not in ("ep18:1", "ep18:2") and rng.random() < 0.2:
            article.duplicate_of, made = copied["_id"], []
        before = self.database.articles.find_one({"_id": key}) or {"revisions": []}
        self.clock += timedelta(seconds=1)
        history = before["revisions"]
        if "_id" in before:
            kept = ("title", "body", "text_hash", "published", "updated")
            history = [
                *history,
                {**{name: before[name] for name in kept}, "pages": [], "replaced": self.clock},
            ]
        self.database.metrics.delete_many({"article": key})
        documents = {fact["_id"]: fact for fact in facts.stored(facts.printed(key, made, day))}
        if documents:
            self.database.metrics.insert_many(list(documents.values()))
        fields = {**article_document(article), "published": utc(article.published), "revisions": history}
        fields |= {"_id": key, "changed": self.clock, "first_seen": self.clock, "last_seen": self.clock}
        self.database.articles.bulk_write([ReplaceOne({"_id": key}, fields, upsert=True)])

    def fact(self, bureau: str, year: int) -> Any:
        rng = self.rng
        survey = rng.choice([None, PROVINCIAL, HOUSE])
        if rng.random() < 0.4:
            told = rng.choice([None, facts.change("up", rng.choice([1.0, 2.0]))])
            return number(
                "satisfaction_score", rng.choice([80.0, 81.0]), bureau, year, survey=survey, comparison=told
            )
        if rng.random() < 0.5:
            peers = peers_of("province_bureaus", rng.choice([19, 20, None]))
            return number("satisfaction_rank", rng.randint(1, 21), bureau, year, survey=survey, rank=peers)
        return number(
            "satisfaction_streak",
            year - rng.choice([2009, 2010]),
            bureau,
            year,
            survey=survey,
            rank=peers_of("other"),
        )


@pytest.fixture
def press(store: Store) -> Iterator[Press]:
    yield Press(store, 1)


def answers(store: Store, *, times: bool = True) -> dict[str, Document]:
    """Everything that the answers consist of; closed findings are history."""
    return {
        f"{name} {document['_id']}": {
            field: value for field, value in document.items() if times or field not in TIMES
        }
        for name in COLLECTIONS
        for document in store.database[name].find()
        if document.get("state") != "closed"
    }


def wipe(store: Store) -> None:
    for name in (*COLLECTIONS, "sketches"):
        store.database[name].delete_many({})


def anew(store: Store) -> dict[str, Document]:
    wipe(store)
    work.update(store, everything=True)
    return answers(store, times=False)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_step_by_step_is_the_same_as_made_anew(store: Store, seed: int) -> None:
    press = Press(store, seed)
    for _ in range(12):
        for _ in range(press.rng.randint(1, 6)):
            press.write(f"ep18:{press.rng.randint(1, 25)}")
        work.update(store)
    kept, whole = answers(store, times=False), answers(store)
    kinds = {key.split()[0] for key in kept}
    assert kinds == set(COLLECTIONS)
    assert due.waiting(store.database) == 0
    work.update(store, everything=True)
    assert answers(store) == whole, "what was right is written again"
    assert anew(store) == kept


def test_the_order_of_arrival_does_not_matter(store: Store) -> None:
    press = Press(store, 4)
    for place in range(1, 30):
        press.write(f"ep18:{place}")
    articles, metrics = list(store.database.articles.find()), list(store.database.metrics.find())
    expected = anew(store)
    for seed in range(3):
        wipe(store)
        for name in ("articles", "metrics"):
            store.database[name].delete_many({})
        order = random.Random(seed).sample(articles, len(articles))
        for first in range(0, len(order), 7):
            some = order[first : first + 7]
            keys = {article["_id"] for article in some}
            if stated := [fact for fact in metrics if fact["article"] in keys]:
                store.database.metrics.insert_many(stated)
            store.database.articles.insert_many([{**article, "changed": now()} for article in some])
            work.update(store)
        assert answers(store, times=False) == expected


class Killed(BaseException):
    """The process ends here."""


def killing(monkeypatch: pytest.MonkeyPatch, after: int) -> Callable[[], int]:
    """End at the write number *after*, in whatever collection; returns how many there were."""
    count = 0

    def counted(name: str) -> None:
        real = getattr(Collection, name)

        def write(self: Collection[Document], *arguments: Any, **options: Any) -> Any:
            nonlocal count
            count += 1
            if count == after:
                raise Killed
            return real(self, *arguments, **options)

        monkeypatch.setattr(Collection, name, write)

    for name in ("bulk_write", "replace_one", "delete_one", "delete_many", "insert_one", "update_one"):
        counted(name)
    return lambda: count


def test_ended_between_any_two_writes_and_run_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    press = Press(store, 5)
    for place in range(1, 16):
        press.write(f"ep18:{place}")
    work.update(store)
    for place in range(8, 22):
        press.write(f"ep18:{place}")
    names = (*COLLECTIONS, "sketches", "articles", "metrics", "meta")
    before = {name: list(store.database[name].find()) for name in names}
    with monkeypatch.context() as patch:
        writes = killing(patch, 0)
        work.update(store)
        total = writes()
    assert total > 8
    expected = answers(store, times=False)
    assert expected == anew(store)
    for after in range(1, total + 1):
        for name, documents in before.items():
            store.database[name].delete_many({})
            if documents:
                store.database[name].insert_many(documents)
        with monkeypatch.context() as patch:
            killing(patch, after)
            with pytest.raises(Killed):
                work.update(store)
        store.database.meta.delete_one({"_id": lease.LEASE})  # this process is not dead, only the update
        work.update(store)
        assert due.waiting(store.database) == 0
        assert answers(store, times=False) == expected, f"ended at write {after} of {total}"


def test_a_rebuild_that_was_interrupted_is_done_again_by_the_next_update(
    press: Press,
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for place in range(1, 12):
        press.write(f"ep18:{place}")
    work.update(store)
    expected = answers(store, times=False)
    store.database.ledger.delete_many({})
    with monkeypatch.context() as patch:
        killing(patch, 4)
        with pytest.raises(Killed):
            work.update(store, everything=True)
    store.database.meta.delete_one({"_id": lease.LEASE})
    assert rebuild.needed(store.database)
    work.update(store)
    assert answers(store, times=False) == expected
    assert not rebuild.needed(store.database)


def test_an_article_that_changes_while_it_is_taken_in_is_taken_in_again(
    press: Press,
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    press.write("ep18:1")
    real = update.recompute

    def slow(*arguments: Any) -> Changes:
        done = real(*arguments)
        if due.waiting(store.database) == 1 and not store.database.articles.find_one({"_id": "ep18:3"}):
            press.write("ep18:3")
            press.write("ep18:1")
        return done

    monkeypatch.setattr(update, "recompute", slow)
    assert work.update(store).articles == 3
    kept = answers(store, times=False)
    assert kept == anew(store)


def test_a_second_update_writes_nothing(press: Press, store: Store) -> None:
    for place in range(1, 12):
        press.write(f"ep18:{place}")
    assert work.update(store).rows > 0
    assert work.update(store) == Changes()


def put(store: Store, key: str, year: int, years: int) -> None:
    made = [number("satisfaction_streak", years, "csg-gd-qingyuan", year, survey=PROVINCIAL)]
    store.database.metrics.delete_many({"article": key})
    store.database.metrics.insert_many(facts.stored(facts.printed(key, made)))
    fields = {**article_document(facts.article(key)), "_id": key, "revisions": []}
    fields |= dict.fromkeys(("changed", "first_seen", "last_seen"), now())
    store.database.articles.replace_one({"_id": key}, fields, upsert=True)
    work.update(store)


def test_a_finding_is_closed_when_it_no_longer_holds_and_opened_again(store: Store) -> None:
    put(store, "ep18:1", 2020, 12)
    put(store, "ep18:2", 2021, 14)
    (finding,) = store.database.audit.find()
    assert (finding["state"], finding["closed"], finding["reopened"]) == ("open", None, None)
    (row,) = store.database.ledger.find({"year": 2021})
    assert row["flags"] == ["streak_start"]
    put(store, "ep18:2", 2021, 13)
    (closed,) = store.database.audit.find()
    assert (closed["_id"], closed["state"]) == (finding["_id"], "closed") and closed["closed"]
    (row,) = store.database.ledger.find({"year": 2021})
    assert row["flags"] == []
    put(store, "ep18:2", 2021, 14)
    (again,) = store.database.audit.find()
    assert (again["state"], again["closed"]) == ("open", None) and again["reopened"]
    assert again["first_seen"] == finding["first_seen"]


def test_answers_of_older_rules_are_made_anew(press: Press, store: Store) -> None:
    for place in range(1, 12):
        press.write(f"ep18:{place}")
    work.update(store)
    expected = answers(store, times=False)
    for name in ("metrics", "ledger"):
        store.database[name].update_many({}, {"$set": {"cell": "csg|saidi|1999"}})
    store.database.audit.update_many({}, {"$set": {"unit": "series:no|more"}})
    store.database.gaps.update_many({}, {"$set": {"unit": "no|more"}})
    store.database.meta.update_one({"_id": rebuild.STATE}, {"$set": {"version": 0}})
    work.update(store)
    assert answers(store, times=False) == expected


@pytest.mark.parametrize("where", ["value", "comparison"])
def test_a_fact_whose_number_is_none_makes_no_row_and_is_named(store: Store, where: str) -> None:
    put(store, "ep18:1", 2020, 12)
    put(store, "ep18:2", 2021, 13)
    (fact,) = store.database.metrics.find({"article": "ep18:2"})
    change = {"kind": "yoy", "direction": "up", "value": math.inf, "unit": "years", "base": None}
    odd: Document = {"value": math.nan} if where == "value" else {"comparison": change}
    store.database.metrics.update_one({"_id": fact["_id"]}, {"$set": odd})
    store.database.articles.update_one({"_id": "ep18:2"}, {"$set": {"changed": now()}})
    work.update(store)
    assert [row["year"] for row in store.database.ledger.find()] == [2020]
    (finding,) = store.database.audit.find()
    assert (finding["kind"], finding["year"], finding["state"]) == ("not_a_number", 2021, "open")
    assert [side["fact"] for side in finding["sides"]] == [fact["_id"]]
    put(store, "ep18:1", 2020, 12)
    states = [found["state"] for found in store.database.audit.find()]
    assert states == ["open"], "a neighbour that is made anew closes nothing"
    kept = answers(store)
    work.update(store, everything=True)
    assert answers(store) == kept
    put(store, "ep18:2", 2021, 13)
    assert [found["state"] for found in store.database.audit.find()] == ["closed"]
    assert {row["year"] for row in store.database.ledger.find()} == {2020, 2021}


def test_a_rebuild_removes_foreign_documents(press: Press, store: Store) -> None:
    for place in range(1, 12):
        press.write(f"ep18:{place}")
    work.update(store)
    expected = answers(store)
    row, gap = (store.database[name].find_one() for name in ("ledger", "gaps"))
    assert row and gap
    foreign: dict[str, list[Document]] = {
        "ledger": [
            {},
            {"cell": 7},
            {**row, "_id": "0a"} | {"series": "x|y"},
            {"cell": "no cell", "_id": "0b"},
        ],
        "audit": [{"unit": "cell:csg|saidi|no year"}, {"unit": "other:a|b", "_id": 5}, {"unit": "group:a|b"}],
        "gaps": [{"_id": "no hash"}, {"year": 2020}, {**gap, "_id": "0c", "unit": None}],
    }
    for name, some in foreign.items():
        store.database[name].insert_many(some)
    done = work.update(store, everything=True)
    assert done.foreign == sum(map(len, foreign.values()))
    assert answers(store) == expected
    assert work.update(store, everything=True).foreign == 0


def test_one_process_at_a_time(press: Press, store: Store) -> None:
    press.write("ep18:1")
    other = lease.Lease(store.database)
    assert other.take() is None
    told: list[str] = []
    with (
        pytest.raises(StoreError, match="has been working on the ledger"),
        lease.leased(store.database, 0.1, told.append),
    ):
        pass
    assert told == [other.holder] and lease.holder(store.database) == other.holder
    other.give_back()
    assert work.update(store).articles == 1
    assert lease.holder(store.database) is None


def test_the_lease_of_a_dead_process_is_taken_at_once_and_a_slow_one_notices(store: Store) -> None:
    slow = lease.Lease(store.database)
    assert slow.take() is None
    host, _, mark = slow.holder.rsplit(":", 2)
    store.database.meta.update_one({"_id": lease.LEASE}, {"$set": {"holder": f"{host}:{2**22 + 1}:{mark}"}})
    with lease.leased(store.database, 0.1), pytest.raises(StoreError, match="since this one was slow"):
        slow.renew()
    until = now() - timedelta(seconds=1)
    store.database.meta.insert_one({"_id": lease.LEASE, "holder": "elsewhere:1:x", "until": until})
    with lease.leased(store.database, 0.1):
        pass
