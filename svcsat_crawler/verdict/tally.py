"""What a run notes down for its verdict, bounded however long it is."""

from __future__ import annotations

from collections import Counter
from typing import Any

from svcsat_crawler.items import Article
from svcsat_crawler.verdict.causes import Kind, classify

# Words that no Chinese article of some length does without; mojibake has none of them.
_USUAL_WORDS = ("的", "在", "电", "了")
# Articles shorter than this say nothing about either.
_LENGTH = 60


class Tally:
    """Failures by kind, each with its first example; and what the articles that were read hold."""

    def __init__(self) -> None:
        self.failures: Counter[Kind] = Counter()
        self.examples: dict[Kind, str] = {}
        self.fields: Counter[str] = Counter()

    def failed(self, reason: str, where: str) -> None:
        """Note an article or row that could not be had."""
        kind = classify(reason)
        self.failures[kind] += 1
        self.examples.setdefault(kind, f"{reason} ({where})")

    def read(self, article: Article) -> None:
        """Note an article that was read."""
        self.fields["articles"] += 1
        self.fields["characters"] += len(article.body)
        self.fields["clock"] += article.published_precision != "day"
        self.fields["origin"] += bool(article.origin)
        self.fields["title"] += bool(article.title)
        self.fields["generic"] += article.read_by == "generic"
        if len(article.body) >= _LENGTH:
            self.fields["long"] += 1
            self.fields["chinese"] += any(word in article.body for word in _USUAL_WORDS)

    def record(self) -> dict[str, Any]:
        """Return what the run record keeps for the runs that come after it."""
        return {"failures": dict(self.failures), "fields": dict(self.fields)}
