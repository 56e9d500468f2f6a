"""Connecting: what works, and one clear line for what does not."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pymongo import MongoClient

from svcsat_crawler.storage import embedded, validators
from svcsat_crawler.storage.mongo import INDEXES, SCHEMA_VERSION, Store, StoreError
from tests.storage.conftest import Server


def refusal(uri: str) -> str:
    """The message of the StoreError that *uri* gives."""
    with pytest.raises(StoreError) as caught:
        Store.from_environment({"MONGODB_URI": uri})
    message = str(caught.value)
    assert "\n" not in message
    assert "secret" not in message
    assert message.startswith("MONGODB_URI=")
    return message


@pytest.mark.parametrize(
    ("uri", "said"),
    [
        ("localhost:27017", "must begin with 'mongodb://'"),
        ("mongo://host", "must begin with 'mongodb://'"),
        ("mongodb://", "hostname"),
        ("mongodb://me:secret@host:99999/x", "Port must be an integer between 0 and 65535"),
        ("mongodb://me:secret@host:port/x", "Port contains non-digit"),
        ("mongodb://me:12secret/34@host/x", "percent-encoded"),
        ("mongodb://me:se@secret@host/x", "percent-encoded"),
        ("mongodb://me:x:secret@host/x", "percent-encoded"),
        ("mongodb://host/a b", "blanks or control characters"),
        ("mongodb://host/a$b", "Bad database name"),
        ("mongodb://host/data.base", "database name has no dot"),
        ("mongodb://host/?w=0", "w=0"),
        ("mongodb://host/?tls=perhaps", "tls must be 'true' or 'false'"),
        ("mongodb://host/?retryWrits=false", "Unknown option: retrywrits"),
        ("mongodb://me:secret@host/?tls=true&tlsCAFile=/nowhere.pem", "No such file"),
        ("mongodb://host/?tls=true&tlsCertificateKeyFilePassword=secret&no=1", "Unknown option: no"),
        ("mongodb://me:secret@ho\nst/", "blanks or control characters"),
    ],
)
def test_a_bad_address_is_refused_at_once_in_one_line(uri: str, said: str) -> None:
    assert said in refusal(uri)


def test_nobody_answering_is_said_within_seconds(unused_tcp_port: int) -> None:
    began = time.monotonic()
    message = refusal(f"mongodb://me:secret@127.0.0.1:{unused_tcp_port}/x")
    assert time.monotonic() - began < 10
    assert f"no answer from 127.0.0.1:{unused_tcp_port}" in message
    assert "Connection refused" in message


def test_the_address_alone_decides(locked_uri: str, tmp_path: Path) -> None:
    """Login, TLS and a replica set work; nothing is started or written here."""
    environ = {"MONGODB_URI": f" {locked_uri}\n", "SVCSAT_DATA_DIR": str(tmp_path / "data")}
    with Store.from_environment(environ) as store:
        store.prepare()
        assert not store.embedded
        assert store.database.name == "elsewhere"
        assert store.uri == locked_uri
        assert store.shown_uri == locked_uri.replace("p%40ss%2Fw%3Ard", "***")
        assert store.database["meta"].count_documents({}) == 1
        store.revive()
    assert not (tmp_path / "data").exists()


def test_a_wrong_login_is_refused(locked_server: Server, locked_uri: str) -> None:
    message = refusal(locked_uri.replace("p%40ss%2Fw%3Ard", "secret"))
    assert "refuses user 'crawler'" in message
    assert "authSource" in message
    message = refusal(locked_uri.replace("crawler:p%40ss%2Fw%3Ard@", ""))
    assert "a client without login" in message
    message = refusal(locked_uri.replace("crawler:p%40ss%2Fw%3Ard@", "stranger:x@"))
    assert "lets user 'stranger' not use database 'elsewhere'" in message


def test_tls_is_verified(locked_server: Server, locked_uri: str) -> None:
    soon = "&serverSelectionTimeoutMS=1500"
    trusted = f"tlsCAFile={locked_server.folder / 'ca.pem'}&"
    assert "certificate verify failed" in refusal(locked_uri.replace(trusted, "") + soon)
    assert "no answer" in refusal(locked_server.uri(options=soon[1:]))


def test_every_write_is_journalled(plain_server: Server) -> None:
    with Store.from_environment({"MONGODB_URI": plain_server.uri(options="w=1")}) as store:
        assert store.database.write_concern.document == {"w": 1, "j": True}
        assert store.database["articles"].write_concern.document == {"w": 1, "j": True}


def test_the_embedded_store(store: Store) -> None:
    assert store.embedded
    assert store.database.name == "svcsat"
    assert store.database.write_concern.document == {"j": True}
    assert not store.database.client.options.retry_writes
    at = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    store.database["events"].insert_one({"_id": "x", "at": at})
    found = store.database["events"].find_one({})
    assert found and found["at"] == at


def test_preparing_makes_every_index_and_is_repeatable(store: Store) -> None:
    for _ in range(2):
        store.prepare()
        there = {
            (name, tuple(dict(index["key"]).items()))
            for name in store.database.list_collection_names()
            for index in store.database[name].list_indexes()
        }
        assert {(index.collection, tuple(index.keys.items())) for index in INDEXES} <= there
        assert store.database["meta"].find_one({"_id": "schema"}) == {
            "_id": "schema",
            "version": SCHEMA_VERSION,
            "forms": validators.version(),
        }
        assert validators.missing(store.database) == []


def test_data_of_a_newer_program_is_left_alone(store: Store) -> None:
    store.database["meta"].update_one({"_id": "schema"}, {"$set": {"version": SCHEMA_VERSION + 1}})
    with pytest.raises(StoreError, match="use a newer version of the program"):
        store.prepare()


def test_closing_twice_is_harmless(store: Store) -> None:
    store.close()
    store.close()


def test_a_moved_embedded_server_is_followed(own_store: Store, data_dir: Path) -> None:
    """Its port was taken while it was down: the store goes to the new address by itself."""
    own_store.database["events"].insert_one({"_id": "kept"})
    before = own_store.uri
    port = int(before.split(":")[2].split("/")[0])
    embedded.stop(data_dir)
    other = Server(data_dir.parent, "--standalone")
    other.port = port
    other.start()
    try:
        own_store.revive()
        assert own_store.uri != before
        assert own_store.database["events"].count_documents({}) == 1
        with MongoClient[dict[str, str]]("127.0.0.1", port) as client:
            assert "svcsat_server" not in client.list_database_names()
    finally:
        other.kill()
