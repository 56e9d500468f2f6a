"""Tables with a column of units: 指标名称 计量单位 本期累计 同比增长%, and below it 售电量 亿千瓦时 104.02 4.2.

Rows are marked character for character, so that offsets hold: 售电量为亿千瓦时:104.02↑4.2 is read as a level that has grown.
"""

from __future__ import annotations

import re

from svcsat_crawler.metrics.token import Token
from svcsat_crawler.text.figures import UNITS, one_of

_HEADER = re.compile(
    r"[^\n\d ]{2,10} +(?:计量)?单位 +(?![^\n ]*(?:计划|目标|预计|预期|规划))[^\n ]{2,12}(?P<growth> +[^\n ]{0,10}(?:同比|增长|增减|增速|增幅)[^\n ]{0,6})? *"
)
_ROW = re.compile(
    r"[^\n ]{2,24} +(?P<unit>[^\n\d %]{1,6})(?P<to> +)[0-9][0-9.]*(?:\([^\n()]{2,10}\))?(?:(?P<gap> +)(?P<sign>[+-]?)[0-9][0-9.]*%?)? *"
)
# 亿千瓦时:104.02 behind the name of what is counted so.
_UNIT = re.compile(r"(?P<unit>[\u4e00-\u9fff]{1,6}):$")
_LONGEST = 8
_ARROWS = "↑↓"


def mark_columns(folded: str) -> str:
    """Return a folded text in which the rows of such tables say which number is a level and which a change, same length.

    >>> mark_columns("指标 单位 累计 同比增长%\\n售电量 亿千瓦时 104.02 4.2\\n发电量 亿千瓦时 56.8 -2.7\\n完")
    '指标 单位 累计 同比增长%\\n售电量为亿千瓦时:104.02↑4.2\\n发电量为亿千瓦时:56.8,↓2.7\\n完'
    """
    marked: list[str] = []
    header: re.Match[str] | None = None
    for line in folded.split("\n"):
        row = _ROW.fullmatch(line) if header else None
        if row is None or header is None:
            share = header is not None and " % " in line  # what it grows by may be points: left alone
            header = header if share else _HEADER.fullmatch(line)
            row = None
        elif bool(row["gap"]) != bool(header["growth"]) or one_of(row["unit"]) is None:
            row = None
        marked.append(_marked(line, row) if row else line)
    return "\n".join(marked)


def _marked(line: str, row: re.Match[str]) -> str:
    chars = list(line)
    chars[row.start("unit") - 1], chars[row.start("to")] = "为", ":"
    if row["gap"]:
        chars[row.end("gap") - 1] = "," if row["sign"] else "↑"
    if row["sign"]:
        chars[row.start("sign")] = _ARROWS[row["sign"] == "-"]
    return "".join(chars)


def give_column_units(text: str, quantities: list[Token]) -> None:
    """Give the bare *quantities* of marked rows the unit of their row, and percent to their changes, in place."""
    if "单位" not in text:
        return
    for token in quantities:
        if token.value.unit:
            continue
        if text[token.start - 1] in _ARROWS:
            token.value.unit, token.value.dimension = "%", UNITS["%"][0]
        told = _UNIT.search(text, max(0, token.start - _LONGEST), token.start)
        names = (told["unit"][start:] for start in range(len(told["unit"]))) if told else ()
        one = next((one for name in names if (one := one_of(name)) is not None), None)
        if one is not None:
            token.value.value *= one.value
            token.value.unit, token.value.dimension = one.unit, one.dimension
