"""Writing in batches: acknowledged is stored, refused is told, a store that is away is waited for."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from pymongo import DeleteMany, InsertOne, ReplaceOne, UpdateOne

from svcsat_crawler.storage import embedded
from svcsat_crawler.storage.lookup import values_at
from svcsat_crawler.storage.mongo import Store
from svcsat_crawler.storage.writer import BatchWriter, StoreAway, StoreError, Write, WriteRefused
from tests.storage.conftest import Server


@pytest.fixture
async def writer(store: Store) -> AsyncIterator[BatchWriter]:
    opened = BatchWriter(store)
    yield opened
    await opened.close()


def event(key: Any, **fields: Any) -> Write:
    return Write("events", ReplaceOne({"_id": key}, fields, upsert=True))


def article(number: int, facts: int = 3) -> list[Write]:
    """An article as the line stores it: pages, facts that replace the earlier ones, then itself."""
    key = f"ep18:{number}"
    keys = [f"{key}/{each}" for each in range(facts)]
    page = {"$setOnInsert": {"url": key, "body": os.urandom(500)}}
    return [
        Write("articles", UpdateOne({"_id": key}, {"$set": {"title": "标题"}}, upsert=True)),
        Write("pages", UpdateOne({"_id": f"page {number}"}, page, upsert=True)),
        Write("metrics", DeleteMany({"article": key, "_id": {"$nin": keys}})),
        *(Write("metrics", ReplaceOne({"_id": each}, {"article": key}, upsert=True)) for each in keys),
    ]


async def test_a_put_returns_when_all_of_it_is_stored(writer: BatchWriter, store: Store) -> None:
    await writer.put(*article(1))
    assert store.database["articles"].count_documents({}) == 1
    assert store.database["pages"].count_documents({}) == 1
    assert store.database["metrics"].count_documents({}) == 3
    await writer.put()


async def test_many_puts_become_few_batches(writer: BatchWriter, store: Store) -> None:
    await asyncio.gather(*(writer.put(*article(number)) for number in range(100)))
    assert store.database["metrics"].count_documents({}) == 300
    assert writer.stats["puts"] == 100
    assert writer.stats["operations"] == 600
    assert writer.stats["batches"] == 2


async def test_writing_the_same_again_changes_nothing(writer: BatchWriter, store: Store) -> None:
    await asyncio.gather(*(writer.put(*article(number)) for number in range(5)))
    before = list(store.database["pages"].find().sort("_id"))
    await asyncio.gather(*(writer.put(*article(number)) for number in range(5)))
    assert list(store.database["pages"].find().sort("_id")) == before
    assert store.database["metrics"].count_documents({}) == 15


async def test_facts_that_are_gone_go(writer: BatchWriter, store: Store) -> None:
    await writer.put(*article(1, facts=4), event("x"))
    await asyncio.gather(writer.put(*article(1, facts=2)), writer.put(*article(2, facts=3)))
    assert store.database["metrics"].count_documents({"article": "ep18:1"}) == 2
    assert store.database["metrics"].count_documents({"article": "ep18:2"}) == 3


async def test_of_two_puts_of_one_article_the_later_one_holds(writer: BatchWriter, store: Store) -> None:
    """They wait in the same queue, and the second one deletes what the first one writes."""
    await asyncio.gather(*(writer.put(*article(1, facts=facts)) for facts in (2, 5, 3)))
    assert store.database["metrics"].count_documents({}) == 3
    assert writer.stats["batches"] == 3


async def test_what_comes_first_is_written_first(writer: BatchWriter, store: Store) -> None:
    """An article is there only when its pages and facts are, whatever the order it lists them in."""
    bad = Write("metrics", ReplaceOne({"_id": "bad"}, {"value": 2**64}, upsert=True))
    with pytest.raises(WriteRefused, match="metrics 'bad' is refused: MongoDB can only handle up to 8-byte"):
        await writer.put(Write("runs", InsertOne({"_id": "run"})), *article(1), bad)
    assert store.database["pages"].count_documents({}) == 1
    assert store.database["articles"].count_documents({}) == 0
    assert store.database["runs"].count_documents({}) == 0


@pytest.mark.parametrize(
    ("op", "reason"),
    [
        (ReplaceOne({"_id": "bad"}, {"a": "\ud800"}, upsert=True), "surrogates not allowed"),
        (ReplaceOne({"_id": "bad"}, {"a": 2**64}, upsert=True), "8-byte ints"),
        (ReplaceOne({"_id": "bad"}, {"a": object()}, upsert=True), "cannot encode object"),
        (ReplaceOne({"_id": "bad"}, {"a": b"x" * (17 << 20)}, upsert=True), "larger than|too large"),
        (ReplaceOne({"_id": "bad"}, {"$a": 1}, upsert=True), r"can not include \$ operators"),
        (ReplaceOne({"_id": "bad"}, {1: 1}, upsert=True), "is not a valid request"),
        (UpdateOne({"_id": "bad"}, {"$nonsense": {"a": 1}}, upsert=True), "nonsense"),
        (InsertOne({"_id": "there"}), "duplicate key"),
    ],
)
async def test_a_refused_document_fails_alone(
    writer: BatchWriter, store: Store, op: Any, reason: str
) -> None:
    await writer.put(event("there"))
    puts = [writer.put(event(number)) for number in range(7)]
    puts.insert(3, writer.put(Write("events", op)))
    results = await asyncio.gather(*puts, return_exceptions=True)
    refused = results.pop(3)
    assert results == [None] * 7
    assert isinstance(refused, WriteRefused)
    with pytest.raises(WriteRefused, match=reason):
        raise refused
    assert "\n" not in str(refused)
    assert store.database["events"].count_documents({}) == 8
    assert writer.stats["refused"] == 1


async def test_a_cancelled_put_disturbs_nobody(writer: BatchWriter, store: Store) -> None:
    given_up = asyncio.create_task(writer.put(event("a")))
    kept = asyncio.create_task(writer.put(event("b")))
    await asyncio.sleep(0)
    given_up.cancel()
    await kept
    assert store.database["events"].count_documents({"_id": "b"}) == 1


async def test_closing_writes_what_is_left(store: Store) -> None:
    writer = BatchWriter(store, delay=30.0)
    puts = [asyncio.create_task(writer.put(event(number))) for number in range(1200)]
    looked_up = asyncio.create_task(writer.lookup("events", "_id", [1]))
    await asyncio.sleep(0)
    await writer.close()
    assert all(put.done() and not put.exception() for put in puts)
    assert len(await looked_up) <= 1
    assert store.database["events"].count_documents({}) == 1200
    with pytest.raises(StoreError, match="closed"):
        await writer.put(event("late"))


def test_it_works_on_uvloop(store: Store) -> None:
    import uvloop

    async def use() -> int:
        writer = BatchWriter(store)
        await asyncio.gather(*(writer.put(event(number)) for number in range(50)))
        found = await writer.lookup("events", "_id", range(50))
        await writer.close()
        return len(found)

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        assert runner.run(use()) == 50


# A store that is away


@pytest.fixture
def elsewhere(plain_server: Server) -> Iterator[Store]:
    """A store on a server that is not ours to revive."""
    uri = plain_server.uri(options="serverSelectionTimeoutMS=200&retryWrites=false")
    with Store.from_environment({"MONGODB_URI": uri}) as opened:
        yield opened


async def test_an_absence_is_waited_out(
    elsewhere: Store, plain_server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "svcsat_crawler")
    writer = BatchWriter(elsewhere, delay=0.01)
    await writer.put(event("before"))
    plain_server.kill()
    puts = [asyncio.create_task(writer.put(event(number))) for number in range(20)]
    reading = asyncio.create_task(writer.find("events", {"_id": "before"}))
    await asyncio.sleep(1)
    assert not any(put.done() for put in puts)
    assert not reading.done()
    await asyncio.to_thread(plain_server.start)
    await asyncio.gather(*puts)
    assert await reading == [{"_id": "before"}]
    await writer.close()
    assert elsewhere.database["events"].count_documents({}) == 21
    assert writer.stats["away"] == writer.stats["back"] == 1
    assert 0.5 < writer.stats["away_seconds"] < 15
    (away, back) = (record for record in caplog.records if record.name.startswith("svcsat_crawler"))
    assert (away.levelname, back.levelname) == ("WARNING", "INFO")
    assert "is away" in away.getMessage()
    assert "is back after" in back.getMessage()


async def test_patience_ends(elsewhere: Store, plain_server: Server) -> None:
    writer = BatchWriter(elsewhere, delay=0.01, patience=0.3)
    plain_server.kill()
    for _ in range(2):
        with pytest.raises(StoreAway, match=r"is away for \d+ s: .*Connection refused"):
            await writer.put(event("lost"))
        with pytest.raises(StoreAway):
            await writer.lookup("events", "_id", ["lost"])
    await asyncio.to_thread(plain_server.start)
    await writer.put(event("again"))
    assert [each["_id"] for each in await writer.find("events", {})] == ["again"]
    await writer.close()
    assert writer.stats["back"] == 1


async def test_a_full_queue_makes_puts_wait(elsewhere: Store, plain_server: Server) -> None:
    writer = BatchWriter(elsewhere, delay=0.01, room=10)
    plain_server.kill()
    puts = [asyncio.create_task(writer.put(event(number), event(-number - 1))) for number in range(50)]
    await asyncio.sleep(0.2)
    assert writer.stats["puts"] == 5
    await asyncio.to_thread(plain_server.start)
    await asyncio.gather(*puts)
    await writer.close()
    assert elsewhere.database["events"].count_documents({}) == 100


async def test_closing_does_not_wait_for_ever(elsewhere: Store, plain_server: Server) -> None:
    writer = BatchWriter(elsewhere, delay=0.01)
    plain_server.kill()
    put = asyncio.create_task(writer.put(event("lost")))
    await asyncio.sleep(0.05)
    await asyncio.wait_for(writer.close(patience=0.2), 10)
    with pytest.raises(StoreAway):
        await put


async def test_nothing_acknowledged_is_lost_when_the_server_is_killed(
    data_dir: Path, own_store: Store
) -> None:
    writer = BatchWriter(own_store, delay=0.01)
    acknowledged: list[int] = []

    async def write(numbers: range) -> None:
        for number in numbers:
            await writer.put(*article(number))
            acknowledged.append(number)

    writing = [asyncio.create_task(write(range(first, first + 25))) for first in range(0, 500, 25)]
    for _ in range(3):
        await asyncio.sleep(0.7)
        now = await asyncio.to_thread(embedded.status, data_dir)
        if now.pid:
            os.kill(now.pid, signal.SIGKILL)
    await asyncio.gather(*writing)
    await writer.close()
    assert len(acknowledged) == 500
    assert own_store.database["articles"].count_documents({}) == 500
    assert own_store.database["metrics"].count_documents({}) == 1500
    assert writer.stats["away"] == writer.stats["back"] > 0


async def test_a_stopped_embedded_server_is_started_again(data_dir: Path, own_store: Store) -> None:
    writer = BatchWriter(own_store)
    await writer.put(event("before"))
    await asyncio.to_thread(embedded.stop, data_dir)
    await writer.put(event("after"))
    await writer.close()
    assert own_store.database["events"].count_documents({}) == 2


# Look-ups


async def test_lookups_at_the_same_moment_ask_once(writer: BatchWriter, store: Store) -> None:
    await asyncio.gather(*(writer.put(event(number, n=number, other=1)) for number in range(20)))
    found = await asyncio.gather(*(writer.lookup("events", "_id", [n, n + 1], {"n": 1}) for n in range(20)))
    assert [[each["n"] for each in sorted(one, key=lambda each: each["n"])] for one in found] == [
        [n, n + 1] if n < 19 else [n] for n in range(20)
    ]
    assert writer.stats["lookups"] == 20
    assert writer.stats["finds"] == 1
    found[0][0]["n"] = found[1][0]["n"] = "changed"
    assert {each["n"] for each in found[2]} == {2, 3}, "each caller has its own"


async def test_lookups_that_differ_are_kept_apart(writer: BatchWriter) -> None:
    await writer.put(event("a", n=1, b=[{"k": 1}, {"k": 2}]), event("b", n=2, b=[{"k": 2}]), event("c", n=1))
    by_number, by_member, whole, none = await asyncio.gather(
        writer.lookup("events", "n", [1], {"_id": 1}),
        writer.lookup("events", "b.k", [2], {"_id": 1}),
        writer.lookup("events", "_id", ["c", "nowhere"]),
        writer.lookup("events", "_id", []),
    )
    assert by_number == [{"_id": "a", "n": 1}, {"_id": "c", "n": 1}]
    assert {each["_id"] for each in by_member} == {"a", "b"}
    assert whole == [{"_id": "c", "n": 1}]
    assert none == []


async def test_more_values_than_one_query_takes(writer: BatchWriter, store: Store) -> None:
    store.database["events"].insert_many([{"_id": number} for number in range(1500)])
    assert len(await writer.lookup("events", "_id", range(3000))) == 1500


async def test_a_lookup_needs_its_field(writer: BatchWriter) -> None:
    with pytest.raises(ValueError, match="needs n and _id in its projection"):
        await writer.lookup("events", "n", [1], {"n": 0})


async def test_a_query_that_the_server_refuses_is_told_to_all_who_asked(writer: BatchWriter) -> None:
    with pytest.raises(StoreError, match="refuses a query"):
        await writer.find("events", {"$nonsense": 1})
    failed = await asyncio.gather(
        *(writer.lookup("events", "$bad", [number]) for number in range(3)), return_exceptions=True
    )
    assert all(isinstance(each, StoreError) for each in failed)


def test_what_a_path_leads_to() -> None:
    document = {"a": [{"b": [1, 2]}, {"b": 3}, {}], "c": {"d": {}}, "e": None}
    assert set(values_at(document, ["a", "b"])) == {1, 2, 3, None}
    assert list(values_at(document, ["c", "d"])) == []
    assert list(values_at(document, ["e"])) == [None]
    assert list(values_at(document, ["e", "f"])) == [None]
