"""Every question is answered by an index alone: no scan of a collection, no sort in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database
from pymongo.monitoring import CommandFailedEvent, CommandListener, CommandStartedEvent, CommandSucceededEvent

from svcsat_crawler.storage import queries
from svcsat_crawler.storage.mongo import INDEXES
from svcsat_crawler.storage.queries import Asked, Bureau, Years, holdings
from svcsat_crawler.storage.queries.plan import serving
from tests.queries.cases import NOW, QUESTIONS, every_asked
from tests.queries.conftest import Document, Filled

KEYS: dict[str, list[dict[str, int]]] = {}
for index in INDEXES:
    KEYS.setdefault(index.collection, [{"_id": 1}]).append(index.keys)


class Listener(CommandListener):
    """Keeps what is sent to the server."""

    def __init__(self) -> None:
        self.sent: list[Mapping[str, Any]] = []

    def started(self, event: CommandStartedEvent) -> None:
        if event.command_name not in ("hello", "endSessions", "getMore", "killCursors", "ping"):
            self.sent.append(event.command)

    def succeeded(self, event: CommandSucceededEvent) -> None: ...

    def failed(self, event: CommandFailedEvent) -> None: ...


class Watched:
    """The store through a client that notes each command."""

    def __init__(self, database: Database[Document], listener: Listener) -> None:
        self.database = database
        self.listener = listener

    def commands(self, ask: Any) -> list[Mapping[str, Any]]:
        self.listener.sent.clear()
        ask(self.database)
        return [dict(command) for command in self.listener.sent]


@pytest.fixture(scope="module")
def watched(filled: Filled) -> Iterator[Watched]:
    listener = Listener()
    client: MongoClient[Document]
    with MongoClient(filled.store.uri, tz_aware=True, event_listeners=[listener]) as client:
        yield Watched(client[filled.database.name], listener)


def served_by(command: Mapping[str, Any]) -> tuple[str, Mapping[str, int] | None]:
    """Return the collection and the declared index that serves a command alone."""
    assert "aggregate" in command, f"{command} is no aggregation of the query package"
    stages = {name: stage for one in reversed(command["pipeline"]) for name, stage in one.items()}
    match, order = stages.get("$match", {}), stages.get("$sort", {})
    if not match and not order and stages.get("$limit") == 1:
        return command["aggregate"], {"_id": 1}  # whether there is anything: one document, whichever
    ranges = [name for name, value in match.items() if isinstance(value, Mapping)]
    assert len(ranges) <= 1, f"two ranges: {match}"
    equal = [name for name in match if name not in ranges]
    index = serving(KEYS[command["aggregate"]], equal, order, ranges[0] if ranges else None)
    if index and ranges and list(index)[-1] != ranges[0]:
        assert index[ranges[0]] == 1, f"{index}: the embedded server's $gte leaves out the bound itself"
    return command["aggregate"], index


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_set_of_filters_is_served_by_an_index(watched: Watched, question: str) -> None:
    unserved = []
    for asked in every_asked():
        for command in watched.commands(
            lambda database, asked=asked: list(QUESTIONS[question](database, asked, 5))
        ):
            collection, index = served_by(command)
            if index is None:
                unserved.append((asked.given(), collection, command["pipeline"]))
    assert unserved == []


@pytest.mark.parametrize("ask", [queries.articles, queries.facts])
def test_a_bureau_of_which_little_is_told_takes_few_questions(watched: Watched, ask: Any) -> None:
    asked = Asked(at=NOW, bureau=Bureau("csg-gd-qingyuan", "清远供电局"))
    found: list[Document] = []
    commands = watched.commands(lambda database: found.extend(ask(database, asked, None)))
    assert len(found) > 10
    assert len(commands) < 20, [command["pipeline"][0] for command in commands]


def test_what_the_store_holds_instead_is_served_by_an_index(watched: Watched) -> None:
    nowhere = Years(1991, 1991)
    sent = 0
    for asked in every_asked():
        missing = Asked(**{**{name: getattr(asked, name) for name in asked.__slots__}, "years": nowhere})
        for collection in ("ledger", "metrics"):
            for command in watched.commands(
                lambda database, c=collection, a=missing: holdings.held(database, c, a)
            ):
                sent += 1
                assert served_by(command)[1], command["pipeline"]
    for command in watched.commands(lambda database: holdings.bureaus_starting(database, "国网邯")):
        assert served_by(command)[1], command["pipeline"]
    assert sent > 100


def test_the_server_takes_an_index_too(watched: Watched, filled: Filled) -> None:
    """The embedded server says of each form of filter that it walks an index."""
    forms: dict[tuple[str, tuple[str, ...]], tuple[str, Mapping[str, Any]]] = {}
    for question, ask in QUESTIONS.items():
        for asked in every_asked()[::7]:
            for command in watched.commands(
                lambda database, ask=ask, asked=asked: list(ask(database, asked, 5))
            ):
                match = command["pipeline"][0].get("$match")
                if match:
                    form = (
                        command["aggregate"],
                        tuple(f"{k}{isinstance(v, Mapping)}" for k, v in match.items()),
                    )
                    forms[form] = (question, match)
    assert len(forms) > 20
    for (collection, form), (question, match) in forms.items():
        plan = str(filled.database[collection].find(match).explain()["queryPlanner"]["winningPlan"])
        assert "IXSCAN" in plan and "COLLSCAN" not in plan, f"{question}: {collection} {form}"


def test_a_read_without_its_index_would_be_noticed() -> None:
    keys = [{"metric": 1, "year": 1, "value": 1}]
    assert serving(keys, ["metric", "year"], {"value": -1})
    assert serving(keys, ["year", "metric"], {"value": 1}, "value")
    assert serving(keys, ["metric"], {"value": 1}) is None
    assert serving(keys, ["metric"], {"year": 1, "value": -1}) is None
    assert serving(keys, ["metric"], {"year": -1, "value": -1}, "year")
    assert serving(keys, ["metric"], {"value": 1}, "year") is None
    assert serving(keys, ["metric", "year", "value", "other"], {}) is None
    assert serving(keys, [], {}) is None
