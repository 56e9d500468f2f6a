"""Every question with every set of filters, and what is right by looking at each document in Python."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from itertools import product
from typing import Any

from svcsat_crawler.storage.documents import beijing
from svcsat_crawler.storage.queries import Asked, Bureau, Years
from svcsat_crawler.terminal import query

Document = dict[str, Any]

NOW = datetime(2026, 8, 1, tzinfo=UTC)
QUESTIONS = {name: ask for name, (ask, _) in query.QUESTIONS.items()}

FILTERS: dict[str, tuple[Any, ...]] = {
    "bureau": (
        None,
        Bureau("csg-gd-qingyuan", "清远供电局"),
        Bureau("name:国网邯郸供电公司", "国网邯郸供电公司"),
    ),
    "province": (None, "广东"),
    "years": (None, Years(2019, 2019), Years(2012, 2020)),
    "metrics": ((), ("satisfaction_score",), ("satisfaction_streak", "saidi")),
    "survey": (None, "gd-province-conditions"),
    "source": (None, "ep18"),
}


def every_asked() -> list[Asked]:
    """Return every set of at most two filters, and some of more: the way to the documents is chosen by two."""
    sets = [Asked(**dict(zip(FILTERS, values, strict=True)), at=NOW) for values in product(*FILTERS.values())]
    more = [asked for asked in sets if len(asked.given()) > 2]
    return [asked for asked in sets if len(asked.given()) <= 2] + random.Random(3).sample(more, 15)


def fits(document: Document, asked: Asked, *ignored: str) -> bool:
    """Whether a row, fact, finding or gap is one of those that are asked for."""
    return all(
        (
            not asked.bureau or document["subject_key"] == asked.bureau.key,
            not asked.province or document["province"] == asked.province,
            not asked.years
            or "years" in ignored
            or asked.years.first <= (document["year"] or 0) <= asked.years.last,
            not asked.metrics or "metrics" in ignored or document["metric"] in asked.metrics,
            asked.survey is None or document["survey_key"] == asked.survey,
            not asked.source or "source" in ignored or document["source"] == asked.source,
        )
    )


def printed(article: Document, years: Years | None) -> bool:
    """Whether an article was printed in these years."""
    moment = beijing(article["published"])
    return years is None or (moment is not None and years.first <= moment.year <= years.last)
