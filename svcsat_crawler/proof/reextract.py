"""New rules over the archive: the task behind ``scrapy reextract``, which compares and, when told, writes.

It starts from the bytes of the pages, so that what the parsers and the clean step read otherwise now counts
as well as new rules for facts.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal, NamedTuple

from pymongo import DeleteMany, UpdateMany, UpdateOne

from svcsat_crawler.items import Article
from svcsat_crawler.metrics import RULES_VERSION
from svcsat_crawler.proof import archive
from svcsat_crawler.proof.compare import Difference, Document, derived_differences, differences, paired
from svcsat_crawler.proof.rereading import Unreadable
from svcsat_crawler.proof.workers import Bench
from svcsat_crawler.storage import documents

# Said of an article by the crawl, the clusters or the archive, and not by reading its pages.
NOT_READ = frozenset(
    "pages pages_missing listed_as row cluster facts schema rescued rules_version duplicate_of".split()
)
EXAMPLES = 20
# added, removed, changed; rekeyed: read as before, but what is derived from it differs.
Kind = Literal["added", "removed", "changed", "rekeyed"]


class Example(NamedTuple):
    """One fact that reads otherwise now: its stored form, its new form, what differs."""

    kind: Kind
    stored: Document | None
    read: Document | None
    found: list[Difference]


@dataclass(slots=True)
class Reread:
    """What came of one piece.

    ``kinds`` counts (kind, metric), ``miscounted`` articles whose number of facts is another one; ``fields`` the fields of articles that read
    otherwise now; ``unreadable`` and ``busy`` name articles that were left as they are.
    """

    articles: int = 0
    facts: int = 0
    same: int = 0
    kinds: Counter[tuple[Kind, str]] = field(default_factory=Counter)
    miscounted: int = 0
    fields: Counter[str] = field(default_factory=Counter)
    touched: int = 0
    examples: list[Example] = field(default_factory=list)
    unreadable: list[tuple[str, str]] = field(default_factory=list)
    busy: list[str] = field(default_factory=list)

    def add(self, other: Reread) -> None:
        """Take in another piece; of examples a few of each kind are kept."""
        for name in ("articles", "facts", "same", "miscounted", "touched"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.kinds += other.kinds
        self.fields += other.fields
        self.unreadable += other.unreadable
        self.busy += other.busy
        self.note(*other.examples)

    def note(self, *examples: Example) -> None:
        """Keep examples, of each kind and metric only the first few."""
        for example in examples:
            metric = (example.read or example.stored or {})["metric"]
            alike = [each for each in self.examples if each.kind == example.kind]
            same_metric = sum((each.read or each.stored or {})["metric"] == metric for each in alike)
            if len(alike) < EXAMPLES and same_metric < 3:
                self.examples.append(example)


def reextract(bench: Bench, piece: list[str], *, apply: bool, release: bool = False) -> Reread:
    """Read the articles of these keys again and compare them with the store; *apply* writes the new reading.

    *release*: they are stored as reprints of an article whose text is another one now, so their facts
    are their own.
    """
    database = bench.store.database
    found = Reread()
    stored = archive.articles_of(database, piece)
    pages = archive.pages_of(database, stored)
    facts = archive.facts_of(database, piece)
    changes: dict[str, list[Any]] = {}
    for each in stored:
        found.articles += 1
        try:
            article = bench.reader.read(each, pages)
        except Unreadable as error:
            found.unreadable.append((each["_id"], str(error)))
            continue
        article.duplicate_of = None if release else each.get("duplicate_of")
        if article.duplicate_of:
            article.facts, article.unclaimed = [], []
        if writes := _compare(article, each, facts[each["_id"]], found):
            changes[each["_id"]] = writes
    if apply:
        _write(bench, stored, changes, found)
    return found


def task(*, apply: bool, release: bool = False) -> Any:
    """Return ``reextract`` as a task for the workers."""
    return partial(reextract, apply=apply, release=release)


def _compare(article: Article, stored: Document, facts: list[Document], found: Reread) -> list[Any]:
    """Count what differs; return the writes that bring the store up to it, the article's own last."""
    read = {fact["_id"]: fact for fact in (documents.fact_document(article, each) for each in article.facts)}
    removed, written = [], []
    found.facts += len(read)
    for before, now in paired(facts, list(read.values())):
        kind, parts = _differs(before, now)
        if kind is None:
            found.same += 1
            continue
        metric = (now or before or {})["metric"]
        found.kinds[kind, metric] += 1
        found.note(Example(kind, before, now, parts))
        if before and (now is None or now["_id"] != before["_id"]):
            removed.append(before["_id"])
        if now:
            written.append(now)
    document = documents.article_document(article)
    fields = {
        name: value for name, value in document.items() if name not in NOT_READ and stored.get(name) != value
    }
    for name in fields:
        found.fields[name] += 1
    if article.duplicate_of != stored.get("duplicate_of"):
        fields["duplicate_of"] = article.duplicate_of
    miscounted = stored.get("facts") != len(read)
    found.miscounted += miscounted
    if not (fields or removed or written or miscounted):
        return []
    found.touched += 1
    if removed or written or fields.keys() - {"unclaimed"}:
        # The answers are to count it again, and to know that no site changed it.
        fields |= {"changed": documents.now(), "changed_by": "rules"}
    fields["facts"] = len(read)
    writes: list[Any] = [("metrics", DeleteMany({"_id": {"$in": removed}}))] if removed else []
    for fact in written:  # the cluster is decided elsewhere, and known already
        fact["cluster"] = article.duplicate_of or stored.get("cluster") or article.key
        writes.append(("metrics", UpdateOne({"_id": fact["_id"]}, {"$set": fact}, upsert=True)))
    return [*writes, ("articles", UpdateOne({"_id": article.key}, {"$set": fields}))]


def _differs(before: Document | None, now: Document | None) -> tuple[Kind | None, list[Difference]]:
    """Return what has become of a fact, None when nothing has; of one that is still there, what differs."""
    if before is None or now is None:
        return ("added" if before is None else "removed"), []
    if found := differences(before, now):
        return "changed", found
    found = derived_differences(before, now)
    return ("rekeyed" if found else None), found


def _write(bench: Bench, stored: list[Document], changes: dict[str, list[Any]], found: Reread) -> None:
    """Write a piece: facts first, so that an article is up to date only when its facts are.

    An article that a crawl has written since it was read is left to the next run.
    """
    database = bench.store.database
    seen = {each["_id"]: each.get("last_seen") for each in stored}
    fresh = database.articles.find({"_id": {"$in": list(seen)}}, {"last_seen": 1})
    found.busy = [each["_id"] for each in fresh if each.get("last_seen") != seen[each["_id"]]]
    left_alone = {*found.busy, *(key for key, _ in found.unreadable)}
    ready = [key for key in seen if key not in left_alone]
    operations: dict[str, list[Any]] = {"metrics": [], "articles": []}
    for key in ready:
        for collection, operation in changes.get(key, ()):
            operations[collection].append(operation)
    rules = {"rules_version": {"$ne": RULES_VERSION}}
    mark = {"$set": {"rules_version": RULES_VERSION}}
    operations["metrics"].append(UpdateMany({"article": {"$in": ready}, **rules}, mark))
    operations["articles"].append(UpdateMany({"_id": {"$in": ready}, **rules}, mark))
    for collection in ("metrics", "articles"):
        database[collection].bulk_write(operations[collection], ordered=True)
