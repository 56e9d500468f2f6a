"""What a few WARC files hold for us: pages by address, list rows, and what was left out and why."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from svcsat_crawler.warc.reading import CutError, records
from svcsat_crawler.warc.records import Place, WarcError, address, moment, status_of

# The mark of our own metadata records, and of our own files.
ARTICLE = "svcsat-article"
SITES = "svcsat-sites"


@dataclass(frozen=True, slots=True)
class Capture:
    """One recorded page: its address, when it was recorded, where it stands."""

    url: str
    at: datetime | None
    digest: str
    place: Place

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""


@dataclass(slots=True)
class Index:
    """``captures`` by ``address``, newest first once ``read`` has returned; ``articles`` are the contents
    of our own metadata records; ``skipped`` counts the records left out by reason; ``cut`` tells of each
    file that is not whole where it ends.
    """

    captures: defaultdict[str, list[Capture]] = field(default_factory=lambda: defaultdict(list))
    articles: list[dict[str, Any]] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    cut: list[str] = field(default_factory=list)
    sites: str | None = None
    records: int = 0
    _digests: dict[str, Capture] = field(default_factory=dict)
    _revisits: list[tuple[str, datetime | None, str, str]] = field(default_factory=list)

    def find(self, url: str, digest: str = "") -> Capture | None:
        """Return the newest record of a page, or the one with this digest."""
        captures = self.captures.get(address(url), [])
        return next((each for each in captures if not digest or each.digest == digest), None)

    def reprints(self) -> dict[str, str]:
        """Return the articles that were stored as reprints, each with the one that it reprints."""
        return {
            content[ARTICLE]: content["duplicate_of"]
            for content in self.articles
            if content.get("duplicate_of")
        }

    def newest(self) -> Iterator[Capture]:
        """Yield the newest record of each page."""
        for captures in self.captures.values():
            yield captures[0]

    def settle(self) -> None:
        """Give revisits the record that they repeat, which may stand later; sort by time."""
        for url, at, digest, refers_to in self._revisits:
            earlier = self._digests.get(digest) or self.find(refers_to)
            if earlier is None:
                self.skipped["revisit of a record that is not in these files"] += 1
            else:
                self.captures[address(url)].append(Capture(url, at, earlier.digest, earlier.place))
        self._revisits.clear()
        for captures in self.captures.values():
            captures.sort(key=lambda each: each.at.timestamp() if each.at else 0.0, reverse=True)

    def add(self, record: Any, place: Callable[[], Place], wanted: Callable[[str], bool]) -> None:
        """Take in one record, or count why not; asked for its *place*, the reader passes over its content."""
        self.records += 1
        kind, headers = record.rec_type, record.rec_headers
        url = (headers.get_header("WARC-Target-URI") or "").strip("<>")
        if kind == "warcinfo":
            self._take_information(record)
        elif kind == "metadata":
            self._take_metadata(record, url, wanted)
        elif kind not in ("response", "resource", "revisit"):
            self.skipped[f"{kind} records"] += 1
        elif not wanted(urlsplit(url).hostname or ""):
            self.skipped["pages of other hosts"] += 1
        elif kind == "revisit":
            at, digest = moment(headers.get_header("WARC-Date")), headers.get_header("WARC-Payload-Digest")
            refers_to = headers.get_header("WARC-Refers-To-Target-URI") or url
            self._revisits.append((url, at, digest or "", refers_to))
        elif (status := status_of(record)) != 200:
            self.skipped[f"pages with HTTP status {status}"] += 1
        else:
            digest = headers.get_header("WARC-Payload-Digest") or ""
            capture = Capture(url, moment(headers.get_header("WARC-Date")), digest, place())
            self.captures[address(url)].append(capture)
            if digest:
                self._digests.setdefault(digest, capture)

    def _take_information(self, record: Any) -> None:
        for line in record.content_stream().read(65_536).decode("utf-8", "replace").splitlines():
            name, _, value = line.partition(":")
            if name == SITES:
                self.sites = value.strip()

    def _take_metadata(self, record: Any, url: str, wanted: Callable[[str], bool]) -> None:
        if not wanted(urlsplit(url).hostname or ""):
            self.skipped["metadata records"] += 1
            return
        try:
            content = json.loads(record.content_stream().read())
        except ValueError:
            content = None
        if isinstance(content, dict) and ARTICLE in content:
            self.articles.append(content)
        else:
            self.skipped["metadata records"] += 1


def read(files: Iterable[Path], wanted: Callable[[str], bool]) -> Index:
    """Index the pages of all hosts that are *wanted*; bodies are not kept.

    Of a file that ends within a record, or is damaged there, everything before that record is taken, and
    ``cut`` names it.  Raises WarcError for a file that is none.
    """
    index = Index()
    for file in files:
        try:
            for record, place in records(file):
                index.add(record, place, wanted)
        except CutError as error:
            index.cut.append(str(error))
    index.settle()
    return index


def sites_of(files: Iterable[Path]) -> str:
    """Return whose articles the files hold: ``stand-in`` when one of ours says so, else ``live``."""
    found = {_sites(file) for file in files}
    if len(found) > 1:
        raise WarcError(
            "some of the files hold articles of stand-in sites, others of live ones: import them apart"
        )
    return found.pop()


def _sites(file: Path) -> str:
    index = Index()
    for record, place in records(file):
        if record.rec_type == "warcinfo":
            index.add(record, place, lambda _: False)
        break
    return index.sites or "live"
