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

from svcsat_crawler.storage import embedded
from svcsat_crawler.storage.address import Address, one_line, read_address
from svcsat_crawler.storage.errors import StoreError

__all__ = ["COLLECTIONS", "INDEXES", "SCHEMA_VERSION", "Document", "Index", "Store", "StoreError"]

Document = dict[str, Any]

SCHEMA_VERSION = 1
COLLECTIONS = ("articles", "metrics", "ledger", "pages", "runs", "quarantine", "events", "meta")

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


# Every collection has its unique key in _id; these are the ways in besides it.
INDEXES = (
    Index("articles", {"url": 1}),
    Index("articles", {"source": 1, "published": -1}),
    Index("articles", {"text_hash": 1}),
    Index("articles", {"cluster": 1}),
    Index("articles", {"published": 1}),
    Index("metrics", {"metric": 1, "subject.id": 1, "period.end": 1}),
    Index("metrics", {"article": 1}),
    Index("metrics", {"subject.id": 1, "metric": 1}),
    Index("ledger", {"metric": 1, "period": 1}),
    Index("ledger", {"subject": 1, "period": 1}),
    Index("ledger", {"state": 1}),
    Index("pages", {"url": 1, "fetched": 1}),
    Index("runs", {"spider": 1, "started": 1}),
    Index("quarantine", {"spider": 1, "resolved": 1}),
    Index("quarantine", {"url": 1}),
    Index("quarantine", {"reason": 1}),
    Index("events", {"kind": 1, "at": 1}),
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
    def database(self) -> Database[Document]:
        """The database of the project."""
        return self._database

    def prepare(self) -> None:
        """Create the indexes and the schema document where they are missing; cheap when they are not."""
        try:
            meta = self._database["meta"]
            schema = meta.find_one({"_id": "schema"})
            if schema is not None and schema["version"] > SCHEMA_VERSION:
                raise StoreError(
                    f"{self.shown_uri} holds data of schema {schema['version']}, this program knows "
                    f"{SCHEMA_VERSION}: use a newer version of the program"
                )
            for collection in COLLECTIONS:
                models = [
                    IndexModel(list(index.keys.items()), unique=index.unique)
                    for index in INDEXES
                    if index.collection == collection
                ]
                if models:
                    self._database[collection].create_indexes(models)
            if schema is None or schema["version"] < SCHEMA_VERSION:
                meta.update_one({"_id": "schema"}, {"$max": {"version": SCHEMA_VERSION}}, upsert=True)
        except PyMongoError as error:
            raise StoreError(_what(self._address, error, self.embedded)) from error

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
