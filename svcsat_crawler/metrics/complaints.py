"""Whose complaints are counted: a supplier's, the regulator's, another trade's."""

from __future__ import annotations

import re

from svcsat_crawler.metrics.found import Found
from svcsat_crawler.metrics.satisfaction import nearest_service
from svcsat_crawler.metrics.state import State

# How far before its number 公用服务类投诉 begins.
_BEFORE = 20
# 全市消委会系统共受理公用服务类投诉2316件: those about all the trades.
_ALL_TRADES = re.compile(
    "(?:公用|公共)(?:事业|服务)(?:行业|领域|企业)?[类业]?(?:的)?(?:消费)?(?:投诉|诉求|举报)"
)


def of_supplier(state: State, fact: Found, *, regulator: bool) -> bool:
    """Whether complaints are those of a supplier's customers: not about 宽带, 旅游 or 燃气.

    *regulator*: the article names the regulator's hotline, which counts those about everybody.
    """
    if not state.power_subject(fact.bound) or nearest_service(fact.sentence, fact.start) == "service":
        return False
    if _of_all_trades(fact):
        return False
    return not regulator or _to_supplier(fact)


def _of_all_trades(fact: Found) -> bool:
    """Whether complaints are told to be about public services altogether, right before their number."""
    text, start = fact.sentence.text, max(fact.sentence.start, fact.start - _BEFORE)
    return "公" in text[start : fact.start] and _ALL_TRADES.search(text, start, fact.start) is not None


def _to_supplier(fact: Found) -> bool:
    """Whether complaints that an article of the regulator counts were made to a supplier: …95598受理投诉7,733件."""
    text, start = fact.sentence.text, fact.sentence.start
    own = text.rfind("95598", text.rfind("\n", 0, start) + 1, fact.start)
    return own >= 0 and text.find("12398", min(own, start), fact.start) < 0
