"""Writing which cluster an article belongs to, and what it changed against the first printing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from pymongo import UpdateMany, UpdateOne
from pymongo.database import Database

from svcsat_crawler.answers.finding import find_in
from svcsat_crawler.clusters.changes import differs
from svcsat_crawler.storage.documents import now

Document = dict[str, Any]
Texts = Mapping[str, str]


def known(database: Database[Document], keys: Iterable[str]) -> dict[str, Document]:
    """Return what stands in the articles of these keys; some may be gone."""
    fields = {"cluster": 1, "differs": 1}
    return {one["_id"]: one for one in find_in(database, "articles", "_id", keys, fields)}


def write(
    database: Database[Document],
    clusters: Mapping[str, str],
    stored: Mapping[str, Document],
    given: Texts,
    asked: Collection[str],
) -> set[str]:
    """Write the clusters of articles and of their facts; return the articles that had another one.

    *stored* is what :func:`known` says of them; *given* are the bodies of the articles whose text or facts are new; *asked*
    are all that the caller knows of: others that move get ``changed``, so that they are seen to even when the caller is
    interrupted.
    """
    moved = {key for key in clusters if stored[key].get("cluster") != clusters[key]}
    copies = [
        key
        for key in clusters
        if clusters[key] != key and (key in moved or not given.keys().isdisjoint((key, clusters[key])))
    ]
    bodies = _bodies(database, {*copies, *(clusters[key] for key in copies)}, given)
    _write_facts(database, {key: clusters[key] for key in moved | given.keys()})
    updates = []
    for key, first in clusters.items():
        kept = stored[key].get("differs")
        wanted = (
            differs(first, bodies[first], bodies[key]) if key in copies else kept if key != first else None
        )
        change: Document = {"$set": {"cluster": first}}
        if wanted is None:
            change["$unset"] = {"differs": ""}
        else:
            change["$set"]["differs"] = wanted
        if key in moved and key not in asked:
            change["$set"]["changed"] = now()
        if key in moved or wanted != kept:
            updates.append(UpdateOne({"_id": key}, change))
    if updates:
        database["articles"].bulk_write(updates, ordered=False)
    return moved


def _bodies(database: Database[Document], keys: Iterable[str], given: Texts) -> dict[str, str]:
    missing = (key for key in keys if key not in given)
    found = find_in(database, "articles", "_id", missing, {"body": 1})
    return {**given, **{one["_id"]: one["body"] for one in found}}


def _write_facts(database: Database[Document], clusters: Mapping[str, str]) -> None:
    """Write the cluster of the facts that have another one; before the articles, so that it is repeated."""
    facts = find_in(database, "metrics", "article", clusters, {"article": 1, "cluster": 1})
    wrong = {fact["article"] for fact in facts if fact.get("cluster") != clusters[fact["article"]]}
    if wrong:
        database["metrics"].bulk_write(
            [UpdateMany({"article": key}, {"$set": {"cluster": clusters[key]}}) for key in sorted(wrong)],
            ordered=False,
        )
