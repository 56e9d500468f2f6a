"""Comparisons: 同比下降50%, 较2020年提高1.2分, 由4.98小时减至4.6小时."""

from __future__ import annotations

import re

from svcsat_crawler.items import Comparison
from svcsat_crawler.metrics.lexicon import metrics
from svcsat_crawler.metrics.role import Direction
from svcsat_crawler.metrics.sentences import Clause, Sentence
from svcsat_crawler.metrics.token import Token
from svcsat_crawler.text.figures import Quantity

# Verbs of a cut: "接电用时压缩50%" is a result in itself, "接电用时下降50%" a change.
_CUTS = ("压缩", "压减", "缩短", "缩减", "精简", "减少", "节省", "压降", "缩", "减", "砍", "快", "提速", "少")
# A cut even where it says since when: 同比压缩38.5%.
_PRESSED = ("压缩", "压减", "压降", "缩减", "精简")
REDUCTION_OF = {
    "connection_time": "connection_time_reduction",
    "connection_cost": "connection_cost_reduction",
}
# A change of a metric in the first unit is told in the other one, of so many of the first.
TOLD_IN = {"kW": (10_000, "万千瓦"), "kWh": (100_000_000, "亿千瓦时")}
LEVEL_OF = {reduction: level for level, reduction in REDUCTION_OF.items()}
# 与上年比, 对比2019年: a clause that only says what is compared with, and how far before the change it may stand.
_COMPARED = re.compile(
    r"(?:而|但|若)?(?:比起|对比|相比|相较|较之|相对|对照|[与和同跟比较])于?(?P<time>[^,:。]{2,12}?)"
    r"(?:度|全年|的?同期|的?(?:水平|情况|数据|成绩))*(?:相?比较?|相较|来[比说看])?(?:起来)?"
)
_REACH = 4
_LONGEST_BASE = 18


def unit_of_change(metric: str, quantity: Quantity) -> tuple[float, str]:
    """Return size and unit of a change in the unit of its metric; relative changes stay relative."""
    dimension = quantity.dimension
    if dimension == "fold":
        return round(quantity.value * 100, 6), "percent"
    if dimension == "percent" and metrics()[metric].unit != "percent":
        return quantity.value, "percent"
    if dimension == "percent":
        return quantity.value, "percent"
    factor = metrics()[metric].accepts.get(dimension)
    if factor is not None:
        unit = dimension if metric == "connection_time" else metrics()[metric].unit
        return _as_told(round(quantity.value * factor, 6), unit)
    return quantity.value, "rank" if dimension == "places" else dimension


def _as_told(size: float, unit: str) -> tuple[float, str]:
    """Return the size of a change as it is always told: that of a load in 万千瓦, of energy in 亿千瓦时."""
    factor, told = TOLD_IN.get(unit, (1, unit))
    return (round(size / factor, 6), told) if factor != 1 else (size, unit)


def fits(metric: str, dimension: str) -> bool:
    """Whether a change of *metric* can be printed in *dimension*."""
    return dimension in ("percent", "percentage_points", "fold") or dimension in metrics()[metric].accepts


def base_of(sentence: Sentence, clause: Clause, position: int) -> tuple[str, float | None]:
    """Return kind and base year of a comparison, from the words before *position* in its clause."""
    kind = "previous"
    year: float | None = None
    text = sentence.text
    for token in clause.tokens:
        if token.start >= position:
            break
        if token.kind == "base":
            kind = token.value
        elif token.kind == "time":
            lead = text[max(clause.start, token.start - 2) : token.start]
            beside = lead[-1:] in "与同跟和" and text.startswith(("相比", "比", "相较"), token.end)
            if token.value.year is not None and (beside or lead.endswith(("比", "较", "于", "比“"))):
                year = float(token.value.year)
            if token.value.relative == -1 and (beside or lead.endswith(("比", "较", "于", "与"))):
                kind = "yoy"
        elif token.kind == "fill" and text[token.start : token.end] == "累计" and kind == "previous":
            kind = "cumulative"
    if "同期" in text[clause.start : position]:
        kind = "yoy"
    if kind == "previous" and year is None and clause.start > sentence.start:
        return _base_before(sentence, clause) or (kind, year)
    return kind, year


def _base_before(sentence: Sentence, clause: Clause) -> tuple[str, float | None] | None:
    """Return the base of 与上年比,客户平均停电时间减少2.1小时: a clause before that says nothing else."""
    here = sentence.clauses.index(clause)
    for before in reversed(sentence.clauses[max(0, here - _REACH) : here]):
        if any(t.kind == "base" or sentence.text[t.start - 1] in "比较与" for t in clause.tokens):
            return None
        if before.end - before.start <= _LONGEST_BASE:
            match = _COMPARED.fullmatch(sentence.text, before.start, before.end)
            told = match and next(
                (t for t in before.tokens if t.start == match.start("time") and t.kind == "time"), None
            )
            if match and told:
                yearly = told.value.relative == -1 or "同期" in match[0]
                base = told.value.year if told.end >= match.end("time") else None
                return "yoy" if yearly else "previous", float(base) if base else None
        clause = before
    return None


def comparison(
    metric: str,
    sentence: Sentence,
    clause: Clause,
    token: Token,
    direction: Direction | None,
    year: int | None,
) -> Comparison:
    """Return the comparison that the change *token* states; *year* is the year of the level."""
    kind, base = base_of(sentence, clause, token.start)
    if kind == "previous" and base is not None and year is not None and base == year - 1:
        kind = "yoy"
    size, unit = unit_of_change(metric, token.value)
    return Comparison(kind=kind, direction=direction or "up", value=size, unit=unit, base=base)  # type: ignore[arg-type]


def from_to(metric: str, before: float, after: float, unit: str) -> Comparison:
    """Return the comparison of two printed values; a smaller rank is a step up.

    >>> from_to("saidi", 4.98, 4.6, "hours")
    Comparison(kind='from_to', direction='down', value=0.38, unit='hours', base=4.98)
    >>> from_to("satisfaction_rank", 13, 9, "rank").direction
    'up'
    """
    difference = round(after - before, 6)
    rising = difference > 0 if unit != "rank" else difference < 0
    direction: Direction = "flat" if difference == 0 else "up" if rising else "down"
    if unit == "percent":
        unit = "percentage_points"
    size, unit = _as_told(abs(difference), unit)
    return Comparison(kind="from_to", direction=direction, value=size, unit=unit, base=before)


def is_cut(metric: str, sentence: Sentence, clause: Clause, token: Token) -> bool:
    """Whether a percentage is a cut of time or cost, a metric of its own."""
    if metric not in REDUCTION_OF or token.value.dimension != "percent":
        return False
    if metric == "connection_cost":
        return True
    verbs = [t for t in clause.tokens if t.kind == "down" and t.end <= token.start]
    based = any(t.kind == "base" and t.start < token.start for t in clause.tokens)
    cuts = _PRESSED if based else _CUTS
    return bool(verbs) and sentence.text.startswith(cuts, verbs[-1].start)
