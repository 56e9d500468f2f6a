"""A Parquet file with typed columns, for pandas, DuckDB and the like."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, BinaryIO

from arro3.core import Array, DataType, Field, RecordBatch, RecordBatchReader, Schema
from arro3.io import write_parquet as write_batches

from svcsat_crawler.export.columns import Column

LINES_A_BATCH = 10_000
MOMENT = DataType.timestamp("ms", tz="Asia/Shanghai")
TYPES = {"whole": DataType.int64(), "number": DataType.float64(), "moment": MOMENT}


def write_parquet(columns: Sequence[Column], lines: Iterable[Sequence[Any]], out: BinaryIO) -> int:
    """Write the lines, compressed with Zstandard; return how many there are."""
    types = [TYPES.get(column.kind, DataType.string()) for column in columns]
    schema = Schema([Field(column.name, kind) for column, kind in zip(columns, types, strict=True)])
    count = 0
    failed: list[Exception] = []

    def watched() -> Iterator[Sequence[Any]]:
        try:
            yield from lines
        except Exception as error:
            failed.append(error)
            raise

    def batches() -> Iterator[RecordBatch]:
        nonlocal count
        rest = watched()
        while some := list(islice(rest, LINES_A_BATCH)):
            count += len(some)
            arrays = [
                _array([_value(value, column) for value in values], kind)
                for column, kind, values in zip(columns, types, zip(*some, strict=True), strict=True)
            ]
            yield RecordBatch.from_arrays(arrays, schema=schema)

    try:
        write_batches(RecordBatchReader.from_batches(schema, batches()), out, compression="zstd(3)")
    except Exception:
        if failed:  # the writer tells an error of its source in words only
            raise failed[0] from None
        raise
    return count


def _array(values: list[Any], kind: DataType) -> Array:
    # arro3 0.9 makes no array of times from Python's; milliseconds are what one is.
    return Array(values, type=DataType.int64()).cast(kind) if kind == MOMENT else Array(values, type=kind)


def _value(value: Any, column: Column) -> Any:
    if value is None:
        return None
    match column.kind:
        case "number":
            return float(value)
        case "whole":
            return int(value)
        case "moment":
            return round(value.timestamp() * 1000)
        case _:
            return str(value).encode("utf-8", "backslashreplace").decode("utf-8")
