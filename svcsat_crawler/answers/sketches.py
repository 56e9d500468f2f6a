"""The look-up of copies: what is kept of each article, and which articles share its rare phrases.

A document of ``sketches`` holds the features of one article, ``links`` to its copies, and as ``phrases`` those under which
it is found.  A phrase leads to HOLDERS articles; who comes later with it is found by its rarer ones.  So a look-up costs
the same however many articles there are.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from pymongo import DeleteOne, ReplaceOne
from pymongo.database import Database

from svcsat_crawler.clusters import Features, decide
from svcsat_crawler.clusters.features import from_document, phrases_of, to_document
from svcsat_crawler.storage.documents import SCHEMA

Document = dict[str, Any]

HOLDERS = 8
SHARED = 2  # phrases that make two articles worth a decision
MOST_ASKED = 300  # articles that one is compared with, when a story is printed that often
ASKED = 30  # phrases of one query: the embedded store compares each with each of a document that it finds


class Sketches:
    """The sketches that one batch of articles has to do with: read, changed in memory, then saved."""

    def __init__(self, database: Database[Document]) -> None:
        self._collection = database["sketches"]
        self._documents: dict[str, Document] = {}
        self._features: dict[str, Features] = {}
        self._holders: defaultdict[int, set[str]] = defaultdict(set)  # phrase -> articles that hold it
        self._leads_to: defaultdict[int, set[str]] = defaultdict(set)  # phrase -> those found under it
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
        if wanted := [key for key in keys if key not in self]:
            self._take(self._collection.find({"_id": {"$in": wanted}}))

    def load_holders(self, phrases: Iterable[int]) -> None:
        """Read the articles that these phrases lead to; those of one article come together: they lead to the same."""
        wanted = list(dict.fromkeys(phrases))
        for first in range(0, len(wanted), ASKED):
            self._take(self._collection.find({"phrases": {"$in": wanted[first : first + ASKED]}}))

    def same(self, key: str, found: Features) -> bool:
        """Whether this is what is known of an article already."""
        known = self._documents.get(key, {})
        return all(known.get(name) == value for name, value in to_document(found).items())

    def put(self, key: str, found: Features) -> None:
        """Take in a new article or a new version, without links as yet."""
        self.remove(key)
        self._add({"_id": key, **to_document(found), "phrases": [], "links": [], "schema": SCHEMA})
        self._features[key] = found
        self._changed.add(key)

    def remove(self, key: str) -> None:
        """Forget an article, also as a copy of others."""
        for other in self.links(key):
            if key in self.links(other):  # it is not after an interruption
                self._documents[other]["links"].remove(key)
                self._changed.add(other)
        if document := self._documents.pop(key, None):
            for phrase in phrases_of(document):
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

    def _candidates(self, key: str, phrases: frozenset[int]) -> set[str]:
        """Return the articles that share SHARED phrases: those found under them, and among the copies of these.

        A phrase of a story that is printed often leads to some of its copies; their links lead to the others.
        """
        shared = Counter(other for phrase in phrases for other in self._holders[phrase])
        rim = {other for other, count in shared.items() if count >= SHARED} - {key}
        found = set(rim)
        while rim and len(found) < MOST_ASKED:
            further = {copy for other in rim for copy in self.links(other)} - found - {key}
            self.load(further)
            rim = {
                other
                for other in further
                if other in self and len(phrases.intersection(phrases_of(self._documents[other]))) >= SHARED
            }
            found |= rim
        return found

    def save(self, keys: Iterable[str]) -> None:
        """Write what has changed of *keys*."""
        chosen = sorted(self._changed.intersection(keys))
        self._changed.difference_update(chosen)
        writes = [
            ReplaceOne({"_id": key}, self._documents[key], upsert=True)
            if key in self
            else DeleteOne({"_id": key})
            for key in chosen
        ]
        if writes:
            self._collection.bulk_write(writes, ordered=False)

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
                self._add(document)

    def _add(self, document: Document) -> None:
        key = document["_id"]
        self._documents[key] = document
        for phrase in phrases_of(document):
            self._holders[phrase].add(key)
        for phrase in document["phrases"]:
            self._leads_to[phrase].add(key)
