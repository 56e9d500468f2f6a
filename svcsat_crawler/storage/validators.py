"""The schemas as validators of the server's collections: a document of another form is refused on writing."""

from __future__ import annotations

from typing import Any

from pymongo.database import Database
from pymongo.errors import CollectionInvalid, OperationFailure

from svcsat_crawler.storage import schema
from svcsat_crawler.text.digest import digest

# "moderate": what was wrong before may still be updated, and `scrapy store check` names it.
LEVEL = "moderate"
ACTION = "error"
# Not allowed to change collections, or no such command: then the client-side check is all there is.
UNABLE = frozenset((13, 59, 115, 238, 8000))

Document = dict[str, Any]


def version() -> str:
    """Return a digest of all validators, to see in one look whether a store has these."""
    return digest(LEVEL, ACTION, [schema.schema_of(name) for name in schema.COLLECTIONS])


def ensure(database: Database[Document]) -> bool:
    """Give every collection its validator; returns False when the server or the login does not allow it.

    Cheap when they are there: ``meta`` tells.
    """
    meta = database["meta"]
    known = meta.find_one({"_id": "schema"}, {"forms": 1}) or {}
    if known.get("forms") == version():
        return True
    there = set(database.list_collection_names())
    for name in schema.COLLECTIONS:
        options: dict[str, Any] = {
            "validator": {"$jsonSchema": schema.schema_of(name)},
            "validationLevel": LEVEL,
            "validationAction": ACTION,
        }
        try:
            if name not in there:
                try:
                    database.create_collection(name, **options)
                    continue
                except CollectionInvalid:  # another process was quicker
                    there.add(name)
            database.command("collMod", name, **options)
        except OperationFailure as error:
            if error.code in UNABLE:
                return False
            raise
    meta.update_one({"_id": "schema"}, {"$set": {"forms": version()}}, upsert=True)
    return True


def missing(database: Database[Document]) -> list[str]:
    """Return the collections whose validator is not there, or is another one."""
    found = {each["name"]: each.get("options", {}) for each in database.list_collections()}
    return [
        name
        for name in schema.COLLECTIONS
        if found.get(name, {}).get("validator") != {"$jsonSchema": schema.schema_of(name)}
    ]
