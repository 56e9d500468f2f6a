"""Tables that a page has turned into lines: a heading that names a metric, then a name and a number a line.

Such rows hold no fact by themselves.  Heading and rows are made one sentence, character for character, so
that they are read as any list: 各区户均停电时间|天河区 0.35小时|越秀区 0.28小时 as 各区户均停电时间:天河区 0.35小时,越秀区 0.28小时.
A unit that stands in the heading is that of all bare numbers below.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import groupby, zip_longest
from operator import attrgetter

from svcsat_crawler.metrics.token import Token
from svcsat_crawler.text.figures import one_of

# A line and a short one after it that end as rows do; the break, which is fast to find, comes first.
_ENDS = "[0-9%时分钟次件户天日秒]"
_ROWS = re.compile(rf"\n(?:(?<={_ENDS}\n)|(?<={_ENDS}[,;]\n))(?=[^\n]{{3,50}}(?<={_ENDS})[,;。]?(?:\n|\Z))")
_ORDER = r"(?:\(?(?:[0-9]{1,3}|[一二三四五六七八九十]{1,3})[.、)]+ *)?"
_NAMED = rf"{_ORDER}[\u4e00-\u9fff]{{2,16}}[ :-]*[0-9][0-9.]*"
_ROW = re.compile(
    rf" *{_NAMED}(?P<unit>%|[\u4e00-\u9fff/]{{0,6}})(?: +{_NAMED}(?P=unit)){{0,5}} *(?P<stop>[,;。]?)"
)
_CELL = re.compile(rf"(?P<order>{_ORDER})(?P<name>[\u4e00-\u9fff]+)[ :-]*[0-9.]+[^ ,;。]*(?P<blank> ?)")
# Such a line names a metric of its own, or tells how all have done.
_NO_NAME = re.compile(
    "[率量数度额费]|时间|时长|满意|投诉|用户|客户|负荷|停电|平均|其中|合计|总|第|得分|办电|接电|压"
)
_HEADING = re.compile("[率度]|时间|时长|得分|评分|次数|投诉|停电|电量|负荷")
# 全市合计 1.79: the last row of a table.
_WHOLE = re.compile(r"全[市省县区州][^\d,;。]{0,6}[0-9][^\n]{0,44}")
# (小时/户), (%), (亿千瓦时)如下
_UNIT = re.compile(
    r"[(,](?:单位:?)?(?P<unit>[十百千万亿]{0,2}(?:小时|分钟|%|分|[次件起宗户家天度元]|个?工作日|千瓦时|兆瓦时|千瓦|兆瓦|kWh|kW))"
    r"(?:/户·?次?|/户·?年|/年)?\) *(?:如下)?:"
)
_UNIT_WORD = re.compile(r"\((?:计量|统计)?单位[:为]")
_UNIT_ALONE = re.compile(r"\(?(?:计量|统计)?单位:[^\d,;。:]{1,8}")
# One of these stands in every squeezed text with such a unit.
_UNIT_ENDS = ("):", ")如下:")
_START = attrgetter("start")
# A heading is a line as short as this, or what a paragraph says last before a colon.
_LONGEST = 50
_STOPS = "。;!?"


def join_rows(folded: str) -> str:
    """Return a folded text in which the rows of a table are one sentence with their heading, same length.

    >>> join_rows("附:2021年各区户均停电时间\\n1.天河区 0.35小时\\n2.越秀区 0.28小时\\n完")
    '附:2021年各区户均停电时间:  天河区 0.35小时,  越秀区 0.28小时\\n完'
    >>> join_rows("客户投诉(单位:件)\\n长沙 12 株洲 8\\n湘潭 5\\n全省合计 25")
    '客户投诉(   件):长沙 12,株洲 8,湘潭 5,全省合计 25'
    """
    if _ROWS.search(folded) is None:
        return folded
    joined: list[str] = []
    below = False  # whether the line before ends a table
    rows = [(line, _row(line)) for line in folded.split("\n")]
    for unit, group in groupby(rows, key=lambda item: item[1] and item[1]["unit"]):
        lines = list(group)
        told = [row for _, row in lines if row]
        if len(told) > 1 and len(joined) > 1 and _UNIT_ALONE.fullmatch(joined[-1]):
            joined[-2:] = [joined[-2] + _bracketed(joined[-1])]
        if joined and len(told) > 1 and _is_heading(joined[-1], unit or ""):
            heading = _UNIT_WORD.sub(lambda word: "(" + " " * (len(word[0]) - 1), joined[-1])
            joined[-1] = heading + (" " if heading.endswith(":") else ":") + _listed(told)
            below = True
            continue
        if below and _WHOLE.fullmatch(lines[0][0]):
            joined[-1] += "," + lines.pop(0)[0]
        joined += [line for line, _ in lines]
        below = False
    return "\n".join(joined)


def _bracketed(line: str) -> str:
    """Return a line that is a unit as the end of a heading, one longer: (小时) for 单位:小时."""
    unit = line.strip("()").partition(":")[2]
    return f"({unit})".ljust(len(line) + 1)


def _row(line: str) -> re.Match[str] | None:
    row = _ROW.fullmatch(line) if 0 < len(line) <= _LONGEST else None
    return None if row and any(_NO_NAME.search(cell["name"]) for cell in _CELL.finditer(line)) else row


def _is_heading(line: str, unit: str) -> bool:
    """Whether a line names what the rows of a *unit* below it tell; bare numbers have theirs in the heading."""
    short = 0 < len(line) <= _LONGEST and line[-1] not in _STOPS
    named = (short or line.endswith((":", "如下"))) and _HEADING.search(line[-_LONGEST:]) is not None
    return named and (unit != "" or _UNIT.search(line + ":", max(0, len(line) - _LONGEST)) is not None)


def _listed(rows: list[re.Match[str]]) -> str:
    """Return rows as one list: commas between their cells, blanks for their own numbers and stops."""
    lines = []
    for row in rows:
        line = list(row[0])
        for cell in _CELL.finditer(row[0]):
            line[cell.start("order") : cell.end("order")] = " " * len(cell["order"])
            if cell["blank"] and cell.end() < row.start("stop"):
                line[cell.start("blank")] = ","
        if row["stop"] and row is not rows[-1]:
            line[row.start("stop")] = " "
        lines.append("".join(line))
    return ",".join(lines)


def give_units(text: str, quantities: list[Token]) -> None:
    """Give the bare *quantities* below a heading the unit that it names, in place."""
    if not any(end in text for end in _UNIT_ENDS):
        return
    headings = list(_UNIT.finditer(text))
    for heading, behind in zip_longest(headings, headings[1:]):
        end = text.find("\n", heading.end())
        end = min(end if end >= 0 else len(text), behind.start() if behind else len(text))
        first = bisect_left(quantities, heading.end(), key=_START)
        one = one_of(heading["unit"])
        for token in quantities[first : bisect_left(quantities, end, lo=first, key=_START)]:
            if one is not None and not token.value.unit:
                token.value.unit, token.value.dimension = one.unit, one.dimension
                token.value.value = round(token.value.value * one.value, 6)
