"""docs/queries.md: every piece of code runs, in Python and in the shell's words alike, and stands on an index."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from svcsat_crawler.storage.mongo import INDEXES
from svcsat_crawler.storage.queries.plan import serving
from svcsat_crawler.terminal.query import QUESTIONS
from tests.building import ROOT
from tests.queries.conftest import Filled
from tests.storage.conftest import Server, locked_server, locked_uri  # noqa: F401 - fixtures

PAGE = (ROOT / "docs" / "queries.md").read_text("utf-8")
CODE = {
    (language, question): code
    for language, question, code in re.findall(r"```(python|js) (\w+)\n(.*?)```", PAGE, re.DOTALL)
}


def python(code: str, database: Any) -> list[Any]:
    names: dict[str, Any] = {"db": database}
    exec(code, names)
    return list(names["found"])


def shell(code: str, database: Any) -> list[Any]:
    """Run a piece for mongosh: its objects are Python's once their keys are quoted."""
    quoted = re.sub(r"([{,]\s*)([$A-Za-z_]\w*)\s*:", r'\1"\2":', code)
    names = {"db": database, "null": None, "true": True, "false": False, "ISODate": datetime.fromisoformat}
    return list(eval(quoted, names))


def test_every_question_has_its_code() -> None:
    assert {question for _, question in CODE} == set(QUESTIONS)
    assert len(CODE) == 2 * len(QUESTIONS)
    for question, (_, told) in QUESTIONS.items():
        assert told and f"| `{question}` |" in PAGE


@pytest.mark.parametrize("question", QUESTIONS)
def test_python_and_shell_say_the_same(filled: Filled, question: str) -> None:
    found = python(CODE["python", question], filled.database)
    assert found, f"{question}: nothing found, so nothing tested"
    assert shell(CODE["js", question], filled.database) == found
    assert all(set(document) - {"_id"} for document in found)


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_code_stands_on_an_index(question: str) -> None:
    class Noting:
        """Takes the place of a collection and keeps its question."""

        def __getattr__(self, name: str) -> Noting:
            self.name = name
            return self

        def aggregate(self, stages: list[dict[str, Any]]) -> list[Any]:
            match, order = stages[0]["$match"], stages[1]["$sort"]
            ranges = [field for field, value in match.items() if isinstance(value, dict)]
            equal = [field for field in match if field not in ranges]
            keys = [index.keys for index in INDEXES if index.collection == collection.name]
            assert serving(keys, equal, order, ranges[0] if ranges else None), match
            return []

        name = ""

    class Collections:
        def __getattr__(self, name: str) -> Noting:
            collection.name = name
            return collection

    collection = Noting()
    assert python(CODE["python", question], Collections()) == []


def test_the_indexes_that_are_named_exist() -> None:
    kind = ("rank_kind", "segment", "scope")
    rows = re.findall(
        r"^\| `(\w+)` \| ([^|`]+) \| [^|]+ \|$", PAGE.partition("## The indexes")[2], re.MULTILINE
    )
    assert len(rows) > 20
    declared = {(index.collection, tuple(index.keys)) for index in INDEXES}
    for collection, keys in rows:
        names: list[str] = []
        for key in keys.split(", "):
            names += kind if key == "KIND" else [key.strip("− ")]
        assert (collection, tuple(names)) in declared, f"{collection}: {keys}"


@pytest.fixture
def reader(locked_server: Server, locked_uri: str) -> Iterator[str]:  # noqa: F811
    """The address of a user who is made as the page says, and may only read."""
    with MongoClient[dict[str, Any]](locked_uri) as client:
        client["elsewhere"]["runs"].replace_one(
            {"_id": "run1"},
            {
                "spider": "ep18",
                "started": datetime(2026, 1, 1, tzinfo=UTC),
                "verdict": "good",
                "cause": "all is well",
            },
            upsert=True,
        )
    certificate, key = locked_server.folder / "ca.pem", locked_server.folder / "key.pem"
    locked_server.stop()
    locked_server.start()
    recipe = re.search(r"db\.createUser\((.*)\)", PAGE)
    assert recipe
    told = re.sub(r"([{,]\s*)([A-Za-z_]\w*)\s*:", r'\1"\2":', recipe[1])
    user = eval(told, {"passwordPrompt": lambda: "s3cret"})
    roles = [{**role, "db": "elsewhere"} for role in user["roles"]]
    with MongoClient[dict[str, Any]]("127.0.0.1", locked_server.port, directConnection=True) as client:
        if not client["admin"].command("usersInfo", user["user"])["users"]:
            client["admin"].command("createUser", user["user"], pwd=user["pwd"], roles=roles)
    locked_server.stop()
    locked_server.start("--auth", "--tls-cert-file", str(certificate), "--tls-key-file", str(key))
    yield locked_uri.replace("crawler:p%40ss%2Fw%3Ard@", "reader:s3cret@")


def test_a_user_who_may_only_read_can_ask(reader: str, filled: Filled) -> None:
    from tests.queries.test_screen import run

    with MongoClient[dict[str, Any]](reader) as client, pytest.raises(OperationFailure):
        client["elsewhere"]["runs"].insert_one({"_id": "x"})
    answer = run(filled, "runs", MONGODB_URI=reader)
    assert answer.returncode == 0, answer.stderr
    assert "all is well" in answer.stdout
