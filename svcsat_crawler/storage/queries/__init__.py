"""The read side of the store: every question by an index alone (tests/queries/test_plans.py).

A question takes an :class:`Asked` and at most how many documents (None = all); it yields stored documents.
"""

from __future__ import annotations

from svcsat_crawler.storage.queries.articles import articles, runs
from svcsat_crawler.storage.queries.asked import Asked, Bureau, Years
from svcsat_crawler.storage.queries.facts import best_facts, facts
from svcsat_crawler.storage.queries.findings import audit, gaps, watch
from svcsat_crawler.storage.queries.league import league, movers, streaks
from svcsat_crawler.storage.queries.series import conflicts, series

__all__ = [
    "Asked", "Bureau", "Years", "articles", "audit", "best_facts", "conflicts", "facts", "gaps", "league", "movers",
    "runs", "series", "streaks", "watch",
]  # fmt: skip
