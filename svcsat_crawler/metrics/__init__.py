"""The metric engine: article text in, facts with their proof out."""

from __future__ import annotations

import datetime

from svcsat_crawler.items import Fact
from svcsat_crawler.metrics.engine import read_article

RULES_VERSION = "2"

__all__ = ["RULES_VERSION", "extract"]


def extract(text: str, *, title: str = "", published: datetime.date | None = None) -> list[Fact]:
    """Return the facts that *text* states, in the order of the text, those of the title last.

    *text* is the clean body, paragraphs joined by newlines; ``evidence.start`` and ``evidence.end``
    are offsets into it.  *title* is context and counts as a mention; what only the title states
    has ``evidence.where == "title"`` and offsets into the title.  *published* dates "this year".

    >>> fact = extract("2019年,汕尾供电局客户平均停电时间4.12小时,同比下降25%。")[0]
    >>> fact.metric, fact.value, fact.subject.id, fact.period.end, fact.comparison.value
    ('saidi', 4.12, 'csg-gd-shanwei', '2019-12-31', 25.0)
    """
    return read_article(text, title, published)
