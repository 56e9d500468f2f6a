"""Clusters in the store: which stored articles are copies of one story, kept up article by article."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from pymongo.database import Database

from svcsat_crawler.answers import moves
from svcsat_crawler.answers.finding import find_in
from svcsat_crawler.answers.recompute import Progress, silent
from svcsat_crawler.answers.sketches import Sketches
from svcsat_crawler.clusters import VERSION, Features, Member, features, group
from svcsat_crawler.text.digest import digest

Document = dict[str, Any]

# So many articles, with all that shares phrases with them, in memory at once.
BATCH = 125


def assign(database: Database[Document], keys: Iterable[str], progress: Progress = silent) -> set[str]:
    """Find the clusters of new and changed articles; return the keys of all articles whose cluster is another now.

    Writes ``cluster`` and ``differs`` of those articles and ``cluster`` of their facts.  An article that moves without
    being among *keys* gets ``changed``.  May be repeated after an interruption at any point.
    """
    asked = dict.fromkeys(keys)
    waiting = list(asked)
    moved: set[str] = set()
    for first in range(0, len(waiting), BATCH):
        moved |= _assign(database, waiting[first : first + BATCH], asked.keys())
        progress("clusters", min(first + BATCH, len(waiting)), len(waiting))
    return moved


def forget(database: Database[Document]) -> None:
    """Drop all that is remembered for the look-up; to be followed by ``assign`` of all articles."""
    database["sketches"].delete_many({})


def _assign(database: Database[Document], keys: list[str], asked: Collection[str]) -> set[str]:
    fields = {"title": 1, "body": 1, "published": 1}
    given = {one["_id"]: one for one in find_in(database, "articles", "_id", keys, fields)}
    sketches = Sketches(database)
    sketches.load(keys)
    before = {other for key in keys for other in sketches.links(key)}
    sketches.load(before)
    _take_in(sketches, keys, given)
    clusters = _clusters(sketches, {*given, *before})
    known = moves.known(database, clusters)
    if gone := clusters.keys() - known.keys():
        for key in gone:
            sketches.remove(key)
        clusters = _clusters(sketches, {*given, *before})
    # What an interruption leaves undone is found again by the sketches of the articles given: these come last.
    sketches.save(sketches.changed.difference(keys))
    moved = moves.write(database, clusters, known, {key: one["body"] for key, one in given.items()}, asked)
    sketches.save(keys)
    return moved


def _take_in(sketches: Sketches, keys: list[str], given: dict[str, Document]) -> None:
    """Look up the copies of what is new or changed; forget what is gone."""
    made_of = {key: _mark(one) for key, one in given.items()}
    fresh = [key for key in keys if key in given and not sketches.is_of(key, made_of[key])]
    found = {key: _features(given[key]) for key in fresh}
    sketches.load_holders(phrase for key in fresh for phrase in found[key].phrases)
    for key in keys:
        if key not in given:
            sketches.remove(key)
    for key in fresh:
        sketches.put(key, found[key], made_of[key])
    for key in fresh:
        sketches.link(key)


def _features(article: Document) -> Features:
    return features(article["title"], article["body"], article["published"])


def _mark(article: Document) -> str:
    """Stand for all that the features of an article depend on: telling it costs a tenth of making them."""
    published = article["published"]
    return digest(VERSION, article["title"], article["body"], published.isoformat() if published else None)


def _clusters(sketches: Sketches, keys: Iterable[str]) -> dict[str, str]:
    """Return the cluster of *keys* and of all that hang together with them."""
    seen: set[str] = set()
    rim = set(keys)
    while rim:
        sketches.load(rim)
        seen |= rim
        rim = {other for key in rim for other in sketches.links(key)} - seen
    return group(
        {key: Member(sketches.features(key), sketches.links(key)) for key in seen if key in sketches}
    )
