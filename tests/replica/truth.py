"""What a whole crawl should have found, as records to compare with what is stored.

A record: ``key``, ``story`` (the same for reprints), ``kind``, ``title``, ``published`` (as printed,
YYYY-MM-DD HH:MM:SS), ``url`` (canonical), ``listed_in``, ``body_paragraphs`` (without byline, editor,
captions and credits), ``byline``, ``editor``, ``origin``, ``captions``,
``credits``, ``facts``, ``quirks``.  A fact:
``metric``, ``value``, ``unit``, ``raw``, ``subject``, ``year`` and, where printed, ``comparison``,
``rank_kind``, ``rank_of``, ``segment``, ``survey``.  ``facts`` is complete for core metrics that are
measured; ``optional`` marks one that may be left out.  Texts are compared by :func:`fold`.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from tests.replica.bench import bench_entries
from tests.replica.ep18 import article, body
from tests.replica.ep18.columns import COLUMNS, address
from tests.replica.finews import site as finews
from tests.replica.finews import texts
from tests.replica.nanfangplus import columns, pages
from tests.replica.plan import Entry, ep18_entries
from tests.replica.quirks import plant_ep18

DROPPED = {"gone", "empty", "gone-404", "gone-shape", "dropped", "offtopic", "pictures"}
"""Quirks of entries that no crawl can or should store."""
CHANNEL_LISTS = {columns.BLOCKED: [f"m.nfnews.com/{columns.BLOCKED}"]}


def fold(text: str) -> str:
    """Width, dashes and white space folded away.

    >>> fold("得分８１．５７分 ―― 第一")
    '得分81.57分——第一'
    """
    text = unicodedata.normalize("NFKC", text).replace("―", "—").replace("\0", "")
    return re.sub(r"\s+", "", text)


def record(entry: Entry, key: str, **more: Any) -> dict[str, Any]:
    return {
        "key": key,
        "story": entry.story_id,
        "kind": entry.story.kind,
        "title": entry.title,
        "published": f"{entry.published:%Y-%m-%d %H:%M:%S}",
        "byline": None,
        "editor": None,
        "origin": None,
        "captions": [],
        "credits": [],
        "body_paragraphs": entry.story.paragraphs,
        "facts": entry.story.facts,
        "quirks": sorted(entry.quirks),
        **more,
    }


def ep18_record(entry: Entry) -> dict[str, Any]:
    names = body.people(entry)
    column = COLUMNS[entry.folder]
    new = "layout" in entry.quirks
    return record(
        entry,
        f"ep18:{entry.number}",
        published=f"{entry.published:%Y-%m-%d %H:%M}:00" if new else article.printed_time(entry),
        url=f"http://ep18.cn{address(entry)}",
        listed_in=["/e/action/ListInfo/?classid=96" if column.pager == "dynamic" else column.path],
        captions=[words] if (words := body.caption(entry)) and not new else [],
        byline=None if new else names.byline,
        editor=None if new else names.editor,
        origin=None if new else article.origin(entry) or None,
    )


def nfplus_record(entry: Entry) -> dict[str, Any]:
    if entry.folder == "topic":
        places = [f"topic {columns.TOPIC}"]
    else:
        channel = int(entry.folder)
        places = CHANNEL_LISTS.get(channel) or [
            f"columnId={other}" for other in columns.CHANNELS if entry in columns.listed(other)
        ]
    return record(
        entry,
        f"nfplus:{entry.number}",
        url=f"https://static.nfnews.com{columns.static_path(entry)}",
        listed_in=places,
        byline=pages.author(entry),
        captions=[pages.caption(entry)] if "picture" in entry.quirks else [],
        credits=pages.credits(entry),
    )


def finews_record(entry: Entry) -> dict[str, Any]:
    return record(
        entry,
        f"finews:{entry.number}",
        title=texts.title(entry),
        url=f"{texts.SITE}{texts.path(entry)}",
        listed_in=[f"/category/{texts.MEDIUM}.html"],
        origin="南方Plus",
    )


def truth(articles: int = 0) -> list[dict[str, Any]]:
    """All records, those of the load lists last; articles that cannot be had are left out."""
    found = [ep18_record(e) for e in plant_ep18(ep18_entries()) if not e.quirks & DROPPED]
    found += [nfplus_record(e) for e in columns.entries() if not e.quirks & DROPPED]
    found += [finews_record(e) for e in finews.entries() if not e.quirks & DROPPED]
    return found + [ep18_record(e) for e in bench_entries(articles)]


def never_stored() -> dict[str, str]:
    """Keys that must not be stored as articles, with the reason."""
    reasons = {}
    for prefix, entries in (
        ("ep18", plant_ep18(ep18_entries())),
        ("nfplus", columns.entries()),
        ("finews", finews.entries()),
    ):
        for entry in entries:
            if why := entry.quirks & DROPPED:
                reasons[f"{prefix}:{entry.number}"] = min(why)
    return reasons
