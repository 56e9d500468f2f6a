"""An Excel workbook: the table with a frozen header, filters, number formats and links; and what it is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from math import isfinite
from typing import Any, BinaryIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from svcsat_crawler.export.columns import Column, is_day
from svcsat_crawler.export.links import sentence_link

# Limits of the format.
MOST_LINES = 1_048_575  # and the header
MOST_LINKS = 65_530
LONGEST_TEXT = 32_767
LONGEST_LINK = 2_079

WIDTHS = {"text": 16, "whole": 8, "number": 12, "day": 11, "moment": 17, "link": 40, "sentence": 70}
NARROW = {
    "metric_name": 22,
    "metric": 20,
    "title": 44,
    "message": 60,
    "why": 40,
    "qualifier": 9,
    "unit": 10,
    "state": 9,
}
# Unit of the value -> format; all other units are counts or amounts.
UNITS = {
    "points": "0.00",
    "percent": '0.00##"%"',
    "rank": "0",
    "years": "0",
    "hours": "0.00##",
    "interruptions": "0.00##",
}
AMOUNT = "#,##0.####"
VALUES = ("value", "change", "previous", "other_value", "value_before", "value_after")


class TooManyLinesError(Exception):
    """More lines than a sheet takes."""


def write_workbook(
    columns: Sequence[Column], lines: Iterable[Sequence[Any]], out: BinaryIO, question: str, about: str
) -> int:
    """Write the sheets ``question`` and ``about``; return how many lines the table has.

    Every text is written as text, so nothing is run as a formula.  Raises TooManyLinesError.
    """
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "remove_timezone": True})
    try:
        count = _Table(book, question, columns).write(lines)
        _about(book, columns, question, about, count)
    finally:
        book.close()
    return count


class _Table:
    def __init__(self, book: xlsxwriter.Workbook, name: str, columns: Sequence[Column]) -> None:
        self.columns = columns
        self.places = {column.name: number for number, column in enumerate(columns)}
        self.sheet: Worksheet = book.add_worksheet(name)
        self.book = book
        self.links = 0
        self.formats: dict[str, Format] = {}

    def write(self, lines: Iterable[Sequence[Any]]) -> int:
        head = self.book.add_format({"bold": True, "bg_color": "#D9E8F5", "bottom": 1, "valign": "top"})
        for place, column in enumerate(self.columns):
            self.sheet.set_column(place, place, NARROW.get(column.name, WIDTHS[column.kind]))
            self.sheet.write_string(0, place, column.name, head)
        # The first column stays in view too: whose number it is.
        self.sheet.freeze_panes(1, 1)
        self.sheet.set_landscape()
        self.sheet.repeat_rows(0)
        count = 0
        for count, line in enumerate(lines, 1):
            if count > MOST_LINES:
                raise TooManyLinesError(
                    f"more than the {MOST_LINES:,} lines that a sheet takes: ask for less, or write csv or parquet"
                )
            for place, value in enumerate(line):
                if value is not None:
                    self._cell(count, place, value, line)
        self.sheet.autofilter(0, 0, max(count, 1), len(self.columns) - 1)
        return count

    def _cell(self, row: int, place: int, value: Any, line: Sequence[Any]) -> None:
        column = self.columns[place]
        if isinstance(value, datetime):
            form = "yyyy-mm-dd" if is_day(value) else "yyyy-mm-dd hh:mm"
            self.sheet.write_datetime(row, place, value, self._format(form))
        elif isinstance(value, int | float) and isfinite(value):
            self.sheet.write_number(row, place, value, self._format(self._number(column, line)))
        else:
            self._text(row, place, str(value), line)

    def _number(self, column: Column, line: Sequence[Any]) -> str:
        if column.name not in VALUES:
            return "0.00" if column.kind == "number" else "0"
        form = UNITS.get(str(line[self.places["unit"]]), AMOUNT) if "unit" in self.places else AMOUNT
        return f"+{form};-{form};0" if column.name == "change" else form

    def _text(self, row: int, place: int, value: str, line: Sequence[Any]) -> None:
        column = self.columns[place]
        text = value[:LONGEST_TEXT].encode("utf-8", "backslashreplace").decode("utf-8")
        link = self._link(column, value, line)
        if link is None or self.links >= MOST_LINKS or len(link) > LONGEST_LINK:
            self.sheet.write_string(row, place, text, self._format(""))
            return
        self.links += 1
        self.sheet.write_url(
            row, place, link, self._format("link" if column.kind == "link" else "quote"), text
        )

    def _link(self, column: Column, value: str, line: Sequence[Any]) -> str | None:
        url = value if column.kind == "link" else line[self.places[column.page]] if column.page else None
        if not url or not str(url).startswith(("http://", "https://")):
            return None
        return sentence_link(str(url), value) if column.kind == "sentence" else str(url)

    def _format(self, form: str) -> Format:
        if form not in self.formats:
            look: dict[str, Any] = {"valign": "top"}
            if form == "link":
                look |= {"font_color": "#0563C1", "underline": 1}
            elif form == "quote":
                look |= {"font_color": "#0563C1", "text_wrap": True}
            elif form:
                look["num_format"] = form
            self.formats[form] = self.book.add_format(look)
        return self.formats[form]


def _about(
    book: xlsxwriter.Workbook, columns: Sequence[Column], question: str, about: str, count: int
) -> None:
    sheet = book.add_worksheet("about")
    bold = book.add_format({"bold": True})
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, 90)
    lines = [("asked", f"{question}: {about}"), ("lines", f"{count:,}"), ("times", "Beijing time (+08:00)")]
    lines += [("", ""), ("column", "what it holds"), *((column.name, column.about) for column in columns)]
    for row, (name, value) in enumerate(lines):
        sheet.write_string(row, 0, name, bold)
        sheet.write_string(row, 1, value)
