"""What ``scrapy verify`` does and prints."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

from rich.text import Text
from scrapy.settings import BaseSettings

from svcsat_crawler.proof import archive, workers
from svcsat_crawler.proof.command import Chosen
from svcsat_crawler.proof.verify import Failed, Verified, verify
from svcsat_crawler.storage.mongo import Store, StoreError
from svcsat_crawler.terminal.bar import progress
from svcsat_crawler.terminal.facts import fact_year, number
from svcsat_crawler.terminal.tables import console, counted


def run(chosen: Chosen, settings: BaseSettings) -> int:
    """Verify the chosen articles and name what fails; returns the exit code."""
    out = console()
    sums, failed, done = Verified(), 0, 0
    keys = archive.keys(chosen.store.database, chosen.query)
    results = workers.work(verify, keys, chosen.store, settings, chosen.processes)
    with progress("verify", chosen.total) as advance, closing(results):
        for found in results:
            sums.add(found)
            done = min(chosen.total, done + workers.PIECE)
            for each in found.failed:
                out.print(failure_line(each), soft_wrap=True)
            failed += len(found.failed)
            advance(done, f"{sums.facts:,} facts, {failed:,} fail")
    for each in orphans(chosen.store, chosen.facts, sums.facts):
        out.print(failure_line(each), soft_wrap=True)
        failed += 1
        sums.facts += 1
    if not sums.facts and not chosen.query:
        raise StoreError(f"{chosen.store.place} holds no facts: there is nothing to verify")
    out.print(
        summary(sums, failed) if sums.facts else "no facts to verify: these articles state none",
        soft_wrap=True,
    )
    return 1 if failed else 0


def orphans(store: Store, query: archive.Document, seen: int) -> Iterator[Failed]:
    """Yield the facts whose article is not stored; looked for only when more fit *query* than were *seen*."""
    metrics = store.database.metrics
    if (metrics.count_documents(query) if query else metrics.estimated_document_count()) <= seen:
        return
    for piece in workers.pieces(archive.articles_with_facts(store.database, query)):
        there = {found["_id"] for found in store.database.articles.find({"_id": {"$in": piece}}, {"_id": 1})}
        missing = [key for key in piece if key not in there]
        for fact in metrics.find({"article": {"$in": missing}}) if missing else ():
            yield Failed(fact, "article missing")


def failure_line(failed: Failed) -> Text:
    """Return one line: article, metric, value, whose, when, and why it fails."""
    fact = failed.fact
    subject = (fact.get("subject") or {}).get("name") or "unknown organisation"
    return Text.assemble(
        (fact["article"], "bold"),
        f"  {fact['metric']}  {number(fact)}  {subject}  {fact_year(fact) or 'no year'}: ",
        (failed.why, "red"),
    )


def summary(sums: Verified, failed: int) -> Text:
    """Return the closing line."""
    good = sums.facts - failed
    share = 100.0 if not failed else min(99.99, 100 * good / sums.facts)
    said = Text.assemble(
        (f"{share:.2f} %".replace("100.00", "100"), "bold red" if failed else "bold green"),
        f" of {counted(sums.facts, 'fact')} of {counted(sums.articles, 'article')} "
        f"{'follows' if sums.facts == 1 else 'follow'} from {'its' if sums.facts == 1 else 'their'} archived "
        f"{'page' if sums.facts == 1 else 'pages'}",
    )
    if failed:
        said.append(f"; {failed:,} {'does' if failed == 1 else 'do'} not")
    if sums.unstored:
        said.append(f"; read now but not stored: {counted(sums.unstored, 'fact')} (scrapy reextract)")
    if sums.reworded:
        said.append(f"; read differently now: {counted(sums.reworded, 'text')} (scrapy reextract)")
    return said
