"""What is wrong with the form of a stored document: pure.  Of articles, facts and pages all of it is known
(storage/schema.py), of the others what the program cannot do without.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from svcsat_crawler.ledger.keys import CELL_FORM, GROUP_FORM, UNIT_FORM
from svcsat_crawler.storage import schema
from svcsat_crawler.storage.mongo import SCHEMA_VERSION

Document = dict[str, Any]

_TEXT = {"bsonType": ["string"]}
_YEAR = {"bsonType": ["int", "long"]}
_LIST = {"bsonType": ["array"]}
_TIME = {"bsonType": ["date"]}
_FOUND = "subject_key survey_key metric year first_seen updated"


def _form(names: str, **properties: schema.Schema) -> schema.Schema:
    required = sorted({*names.split(), *properties})
    return {"bsonType": ["object"], "required": required, "properties": properties}


_FORMS = {
    "ledger": _form(
        f"{_FOUND} group subject survey province value unit qualifier state clusters printed fact flags articles "
        "period segment scope rank_kind previous delta",
        cell=_TEXT,
        series=_TEXT,
        group=_TEXT,
        year=_YEAR,
        support=_LIST,
        conflicts=_LIST,
        flags=_LIST,
    ),
    "audit": _form(f"{_FOUND} kind message state closed", unit=_TEXT, sides=_LIST, year=_YEAR),
    "gaps": _form(f"{_FOUND} subject survey why where usual", unit=_TEXT, year=_YEAR),
    "sketches": _form("text title published chosen", phrases=_LIST, links=_LIST),
    "runs": _form("arguments", spider=_TEXT, verdict=_TEXT, started=_TIME),
    "quarantine": _form("attempts resolved", spider=_TEXT, kind=_TEXT, url=_TEXT, reason=_TEXT),
    "events": _form("", kind=_TEXT, at=_TIME),
}
# They say themselves of which version they are.
_VERSIONED = frozenset(("articles", "metrics", "pages", "ledger", "audit", "gaps", "sketches", "runs"))

# What a document belongs to, in the form that the answers' keys have.
_KEYS = {
    "ledger": ("cell", CELL_FORM),
    "audit": ("unit", UNIT_FORM),
    "gaps": ("unit", GROUP_FORM),
}


def version_fault(collection: str, document: Document) -> str | None:
    """Return what is wrong with the version that a document says it is of; one that says none is of no form."""
    version = document.get("schema")
    if collection not in _VERSIONED or version in (SCHEMA_VERSION, None):
        return None
    return f"schema {version}, where {SCHEMA_VERSION} is right"


def faults(collection: str, document: Document) -> Iterator[str]:
    """Yield what is wrong with the form of a document, each with the field's path."""
    own = _FORMS.get(collection)
    missing = collection in _VERSIONED and "schema" not in document
    if own and missing:
        yield "schema is missing: nothing that this program wrote"
    found = list(schema.faults(own or schema.schema_of(collection), document))
    yield from found
    name, form = _KEYS.get(collection, (None, None))
    if name and form and not found and not form.fullmatch(document[name]):
        yield f"{name} is {document[name]!r}, which is no key of the answers"
