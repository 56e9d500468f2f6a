"""The generated half of ``docs/fields.md``: the items, from the one description of each field.

``python -m tests.fields_page`` writes it anew.
"""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

from svcsat_crawler import items

PAGE = Path(__file__).resolve().parent.parent / "docs" / "fields.md"
BEGIN, END = "<!-- items: written by `make docs` -->", "<!-- end of items -->"
KINDS = (
    items.Article,
    items.Page,
    items.Rescue,
    items.Image,
    items.Fact,
    items.Subject,
    items.Period,
    items.Comparison,
    items.Rank,
    items.Survey,
    items.Evidence,
    items.OtherQuantity,
    items.Unclaimed,
)


def render() -> str:
    """Return the tables of all items."""
    parts = []
    for kind in KINDS:
        summary = (kind.__doc__ or "").strip().split("\n")[0]
        lines = [f"### {kind.__name__}", "", summary, "", "| field | type | what it holds |", "|---|---|---|"]
        for field in dataclasses.fields(kind):
            shown = str(field.type).replace("|", "\\|")
            lines.append(f"| `{field.name}` | `{shown}` | {field.metadata['doc']} |")
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def generated(page: str) -> str:
    """Return the generated part of the page."""
    return page[page.index(BEGIN) + len(BEGIN) : page.index(END)].strip()


def documented(page: str, collection: str) -> set[str]:
    """Return the fields that the page describes for a collection."""
    section = page.split(f"### `{collection}`", 1)[1].split("\n#", 1)[0]
    return set(re.findall(r"^\| `([\w.]+)`", section, flags=re.MULTILINE))


def main() -> None:
    page = PAGE.read_text("utf-8")
    head, tail = page.split(BEGIN)[0], page.split(END)[1]
    PAGE.write_text(f"{head}{BEGIN}\n\n{render()}\n\n{END}{tail}", "utf-8")


if __name__ == "__main__":
    main()
