"""One record of a WARC file as an HTTP response: body without transfer and content encoding."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import BufferedReader
from warcio.exceptions import ArchiveLoadFailed

# As for a crawl: larger pages are none of ours.
LARGEST = 8 * 1024 * 1024
# Said of the bytes as they were sent; the body is handed out without them.
_OF_THE_WIRE = frozenset(("content-encoding", "transfer-encoding", "content-length", "connection"))


class WarcError(ValueError):
    """A WARC file or record that cannot be read; one line with file and place."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record begins."""

    file: Path
    offset: int


@dataclass(frozen=True, slots=True)
class Recorded:
    """An HTTP response as it was recorded."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


def address(url: str) -> str:
    """Return what two records of the same page have in common: no scheme, no www, no fragment.

    >>> address("HTTP://www.ep18.cn:80/a?b=1#c"), address("<https://ep18.cn/a?b=1>")
    ('ep18.cn/a?b=1', 'ep18.cn/a?b=1')
    """
    parts = urlsplit(url.strip("<> "))
    host = (parts.hostname or "").removeprefix("www.")
    return f"{host}{parts.path or '/'}" + (f"?{parts.query}" if parts.query else "")


def moment(printed: str | None) -> datetime | None:
    """Return a WARC-Date; None when it is none.

    >>> moment("2021-12-29T12:06:31Z").isoformat()
    '2021-12-29T12:06:31+00:00'
    """
    try:
        found = datetime.fromisoformat(printed or "")
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def load(place: Place) -> Recorded:
    """Read the response that begins at *place*; raises WarcError, OSError."""
    with place.file.open("rb") as file:
        file.seek(place.offset)
        try:
            record = next(iter(ArchiveIterator(file)))
            return Recorded(status_of(record), _headers(record), _body(record))
        except (ArchiveLoadFailed, EOFError, StopIteration, zlib.error, ValueError) as error:
            raise WarcError(f"{place.file} at byte {place.offset}: {error or 'no record'}") from error


def status_of(record: Any) -> int:
    """Return the HTTP status of a record; what is stored without HTTP counts as 200, 0 is no number."""
    if record.rec_type == "resource" or record.http_headers is None:
        return 200
    code = record.http_headers.get_statuscode()
    return int(code) if code and code.isdigit() else 0


def _headers(record: Any) -> list[tuple[str, str]]:
    if record.http_headers is None:
        kind = record.rec_headers.get_header("Content-Type")
        return [("Content-Type", kind)] if kind else []
    return [(name, value) for name, value in record.http_headers.headers if name.lower() not in _OF_THE_WIRE]


def _body(record: Any) -> bytes:
    encoding = record.http_headers.get_header("content-encoding") if record.http_headers else None
    known = BufferedReader.get_supported_decompressors()
    if encoding and encoding.lower() not in (*known, "identity"):
        raise WarcError(f"content encoding {encoding!r} cannot be read")
    stream, parts, size = record.content_stream(), [], 0
    while part := stream.read(65_536):
        size += len(part)
        if size > LARGEST:
            raise WarcError(f"the page is larger than {LARGEST:,} bytes")
        parts.append(part)
    return b"".join(parts)
