"""Whether every stored fact follows from its archived page: the task behind ``scrapy verify``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from svcsat_crawler.metrics import RULES_VERSION
from svcsat_crawler.proof import archive
from svcsat_crawler.proof.compare import Document, differences, evidence_error, text_difference
from svcsat_crawler.proof.rereading import Unreadable
from svcsat_crawler.proof.workers import Bench
from svcsat_crawler.storage.documents import fact_document


class Failed(NamedTuple):
    """A stored fact that does not follow from its page, and why."""

    fact: Document
    why: str


@dataclass(slots=True)
class Verified:
    """What came of one piece: counts, and every fact that fails.

    *unstored* counts facts that reading finds and the store does not hold, *reworded* articles whose
    text reads differently although their facts are the same.
    """

    articles: int = 0
    facts: int = 0
    unstored: int = 0
    reworded: int = 0
    failed: list[Failed] = field(default_factory=list)

    def add(self, other: Verified) -> None:
        """Take in the counts of another piece; its failures are told, not kept."""
        self.articles += other.articles
        self.facts += other.facts
        self.unstored += other.unstored
        self.reworded += other.reworded


def verify(bench: Bench, piece: list[str]) -> Verified:
    """Read the articles of these keys again and compare their facts."""
    database = bench.store.database
    found = Verified()
    facts = archive.facts_of(database, piece)
    articles = [article for article in archive.articles_of(database, piece) if article["_id"] in facts]
    pages = archive.pages_of(database, articles)
    for article in articles:
        found.articles += 1
        found.facts += len(facts[article["_id"]])
        _verify_article(bench, article, pages, facts[article["_id"]], found)
    return found


def _verify_article(
    bench: Bench, stored: Document, pages: dict[str, Document], facts: list[Document], found: Verified
) -> None:
    try:
        article = bench.reader.read(stored, pages)
    except Unreadable as error:
        found.failed += [Failed(fact, str(error)) for fact in facts]
        return
    read = {fact["_id"]: fact for fact in (fact_document(article, each) for each in article.facts)}
    text = text_difference(stored, article.body, article.title)
    failed = [Failed(fact, why) for fact in facts if (why := _why(fact, stored, read, text))]
    found.failed += failed
    found.reworded += text is not None and not failed
    if not stored.get("duplicate_of"):
        found.unstored += len(read.keys() - {fact["_id"] for fact in facts})


def _why(fact: Document, stored: Document, read: dict[str, Any], text: str | None) -> str | None:
    """Return why a fact fails, None when it is the same with the same sentence and offsets."""
    if error := evidence_error(fact, stored):
        return error
    again = read.get(fact["_id"])
    if again is None:
        rules = fact.get("rules_version")
        older = f" (read by rules {rules}, these are {RULES_VERSION})" if rules != RULES_VERSION else ""
        return f"fact not found{older}" + (f"; {text}" if text else "")
    found = differences(fact, again)
    if any(each.name.startswith("evidence.") for each in found):
        before, now = fact["evidence"], again["evidence"]
        places = f"stored at {before['start']}:{before['end']}, read at {now['start']}:{now['end']}"
        return f"evidence differs: {places}" + (f"; {text}" if text else "")
    return f"fact differs: {'; '.join(map(str, found))}" if found else None
