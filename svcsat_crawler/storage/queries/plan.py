"""One read of one collection, and which index serves it: pure, so that it can be tested for every question.

A read names apart what an index must serve (fields that are equal, a range, an order) and what is only looked
at afterwards.  Rule of a MongoDB index: first the equal fields, then the order, the range on its first field.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

Value = str | int | float | datetime | None


class Range(NamedTuple):
    """Values from *low* (within) to *high* (not within); None is no bound.  Matches values of one type only."""

    low: int | float | str | datetime | None = None
    high: int | float | str | datetime | None = None


class OneOf(NamedTuple):
    """Any of these values."""

    values: tuple[Value, ...]


class NoneOf(NamedTuple):
    """Any value but these."""

    values: tuple[Value, ...]


class Set(NamedTuple):
    """Any value but null (that is: set)."""


Condition = Value | Range | OneOf | NoneOf | Set


@dataclass(frozen=True, slots=True)
class Read:
    """What to read, in which order; ``also`` is checked on what the index has found."""

    collection: str
    equal: Mapping[str, Value] = field(default_factory=dict)
    order: Mapping[str, int] = field(default_factory=dict)
    between: tuple[str, Range | OneOf] | None = None
    also: Mapping[str, Condition] = field(default_factory=dict)

    def stages(
        self, limit: int | None = None, fields: Mapping[str, int] | None = None
    ) -> list[dict[str, Any]]:
        """Return the aggregation.

        Two ``$match`` stages: a MongoDB takes them as one; the embedded server uses an index for the first
        only if the index serves all of it.
        """
        served: dict[str, Any] = dict(self.equal)
        if self.between is not None:
            served[self.between[0]] = _written(self.between[1])
        stages: list[dict[str, Any]] = [{"$match": served}] if served else []
        if self.also:
            stages.append({"$match": {name: _written(condition) for name, condition in self.also.items()}})
        if self.order:
            stages.append({"$sort": dict(self.order)})
        if limit is not None:
            stages.append({"$limit": limit})
        if fields:
            stages.append({"$project": dict(fields)})
        return stages


def _written(condition: Condition) -> Any:
    if isinstance(condition, Range):
        bounds = {"$gte": condition.low, "$lt": condition.high}
        return {operator: bound for operator, bound in bounds.items() if bound is not None}
    if isinstance(condition, OneOf):
        return {"$in": list(condition.values)}
    if isinstance(condition, NoneOf):
        return {"$nin": list(condition.values)}
    if isinstance(condition, Set):
        return {"$ne": None}
    return condition


def serving(
    keys: Iterable[Mapping[str, int]],
    equal: Iterable[str],
    order: Mapping[str, int],
    between: str | None = None,
) -> Mapping[str, int] | None:
    """Return the first index (as its keys) that serves a read alone, or None.

    >>> indexes = [{"metric": 1}, {"metric": 1, "year": -1}]
    >>> serving(indexes, ["metric"], {"year": 1}, "year")
    {'metric': 1, 'year': -1}
    >>> serving(indexes, [], {"year": 1}) is None
    True
    """
    wanted = set(equal)
    for index in keys:
        names = list(index)
        if set(names[: len(wanted)]) != wanted:
            continue
        rest = names[len(wanted) :]
        if _in_order(index, rest, order) and _in_range(rest, order, between) and (wanted or order or between):
            return index
    return None


def _in_order(index: Mapping[str, int], rest: list[str], order: Mapping[str, int]) -> bool:
    """Whether walking the index, forwards or backwards, gives the order."""
    turned = {index[name] * way for name, way in order.items() if name in index}
    return list(order) == list(rest[: len(order)]) and len(turned) <= 1


def _in_range(rest: list[str], order: Mapping[str, int], between: str | None) -> bool:
    return between is None or (rest[:1] == [between] and next(iter(order), between) == between)
