"""The look-up of copies: what is kept of each article, and which articles share its rare phrases.

A document of ``sketches`` holds the features of one article, ``links`` to its copies, and as ``phrases`` those under which
it is found.  A phrase leads to HOLDERS articles; who comes later with it is found by its rarer ones.  So a look-up costs
the same however many articles there are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from math import nan
from typing import Any

from pymongo import DeleteOne, InsertOne, ReplaceOne
from pymongo.database import Database

from svcsat_crawler.answers import reconcile
from svcsat_crawler.answers.finding import find_in
from svcsat_crawler.clusters import Features, decide
from svcsat_crawler.clusters.features import from_document, phrases_of, to_document
from svcsat_crawler.storage.documents import SCHEMA
from svcsat_crawler.text.fingerprint import REPRINT_DAYS

Document = dict[str, Any]

HOLDERS = 4
SHARED = 2  # phrases that make two articles worth a decision
MOST_ASKED = 300  # articles that one is compared with, when a story is printed that often
NEAR = (REPRINT_DAYS + 1) * 24 * 3600.0  # seconds between two printings: further apart is no copy
ASKED = 8  # phrases of one query: the embedded store compares each with each of a document that it finds


class Sketches:
    """The sketches that one batch of articles has to do with: read, changed in memory, then saved."""

    def __init__(self, database: Database[Document]) -> None:
        self._database = database
        self._documents: dict[str, Document] = {}
        self._features: dict[str, Features] = {}
        # Of the phrases that are asked for: the articles that hold them, and those that are found under them.
        self._holders: dict[int, set[str]] = {}
        self._leads_to: dict[int, set[str]] = {}
        self._printed: dict[str, float] = {}  # in seconds; not a number where it is not known
        self._stored: set[str] = set()
        self._changed: set[str] = set()

    def __contains__(self, key: str) -> bool:
        return key in self._documents

    def links(self, key: str) -> frozenset[str]:
        """Return the known copies of an article."""
        return frozenset(self._documents[key]["links"]) if key in self else frozenset()

    def features(self, key: str) -> Features:
        if key not in self._features:
            self._features[key] = from_document(self._documents[key])
        return self._features[key]

    def load(self, keys: Iterable[str]) -> None:
        """Read the sketches of *keys* that are not read yet; some may not exist."""
        self._take(find_in(self._database, "sketches", "_id", (key for key in keys if key not in self)))

    def load_holders(self, phrases: Iterable[int]) -> None:
        """Read the articles that these phrases lead to; those of one article come together: they lead to the same."""
        wanted = [phrase for phrase in dict.fromkeys(phrases) if phrase not in self._holders]
        for phrase in wanted:
            self._holders[phrase], self._leads_to[phrase] = set(), set()
        for document in self._documents.values():
            self._index(document)
        for first in range(0, len(wanted), ASKED):
            self._take(self._database["sketches"].find({"phrases": {"$in": wanted[first : first + ASKED]}}))

    def is_of(self, key: str, made_of: str) -> bool:
        """Whether the sketch of an article was made of this already (see :func:`put`)."""
        return key in self and self._documents[key].get("made_of") == made_of

    def put(self, key: str, found: Features, made_of: str) -> None:
        """Take in a new article or a new version, without links as yet; it is loaded, and its phrases' holders are.

        *made_of* stands for all that the features depend on.
        """
        self.remove(key)
        empty = {"phrases": [], "links": [], "schema": SCHEMA}
        self._add({"_id": key, **to_document(found), "made_of": made_of, **empty})
        self._features[key] = found
        self._changed.add(key)

    def remove(self, key: str) -> None:
        """Forget an article, also as a copy of others."""
        for other in self.links(key):
            if key in self.links(other):  # it is not after an interruption
                self._documents[other]["links"].remove(key)
                self._changed.add(other)
        if document := self._documents.pop(key, None):
            for phrase in self._holders.keys() & phrases_of(document):
                self._holders[phrase].discard(key)
                self._leads_to[phrase].discard(key)
            self._changed.add(key)
        self._features.pop(key, None)

    def link(self, key: str) -> None:
        """Link an article with its copies, and make it found itself."""
        mine = self.features(key)
        for other in self._candidates(key, frozenset(mine.phrases)):
            if decide(mine, self.features(other)).same:
                self._link(key, other)
                self._link(other, key)
        for phrase in mine.phrases:
            if len(self._leads_to[phrase]) < HOLDERS:
                self._leads_to[phrase].add(key)
                self._documents[key]["phrases"].append(phrase)

    def _candidates(self, key: str, phrases: frozenset[int]) -> list[str]:
        """Return the articles that share SHARED phrases: those found under them, and among the copies of these.

        A phrase of a story that is printed often leads to some of its copies; their links lead to the others.  Most
        share a template and no more: their dates tell, before anything else of them is looked at.
        """
        shared: Counter[str] = Counter()
        for phrase in phrases:
            shared.update(self._holders[phrase])
        rim = {other for other, count in shared.items() if count >= SHARED} - {key}
        found = set(rim)
        while rim and len(found) < MOST_ASKED:
            further = {copy for other in rim for copy in self._documents[other]["links"]} - found - {key}
            self.load(further)
            rim = {
                other
                for other in further
                if other in self and len(phrases.intersection(phrases_of(self._documents[other]))) >= SHARED
            }
            found |= rim
        mine = self._printed[key]
        return [other for other in found if not abs(mine - self._printed[other]) > NEAR]

    def save(self, keys: Iterable[str]) -> None:
        """Write what has changed of *keys*."""
        chosen = sorted(self._changed.intersection(keys))
        self._changed.difference_update(chosen)
        reconcile.write(self._database, "sketches", [self._write(key) for key in chosen])
        self._stored = (self._stored - set(chosen)) | (self._documents.keys() & chosen)

    def _write(self, key: str) -> reconcile.Operation:
        if key not in self:
            return DeleteOne({"_id": key})
        if key not in self._stored:
            return InsertOne(self._documents[key])
        return ReplaceOne({"_id": key}, self._documents[key])

    @property
    def changed(self) -> frozenset[str]:
        """The articles whose sketches are to be saved."""
        return frozenset(self._changed)

    def _link(self, key: str, other: str) -> None:
        links = self._documents[key]["links"]
        if other not in links:
            links.append(other)
            links.sort()
            self._changed.add(key)

    def _take(self, documents: Iterable[Document]) -> None:
        for document in documents:
            if document["_id"] not in self:
                self._stored.add(document["_id"])
                self._add(document)

    def _add(self, document: Document) -> None:
        published = document["published"]
        self._documents[document["_id"]] = document
        self._printed[document["_id"]] = published.timestamp() if published else nan
        self._index(document)

    def _index(self, document: Document) -> None:
        for phrase in self._holders.keys() & phrases_of(document):
            self._holders[phrase].add(document["_id"])
        for phrase in self._leads_to.keys() & document["phrases"]:
            self._leads_to[phrase].add(document["_id"])
