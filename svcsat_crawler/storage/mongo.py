"""The store of one process: the MongoDB that MONGODB_URI names, else the embedded one."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from pymongo import IndexModel, MongoClient, WriteConcern, timeout
from pymongo.database import Database
from pymongo.errors import OperationFailure, PyMongoError, ServerSelectionTimeoutError

from svcsat_crawler.storage import embedded, validators
from svcsat_crawler.storage.address import Address, one_line, read_address
from svcsat_crawler.storage.errors import StoreError

__all__ = ["COLLECTIONS", "INDEXES", "SCHEMA_VERSION", "Document", "Index", "Store", "StoreError"]

Document = dict[str, Any]

SCHEMA_VERSION = 2
COLLECTIONS = (
    "articles",
    "metrics",
    "ledger",
    "audit",
    "gaps",
    "sketches",
    "pages",
    "runs",
    "quarantine",
    "events",
    "meta",
)

# Used where MONGODB_URI does not say otherwise (pymongo: 30 s, 20 s, for ever): a wrong address is told
# within seconds, and a server that takes a request and falls silent counts as away.
SELECT_MS = 5_000
EMBEDDED_SELECT_MS = 2_000  # then it is time to start it again
CONNECT_MS = 5_000
SOCKET_MS = 120_000
CLOSE_SECONDS = 1.0

AUTHENTICATION_FAILED = 18
UNAUTHORIZED = (13, 8000)


class Index(NamedTuple):
    """One index: 1 = ascending, -1 = descending."""

    collection: str
    keys: dict[str, int]
    unique: bool = False


# What of a number of the ledger makes it another one, beside whose, when and by which survey.
KIND = {"rank_kind": 1, "segment": 1, "scope": 1}

# Every collection has its unique key in _id; these are the ways in besides it.
INDEXES = (
    Index("articles", {"url": 1}),
    Index("articles", {"source": 1, "published": -1}),
    Index("articles", {"text_hash": 1}),
    Index("articles", {"cluster": 1}),
    Index("articles", {"changed": 1}),
    Index("articles", {"duplicate_of": 1}),
    Index("metrics", {"article": 1}),
    Index("metrics", {"cell": 1}),
    Index("ledger", {"cell": 1}),
    Index("ledger", {"series": 1}),
    Index("ledger", {"group": 1}),
    Index("ledger", {"articles": 1}),
    Index("audit", {"unit": 1}),
    Index("gaps", {"unit": 1}),
    Index("gaps", {"due": 1}),
    Index("sketches", {"phrases": 1}),
    Index("pages", {"url": 1, "fetched": 1}),
    Index("runs", {"spider": 1, "started": 1}),
    Index("quarantine", {"spider": 1, "resolved": 1}),
    Index("quarantine", {"url": 1}),
    Index("quarantine", {"reason": 1}),
    Index("events", {"kind": 1, "at": 1}),
    Index("events", {"article": 1}),
    # What `scrapy query` asks, each question by one of these (tests/queries/test_plans.py).
    Index("articles", {"published": -1}),
    Index("metrics", {"subject_key": 1, "published": -1}),
    Index("metrics", {"metric": 1, "year": 1, "published": -1}),
    Index("metrics", {"metric": 1, "published": -1}),
    Index("metrics", {"survey_key": 1, "published": -1}),
    Index("metrics", {"province": 1, "published": -1}),
    Index("metrics", {"province": 1, "year": 1, "published": -1}),
    Index("metrics", {"year": 1, "published": -1}),
    Index("ledger", {"subject_key": 1, "metric": 1, "survey_key": 1, **KIND, "year": 1}),
    Index("ledger", {"province": 1, "metric": 1, "subject_key": 1, "survey_key": 1, **KIND, "year": 1}),
    Index("ledger", {"survey_key": 1, "metric": 1, "subject_key": 1, **KIND, "year": 1}),
    Index("ledger", {"metric": 1, "year": 1, "value": 1}),
    Index("ledger", {"province": 1, "metric": 1, "year": 1, "value": 1}),
    Index("ledger", {"metric": 1, "year": 1, "delta": 1}),
    Index("ledger", {"province": 1, "metric": 1, "year": 1, "delta": 1}),
    # Ascending: of a descending field with another one after it the embedded server's $gte leaves out the bound.
    Index("ledger", {"metric": 1, "value": 1, "year": 1}),
    Index("ledger", {"state": 1, "year": 1, "metric": 1, "subject_key": 1}),
    Index("audit", {"state": 1, "year": 1, "metric": 1, "subject_key": 1}),
    Index("audit", {"subject_key": 1, "year": -1, "metric": 1}),
    Index("audit", {"province": 1, "year": -1, "metric": 1}),
    Index("gaps", {"year": 1, "metric": 1, "subject_key": 1}),
    Index("gaps", {"subject_key": 1, "year": -1, "metric": 1}),
    Index("gaps", {"province": 1, "year": -1, "metric": 1}),
    Index("runs", {"started": -1}),
)


class Store:
    """A connected store; threads may share it.

    ``uri`` holds the password, ``shown_uri`` does not.  Every write through ``database`` is acknowledged
    only when it is in the journal; datetimes come back aware, in UTC.
    """

    def __init__(self, address: Address, data_dir: Path | None = None, lease: embedded.Lease | None = None):
        self.data_dir = data_dir
        self._lease = lease
        self._lock = threading.Lock()
        self._clients: list[MongoClient[Document]] = []
        self._connect(address)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """Connect to MONGODB_URI, or to the embedded store when that is not set.

        Raises StoreError, within about ten seconds, with one line on what is wrong.
        """
        if uri := environ.get("MONGODB_URI", "").strip():
            return cls(read_address(uri))
        data_dir = embedded.data_directory(environ)
        lease = embedded.Lease(data_dir)
        try:
            return cls(read_address(embedded.ensure(data_dir, environ)), data_dir, lease)
        except BaseException:
            lease.release()
            raise

    @property
    def embedded(self) -> bool:
        """Whether this is the server that the project runs itself."""
        return self.data_dir is not None

    @property
    def uri(self) -> str:
        """The address with its password; for clients, never for logs."""
        return self._address.uri

    @property
    def shown_uri(self) -> str:
        """The address as it may be shown."""
        return self._address.shown

    @property
    def place(self) -> str:
        """The address, of the embedded store with its folder: which store this is, for people."""
        return f"{self.shown_uri} (data in {self.data_dir})" if self.data_dir else self.shown_uri

    @property
    def database(self) -> Database[Document]:
        """The database of the project."""
        return self._database

    def prepare(self, *, validate: bool = True) -> None:
        """Create indexes, validators and the schema document where they are missing; cheap when they are not.

        Without *validate* the collections take documents of any form.  Raises StoreError for a store of
        another schema: an older one is brought up by ``scrapy store migrate``.
        """
        try:
            meta = self._database["meta"]
            schema = meta.find_one({"_id": "schema"})
            self._refuse_other_schema(schema)
            for collection in COLLECTIONS:
                there = [list(index["key"].items()) for index in self._database[collection].list_indexes()]
                for index in INDEXES:
                    keys = list(index.keys.items())
                    # One at a time: of a large collection, all at once take longer than a command may.
                    if index.collection == collection and keys not in there:
                        self._database[collection].create_indexes([IndexModel(keys, unique=index.unique)])
            if schema is None:
                meta.update_one({"_id": "schema"}, {"$max": {"version": SCHEMA_VERSION}}, upsert=True)
            if validate:
                validators.ensure(self._database)
        except PyMongoError as error:
            raise StoreError(_what(self._address, error, self.embedded)) from error

    def refuse_other_schema(self) -> None:
        """Raise StoreError for a store of an older or newer schema, with what is to be done."""
        try:
            self._refuse_other_schema(self._database["meta"].find_one({"_id": "schema"}))
        except PyMongoError as error:
            raise StoreError(_what(self._address, error, self.embedded)) from error

    def _refuse_other_schema(self, schema: Document | None) -> None:
        if schema is not None and schema["version"] != SCHEMA_VERSION:
            older = schema["version"] < SCHEMA_VERSION
            right = "run `scrapy store migrate`" if older else "use a newer version of the program"
            raise StoreError(
                f"{self.shown_uri} holds data of schema {schema['version']}, this program knows "
                f"{SCHEMA_VERSION}: {right}"
            )

    def revive(self) -> None:
        """Bring the embedded server back when it is gone; StoreError when that fails.

        A MongoDB of your own is left alone: pymongo reconnects to it by itself.
        """
        if self.data_dir is None:
            return
        with self._lock:
            uri = embedded.ensure(self.data_dir)
            if uri != self.uri:  # its port was taken meanwhile
                self._connect(read_address(uri))

    def close(self) -> None:
        """Close all connections and let the embedded server stop when it likes."""
        for client in self._clients:
            with timeout(CLOSE_SECONDS):  # it says goodbye to its server, and would look for one that is gone
                client.close()
        self._clients.clear()
        if self._lease is not None:
            self._lease.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _connect(self, address: Address) -> None:
        """Open a client and see that it answers and lets us in; older ones stay usable until close."""
        defaults: dict[str, Any] = {
            "serverSelectionTimeoutMS": EMBEDDED_SELECT_MS if self.embedded else SELECT_MS,
            "connectTimeoutMS": CONNECT_MS,
            "socketTimeoutMS": SOCKET_MS,
            "appname": "svcsat",
        }
        chosen = {name: value for name, value in defaults.items() if name.lower() not in address.options}
        try:
            client: MongoClient[Document] = MongoClient(address.uri, tz_aware=True, **chosen)
        except (PyMongoError, ValueError, OSError) as error:
            raise StoreError(f"MONGODB_URI={address.shown}: {one_line(str(error))}") from error
        try:
            concern = WriteConcern(**{**client.write_concern.document, "j": True})
            database = client.get_database(address.database, write_concern=concern)
            client.admin.command("ping")
            database["meta"].find_one({"_id": "schema"})  # a ping needs no login, this does
        except PyMongoError as error:
            client.close()
            raise StoreError(_what(address, error, self.embedded)) from error
        self._clients.append(client)
        self._address = address
        self._database = database


def _what(address: Address, error: PyMongoError, is_embedded: bool) -> str:
    """One line: what is wrong, with which address, and what would be right."""
    name = "the embedded store" if is_embedded else f"MONGODB_URI={address.shown}"
    if isinstance(error, OperationFailure):
        if error.code == AUTHENTICATION_FAILED:
            hint = "check user, password and authSource"
            return f"{name}: {address.hosts} refuses user {address.user!r}; {hint}"
        if error.code in UNAUTHORIZED:
            who = f"user {address.user!r}" if address.user else "a client without login"
            return (
                f"{name}: {address.hosts} lets {who} not use database {address.database!r}; "
                "the address needs a user with readWrite on it: mongodb://user:password@host/database"
            )
    text = one_line(str(error))
    if isinstance(error, ServerSelectionTimeoutError):
        text = re.sub(r" \(configured timeouts:[^)]*\)", "", text.partition(", Timeout:")[0])
        return f"{name}: no answer from {address.hosts} ({text}); is the server running, the address right?"
    return f"{name}: {text.partition(', full error:')[0]}"
