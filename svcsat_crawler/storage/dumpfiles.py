"""The files of a dump, in the format of mongodump --gzip, with a manifest beside them.

``DIR/manifest.json`` and, in ``DIR/<database>/``, per collection ``<name>.bson.gz`` (documents one after
the other) and ``<name>.metadata.json.gz`` (indexes): ``mongorestore --gzip DIR`` reads it, and what
mongodump writes, gzip'd or not, is read here.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import struct
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bson import json_util

from svcsat_crawler.storage.errors import StoreError

MANIFEST = "manifest.json"
FORMAT = "mongodump --gzip"
PART = ".part"
# What a server takes for one document, and a little for its own use, as in mongorestore.
LONGEST_DOCUMENT = 16 * 1024 * 1024 + 16 * 1024
_LENGTH = struct.Struct("<i")


@dataclass(slots=True)
class Content:
    """What one collection's file holds; ``bytes`` and ``sha256`` are of the BSON before gzip."""

    documents: int = 0
    bytes: int = 0
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a finished dump holds."""

    database: str
    schema: int
    created: str
    collections: dict[str, Content]

    def write(self, folder: Path) -> None:
        """Write the manifest in one step: with it the dump is finished."""
        part = folder / (MANIFEST + PART)
        part.write_text(json.dumps({"format": FORMAT, **asdict(self)}, indent=2) + "\n")
        part.replace(folder / MANIFEST)

    @classmethod
    def read(cls, folder: Path) -> Manifest | None:
        """The manifest of *folder*, None when it has none; StoreError when it cannot be read."""
        path = folder / MANIFEST
        if not path.exists():
            return None
        try:
            raw = json.loads(path.read_bytes())
            contents = {name: Content(**content) for name, content in raw["collections"].items()}
            return cls(raw["database"], int(raw["schema"]), raw["created"], contents)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise StoreError(f"{path}: damaged: {error or type(error).__name__}") from error


class CollectionWriter:
    """Writes one collection's two files under a passing name; ``finish`` gives them their own."""

    def __init__(self, folder: Path, name: str) -> None:
        self._paths = [folder / f"{name}.bson.gz", folder / f"{name}.metadata.json.gz"]
        self._name = name
        self._hash = hashlib.sha256()
        self.content = Content()

    def write(self, batches: Iterator[bytes], indexes: list[dict[str, Any]]) -> Iterator[int]:
        """Write *batches* of whole documents; yields the number of documents after each of them."""
        with gzip.open(self._part(0), "wb", compresslevel=3) as file:
            for batch in batches:
                file.write(batch)
                self._hash.update(batch)
                self.content.bytes += len(batch)
                self.content.documents += _count(batch)
                yield self.content.documents
        self.content.sha256 = self._hash.hexdigest()
        metadata = {"collectionName": self._name, "type": "collection", "options": {}, "indexes": indexes}
        with gzip.open(self._part(1), "wt", encoding="utf-8") as text:
            text.write(json_util.dumps(metadata, json_options=json_util.CANONICAL_JSON_OPTIONS))

    def finish(self) -> set[Path]:
        """Put the finished files in their place and return their paths."""
        for number, path in enumerate(self._paths):
            self._part(number).replace(path)
        return set(self._paths)

    def _part(self, number: int) -> Path:
        path = self._paths[number]
        return path.with_name(path.name + PART)


def _count(batch: bytes) -> int:
    position = documents = 0
    while position < len(batch):
        position += _LENGTH.unpack_from(batch, position)[0]
        documents += 1
    return documents


def bson_files(folder: Path) -> dict[str, Path]:
    """The collections' files of a dump by name; server-internal collections are left out."""
    found = {}
    for path in sorted((*folder.glob("*.bson"), *folder.glob("*.bson.gz"))):
        name = path.name.removesuffix(".gz").removesuffix(".bson")
        if not name.startswith("system."):
            found[name] = path
    return found


def read_documents(path: Path) -> Iterator[tuple[int, bytes]]:
    """The documents of *path* with their positions in the unpacked data; StoreError where it is damaged."""
    position = 0
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
        while True:
            try:
                head = file.read(_LENGTH.size)
                if not head:
                    return
                document = head + file.read(_length(head) - len(head))
                if len(document) != _length(head) or document[-1]:
                    raise ValueError("it ends within a document")
            except (OSError, EOFError, ValueError, zlib.error) as error:
                raise StoreError(f"{path}: damaged at byte {position}: {error}") from error
            yield position, document
            position += len(document)


def _length(head: bytes) -> int:
    if len(head) < _LENGTH.size:
        raise ValueError("it ends within a document")
    length: int = _LENGTH.unpack(head)[0]
    if not 5 <= length <= LONGEST_DOCUMENT:
        raise ValueError(f"a document cannot have {length} bytes")
    return length


def check(path: Path, wanted: Content | None) -> int:
    """Read all of *path*; return its number of documents, StoreError where it is not as *wanted*."""
    found = Content()
    digest = hashlib.sha256()
    for _, document in read_documents(path):
        found.documents += 1
        found.bytes += len(document)
        digest.update(document)
    found.sha256 = digest.hexdigest()
    if wanted is not None and found != wanted:
        if (found.documents, found.bytes) == (wanted.documents, wanted.bytes):
            raise StoreError(f"{path}: damaged: the checksum of its {found.documents} documents is wrong")
        raise StoreError(
            f"{path}: damaged: {found.documents} documents in {found.bytes} bytes, "
            f"the manifest says {wanted.documents} in {wanted.bytes}"
        )
    return found.documents
