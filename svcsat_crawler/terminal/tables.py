"""Tables that people look at; everything fits 80 columns."""

from __future__ import annotations

from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

COLOURS = {"good": "green", "no news": "cyan", "incomplete": "yellow", "broken": "red", "running": "blue"}


def console() -> Console:
    return Console(highlight=False)


def counted(count: int, what: str) -> str:
    """Return how many of something there are.

    >>> counted(1, "fact"), counted(1200, "fact"), counted(1, "story"), counted(2, "story")
    ('1 fact', '1,200 facts', '1 story', '2 stories')
    """
    if count != 1:
        what = f"{what.removesuffix('y')}ies" if what.endswith("ry") else f"{what}s"
    return f"{count:,} {what}"


def show_run(name: str, found: dict[str, int], walks: list[dict[str, Any]], word: str, cause: str) -> None:
    """Print what a run brought, list by list where something is to be said, and its verdict."""
    out = console()
    table = Table(title=name, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    columns = {
        "lists": f"{sum(walk['stopped'] not in ('failed', 'not finished') for walk in walks)}/{len(walks)}",
        "pages": str(found["pages"]),
        **{label: str(found[label]) for label in ("new", "changed", "known", "duplicate", "gone")},
        "quarantined": str(found["quarantined"]),
        "facts": str(found["facts"]),
    }
    for label in columns:
        table.add_column(label, justify="right")
    table.add_row(*columns.values())
    out.print(table)
    if count := found["unchanged"]:
        out.print(f"  {counted(count, 'stored article')} asked for again and unchanged")
    if found.get("rescued"):
        out.print(f"  {found['rescued']} taken from the web archive")
    for walk in walks:
        if walk["stopped"] in ("failed", "not finished", "repeat", "max_pages", "quiet"):
            page = walk["pages"] + (walk["stopped"] in ("failed", "quiet"))
            out.print(f"  list {walk['name']}: {walk['stopped']} on page {page}: {walk['why']}")
    out.print(Text.assemble("verdict: ", (word, f"bold {COLOURS[word]}"), f" – {cause}"), soft_wrap=True)
