"""Moving a store: everything arrives as it was, and damage is named."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import bson
import pytest
from bson import json_util
from pymongo import MongoClient

from svcsat_crawler.storage import transfer
from svcsat_crawler.storage.mongo import INDEXES, SCHEMA_VERSION, Store, StoreError
from tests.storage.conftest import Server

EVERY_TYPE: dict[str, Any] = {
    "_id": "every type",
    "text": "供电服务满意度\0\n😀",
    "whole": [1, bson.Int64(2**40), -(2**63)],
    "number": [0.1, -0.0, float("inf")],
    "exact": bson.Decimal128("81.570"),
    "yes": True,
    "nothing": None,
    "bytes": bytes(range(256)),
    "typed bytes": bson.Binary(b"x", 128),
    "time": datetime(2021, 12, 31, 23, 59, 59, 999000, tzinfo=UTC),
    "id": bson.ObjectId("0123456789ab0123456789ab"),
    "pattern": bson.Regex("^a", "i"),
    "stamp": bson.Timestamp(1, 2),
    "nested": {"a": [{"b": []}, {}], "": {"c": ""}},
}


def contents(store: Store) -> dict[str, list[dict[str, Any]]]:
    """All documents of all collections, in the order of their keys."""
    return {
        name: sorted(store.database[name].find(), key=lambda document: str(document["_id"]))
        for name in store.database.list_collection_names()
    }


@pytest.fixture
def full_store(store: Store) -> Store:
    """A store with something of each kind in it."""
    store.database["articles"].insert_many([EVERY_TYPE, {"_id": "ep18:1", "url": "http://ep18.cn/1"}])
    store.database["events"].insert_many([{"n": 1}, {"_id": 7}])
    store.database["pages"].insert_many(
        [
            {"_id": f"{number * 40503 % 65536:04x}", "body": bytes([number % 256]) * 3000}
            for number in range(900)
        ]
    )
    return store


@pytest.fixture
def target(plain_server: Server) -> Iterator[Store]:
    with Store.from_environment({"MONGODB_URI": plain_server.uri()}) as opened:
        yield opened


def test_everything_moves_to_a_server_with_login(
    full_store: Store, locked_server: Server, locked_uri: str, tmp_path: Path
) -> None:
    """And back again; restoring twice changes nothing."""
    shown: list[tuple[str, int, int]] = []
    manifest = transfer.dump(full_store, tmp_path / "dump", lambda *now: shown.append(now))
    assert ("pages", 900, 900) in shown
    assert {name: content.documents for name, content in manifest.collections.items()} == {
        name: len(documents) for name, documents in contents(full_store).items()
    }
    with Store.from_environment({"MONGODB_URI": locked_uri}) as other:
        for _ in range(2):
            counts = transfer.restore(other, tmp_path / "dump")
            assert counts["pages"] == 900
            assert contents(other) == contents(full_store)
        assert len(list(other.database["articles"].list_indexes())) == 1 + sum(
            index.collection == "articles" for index in INDEXES
        )
        other.database["articles"].delete_many({})
        other.database["pages"].delete_one({"_id": "0000"})
        transfer.dump(other, tmp_path / "back")
        before = contents(full_store)
        transfer.restore(full_store, tmp_path / "back")
        assert contents(full_store) == before, "what the dump does not have stays"


def test_large_collections_are_read_in_parts(
    full_store: Store, target: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfer, "PARTS_FROM", 100)
    monkeypatch.setattr(transfer, "BATCH_BYTES", 50_000)
    transfer.dump(full_store, tmp_path / "dump")
    transfer.restore(target, tmp_path / "dump")
    assert contents(target) == contents(full_store)


def test_a_restore_replaces_what_changed(full_store: Store, target: Store, tmp_path: Path) -> None:
    transfer.dump(full_store, tmp_path / "dump")
    target.database["articles"].insert_many(
        [{"_id": "ep18:1", "url": "other", "more": 1}, {"_id": "mine"}], bypass_document_validation=True
    )
    transfer.restore(target, tmp_path / "dump")
    assert target.database["articles"].find_one({"_id": "ep18:1"}) == {
        "_id": "ep18:1",
        "url": "http://ep18.cn/1",
    }
    assert target.database["articles"].find_one({"_id": "mine"})


def test_a_dump_can_be_repeated_in_its_place(full_store: Store, target: Store, tmp_path: Path) -> None:
    folder = tmp_path / "dump"
    transfer.dump(full_store, folder)
    full_store.database["events"].drop()
    full_store.database["articles"].insert_one({"_id": "new"})
    (folder / "svcsat" / "old.bson.gz.part").touch()
    transfer.dump(full_store, folder)
    assert not list(folder.rglob("*.part")) + list(folder.rglob("events*"))
    transfer.restore(target, folder)
    kept = {name: documents for name, documents in contents(target).items() if documents}
    assert kept == {name: documents for name, documents in contents(full_store).items() if documents}


def test_an_interrupted_dump_leaves_the_last_one_whole(
    full_store: Store, target: Store, tmp_path: Path
) -> None:
    folder = tmp_path / "dump"

    def interrupt(collection: str, done: int, total: int) -> None:
        if collection == "pages":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        transfer.dump(full_store, folder, interrupt)
    with pytest.raises(StoreError, match="a dump that was not finished; repeat the dump"):
        transfer.restore(target, folder)
    transfer.dump(full_store, folder)
    before = contents(full_store)
    full_store.database["articles"].insert_one({"_id": "new"})
    with pytest.raises(KeyboardInterrupt):
        transfer.dump(full_store, folder, interrupt)
    transfer.restore(target, folder)
    assert contents(target) == before


def test_it_is_the_format_of_mongodump(full_store: Store, target: Store, tmp_path: Path) -> None:
    """Each file alone says what mongorestore needs, and what mongodump writes is read."""
    transfer.dump(full_store, tmp_path / "dump")
    home = tmp_path / "dump" / "svcsat"
    with gzip.open(home / "articles.metadata.json.gz", "rt") as file:
        metadata = json_util.loads(file.read())
    assert metadata["collectionName"] == "articles"
    assert {"_id_", "url_1"} <= {index["name"] for index in metadata["indexes"]}
    data = gzip.decompress((home / "articles.bson.gz").read_bytes())
    assert [document["_id"] for document in bson.decode_all(data)] == ["every type", "ep18:1"]

    theirs = tmp_path / "theirs" / "production"
    theirs.mkdir(parents=True)
    for file in home.glob("*.bson.gz"):
        (theirs / file.name.removesuffix(".gz")).write_bytes(gzip.decompress(file.read_bytes()))
    (theirs / "system.views.bson").write_bytes(bson.encode({"_id": "production.view"}))
    (theirs.parent / "prelude.json").write_text("{}")
    assert "system.views" not in transfer.restore(target, theirs.parent)
    assert contents(target) == contents(full_store)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)


def _lose_a_document(path: Path) -> None:
    data = gzip.decompress(path.read_bytes())
    path.write_bytes(gzip.compress(data[int.from_bytes(data[:4], "little") :]))


def _end_within_a_document(path: Path) -> None:
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes())[:-5]))


def _change_a_letter(path: Path) -> None:
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes()).replace(b"ep18:1", b"ep18:2")))


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (_cut, r"articles\.bson\.gz: damaged at byte \d+: "),
        (_flip, r"articles\.bson\.gz: damaged at byte \d+: "),
        (
            lambda path: path.write_bytes(b"no gzip"),
            r"articles\.bson\.gz: damaged at byte 0: Not a gzipped file",
        ),
        (_lose_a_document, r"articles\.bson\.gz: damaged: 1 documents in \d+ bytes, the manifest says 2"),
        (_end_within_a_document, r"damaged at byte \d+: it ends within a document"),
        (_change_a_letter, "the checksum of its 2 documents is wrong"),
        (Path.unlink, r"articles\.bson\.gz is missing"),
        (lambda path: (path.parents[1] / "manifest.json").write_text("{"), r"manifest\.json: damaged: "),
        (lambda path: (path.parents[1] / "manifest.json").write_text("[]"), r"manifest\.json: damaged: "),
        (
            lambda path: (path.parents[1] / "manifest.json").write_text(
                json.dumps({"database": "svcsat", "schema": 99, "created": "", "collections": {}})
            ),
            f"data of schema 99, this program knows {SCHEMA_VERSION}: use a newer version",
        ),
        (lambda path: shutil.rmtree(path.parents[1]), "holds no dump; right is a folder written by"),
    ],
)
def test_damage_is_named_before_anything_is_written(
    full_store: Store, target: Store, tmp_path: Path, damage: Any, said: str
) -> None:
    folder = tmp_path / "dump"
    transfer.dump(full_store, folder)
    damage(folder / "svcsat" / "articles.bson.gz")
    with pytest.raises(StoreError, match=said) as caught:
        transfer.restore(target, folder)
    assert "\n" not in str(caught.value)
    assert not any(contents(target).values())


def test_a_document_that_is_no_bson_is_named(target: Store, tmp_path: Path) -> None:
    (tmp_path / "articles.bson").write_bytes(bson.encode({"_id": 1}) + b"\x0a\0\0\0\x7fabcd\0")
    with pytest.raises(StoreError, match=r"articles\.bson: damaged at byte 14: "):
        transfer.restore(target, tmp_path)


def test_other_files_are_left_alone(full_store: Store, tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "mine.txt").write_text("do not touch")
    with pytest.raises(StoreError, match=r"holds other files \(mine\.txt\); name an empty or new folder"):
        transfer.dump(full_store, tmp_path / "letters")
    with pytest.raises(StoreError, match="cannot be used for a dump: Not a directory"):
        transfer.dump(full_store, tmp_path / "letters" / "mine.txt")
    with pytest.raises(StoreError, match="cannot be used for a dump: Not a directory"):
        transfer.dump(full_store, tmp_path / "letters" / "mine.txt" / "below")


def test_a_server_that_goes_away_is_said(full_store: Store, plain_server: Server, tmp_path: Path) -> None:
    transfer.dump(full_store, tmp_path / "dump")
    uri = plain_server.uri(options="serverSelectionTimeoutMS=200")
    with Store.from_environment({"MONGODB_URI": uri}) as target:
        plain_server.kill()
        with pytest.raises(StoreError, match=r"Connection refused|connection closed"):
            transfer.restore(target, tmp_path / "dump")
        with pytest.raises(StoreError, match=r"the dump is not finished, repeat it: .*refused"):
            transfer.dump(target, tmp_path / "other")


def test_the_token_of_the_server_stays_behind(full_store: Store, tmp_path: Path) -> None:
    transfer.dump(full_store, tmp_path / "dump")
    assert {path.name for path in (tmp_path / "dump").iterdir()} == {"svcsat", "manifest.json"}
    with MongoClient[dict[str, Any]](full_store.uri) as client:
        assert "svcsat_server" in client.list_database_names()
