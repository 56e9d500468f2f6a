"""One fact for each statement: what title, summary and body say twice becomes more mentions."""

from __future__ import annotations

import re

from msgspec import Struct

from svcsat_crawler.metrics.found import Found
from svcsat_crawler.metrics.parties import Party

_RANKS = frozenset(
    ("satisfaction_rank", "satisfaction_streak", "first_place_share_rank", "first_place_count")
)
# "突破120亿" beside "达126.57亿": a round number at most this far below the exact one.
_ROUND = 1.3
# A survey without a house that is another one than the province's.
_LOCAL = re.compile("[市县区镇]里|市委|市政府|市直|县直|区直|全国|社会评议|民主评议|行风|软环境|万人|机关")
_ABOUT = 0.05
# Statements of one metric that a new one is compared with; keeps junk linear.
_WINDOW = 200


class Merged(Struct, eq=False, gc=False):
    """The best statement of a fact, and the sentences that state it; ``number`` is that of its first statement."""

    best: Found
    sentences: set[tuple[str, int]]
    where: str
    number: int


def _core(party: Party) -> str:
    return party.name.removesuffix("供电局").removesuffix("市").removesuffix("电网")


def _same_party(a: Found, b: Found) -> bool:
    if a.bound is None or b.bound is None:
        return True
    first, second = a.bound.parties[0], b.bound.parties[0]
    return first.key == second.key or _core(first) == _core(second)


def _same_year(a: Found, b: Found) -> bool:
    if a.span is None or b.span is None or "publication" in (a.period_how, b.period_how):
        return True
    if any(f.headline and f.period_how != "stated" for f in (a, b)):
        return True
    if a.span.year != b.span.year:
        return False
    months = {(f.span.first, f.span.last) for f in (a, b) if f.span and f.period_how == "stated"}
    whole = any(f.span and (f.span.last - f.span.first).days >= 300 for f in (a, b))
    return len(months) < 2 or whole


def _same_survey(a: Found, b: Found) -> bool:
    if a.survey is None or b.survey is None:
        return True
    if a.survey.org is None or b.survey.org is None:
        # 省情中心…第一;在市里组织的社会评议中也居第一
        unnamed = a.survey if a.survey.org is None else b.survey
        local = _LOCAL.search(unnamed.name or "") is not None and a.survey.name != b.survey.name
        return a.survey.org == b.survey.org or not local
    return a.survey.org == b.survey.org


def _same_part(a: Found, b: Found) -> bool:
    exact = a.value is not None and (a.value == b.value or a.headline or b.headline)
    segments = a.segment == b.segment or (exact and None in (a.segment, b.segment))
    scopes = a.scope == b.scope or (exact and None in (a.scope, b.scope))
    return segments and scopes


def _same_rank(a: Found, b: Found) -> bool:
    if a.rank is None or b.rank is None or a.metric in ("first_place_count",):
        return True
    if a.rank.scope and b.rank.scope and a.rank.kind != b.rank.kind:
        return False  # 各项公共服务第一,23个供电分局中也是第一
    return a.rank.kind == b.rank.kind or "other" in (a.rank.kind, b.rank.kind)


def _same_value(a: Found, b: Found) -> bool:
    if a.value is None or b.value is None:
        change, other = a.comparison, b.comparison
        if change is None or other is None:
            return False
        return (change.direction, change.value) == (other.direction, other.value)
    if a.value == b.value:
        return True
    if a.metric in _RANKS or (a.sentence is b.sentence and a.status == "target"):
        return False  # 确保不超过6.9小时,力争6.5小时
    if a.qualifier == b.qualifier == "eq":
        return _rounded(a, b)
    if "eq" not in (a.qualifier, b.qualifier):
        return False
    exact, rough = (a, b) if a.qualifier == "eq" else (b, a)
    assert exact.value is not None and rough.value is not None
    if rough.qualifier in ("over", "at_least"):
        return rough.value <= exact.value <= rough.value * _ROUND
    if rough.qualifier in ("under", "at_most"):
        return exact.value <= rough.value <= exact.value * _ROUND
    if rough.qualifier == "about":
        return abs(rough.value - exact.value) <= _ABOUT * abs(exact.value)
    return False


def _rounded(a: Found, b: Found) -> bool:
    """Whether a headline prints the whole number of a figure: 7小时 for 7.012小时."""
    rough, exact = (a, b) if a.headline else (b, a)
    assert rough.value is not None and exact.value is not None
    return rough.headline and rough.value.is_integer() and round(exact.value) == rough.value


def same(a: Found, b: Found) -> bool:
    """Whether two statements of a metric are one fact.  Different values stay apart: a conflict is shown."""
    if a.status != b.status or not _same_value(a, b):
        return False
    ours = _same_party(a, b) and _same_year(a, b) and _same_survey(a, b)
    return ours and _same_part(a, b) and _same_rank(a, b)


def _better(new: Found, old: Found) -> bool:
    if old.implied != new.implied:
        return old.implied
    if (old.value is None) != (new.value is None):
        return old.value is None
    if (old.qualifier == "eq") != (new.qualifier == "eq"):
        return new.qualifier == "eq"
    return False


def _complete(best: Found, other: Found) -> None:
    """Give *best* what only the other statement printed."""
    best.comparison = best.comparison or other.comparison
    best.survey = best.survey or other.survey
    best.scope = best.scope or other.scope
    best.segment = best.segment or other.segment
    if best.bound is None or (
        best.bound.how != "stated" and other.bound is not None and other.bound.how == "stated"
    ):
        best.bound = other.bound
    if best.rank is not None and other.rank is not None:
        if best.rank.kind == "other":
            best.rank.kind = other.rank.kind
        if best.rank.kind == other.rank.kind:
            best.rank.of = best.rank.of or other.rank.of
            best.rank.scope = best.rank.scope or other.rank.scope
    if best.period_how == "publication" and other.period_how != "publication":
        best.span, best.period_how = other.span, other.period_how


def merge(found: list[tuple[str, Found]]) -> list[Merged]:
    """Merge the statements of (where, fact), body first, into one list in the order of body and title.

    A second pass catches a round figure that came before the exact one was known.
    """
    by_metric: dict[str, list[Merged]] = {}
    for number, (where, fact) in enumerate(found):
        statement = Merged(fact, {(where, fact.sentence.start)}, where, number)
        by_metric.setdefault(fact.metric, []).append(statement)
    order: list[Merged] = []
    for statements in by_metric.values():
        once = _merge(statements) if len(statements) > 1 else statements
        order += once if len(once) == len(statements) else _merge(once)
    return sorted(order, key=lambda merged: (merged.where, merged.best.start, merged.number))


def _merge(statements: list[Merged]) -> list[Merged]:
    """Merge the statements of one metric."""
    order: list[Merged] = []
    for statement in statements:
        where, fact = statement.where, statement.best
        for merged in order[-_WINDOW:]:
            if same(merged.best, fact):
                if merged.where == where and _better(fact, merged.best):
                    _complete(fact, merged.best)
                    merged.best = fact
                else:
                    _complete(merged.best, fact)
                merged.sentences |= statement.sentences
                break
        else:
            order.append(statement)
    return order
