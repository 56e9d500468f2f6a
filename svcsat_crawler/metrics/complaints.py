"""Whose complaints are counted: a supplier's, the regulator's, another trade's."""

from __future__ import annotations

from svcsat_crawler.metrics.found import Found
from svcsat_crawler.metrics.satisfaction import nearest_service
from svcsat_crawler.metrics.state import State


def of_supplier(state: State, fact: Found, *, regulator: bool) -> bool:
    """Whether complaints are those of a supplier's customers: not about 宽带, 旅游 or 燃气.

    *regulator*: the article names the regulator's hotline, which counts those about everybody.
    """
    if not state.power_subject(fact.bound) or nearest_service(fact.sentence, fact.start) == "service":
        return False
    return not regulator or _to_supplier(fact)


def _to_supplier(fact: Found) -> bool:
    """Whether complaints that an article of the regulator counts were made to a supplier: …95598受理投诉7,733件."""
    text, start = fact.sentence.text, fact.sentence.start
    own = text.rfind("95598", text.rfind("\n", 0, start) + 1, fact.start)
    return own >= 0 and text.find("12398", min(own, start), fact.start) < 0
