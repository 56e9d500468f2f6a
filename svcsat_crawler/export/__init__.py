"""Answers as files: csv, JSON Lines, Excel and Parquet."""

from __future__ import annotations

from svcsat_crawler.export.columns import Column, columns_of, records
from svcsat_crawler.export.files import FORMATS, ExportError, write

__all__ = ["FORMATS", "Column", "ExportError", "columns_of", "records", "write"]
