"""Tables that a page has turned into lines: a heading that names a metric, then a name and a number a line.

Such rows hold no fact by themselves.  Heading and rows are made one sentence, character for character, so
that they are read as any list: 各区户均停电时间|天河区 0.35小时|越秀区 0.28小时 as 各区户均停电时间:天河区 0.35小时,越秀区 0.28小时.
"""

from __future__ import annotations

import re
from itertools import groupby

# A line and a short one after it that end as rows do; the break, which is fast to find, comes first.
_ENDS = "[0-9%时分钟次件户天日秒]"
_ROWS = re.compile(rf"\n(?:(?<={_ENDS}\n)|(?<={_ENDS}[,;]\n))(?=[^\n]{{3,50}}(?<={_ENDS})[,;。]?(?:\n|\Z))")
_ROW = re.compile(
    r" *(?P<order>(?:\(?(?:[0-9]{1,3}|[一二三四五六七八九十]{1,3})[.、)]+ *)?)(?P<name>[\u4e00-\u9fff]{2,16})[ :-]*"
    r"[0-9][0-9.]*(?P<unit>%|[\u4e00-\u9fff/]{0,6}) *(?P<stop>[,;。]?)"
)
# Such a line names a metric of its own, or tells how all have done.
_NO_NAME = re.compile(
    "[率量数度额费]|时间|时长|满意|投诉|用户|客户|负荷|停电|平均|其中|合计|总|第|得分|办电|接电|压"
)
_HEADING = re.compile("[率度]|时间|时长|得分|评分|次数|投诉|停电|电量|负荷")
# A heading is a line as short as this, or what a paragraph says last before a colon.
_LONGEST = 50
_STOPS = "。;!?"


def join_rows(folded: str) -> str:
    """Return a folded text in which the rows of a table are one sentence with their heading, same length.

    >>> join_rows("附:2021年各区户均停电时间\\n1.天河区 0.35小时\\n2.越秀区 0.28小时\\n完")
    '附:2021年各区户均停电时间:  天河区 0.35小时,  越秀区 0.28小时\\n完'
    """
    if _ROWS.search(folded) is None:
        return folded
    lines = folded.split("\n")
    rows = [_ROW.fullmatch(line) if 0 < len(line) <= _LONGEST else None for line in lines]
    rows = [None if row and _NO_NAME.search(row["name"]) else row for row in rows]
    joined: list[str] = []
    at = 0
    for unit, group in groupby(rows, key=lambda row: row["unit"] if row else None):
        table = list(group)
        piece = lines[at : at + len(table)]
        at += len(table)
        if unit is not None and len(table) > 1 and joined and _is_heading(joined[-1]):
            heading = joined.pop()
            joined.append(heading + (" " if heading.endswith(":") else ":") + _one_line(table))
        else:
            joined += piece
    return "\n".join(joined)


def _is_heading(line: str) -> bool:
    if line.endswith(":"):
        return _HEADING.search(line[-_LONGEST:]) is not None
    return 0 < len(line) <= _LONGEST and line[-1] not in _STOPS and _HEADING.search(line) is not None


def _one_line(rows: list[re.Match[str] | None]) -> str:
    """Return rows as a list: commas for their ends, blanks for their numbers."""
    told = [row for row in rows if row]
    last = len(told) - 1
    pieces = []
    for at, row in enumerate(told):
        line = " " * row.end("order") + row[0][row.end("order") - row.start() :]
        if at < last and row["stop"]:
            line = line[: row.start("stop")] + " " + line[row.end("stop") :]
        pieces.append(line)
    return ",".join(pieces)
