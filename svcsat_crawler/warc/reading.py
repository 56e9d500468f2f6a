"""The records of a WARC file one after the other, each of them whole.

warcio takes the end of a file for the end of a record: what it hands out is held against the lengths here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeadersParserException

from svcsat_crawler.warc.records import Place, WarcError

TOGETHER = "its records are compressed together, not each by itself; `warcio recompress` mends that"

# AttributeError: of a record whose headers end before its address.
_BROKEN = (ArchiveLoadFailed, StatusAndHeadersParserException, EOFError, ValueError, AttributeError)


class CutError(WarcError):
    """A file that ends within a record, or is damaged there; what stands before it is whole."""


def records(file: Path) -> Iterator[tuple[Any, Callable[[], Place]]]:
    """Yield each record of *file*, and how to learn where it stands, which passes over its content.

    Raises CutError for the first record that is not whole, when asked where it stands or for the next one;
    WarcError for a file that is none.
    """
    try:
        size = file.stat().st_size
        with file.open("rb") as opened:
            yield from _records(file, ArchiveIterator(opened), size)
    except OSError as error:
        raise WarcError(f"{file}: {error.strerror}") from error


def _records(file: Path, found: ArchiveIterator, size: int) -> Iterator[tuple[Any, Callable[[], Place]]]:
    reader, whole = found.reader, 0

    def place() -> Place:
        _pass_over(file, found, reader)
        return Place(file, found.get_record_offset())

    while True:
        begins = found.offset
        try:
            record = next(found, None)
            if record is None:
                break
            if record.format != "warc":
                raise WarcError(f"{file}: no WARC file, or damaged: its first line is no WARC version")
            yield record, place
            _pass_over(file, found, reader)
        except WarcError:
            raise
        except _BROKEN as error:
            reason = " ".join(str(error).split())[:200]
            if whole:
                raise CutError(f"{file}: {_named(begins)} is cut off or damaged: {reason}") from error
            raise WarcError(f"{file}: no WARC file, or damaged: {reason}") from error
        whole += 1
    if not size:
        raise WarcError(f"{file}: no WARC file: it is empty")
    if found.offset < size:
        raise CutError(f"{file}: {_named(found.offset)} is cut off: the file ends in its headers")


def _pass_over(file: Path, found: ArchiveIterator, reader: Any) -> None:
    """Read what is left of the record; raises CutError unless all of its bytes were there."""
    offset, record = found.get_record_offset(), found.record
    compressed = reader.decompressor
    if compressed and found.next_line:
        raise WarcError(f"{file}: {TOGETHER}")
    # warcio takes a length that it cannot read for 0.
    if not (record.rec_headers.get_header("Content-Length") or "").strip().isdigit():
        raise CutError(f"{file}: {_named(offset, record)} is cut off or damaged: it tells no Content-Length")
    if missing := record.raw_stream.limit:
        what = f"{missing:,} of its {record.length:,} bytes are missing"
        raise CutError(f"{file}: {_named(offset, record)} is cut off or damaged: {what}")
    if compressed and not compressed.eof:
        raise CutError(f"{file}: {_named(offset, record)} is cut off: its compressed form has no end")


def _named(offset: int, record: Any = None) -> str:
    url = record.rec_headers.get_header("WARC-Target-URI") if record else None
    kind = f"{record.rec_type} record" if record and record.rec_type else "record"
    return f"the {kind}{f' of {url}' if url else ''} at byte {offset:,}"
