"""What a look at a site has shown, and what is wrong with it: pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from parsel import Selector

from svcsat_crawler.items import Article

# Fields of an article that every site prints; without one of them the site is not read as it should be.
NEEDED = ("title", "published", "body")
SHOWN = (*NEEDED, "published_precision", "origin", "byline", "column", "images")


@dataclass(frozen=True, slots=True)
class Fit:
    """One named selector: how many elements it finds, and whether it is what the parser went by."""

    place: str
    name: str
    found: int
    used: bool


@dataclass(slots=True)
class Report:
    """One site; addresses are those that were asked for last."""

    spider: str
    robots: dict[str, str] = field(default_factory=dict)
    list_name: str = ""
    list_url: str = ""
    list_charset: str = ""
    rows: int = 0
    broken_rows: int = 0
    more: bool = False
    rows_by: str = ""
    quiet: str = ""
    article: Article | None = None
    article_charset: str = ""
    fits: list[Fit] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def problems(self) -> Iterator[str]:
        """Yield what is wrong, worst first."""
        if self.quiet:
            return
        if not self.rows:
            yield from self.failures or ["the list page holds no row of an article"]
            return
        if self.rows_by == "links":
            yield "layout: no selector fits the rows, they were found by their links alone"
        if self.article is None:
            yield from self.failures or ["no article of the list page could be read"]
            return
        if self.article.read_by == "generic":
            yield "layout: no selector fits the article, it was read by the generic extractor"
        missing = [name for name in NEEDED if not getattr(self.article, name)]
        if missing:
            yield f"layout: the article has no {', '.join(missing)}"
        if self.article.replaced_characters:
            yield f"charset: {self.article.replaced_characters} characters of the article fit none"


def fits(place: str, page: str, rules: list[dict[str, str]], used: str) -> list[Fit]:
    """Return how the named *rules* fit a page; what was *used* is named even where it is no rule of these.

    >>> fits("body", "<p id='a'>x</p>", [{"name": "#a", "xpath": "//*[@id='a']"}], "lead")
    [Fit(place='body', name='lead', found=1, used=True), Fit(place='body', name='#a', found=1, used=False)]
    """
    selector = Selector(page)
    found = [
        Fit(place, rule["name"], len(selector.xpath(rule["xpath"])), used == rule["name"]) for rule in rules
    ]
    if used and used not in {rule["name"] for rule in rules}:
        found.insert(0, Fit(place, used, 1, used=True))
    return found


def title_rule(page: str, rules: list[dict[str, str]], title: str) -> str:
    """Return the name of the first rule that finds *title*; "" when it came from elsewhere."""
    selector = Selector(page)
    for rule in rules:
        for element in selector.xpath(rule["xpath"]):
            if " ".join("".join(element.root.itertext()).split()) == title:
                return rule["name"]
    return ""


def fields(article: Article) -> dict[str, str]:
    """Return what an article holds, in a few words each; "" for what it lacks."""
    shown = {}
    for name in SHOWN:
        value: Any = getattr(article, name)
        if name == "body":
            value = f"{len(value)} characters: {' '.join(value[:40].split())}…" if value else ""
        elif name == "images":
            value = len(value)
        shown[name] = str(value) if value is not None else ""
    return shown
