"""The form of stored documents as JSON schema, generated from the dataclasses that the items use: pure.

What is written is MongoDB's dialect (``bsonType``), and only the words that ``faults`` knows too, so that a
server and ``scrapy store check`` hold documents against the very same schema.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any, Literal

from svcsat_crawler.items import Article, Fact, Page

Schema = dict[str, Any]

_TYPES: dict[Any, list[str]] = {
    str: ["string"],
    int: ["int", "long"],
    float: ["double", "int", "long"],
    bool: ["bool"],
    datetime: ["date"],
    bytes: ["binData"],
    type(None): ["null"],
}
_TEXT: Schema = {"bsonType": ["string"]}
_TEXT_OR_NULL: Schema = {"bsonType": ["string", "null"]}
_NUMBER: Schema = {"bsonType": ["int", "long"]}
_TIME: Schema = {"bsonType": ["date"]}
_REFERENCES: Schema = {
    "bsonType": ["array"],
    "items": {
        "bsonType": ["object"],
        "required": ["url", "sha256", "fetched"],
        "properties": {"url": _TEXT, "sha256": _TEXT, "fetched": _TIME},
    },
}

# What the store adds to an item, or keeps in another form; None: not stored.
_STORED: dict[str, tuple[type, dict[str, Schema | None]]] = {
    "articles": (
        Article,
        {
            "key": None,
            "change": None,
            "_id": _TEXT,
            "facts": _NUMBER,
            "pages": _REFERENCES,
            "listed_as": {"bsonType": ["array"], "items": _TEXT},
            "cluster": _TEXT,
            "differs": {"bsonType": ["object"]},
            "changed": _TIME,
            "changed_by": {"enum": ["site", "rules"]},
            "revisions": {"bsonType": ["array"], "items": {"bsonType": ["object"]}},
            "first_seen": _TIME,
            "last_seen": _TIME,
            "schema": _NUMBER,
        },
    ),
    "metrics": (
        Fact,
        {
            "_id": _TEXT,
            "article": _TEXT,
            "source": _TEXT,
            "url": _TEXT,
            "title": _TEXT,
            "published": {"bsonType": ["date", "null"]},
            "year": {"bsonType": ["int", "long", "null"]},
            "page": _TEXT_OR_NULL,
            "cluster": _TEXT,
            "cell": _TEXT_OR_NULL,
            "subject_key": _TEXT_OR_NULL,
            "survey_key": _TEXT,
            "province": _TEXT_OR_NULL,
            "column": _TEXT_OR_NULL,
            "rules_version": _TEXT,
            "schema": _NUMBER,
        },
    ),
    "pages": (
        Page,
        {
            "sha256": None,
            "_id": _TEXT,
            "article": _TEXT_OR_NULL,
            "bytes": _NUMBER,
            "compression": {"enum": ["zstd"]},
            "schema": _NUMBER,
        },
    ),
}
# The answers' update takes the mark away again, and not every article comes from a list.
_OPTIONAL = {"articles": ("listed_as", "changed", "changed_by", "differs")}

COLLECTIONS = tuple(_STORED)


@cache
def schema_of(collection: str) -> Schema:
    """Return the JSON schema of a collection's documents, in MongoDB's dialect.

    >>> schema_of("pages")["properties"]["fetched"]
    {'bsonType': ['date']}
    """
    kind, stored = _STORED[collection]
    found = of_dataclass(kind)
    properties = {**found["properties"], **stored}
    properties = {name: schema for name, schema in properties.items() if schema is not None}
    optional = _OPTIONAL.get(collection, ())
    required = sorted(name for name in properties if name not in optional)
    return {"bsonType": ["object"], "required": required, "properties": properties}


def of_dataclass(kind: type) -> Schema:
    """Return the schema of a dataclass in which every field is there, whatever its value."""
    hints = typing.get_type_hints(kind)
    names = [field.name for field in dataclasses.fields(kind)]
    return {
        "bsonType": ["object"],
        "required": sorted(names),
        "properties": {name: of_type(hints[name]) for name in names},
    }


def of_type(hint: Any) -> Schema:
    """Return the schema of a field's type.

    >>> of_type(list[int] | None)
    {'bsonType': ['array', 'null'], 'items': {'bsonType': ['int', 'long']}}
    """
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin in (typing.Union, types.UnionType):
        return _either([of_type(each) for each in arguments])
    if origin is list:
        return {"bsonType": ["array"], "items": of_type(arguments[0])}
    if origin is dict:
        return {"bsonType": ["object"]}
    if dataclasses.is_dataclass(hint):
        return of_dataclass(typing.cast(type, hint))
    if hint not in _TYPES:
        raise TypeError(f"no JSON schema for {hint!r}: add it to svcsat_crawler/storage/schema.py")
    return {"bsonType": list(_TYPES[hint])}


def _either(schemas: list[Schema]) -> Schema:
    """Return one schema for a union; of those with more than a type there is one at most."""
    merged: Schema = {}
    for schema in schemas:
        if "enum" in schema or "enum" in merged:
            raise TypeError(
                "a choice of words in a union: add a rule for it to svcsat_crawler/storage/schema.py"
            )
        kinds = [*merged.get("bsonType", ()), *schema["bsonType"]]
        merged = {**merged, **schema, "bsonType": kinds}
    return merged


_KINDS: dict[type, str] = {
    str: "string",
    bool: "bool",
    int: "int",
    float: "double",
    datetime: "date",
    bytes: "binData",
    type(None): "null",
    list: "array",
    dict: "object",
}


def faults(schema: Schema, value: Any, path: str = "") -> Iterator[str]:
    """Yield what is wrong with a document as pymongo hands it out, each with the field's path.

    >>> list(faults({"bsonType": ["object"], "required": ["a"], "properties": {"b": {"enum": [1]}}}, {"b": 2}))
    ['a is missing', 'b is 2, where 1 is right']
    """
    allowed = schema.get("enum")
    if allowed is not None:
        if value not in allowed:
            yield f"{path or 'it'} is {_shown(value)}, where {' or '.join(map(str, allowed))} is right"
        return
    kind = _KINDS.get(type(value), type(value).__name__)
    kinds = schema.get("bsonType")
    if kinds and kind not in kinds:
        yield f"{path or 'it'} is {_shown(value)} ({kind}), where {' or '.join(kinds)} is right"
        return
    if kind == "object":
        yield from _object_faults(schema, value, f"{path}." if path else "")
    elif kind == "array" and "items" in schema:
        for place, each in enumerate(value):
            yield from faults(schema["items"], each, f"{path}[{place}]")


def _object_faults(schema: Schema, value: dict[str, Any], prefix: str) -> Iterator[str]:
    for name in schema.get("required", ()):
        if name not in value:
            yield f"{prefix}{name} is missing"
    for name, inner in schema.get("properties", {}).items():
        if name in value:
            yield from faults(inner, value[name], prefix + name)


def _shown(value: Any) -> str:
    return repr(value)[:60]
