"""From the boxes of many pages to the selectors that fit most of them: pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from parsel import Selector

from svcsat_crawler.proposals.finding import Box, fits, paths, text_box, title_boxes

# A selector that fits fewer of the pages is a coincidence.
SHARE = 0.5
MOST = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """A selector, and on how many of the pages it fits."""

    name: str
    xpath: str
    pages: int

    def rule(self) -> dict[str, str]:
        """Return it as it stands in sites.toml."""
        return {"name": self.name, "xpath": self.xpath}


@dataclass(frozen=True, slots=True)
class Broken:
    """A page that could not be read as it should be, and the title that its list gives."""

    url: str
    text: str
    title: str


def candidates(pages: Sequence[Broken]) -> dict[str, list[Candidate]]:
    """Return the best selectors for ``title`` and ``body``, those that fit most pages first."""
    roots = [Selector(page.text).root for page in pages]
    titles = list(
        zip(
            roots,
            (title_boxes(root, page.title) for root, page in zip(roots, pages, strict=True)),
            strict=True,
        )
    )
    bodies = [(root, [box] if (box := text_box(root)) else []) for root in roots]
    return {"title": _best(titles), "body": _best(bodies)}


def _best(pages: Sequence[tuple[Any, list[Box]]]) -> list[Candidate]:
    named: dict[str, str] = {}
    for _, boxes in pages:
        for box in boxes:
            for name, xpath in paths(box):
                named.setdefault(xpath, name)
    found = []
    for xpath, name in named.items():
        count = sum(any(fits(root, xpath, box) for box in boxes) for root, boxes in pages)
        if count and count >= SHARE * len(pages):
            found.append(Candidate(name, xpath, count))
    return sorted(found, key=lambda each: -each.pages)[:MOST]


def rules(
    found: dict[str, list[Candidate]], existing: dict[str, Any], *, first: bool
) -> dict[str, list[dict[str, str]]]:
    """Return the lists of selectors with the best new ones before (*first*) or behind the *existing*."""
    merged = {}
    for place, each in found.items():
        old = existing.get(place, [])
        known = {rule["xpath"] for rule in old}
        new = [candidate.rule() for candidate in each[:1] if candidate.xpath not in known]
        if new:
            merged[place] = [*new, *old] if first else [*old, *new]
    return merged


def toml(spider: str, merged: dict[str, list[dict[str, str]]]) -> str:
    """Return *merged* as a file for ``SVCSAT_SITES``; JSON's strings are TOML's."""
    string: Callable[[str], str] = lambda text: json.dumps(text, ensure_ascii=False)  # noqa: E731
    lines = [f"[{spider}.article]"]
    for place, listed in merged.items():
        lines.append(f"{place} = [")
        lines += [
            f"  {{ name = {string(rule['name'])}, xpath = {string(rule['xpath'])} }}," for rule in listed
        ]
        lines.append("]")
    return "\n".join(lines)
