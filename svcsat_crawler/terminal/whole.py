"""``scrapy store check`` and ``scrapy store migrate``: whether the store is whole and of this program's form."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import groupby

from pymongo.errors import PyMongoError
from rich.text import Text

from svcsat_crawler.proof.check import HARMLESS, KINDS, Finding, check, is_empty
from svcsat_crawler.storage import migrate
from svcsat_crawler.storage.mongo import COLLECTIONS, SCHEMA_VERSION, Store, StoreError
from svcsat_crawler.terminal.bar import progress
from svcsat_crawler.terminal.tables import console, counted

EXAMPLES = 5


def check_store() -> int:
    """Print each kind of finding with its count and examples; returns 1 when something is wrong."""
    out = console()
    counts: Counter[str] = Counter()
    examples: defaultdict[str, list[Finding]] = defaultdict(list)
    looked_at = 0
    with Store.from_environment() as store:
        try:
            if is_empty(store):
                raise StoreError(f"{store.place} holds nothing yet; scrapy crawl fills it")
            total = sum(
                store.database[name].estimated_document_count() for name in COLLECTIONS if name != "meta"
            )
            with progress("check", total) as advance:
                for each in check(store):
                    if isinstance(each, Finding):
                        counts[each.kind] += 1
                        if len(examples[each.kind]) < EXAMPLES:
                            examples[each.kind].append(each)
                    else:
                        looked_at += each.documents
                        advance(looked_at, f"{counts.total():,} findings")
        except PyMongoError as error:
            raise StoreError(f"{store.shown_uri}: {' '.join(str(error).split())[:300]}") from error
    for kind, says in KINDS.items():
        if counts[kind]:
            colour = "yellow" if kind in HARMLESS else "bold red"
            out.print(Text.assemble((f"{counts[kind]:,} × ", colour), says), soft_wrap=True)
            for finding in examples[kind]:
                out.print(Text(f"  {finding.where}: {finding.what}", "dim"), soft_wrap=True)
    wrong = sum(count for kind, count in counts.items() if kind not in HARMLESS)
    verdict = counted(wrong, "finding") if wrong else "whole"
    if not wrong and counts["behind"]:
        verdict = "whole; ledger, audit and gaps were not compared"
    out.print(f"{counted(looked_at, 'document')} looked at: {verdict}")
    return 1 if wrong else 0


def migrate_store(*, dry_run: bool) -> int:
    """Say what a migration would change, and do it unless *dry_run*."""
    out = console()
    with Store.from_environment() as store:
        todo = migrate.pending(store)
        if not todo:
            out.print(f"schema {SCHEMA_VERSION}: up to date")
            return 0
        for step, parts in groupby(todo, key=lambda each: each.step):
            out.print(f"schema {step.version} to {step.version + 1}: {step.says}", soft_wrap=True)
            for each in parts:
                out.print(f"  {each.collection}: {counted(each.documents, 'document')}")
        if dry_run:
            out.print("nothing written (--dry-run)")
            return 0
        documents = sum(each.documents for each in todo)
        done: dict[str, int] = {}
        with progress("migrate", documents) as advance:

            def show(collection: str, so_far: int, _: int) -> None:
                done[collection] = so_far
                advance(sum(done.values()), collection)

            migrate.migrate(store, show)
        out.print(f"schema {SCHEMA_VERSION}: {counted(sum(done.values()), 'document')} changed")
    return 0
