"""Signs of a broken site that raise no error: rows and articles still come, but not as they used to."""

from __future__ import annotations

from typing import Any

from svcsat_crawler.verdict.causes import Cause
from svcsat_crawler.verdict.tally import Tally
from svcsat_crawler.verdict.usual import ENOUGH, Usual

# A first page that holds at least this share of its usual rows is a whole one: there ought to be more.
_WHOLE = 0.8
# A field that nearly every article had and hardly one has now.
_USUALLY, _HARDLY = 0.9, 0.1
_MORE = 0.1
_CUT = 0.3
_FEW = 2


def list_signs(lists: list[dict[str, Any]], usual: Usual) -> list[Cause]:
    """Return what the first pages of lists lack that they had before, or that they promise."""
    causes = []
    for walk in lists:
        rows = walk.get("first_rows") or 0
        if not rows:
            continue
        before = usual.lists.get(walk["url"], {})
        promised = walk.get("total") and walk["total"] > rows
        full = before.get("more") and rows >= _WHOLE * before["first_rows"]
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
    stored = found["new"] + found["changed"] + found["duplicate"]
    if found["generic"] > _FEW and found["generic"] * 2 > stored:
        said = f"layout: no selector fits {found['generic']} of {stored} articles read"
        causes.append(Cause("layout", said))
    if found["damaged"] > _FEW and found["damaged"] * 2 > found["pages"]:
        said = f"charset: {found['damaged']} of {found['pages']} pages hold bytes that fit none"
        causes.append(Cause("charset", said))
    if fields["long"] >= ENOUGH and fields["chinese"] <= _HARDLY * fields["long"]:
        said = (
            f"charset: {fields['long'] - fields['chinese']} of {fields['long']} articles hold no common word"
        )
        causes.append(Cause("charset", said))
    if read < ENOUGH:
        return causes
    for name, word in (("clock", "time of publication"), ("origin", "source (来源)"), ("title", "title")):
        share = usual.share(name)
        if share is not None and share >= _USUALLY and fields[name] <= _HARDLY * read:
            said = f"layout: {read - fields[name]} of {read} articles have no {word}, earlier ones had"
            causes.append(Cause("layout", said))
    share = usual.share("generic")
    if share is not None and fields["generic"] > max(_FEW, (share + _MORE) * read):
        said = f"layout: no selector fits {fields['generic']} of {read} articles, of earlier ones {share:.0%}"
        causes.append(Cause("layout", said))
    length = usual.length
    if length and fields["characters"] / read < _CUT * length:
        said = (
            f"layout: articles have {fields['characters'] / read:.0f} characters, earlier ones {length:.0f}"
        )
        causes.append(Cause("layout", said))
    return causes
