"""``make score``: what the engine reads right and wrong on every labelled set.

``python -m tests.score`` prints the figures; ``--errors SET`` names every difference of one set;
``--folder DIR`` scores the two halves of another folder of labelled articles (see tests/gold/README.md).
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from svcsat_crawler.metrics import extract
from svcsat_crawler.storage.documents import plain
from svcsat_crawler.terminal.lines import published
from tests import gold
from tests.matching import Score, score

# Further sets, which lie beside the checkout or not at all.
SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
SHARED_SETS = ("metrics-seeds.jsonl", "metrics-dev.jsonl")


def sets(folder: Path | None = None) -> dict[str, list[dict[str, Any]]]:
    """Return the labelled sets that are there, by name, or the halves of *folder*."""
    found = {half: gold.articles(half, folder or gold.FOLDER) for half in gold.HALVES}
    if folder is not None:
        return found
    for name in SHARED_SETS:
        file = SHARED / name
        if file.exists():
            found[name] = [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]
    return found


def scored(articles: list[dict[str, Any]]) -> Score:
    """Read every article with the engine, as ``scrapy extract`` does, and score it."""
    return score((article, read(article)) for article in articles)


def read(article: dict[str, Any]) -> list[dict[str, Any]]:
    day = published(article.get("date"))
    return [plain(fact) for fact in extract(article["text"], title=article.get("title") or "", published=day)]


def table(figures: dict[str, Score]) -> Table:
    """Return precision, recall and all fields of each metric and of all, set by set."""
    shown = Table(title="precision / recall / all fields, and labelled facts", title_justify="left")
    shown.add_column("metric", no_wrap=True)
    for name in figures:
        shown.add_column(name, justify="right", no_wrap=True)
    for metric in sorted({metric for figure in figures.values() for metric in figure.metrics}):
        shown.add_row(metric, *(_cell(figure.metrics.get(metric)) for figure in figures.values()))
    shown.add_section()
    shown.add_row("[bold]all", *(f"[bold]{_cell(figure)}" for figure in figures.values()))
    shown.add_row("evidence", *(f"{figure.evidence:.3f}" for figure in figures.values()))
    shown.add_row("not measured, read so", *(str(figure.measured_wrongly) for figure in figures.values()))
    return shown


def _cell(figure: Score | None) -> str:
    if figure is None:
        return "-"
    return (
        f"{figure.precision:.3f} {figure.recall:.3f} {figure.all_fields:.3f} {figure.hits + figure.missed:4}"
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.score", description=__doc__)
    parser.add_argument("--folder", type=Path, metavar="DIR", help="default: tests/gold and what lies beside")
    parser.add_argument("--errors", metavar="SET", help=f"one of {', '.join((*gold.HALVES, *SHARED_SETS))}")
    options = parser.parse_args()
    found = sets(options.folder)
    if options.errors not in (None, *found):
        parser.error(f"--errors {options.errors}: right is one of {', '.join(found)}")
    out = Console(highlight=False, width=None if sys.stdout.isatty() else 150)
    if options.errors:
        for error in scored(found[options.errors]).errors:
            out.print(error, soft_wrap=True, markup=False)
        return 0
    out.print(table({name: scored(articles) for name, articles in found.items()}))
    for name in SHARED_SETS:
        if options.folder is None and name not in found:
            out.print(f"{name}: not there ({SHARED})", markup=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
