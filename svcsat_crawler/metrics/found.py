"""A fact in the making: what the binding rules fill in before facts are merged and checked."""

from __future__ import annotations

from msgspec import Struct

from svcsat_crawler.items import Comparison, Qualifier, Rank, Status, Survey
from svcsat_crawler.metrics.bound import Bound
from svcsat_crawler.metrics.sentences import Sentence
from svcsat_crawler.metrics.spans import Span


class Found(Struct, eq=False, gc=False):
    """One number with its parts; ``start`` and ``end`` hold the raw number in the squeezed text."""

    metric: str
    value: float | None
    unit: str
    start: int
    end: int
    sentence: Sentence
    rule: str
    bound: Bound | None = None
    span: Span | None = None
    period_how: str = "publication"
    qualifier: Qualifier = "eq"
    segment: str | None = None
    scope: str | None = None
    comparison: Comparison | None = None
    rank: Rank | None = None
    survey: Survey | None = None
    status: Status = "measured"
    confidence: float = 0.97
    # A rank that a streak implies, and a statement of a title: both yield to a plain one.
    implied: bool = False
    headline: bool = False
