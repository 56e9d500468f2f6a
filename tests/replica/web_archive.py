"""A web archive: an index that speaks the CDX interface of the Wayback Machine, and raw snapshots.

It holds what the stand-in sites have lost: ep18's ``gone`` articles (one of them in an older, readable
snapshot behind a newer error page) and one of finews' two ``dropped`` posts.  A test adds its own with
:meth:`WebArchive.keep`.
"""

from __future__ import annotations

import json
from datetime import timedelta
from urllib.parse import urlsplit

from tests.replica.answers import HTML, JSON, Answer, Sites, html, plain
from tests.replica.ep18 import article
from tests.replica.ep18.body import pages
from tests.replica.ep18.columns import HOST as EP18
from tests.replica.ep18.columns import address
from tests.replica.ep18.site import NOT_THERE
from tests.replica.finews import pages as finews_pages
from tests.replica.finews.site import HOST as FINEWS
from tests.replica.finews.site import entries as finews_entries
from tests.replica.finews.texts import path as finews_path
from tests.replica.plan import ep18_entries
from tests.replica.quirks import plant_ep18

HOST = "web.archive.org"
INDEX = "/cdx/search/cdx"
FIELDS = ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"]


def place(url: str) -> str:
    """What the index files an address under: no scheme, no port, no www."""
    parts = urlsplit(url if "//" in url else f"//{url}")
    return (parts.hostname or "").removeprefix("www.") + (parts.path or "/")


class WebArchive:
    """``captures`` by place: (timestamp, address, answer), in the order of their time."""

    def __init__(self) -> None:
        self.captures: dict[str, list[tuple[str, str, Answer]]] = {}

    def keep(self, timestamp: str, url: str, answer: Answer) -> None:
        """Add a snapshot."""
        captures = self.captures.setdefault(place(url), [])
        captures.append((timestamp, url, answer))
        captures.sort(key=lambda each: each[0])

    def answer(self, path: str, query: dict[str, str]) -> Answer | None:
        if path == INDEX:
            return self.index(query)
        if path.startswith("/web/"):
            return self.snapshot(path.removeprefix("/web/"))
        return plain("Not Found\n", 404)

    def index(self, query: dict[str, str]) -> Answer:
        if "url" not in query or query.get("output") != "json":
            return plain("Bad Request\n", 400)
        wanted = place(query["url"])
        prefix = query.get("matchType") == "prefix"
        lines = [
            dict(zip(FIELDS, self.line(where, *capture), strict=True))
            for where, captures in sorted(self.captures.items())
            if (where.startswith(wanted) if prefix else where == wanted)
            for capture in captures
        ]
        if query.get("filter") == "statuscode:200":
            lines = [line for line in lines if line["statuscode"] == "200"]
        if collapse := query.get("collapse"):
            lines = [
                line for n, line in enumerate(lines) if not n or line[collapse] != lines[n - 1][collapse]
            ]
        first, limit = int(query.get("resumeKey") or 0), int(query.get("limit") or len(lines))
        shown = query.get("fl", ",".join(FIELDS)).split(",")
        page = [[line[name] for name in shown] for line in lines[first : first + limit]]
        if page and query.get("showResumeKey") == "true" and first + limit < len(lines):
            page += [[], [str(first + limit)]]
        return Answer(json.dumps([shown, *page] if page else []).encode(), 200, {"Content-Type": JSON})

    @staticmethod
    def line(where: str, timestamp: str, url: str, answer: Answer) -> list[str]:
        kind = answer.headers["Content-Type"].partition(";")[0]
        return [
            where,
            timestamp,
            url,
            kind,
            str(answer.status),
            answer.etag.strip('"'),
            str(len(answer.body)),
        ]

    def snapshot(self, rest: str) -> Answer | None:
        stamp, _, url = rest.partition("/")
        found = self.captures.get(place(url), [])
        match = next((answer for at, _, answer in found if f"{at}id_" == stamp), None)
        if match is None:
            return plain("Not Found\n", 404)
        return Answer(match.body, match.status, {**match.headers, "x-archive-src": "stand-in.warc.gz"})


def build() -> WebArchive:
    """Return the archive with what the sites have lost."""
    archive = WebArchive()
    for number, entry in enumerate(e for e in plant_ep18(ep18_entries()) if "gone" in e.quirks):
        taken = entry.published + timedelta(days=40)
        for page in range(1, len(pages(entry)) + 1):
            url = f"http://{EP18}:80{address(entry, page)}"
            archive.keep(f"{taken:%Y%m%d%H%M%S}", url, article.answer(entry, page))
        if number:
            later = f"{taken + timedelta(days=900):%Y%m%d%H%M%S}"
            archive.keep(later, f"http://www.{EP18}{address(entry)}", html(NOT_THERE))
    dropped = next(e for e in finews_entries() if "dropped" in e.quirks)
    taken = dropped.published + timedelta(days=3)
    body = finews_pages.post(dropped)
    archive.keep(
        f"{taken:%Y%m%d%H%M%S}",
        f"https://{FINEWS}{finews_path(dropped)}",
        Answer(body.encode(), 200, {"Content-Type": HTML}),
    )
    return archive


def add(sites: Sites) -> None:
    """Add the archive's host."""
    sites.compute(HOST, build().answer)
    sites.missing[HOST] = plain("Not Found\n", 404)
