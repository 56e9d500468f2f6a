"""Writing a file whole or not at all, in the format that its name or the option says."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO

from svcsat_crawler.export import texts
from svcsat_crawler.export.columns import columns_of, records
from svcsat_crawler.export.output import whole

FORMATS = ("csv", "jsonl", "xlsx", "parquet")
Document = dict[str, Any]


class ExportError(Exception):
    """The file cannot be written; the message is one line."""


def write(question: str, documents: Iterable[Document], form: str, target: Path | None, about: str) -> int:
    """Write the answer to *target* (None = standard output, for csv and jsonl); return how many lines it has.

    *about* is what was asked, in words.  Raises ExportError, with one line.
    """
    if target is None:
        with os.fdopen(os.dup(1), "wb") as out:
            return _write(question, documents, form, out, about)
    try:
        with whole(target) as out:
            return _write(question, documents, form, out, about)
    except OSError as error:
        raise ExportError(f"{target}: cannot be written: {error.strerror or error}") from error


def _write(question: str, documents: Iterable[Document], form: str, out: BinaryIO, about: str) -> int:
    columns, lines = columns_of(question), records(question, documents)
    match form:
        case "jsonl":
            return texts.write_json_lines(documents, out)
        case "csv":
            return texts.write_csv(columns, lines, out)
        case "xlsx":
            from svcsat_crawler.export import spreadsheet  # noqa: PLC0415 - slow to import

            return spreadsheet.write_workbook(columns, lines, out, question, about)
        case "parquet":
            from svcsat_crawler.export import parquet  # noqa: PLC0415 - slow to import

            return parquet.write_parquet(columns, lines, out)
    raise ValueError(f"no format {form!r}")
