"""Stores an event for each number that changed in an article after it was printed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pymongo.database import Database

from svcsat_crawler.answers import reconcile
from svcsat_crawler.answers.finding import chunks, find_in
from svcsat_crawler.answers.recompute import Progress, silent
from svcsat_crawler.ledger.watch import KINDS, Version, changed_numbers

Document = dict[str, Any]

# Articles with all their versions in memory at once.
ARTICLES = 50


def watch(
    database: Database[Document], keys: Iterable[str], seen: datetime, progress: Progress = silent
) -> int:
    """Make the events of the articles with earlier versions among *keys* anew; return how many are new."""
    histories = find_in(database, "articles", "_id", keys, {"revisions.replaced": 1})
    changed = [history["_id"] for history in histories if history.get("revisions")]
    events = count = 0
    for some in chunks(changed, ARTICLES):
        events += _watch(database, some, seen)
        progress("changed articles", count := count + len(some), len(changed))
    return events


def _watch(database: Database[Document], keys: list[str], seen: datetime) -> int:
    fields = dict.fromkeys(("title", "body", "published", "revisions", "source", "url"), 1)
    events = []
    for article in find_in(database, "articles", "_id", keys, fields):
        about = {name: article[name] for name in ("url", "title")} | {"spider": article["source"]}
        events += [{**event, **about} for event in changed_numbers(article["_id"], _versions(article))]
    stored = {
        event["_id"]: event
        for event in find_in(database, "events", "article", keys)
        if event["kind"] in KINDS
    }
    plan = reconcile.replacing(stored, events, seen)
    reconcile.write(database, "events", plan.operations)
    return plan.written


def _versions(article: Document) -> list[Version]:
    since = None
    versions = []
    for text in (*article["revisions"], article):
        versions.append(Version(text["title"], text["body"], text["published"], since))
        since = text.get("replaced")
    return versions
