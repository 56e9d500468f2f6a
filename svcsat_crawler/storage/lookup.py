"""Look-ups of many callers at the same moment, merged into one query (the DataLoader pattern)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Iterable, Iterator, Mapping
from typing import Any

Document = dict[str, Any]
Find = Callable[[str, Document, Mapping[str, Any] | None], Awaitable[list[Document]]]

MOST_VALUES = 1000


class _Group:
    """Callers that ask the same collection by the same field for the same projection."""

    def __init__(self, collection: str, field: str, projection: Mapping[str, Any] | None) -> None:
        self.collection = collection
        self.field = field
        self.projection = projection
        self.callers: list[tuple[frozenset[Hashable], asyncio.Future[list[Document]]]] = []


class Lookups:
    """Collects look-ups for *delay* seconds, then asks once with ``$in``."""

    def __init__(self, find: Find, delay: float) -> None:
        self._find = find
        self._delay = delay
        self._groups: dict[Hashable, _Group] = {}
        self.tasks: set[asyncio.Task[None]] = set()

    async def get(
        self, collection: str, field: str, values: Iterable[Hashable], projection: Mapping[str, Any] | None
    ) -> list[Document]:
        """The documents whose *field* is one of *values*; an array matches by any member.

        Each caller gets its own dictionaries (one level deep), with *field* in them.
        """
        wanted = frozenset(values)
        if not wanted:
            return []
        shown = _with_field(field, projection)
        key = (collection, field, None if shown is None else tuple(sorted(shown.items())))
        loop = asyncio.get_running_loop()
        group = self._groups.get(key)
        if group is None:
            group = self._groups[key] = _Group(collection, field, shown)
            loop.call_later(self._delay, self._ask, key)
        answer: asyncio.Future[list[Document]] = loop.create_future()
        group.callers.append((wanted, answer))
        return await answer

    def ask_now(self) -> None:
        """Ask for what is collected without waiting longer."""
        for key in list(self._groups):
            self._ask(key)

    def _ask(self, key: Hashable) -> None:
        if group := self._groups.pop(key, None):
            task = asyncio.get_running_loop().create_task(self._answer(group))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    async def _answer(self, group: _Group) -> None:
        try:
            found = await self._found(group)
        except Exception as error:  # noqa: BLE001 - told to every caller
            for _, answer in group.callers:
                if not answer.done():
                    answer.set_exception(error)
            return
        for wanted, answer in group.callers:
            if not answer.done():
                answer.set_result([dict(document) for values, document in found if wanted & values])

    async def _found(self, group: _Group) -> list[tuple[set[Hashable], Document]]:
        values = list(frozenset().union(*(wanted for wanted, _ in group.callers)))
        found: dict[Hashable, tuple[set[Hashable], Document]] = {}
        for first in range(0, len(values), MOST_VALUES):
            part = {group.field: {"$in": values[first : first + MOST_VALUES]}}
            for document in await self._find(group.collection, part, group.projection):
                found[document["_id"]] = (set(values_at(document, group.field.split("."))), document)
        return list(found.values())


def _with_field(field: str, projection: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    if projection is None:
        return None
    if not projection.get(field, 1) or not projection.get("_id", 1):
        raise ValueError(f"a look-up by {field} needs {field} and _id in its projection")
    excluding = not all(projection.values())
    return projection if excluding or field == "_id" else {**projection, field: 1}


def values_at(value: Any, path: list[str]) -> Iterator[Hashable]:
    """What a query by this path compares with: members of arrays one by one, None where nothing is.

    >>> sorted(values_at({"b": [{"k": 1}, {"k": 3}]}, ["b", "k"]))
    [1, 3]
    """
    if isinstance(value, list):
        for member in value:
            yield from values_at(member, path)
    elif path:
        yield from values_at(value.get(path[0]) if isinstance(value, dict) else None, path[1:])
    elif isinstance(value, Hashable):
        yield value
