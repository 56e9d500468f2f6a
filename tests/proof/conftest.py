"""One store with articles of all three sites, crawled once; each test leaves it as it found it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from svcsat_crawler.storage import embedded
from svcsat_crawler.storage.mongo import Store
from tests.crawls.conftest import ANSWERS, QUICK, Line
from tests.replica.server import Replica

LISTS = "http://ep18.cn/web/dianwang/qiye/"
QUIET = (*QUICK, "-s", "LOG_LEVEL=ERROR")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    """Articles of one or several pages, of JSON lists, and posts that only the Markdown archive has."""
    with Replica() as replica:
        line = Line(tmp_path_factory.mktemp("filled") / "data", replica.url)
        for command in (
            ("ep18", "-a", f"lists={LISTS}"),
            ("nanfangplus", "-a", "columns=14,41"),
            ("finews", *ANSWERS),
        ):
            result = line.scrapy("crawl", *command[:1], *QUIET, *command[1:])
            assert result.returncode in (0, 3), result.stdout + result.stderr[-2000:]
    yield line  # the stand-in sites are gone: whoever asks them now fails
    embedded.stop(line.data)


@pytest.fixture
def store(filled: Line) -> Iterator[Store]:
    with filled.store() as opened:
        yield opened


Spoil = Callable[..., Any]


@pytest.fixture
def spoil(store: Store) -> Iterator[Spoil]:
    """Replace, add or remove documents behind the program's back; undone at the end.

    ``spoil("metrics", key, value=3)`` sets fields (dots lead inwards), ``spoil("pages", key, gone=True)``
    removes the document.
    """
    before: list[tuple[str, Any]] = []

    def change(collection: str, key: str, *, gone: bool = False, **fields: Any) -> None:
        document = store.database[collection].find_one({"_id": key})
        assert document, f"{collection} {key}"
        before.append((collection, document))
        store.database[collection].delete_one({"_id": key})
        if not gone:
            changed = _set(document, {name.replace("__", "."): value for name, value in fields.items()})
            _insert(store, collection, changed)

    yield change
    for collection, document in reversed(before):
        store.database[collection].delete_one({"_id": document["_id"]})
        _insert(store, collection, document)


def _insert(store: Store, collection: str, document: dict[str, Any]) -> None:
    store.database[collection].insert_one(document, bypass_document_validation=True)


def _set(document: dict[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
    changed = dict(document)
    for path, value in fields.items():
        first, _, rest = path.partition(".")
        changed[first] = _set(changed[first], {rest: value}) if rest else value
    return changed


@contextmanager
def added(store: Store, collection: str, document: dict[str, Any]) -> Iterator[None]:
    """A document that is there for a while."""
    _insert(store, collection, document)
    try:
        yield
    finally:
        store.database[collection].delete_one({"_id": document["_id"]})
