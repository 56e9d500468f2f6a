"""A store with a history, put back as it was before every run; stand-in sites that can be broken."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from svcsat_crawler.storage import embedded
from tests.crawls.conftest import Line
from tests.replica.answers import Answer
from tests.replica.server import Replica

Change = Callable[[str, str, Answer], Answer]
BEFORE = {"ep18": "until=2020-06", "nanfangplus": "until=2021-06", "finews": "until=2021-06"}
KEPT = ("articles", "metrics", "quarantine", "runs", "meta", "events")


class Sites:
    """The stand-in sites and the store of a spider that has known them for two runs."""

    def __init__(self, line: Line, replica: Replica) -> None:
        self.line = line
        self.replica = replica
        self._answer = replica.sites.answer
        self._kept: dict[str, list[dict[str, Any]]] = {}

    def settle(self) -> None:
        """Crawl each site up to a day, so that later articles are news; keep the store as it is then."""
        for spider, until in BEFORE.items():
            for _ in range(2):
                self.line.crawl(spider, until)
        with self.line.store() as store:
            self._kept = {name: list(store.database[name].find()) for name in KEPT}

    def put_back(self) -> None:
        """Undo what the last run and its breakage have done."""
        self.replica.reset()
        self.replica.sites.answer = self._answer  # type: ignore[method-assign]
        with self.line.store() as store:
            for name, documents in self._kept.items():
                store.database[name].delete_many({})
                if documents:
                    store.database[name].insert_many(documents)

    def change(self, change: Change) -> None:
        """Pass every answer through *change* (host, path with query, answer)."""
        self.replica.sites.answer = lambda host, target: change(  # type: ignore[method-assign]
            host, target, self._answer(host, target)
        )


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    data: Path = tmp_path_factory.mktemp("history") / "data"
    with Replica() as replica:
        sites = Sites(Line(data, replica.url), replica)
        sites.settle()
        yield sites
        embedded.stop(data)


@pytest.fixture
def sites(settled: Sites) -> Sites:
    """Sites as they have always been, and a store that knows them."""
    settled.put_back()
    return settled
