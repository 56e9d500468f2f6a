"""The metric engine: article text in, facts with their proof out."""

from __future__ import annotations

import datetime

from svcsat_crawler.items import Fact
from svcsat_crawler.metrics.engine import Reading, read_article
from svcsat_crawler.metrics.others import Others

RULES_VERSION = "8"

__all__ = ["RULES_VERSION", "Reading", "extract", "read"]


def extract(text: str, *, title: str = "", published: datetime.date | None = None) -> list[Fact]:
    """Return the facts that *text* states, in the order of the text, those of the title last.

    *text* is the clean body, paragraphs joined by newlines; ``evidence.start`` and ``evidence.end``
    are offsets into it.  *title* is context and counts as a mention; what only the title states
    has ``evidence.where == "title"`` and offsets into the title.  *published* dates "this year".

    >>> fact = extract("2019年,汕尾供电局客户平均停电时间4.12小时,同比下降25%。")[0]
    >>> fact.metric, fact.value, fact.subject.id, fact.period.end, fact.comparison.value
    ('saidi', 4.12, 'csg-gd-shanwei', '2019-12-31', 25.0)
    """
    return read_article(text, title, published).facts


def read(
    text: str, *, title: str = "", published: datetime.date | None = None, others: bool = False
) -> Reading:
    """Return the facts of *text* as :func:`extract` does, and what it counts that no metric claims.

    *others*: also each unclaimed number by itself, bound like a fact.

    >>> reading = read("江门供电局组织技能比武36场。", others=True)
    >>> [(entry.head, entry.unit, entry.n) for entry in reading.unclaimed], reading.others[0].subject.name
    ([('技能比武', '场', 1)], '江门供电局')
    """
    return read_article(text, title, published, Others(bound=others))
