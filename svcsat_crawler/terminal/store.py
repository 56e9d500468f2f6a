"""What ``scrapy store`` does and prints."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from pymongo.errors import PyMongoError
from rich.console import Console
from rich.filesize import decimal
from rich.table import Table
from rich.text import Text

from svcsat_crawler.storage import embedded, transfer
from svcsat_crawler.storage.mongo import COLLECTIONS, Store, StoreError
from svcsat_crawler.terminal.bar import steps
from svcsat_crawler.terminal.tables import counted


def uri() -> None:
    """Print the address, and nothing else, on stdout; the server runs when this returns."""
    with Store.from_environment() as store:
        print(store.uri)


def stop() -> None:
    """Stop the embedded store; users of it bring it back by themselves."""
    if os.environ.get("MONGODB_URI", "").strip():
        raise StoreError("MONGODB_URI is set: that server is not this project's to stop")
    print("stopped" if embedded.stop(embedded.data_directory()) else "it was not running")


def status() -> None:
    """Print what is known of the store; starts nothing."""
    table = Table(show_header=False, box=None)
    if os.environ.get("MONGODB_URI", "").strip():
        with Store.from_environment() as store:
            _add(table, "server", f"MongoDB {_version(store)}, from MONGODB_URI")
            _add(table, "address", store.shown_uri)
            _add(table, "database", store.database.name)
            _add_counts(table, store)
    else:
        now = embedded.status(embedded.data_directory())
        _add(table, "server", "embedded (SecantusDB)" + ("" if now.running else ", not running"))
        if now.uri:
            _add(table, "address", now.uri)
            _add(table, "process", f"{now.pid}, since {now.started}")
        _add(table, "data", str(now.data_dir))
        _add(table, "log", str(now.log))
        _add(table, "size", decimal(now.bytes))
        if now.running:
            with Store.from_environment() as store:
                _add_counts(table, store)
    # As wide as it needs, so that no path is cut.
    Console(width=None if sys.stdout.isatty() else 500).print(table)


def dump(folder: Path) -> None:
    """Write all collections to *folder*."""
    with Store.from_environment() as store, steps() as progress:
        contents = transfer.dump(store, folder, progress).collections.values()
    documents = counted(sum(content.documents for content in contents), "document")
    print(f"dumped {documents} of {counted(len(contents), 'collection')} to {folder}")


def restore(folder: Path) -> None:
    """Write all documents of the dump in *folder* into the store; what it held is replaced or kept."""
    with Store.from_environment() as store, steps() as progress:
        held = any(store.database[name].find_one({}, {"_id": 1}) for name in COLLECTIONS if name != "meta")
        counts = transfer.restore(store, folder, progress)
    documents = counted(sum(counts.values()), "document")
    print(f"restored {documents} of {counted(len(counts), 'collection')} to {store.shown_uri}")
    if held:
        print("the store was not empty: documents with the same _id were replaced, all others kept")


def _add(table: Table, name: str, value: str) -> None:
    table.add_row(name, Text(value))  # a path may look like markup


def _version(store: Store) -> str:
    try:
        return str(store.database.client.server_info()["version"])
    except PyMongoError as error:
        raise StoreError(f"{store.shown_uri}: {error}") from error


def _add_counts(table: Table, store: Store) -> None:
    try:
        for name in sorted({*COLLECTIONS, *store.database.list_collection_names()}):
            _add(table, name, counted(store.database[name].estimated_document_count(), "document"))
    except PyMongoError as error:
        raise StoreError(f"{store.shown_uri}: {error}") from error
