"""Sentences and addresses that fit one line of the terminal; East Asian characters count two columns."""

from __future__ import annotations

from typing import NamedTuple

from rich.cells import cell_len
from rich.text import Text

ELLIPSIS = "…"


def one_line(text: str) -> str:
    """Return *text* as one line without control characters, so that no page can steer the terminal.

    >>> one_line("得分 \\x1b[31m\\n 81.57分")
    '得分 [31m 81.57分'
    """
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


class Piece(NamedTuple):
    """A piece of a sentence, and where the number stands in it (start == end: it is not in it)."""

    text: str
    start: int
    end: int


def piece(sentence: str, raw: str, width: int) -> Piece:
    """Return as much of a sentence around its number as *width* columns take.

    >>> piece("报告显示,清远供电局得分为81.57分,同比上升", "81.57分", 24)
    Piece(text='…电局得分为81.57分,同比…', start=6, end=12)
    >>> piece("得分81.57分", "81.57分", 24).text
    '得分81.57分'
    """
    line, number = one_line(sentence), one_line(raw)
    at = line.find(number) if number else -1
    if at < 0:
        at, number = 0, ""
    end = at + len(number)
    if cell_len(line) <= width:
        return Piece(line, at, end)
    room = width - 2 * cell_len(ELLIPSIS)
    first, last = at, end
    while cell_len(line[first:last]) > room:
        last -= 1
    # What stands before a number says more of it than what stands after.
    reserved = (room - cell_len(line[first:last])) // 3
    first = _back(line, first, last, room - reserved)
    while last < len(line) and cell_len(line[first : last + 1]) <= room:
        last += 1
    first = _back(line, first, last, room)
    before = ELLIPSIS if first else ""
    after = ELLIPSIS if last < len(line) else ""
    shift = len(before) - first
    return Piece(before + line[first:last] + after, max(at + shift, 0), min(end, last) + shift)


def _back(line: str, first: int, last: int, room: int) -> int:
    """Return the earliest start of a piece that ends at *last* and takes *room* columns at most."""
    while first > 0 and cell_len(line[first - 1 : last]) <= room:
        first -= 1
    return first


def quote(sentence: str, raw: str, width: int) -> Text:
    """Return the piece in quotation marks, its number marked."""
    shown = piece(sentence, raw, width - 2)
    text = Text(f"“{shown.text}”", "dim")
    text.stylize("bold not dim", shown.start + 1, shown.end + 1)
    return text


def address(url: str, width: int, *, terminal: bool) -> Text:
    """Return an address on one line; on a terminal a long one is shortened and can still be clicked.

    >>> address("http://a.cn/" + "b" * 40 + "/1.html", 30, terminal=True).plain
    'http://a.cn/bbbbbbb…bbb/1.html'
    """
    shown = one_line(url)
    if not terminal:
        return Text(shown, "blue dim")
    if len(shown) > width:
        shown = shown[: width - 11] + ELLIPSIS + shown[-10:]
    return Text(shown, f"blue dim link {one_line(url)}")


def padded(text: str, width: int) -> str:
    """Return *text* filled up with blanks to *width* columns.

    >>> padded("清远供电局", 12), padded("abc", 2)
    ('清远供电局  ', 'abc')
    """
    return text + " " * max(0, width - cell_len(text))
