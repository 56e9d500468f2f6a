"""finews and its raw archive put together."""

from __future__ import annotations

from functools import cache, partial

from tests.replica.answers import Answer, Sites, html, plain
from tests.replica.finews import pages
from tests.replica.finews.texts import MEDIUM, archive_path, markdown, path
from tests.replica.plan import Entry, finews_entries

HOST, RAW = "finews.withounder.com", "raw.githubusercontent.com"
QUIRKS = {"quoted": (9, 17), "table": (3, 12), "old-zone": (40, 41, 55), "dropped": (24, 49)}
"""Places among all posts, newest first; ``archived`` is every fifth, ``dropped`` is nowhere any more."""


@cache
def entries() -> list[Entry]:
    found = finews_entries()
    for quirk, places in QUIRKS.items():
        for place in places:
            found[place].quirks.add(quirk)
    return found


def archived(entry: Entry) -> Answer:
    return plain(markdown(entry))


def add(sites: Sites) -> None:
    posts = entries()
    for entry in posts:
        if "dropped" in entry.quirks:
            continue
        if "archived" not in entry.quirks:
            sites.add(HOST, path(entry), partial(lambda e: html(pages.post(e)), entry))
        if int(entry.number[-1]) % 2 or "archived" in entry.quirks:
            sites.add(RAW, archive_path(entry), partial(archived, entry))
    sites.add(HOST, f"/category/{MEDIUM}.html", lambda: html(pages.category(posts)))
    sites.add(
        HOST, "/category/nanfangPlusApp.html", lambda: html(pages.category(posts[:12], empty_head=True))
    )
    sites.add(HOST, "/", lambda: html(pages.home([e for e in posts if "archived" not in e.quirks])))
    feed = pages.feed([e for e in posts if "archived" not in e.quirks])
    sites.add(HOST, "/feed.xml", Answer(feed.encode(), 200, {"Content-Type": "application/xml"}))
    sites.missing[HOST] = html(pages.not_found(), 404)
    sites.missing[RAW] = plain("404: Not Found", 404)
