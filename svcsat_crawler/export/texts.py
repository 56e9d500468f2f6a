"""Comma-separated values for Excel, and JSON Lines for programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from math import isfinite
from typing import Any, BinaryIO

from svcsat_crawler.export.columns import Column, is_day
from svcsat_crawler.storage.documents import beijing

# Without it Excel reads UTF-8 as the code page of the machine.
BYTE_ORDER_MARK = "\ufeff".encode()
# A text that starts so is run as a formula by Excel, LibreOffice and Google Sheets.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def write_csv(columns: Sequence[Column], lines: Iterable[Sequence[Any]], out: BinaryIO) -> int:
    """Write a header and the lines, UTF-8 with a byte order mark."""
    out.write(BYTE_ORDER_MARK)
    text = io.TextIOWrapper(out, encoding="utf-8", errors="backslashreplace", newline="")
    sheet = csv.writer(text)
    sheet.writerow(column.name for column in columns)
    count = 0
    for line in lines:
        sheet.writerow(map(cell, line))
        count += 1
    text.flush()
    text.detach()
    return count


def cell(value: Any) -> Any:
    """Return what stands in a csv file: a text that would be run as a formula gets an apostrophe before it.

    A time at midnight is a day.

    >>> cell("=HYPERLINK(1)"), cell(-1.5), cell(None), cell(datetime(2016, 12, 21))
    ("'=HYPERLINK(1)", -1.5, '', '2016-12-21')
    """
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if is_day(value) else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def write_json_lines(documents: Iterable[dict[str, Any]], out: BinaryIO) -> int:
    """Write the documents as they are stored, one a line, times in Beijing time; NaN, which JSON has not, as a text."""
    count = 0
    for document in documents:
        try:
            line = json.dumps(document, ensure_ascii=False, default=_plain, allow_nan=False)
        except ValueError:
            line = json.dumps(_finite(document), ensure_ascii=False, default=_plain)
        # A lone surrogate has no UTF-8; its backslash form is JSON.
        out.write(line.encode("utf-8", "backslashreplace") + b"\n")
        count += 1
    out.flush()
    return count


def _finite(value: Any) -> Any:
    """Return a value with its numbers that are none as texts."""
    if isinstance(value, dict):
        return {name: _finite(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_finite(part) for part in value]
    return str(value) if isinstance(value, float) and not isfinite(value) else value


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        moment = beijing(value)
        assert moment
        return moment.isoformat()
    raise TypeError(f"{type(value).__name__} in a result")
