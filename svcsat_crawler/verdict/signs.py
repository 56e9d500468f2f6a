"""Signs of a broken site that raise no error: rows and articles still come, but not as they used to."""

from __future__ import annotations

from typing import Any

from svcsat_crawler.verdict.causes import Cause
from svcsat_crawler.verdict.limits import (
    CUT,
    ENOUGH,
    FEW,
    HARDLY,
    MORE,
    ROWS_LEFT,
    ROWS_NEEDED,
    USUALLY,
    WALKS_NEEDED,
    WHOLE,
)
from svcsat_crawler.verdict.past import Figures
from svcsat_crawler.verdict.tally import Tally
from svcsat_crawler.verdict.usual import Usual

# How a walk ends that has seen whatever is new in its list.
CAME_TO_ITS_END = ("end", "known", "unchanged", "max_pages")


def list_signs(lists: list[dict[str, Any]], usual: Usual) -> list[Cause]:
    """Return what the first pages of lists lack that they had before, or that they promise."""
    causes = []
    for walk in lists:
        rows = walk.get("first_rows") or 0
        if not rows:
            continue
        before = usual.lists.get(walk["url"], {})
        promised = walk.get("total") and walk["total"] > rows
        full = before.get("more") and rows >= WHOLE * before["first_rows"]
        if not walk.get("more") and (promised or full):
            why = f"it says {walk['total']} rows" if promised else "earlier runs found more pages"
            said = f"list {walk['name']} names no next page after {rows} rows, but {why}: {walk['last_url']}"
            causes.append(Cause("pager_lost", said))
    return causes


def rule_signs(lists: list[dict[str, Any]], usual: Usual) -> list[Cause]:
    """Return the lists whose rows another rule reads than before."""
    causes = []
    for walk in lists:
        used, now = usual.lists.get(walk["url"], {}).get("read_by"), walk.get("read_by")
        if used and now and now != used:
            said = f"layout: the rows of list {walk['name']} are no longer read by {used!r} but by {now!r}"
            causes.append(Cause("layout", said))
    return causes


def field_signs(found: dict[str, int], tally: Tally, usual: Usual) -> list[Cause]:
    """Return what the articles lack that they had before."""
    fields, causes = tally.fields, []
    read = fields["articles"]
    stored = found["new"] + found["changed"] + found["duplicate"] + found["unchanged"]
    if found["generic"] > FEW and found["generic"] * 2 > stored:
        said = f"layout: no selector fits {found['generic']} of {stored} articles read"
        causes.append(Cause("layout", said))
    if found["damaged"] > FEW and found["damaged"] * 2 > found["pages"]:
        said = f"charset: {found['damaged']} of {found['pages']} pages hold bytes that fit none"
        causes.append(Cause("charset", said))
    if fields["long"] >= ENOUGH and fields["chinese"] <= HARDLY * fields["long"]:
        said = (
            f"charset: {fields['long'] - fields['chinese']} of {fields['long']} articles hold no common word"
        )
        causes.append(Cause("charset", said))
    if read < ENOUGH:
        return causes
    for name, word in (("clock", "time of publication"), ("origin", "source (来源)"), ("title", "title")):
        share = usual.share(name)
        if share is not None and share >= USUALLY and fields[name] <= HARDLY * read:
            said = f"layout: {read - fields[name]} of {read} articles have no {word}, earlier ones had"
            causes.append(Cause("layout", said))
    share = usual.share("generic")
    if share is not None and fields["generic"] > max(FEW, (share + MORE) * read):
        said = f"layout: no selector fits {fields['generic']} of {read} articles, of earlier ones {share:.0%}"
        causes.append(Cause("layout", said))
    length = usual.length
    if length and fields["characters"] / read < CUT * length:
        said = (
            f"layout: articles have {fields['characters'] / read:.0f} characters, earlier ones {length:.0f}"
        )
        causes.append(Cause("layout", said))
    return causes


def history_signs(
    found: dict[str, int], lists: list[dict[str, Any]], tally: Tally, usual: Usual
) -> list[Cause]:
    """Return what is out of all proportion to the spider's own history."""
    causes = []
    for walk in lists:
        before, rows = usual.rows.get(walk["url"], ()), walk.get("first_rows")
        if (
            rows
            and len(before) >= WALKS_NEEDED
            and min(before) >= ROWS_NEEDED
            and rows < ROWS_LEFT * min(before)
        ):
            said = f"layout: list {walk['name']} has {rows} rows on its first page, before never fewer than {min(before)}"
            causes.append(Cause("layout", f"{said}: {walk['url']}"))
    if usual.now is None:
        return causes
    for walk in lists:
        if walk["url"] in usual.arrivals and walk["stopped"] in CAME_TO_ITS_END:
            causes += usual.arrivals[walk["url"]].signs(walk, usual.now.date())
    read = Figures(usual.now, tally.fields, found["new"] + found["changed"], found["telling"])
    return [*causes, *usual.past.signs(read)]
