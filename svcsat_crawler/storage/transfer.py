"""Moving a whole store: dump it to files, restore it into this or another server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from bson.errors import BSONError
from bson.raw_bson import RawBSONDocument
from pymongo import ReplaceOne
from pymongo.collection import Collection
from pymongo.errors import BulkWriteError, PyMongoError

from svcsat_crawler.storage.bulk import ORDER
from svcsat_crawler.storage.dumpfiles import (
    MANIFEST,
    PART,
    CollectionWriter,
    Manifest,
    bson_files,
    check,
    read_documents,
)
from svcsat_crawler.storage.errors import StoreError
from svcsat_crawler.storage.mongo import SCHEMA_VERSION, Store

# Collection, documents done, documents in all (0 = not known).
Progress = Callable[[str, int, int], None]

BATCH_DOCUMENTS = 500
BATCH_BYTES = 8_000_000

# The embedded server holds the whole answer of a query in memory, several times its size.  The large
# collections have hexadecimal digests as _id, so they can be asked for in parts; each part costs it one
# walk through the keys.
IN_PARTS = ("pages", "metrics", "ledger")
PARTS = "123456789abcdef"
PARTS_FROM = 5_000


def dump(store: Store, folder: Path, progress: Progress | None = None) -> Manifest:
    """Write all collections of *store* to *folder* and return what was written.

    An earlier dump there stays whole until this one is; after an interruption simply repeat it.
    Raises StoreError, with one line.
    """
    database = store.database
    _refuse_other_files(folder, database.name)
    files = folder / database.name
    try:
        files.mkdir(mode=0o700, parents=True, exist_ok=True)
        writers = {}
        for name in sorted(database.list_collection_names()):
            if name.startswith("system."):
                continue
            collection = database[name]
            total = collection.estimated_document_count()
            writers[name] = CollectionWriter(files, name)
            indexes = [dict(index) for index in collection.list_indexes()]
            for done in writers[name].write(_batches(collection, total), indexes):
                if progress:
                    progress(name, done, max(done, total))
        schema = database["meta"].find_one({"_id": "schema"})
        manifest = Manifest(
            database=database.name,
            schema=schema["version"] if schema else SCHEMA_VERSION,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            collections={name: writer.content for name, writer in writers.items()},
        )
        kept: set[Path] = set().union(*(writer.finish() for writer in writers.values()))
        manifest.write(folder)
        for left in {*files.glob("*.gz"), *files.glob("*" + PART)} - kept:
            left.unlink()
    except OSError as error:
        raise StoreError(f"{error.filename or folder}: cannot be written: {error.strerror}") from error
    except PyMongoError as error:
        raise StoreError(f"the dump is not finished, repeat it: {_line(error)}") from error
    return manifest


def restore(store: Store, folder: Path, progress: Progress | None = None) -> dict[str, int]:
    """Write all documents of the dump in *folder* into *store*; return how many of each collection.

    All files are checked before anything is written.  Documents with the same _id are replaced, others
    are left alone; after an interruption simply repeat it.  Raises StoreError, with one line.
    """
    manifest = Manifest.read(folder)
    files = _files(folder, manifest)
    try:
        counts = {
            name: check(path, manifest.collections[name] if manifest else None)
            for name, path in files.items()
        }
        store.prepare()
        for name in sorted(files, key=lambda each: ORDER.get(each, len(ORDER))):
            target: Collection[Any] = store.database[name]
            done = 0
            for batch in _replacements(files[name]):
                target.bulk_write(batch, ordered=False, bypass_document_validation=True)  # as it was dumped
                done += len(batch)
                if progress:
                    progress(name, done, counts[name])
    except OSError as error:
        raise StoreError(f"{error.filename or folder}: cannot be read: {error.strerror}") from error
    except PyMongoError as error:
        raise StoreError(f"the restore is not finished, repeat it: {_line(error)}") from error
    return counts


def _refuse_other_files(folder: Path, database: str) -> None:
    known = {MANIFEST, MANIFEST + PART, database}
    try:
        strangers = [path.name for path in folder.iterdir() if path.name not in known]
    except FileNotFoundError:
        return
    except OSError as error:
        raise StoreError(f"{folder}: cannot be used for a dump: {error.strerror}") from error
    if strangers:
        raise StoreError(f"{folder} holds other files ({min(strangers)}); name an empty or new folder")


def _batches(collection: Collection[dict[str, Any]], total: int) -> Iterator[bytes]:
    """All documents as concatenated BSON, piece by piece."""
    if collection.name not in IN_PARTS or total < PARTS_FROM:
        yield from collection.find_raw_batches({})
        return
    yield from collection.find_raw_batches({"_id": {"$lt": PARTS[0]}})
    for first, after in pairwise(PARTS):
        yield from collection.find_raw_batches({"_id": {"$gte": first, "$lt": after}})
    yield from collection.find_raw_batches({"_id": {"$gte": PARTS[-1]}})


def _files(folder: Path, manifest: Manifest | None) -> dict[str, Path]:
    if manifest is not None:
        if manifest.schema > SCHEMA_VERSION:
            raise StoreError(
                f"{folder} holds data of schema {manifest.schema}, this program knows {SCHEMA_VERSION}: "
                "use a newer version of the program"
            )
        found = bson_files(folder / manifest.database)
        if missing := manifest.collections.keys() - found.keys():
            raise StoreError(f"{folder / manifest.database / min(missing)}.bson.gz is missing")
        return {name: found[name] for name in manifest.collections}
    if any(folder.rglob("*" + PART)):
        raise StoreError(f"{folder} holds a dump that was not finished; repeat the dump")
    homes = [home for home in (folder, *sorted(folder.glob("*/"))) if bson_files(home)]
    if len(homes) != 1:
        what = "no dump" if not homes else "several databases: name the folder of one"
        raise StoreError(
            f"{folder} holds {what}; right is a folder written by `scrapy store dump` or mongodump"
        )
    return bson_files(homes[0])


def _replacements(path: Path) -> Iterator[list[ReplaceOne[RawBSONDocument]]]:
    batch: list[ReplaceOne[RawBSONDocument]] = []
    size = 0
    for position, raw in read_documents(path):
        try:
            document = RawBSONDocument(raw)
            batch.append(ReplaceOne({"_id": document["_id"]}, document, upsert=True))
        except (BSONError, KeyError) as error:
            raise StoreError(f"{path}: damaged at byte {position}: {error}") from error
        size += len(raw)
        if len(batch) >= BATCH_DOCUMENTS or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _line(error: PyMongoError) -> str:
    if isinstance(error, BulkWriteError) and (failures := error.details.get("writeErrors")):
        return " ".join(str(failures[0].get("errmsg")).split())[:300]
    return " ".join(str(error).split())[:300]
