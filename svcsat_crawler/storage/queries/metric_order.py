"""In which order metrics are told: what the project is about first."""

from __future__ import annotations

from functools import cache

from svcsat_crawler.metrics.lexicon import metrics
from svcsat_crawler.storage.queries.asked import Asked

CHIEF = (
    "satisfaction_score",
    "satisfaction_rate",
    "satisfaction_rank",
    "satisfaction_streak",
    "first_place_count",
    "first_place_share_rank",
    "saidi",
    "saifi",
    "asai",
)


@cache
def in_order() -> tuple[str, ...]:
    """Return all metric ids."""
    return (*CHIEF, *(metric for metric in metrics() if metric not in CHIEF))


def asked_metrics(asked: Asked) -> tuple[str, ...]:
    """Return the metrics that are asked for; all when none is named."""
    return asked.metrics or in_order()


def low_is_good(metric: str) -> bool:
    """Whether the smaller value is the better one.

    >>> low_is_good("satisfaction_rank"), low_is_good("satisfaction_score")
    (True, False)
    """
    known = metrics().get(metric)
    return known is not None and known.better == "low"
