"""南方Plus put together."""

from __future__ import annotations

from functools import partial

from tests.replica.answers import Answer, Sites, plain
from tests.replica.nanfangplus import api, mobile, pages
from tests.replica.nanfangplus.columns import entries, pc_path, static_path
from tests.replica.plan import Entry

STATIC, PC, MOBILE = "static.nfnews.com", "pc.nfnews.com", "m.nfnews.com"


def add_article(sites: Sites, entry: Entry) -> None:
    """Both pages of an article, or what is left of them."""
    if not entry.quirks & {"pc-404", "gone-404"}:
        left = entry.quirks & {"pc-shape", "gone-shape"}
        sites.add(STATIC, static_path(entry), pages.deleted if left else partial(pages.static_page, entry))
    if "gone-404" not in entry.quirks:
        shape = "gone-shape" in entry.quirks
        sites.add(PC, pc_path(entry), pages.deleted if shape else partial(pages.pc_page, entry))


def shells(path: str, query: dict[str, str]) -> Answer | None:
    return pages.shell() if path.startswith("/apptpl/") else None


def add(sites: Sites) -> None:
    api.add(sites)
    for entry in entries():
        add_article(sites, entry)
    sites.compute(STATIC, shells)
    for handler in (mobile.listing, mobile.rows, mobile.columns):
        sites.compute(MOBILE, handler)
    for host in (PC, MOBILE):
        sites.add(host, "/robots.txt", plain("User-agent: *\nDisallow:\n"))
