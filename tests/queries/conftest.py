"""A store filled once for all tests of the questions; they only read it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from svcsat_crawler.storage import embedded
from svcsat_crawler.storage.mongo import Store
from tests.queries import world

Document = dict[str, Any]
SIZE = world.Size(articles=900, facts=3600)


class Filled:
    """The store, and what is in it."""

    def __init__(self, data: Path, store: Store) -> None:
        self.data = data
        self.store = store
        self.database = store.database
        self.articles: list[Document] = []
        self.facts: list[Document] = []
        for article, facts in world.documents(SIZE):
            self.articles.append(article)
            self.facts += facts
        self.answers = world.answers(self.facts)
        self.runs = list(world.runs(60))
        self.events = list(world.events(self.facts[::11], 90))
        database = store.database
        for name, documents in (
            ("articles", self.articles),
            ("metrics", self.facts),
            ("ledger", self.answers.ledger),
            ("audit", self.answers.audit),
            ("gaps", self.answers.gaps),
            ("runs", self.runs),
            ("events", self.events),
        ):
            database[name].insert_many(documents, ordered=False)


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    data = tmp_path_factory.mktemp("queries") / "data"
    environ = {"SVCSAT_DATA_DIR": str(data), "SVCSAT_STORE_IDLE": "60"}
    with Store.from_environment(environ) as store:
        store.prepare()
        yield Filled(data, store)
    embedded.stop(data)
