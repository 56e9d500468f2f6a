"""What is derived from facts, derived again and compared with what is stored.  Nothing is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from pymongo import DeleteOne, InsertOne, UpdateOne
from pymongo.database import Database

from svcsat_crawler.answers.recompute import recompute
from svcsat_crawler.answers.reconcile import Operation
from svcsat_crawler.ledger.keys import group_of, series_of
from svcsat_crawler.proof.compare import Document, brief
from svcsat_crawler.storage.documents import derived_keys, now

# Cells whose facts and rows are read at once.
CELLS = 500
# What a fact's document repeats of its article's.
_REPEATED = ("source", "url", "title", "published", "column")
_TIMES = frozenset(("first_seen", "updated", "schema", "reopened"))
# Whose documents may differ, by what they are called in the findings.
KINDS = {"ledger": "row", "audit": "audit", "gaps": "gap"}


def fact_differences(fact: Document, article: Document) -> list[str]:
    """Return what a fact's document holds otherwise than it follows from the fact and its article."""
    wanted = {**derived_keys(fact), **{name: article.get(name) for name in _REPEATED}}
    if pages := article.get("pages"):
        wanted["page"] = pages[0]["sha256"]
    return [
        _differs(name, fact.get(name), value) for name, value in wanted.items() if fact.get(name) != value
    ]


def _differs(name: str, stored: Any, wanted: Any) -> str:
    return f"{name} stored {brief(stored)}, derived {brief(wanted)}"


class Units:
    """The keys that answers hang on, by whose they are: what is judged together stays together."""

    def __init__(self) -> None:
        self._cells: dict[str, set[str]] = defaultdict(set)
        self._series: dict[str, set[str]] = defaultdict(set)
        self._groups: dict[str, set[str]] = defaultdict(set)

    def cell(self, cell: str) -> None:
        self._cells[_owner(group_of(series_of(cell)))].add(cell)

    def unit(self, unit: str) -> None:
        """Take in the unit of a finding: ``facts:…``, ``cell:…``, ``series:…`` or ``group:…``."""
        kind, _, key = unit.partition(":")
        if kind in ("facts", "cell"):
            self.cell(key)
        elif kind == "series":
            self._series[_owner(group_of(key))].add(key)
        else:
            self._groups[_owner(key)].add(key)

    def batches(self) -> Iterator[tuple[set[str], set[str], set[str]]]:
        """Yield cells, series and groups, some CELLS cells at a time."""
        cells: set[str] = set()
        series: set[str] = set()
        groups: set[str] = set()
        for owner in sorted({*self._cells, *self._series, *self._groups}):
            cells |= self._cells.get(owner, set())
            series |= self._series.get(owner, set())
            groups |= self._groups.get(owner, set())
            if len(cells) >= CELLS:
                yield cells, series, groups
                cells, series, groups = set(), set(), set()
        yield cells, series, groups


def _owner(group: str) -> str:
    return group.rpartition("|")[0]


def answers_differences(
    database: Database[Document], units: Units, damaged: frozenset[str]
) -> Iterator[list[tuple[str, str, str]]]:
    """Yield (kind, document, how it differs) of rows, findings and gaps, batch by batch.

    They are made anew as an update of the ledger makes them; what it would write is what differs.
    *damaged*: documents that cannot be read, which count as not there.
    """
    for cells, series, groups in units.batches():
        watched = _Watched(database, damaged)
        recompute(cast(Any, watched), cells, now(), series=series, groups=groups)
        yield watched.found


class _Watched:
    """A database that is read as it is; writes to it are told and not made."""

    def __init__(self, database: Database[Document], damaged: frozenset[str]) -> None:
        self.found: list[tuple[str, str, str]] = []
        self._database = database
        self._damaged = damaged
        self.read: dict[str, Document] = {}

    def __getitem__(self, name: str) -> _Collection:
        return _Collection(self, name)

    def find(self, name: str, query: Document, fields: Mapping[str, Any] | None) -> Iterator[Document]:
        for document in self._database[name].find(query, fields):
            if document["_id"] in self._damaged:
                continue
            if name in KINDS:
                self.read[document["_id"]] = document
            yield document

    def told(self, name: str, operations: Iterable[Operation]) -> None:
        for operation in operations:
            key, how = self._how(operation)
            self.found.append((KINDS[name], f"{name} {key}", how))

    def _how(self, operation: Operation) -> tuple[str, str]:
        # pymongo has no public way to ask an operation what it would do.
        wanted: Any = None if isinstance(operation, DeleteOne) else operation._doc
        if isinstance(operation, InsertOne):
            whose = wanted.get("cell") or f"{wanted['subject_key']}|{wanted['metric']}|{wanted['year']}"
            return wanted["_id"], f"is missing, of {whose}"
        key = str(operation._filter["_id"])
        if wanted is None:
            return key, "follows from nothing stored"
        if isinstance(operation, UpdateOne):
            wanted = wanted["$set"]
            if wanted.get("state") == "closed":
                return key, "is open and holds no more"
        stored = self.read[key]
        parts = [
            _differs(name, stored.get(name), value)
            for name, value in wanted.items()
            if name not in _TIMES and stored.get(name) != value
        ]
        return key, "; ".join(parts[:3]) + (f" and {len(parts) - 3} more" if len(parts) > 3 else "")


class _Collection:
    def __init__(self, watched: _Watched, name: str) -> None:
        self._watched = watched
        self._name = name

    def find(self, query: Document, fields: Mapping[str, Any] | None = None) -> Iterator[Document]:
        return self._watched.find(self._name, query, fields)

    def bulk_write(self, operations: Iterable[Operation], *, ordered: bool) -> None:
        self._watched.told(self._name, operations)
