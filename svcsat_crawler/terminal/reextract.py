"""What ``scrapy reextract`` does and prints."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

from rich import box
from rich.table import Table
from rich.text import Text
from scrapy.settings import BaseSettings

from svcsat_crawler.answers import work
from svcsat_crawler.metrics import RULES_VERSION
from svcsat_crawler.proof import archive, workers
from svcsat_crawler.proof.command import Chosen
from svcsat_crawler.proof.reextract import Example, Kind, Reread, task
from svcsat_crawler.terminal.bar import progress
from svcsat_crawler.terminal.facts import fact_year, number
from svcsat_crawler.terminal.ledger import shown, told
from svcsat_crawler.terminal.quote import one_line
from svcsat_crawler.terminal.tables import console, counted

KINDS: dict[Kind, str] = {"added": "green", "removed": "red", "changed": "yellow", "rekeyed": "cyan"}


def run(chosen: Chosen, settings: BaseSettings, *, apply: bool, examples: int) -> int:
    """Read the chosen articles again, write when asked to, and show what differs; returns the exit code."""
    store = chosen.store
    if apply:
        store.prepare()
    sums = _pass(chosen, settings, apply=apply)
    if apply:
        # Only now is every text up to date that a reprint may be compared with.
        freed = list(archive.stale_reprints(store.database, chosen.query))
        if freed:
            again = replace(chosen, query={"_id": {"$in": freed}}, total=len(freed), processes=1)
            sums.add(_pass(again, settings, apply=True, release=True))
    show(sums, examples, applied=apply)
    if apply:
        with shown() as watcher:
            print(f"ledger: {told(work.update(store, watcher))}")
    return 1 if sums.unreadable or sums.busy else 0


def _pass(chosen: Chosen, settings: BaseSettings, *, apply: bool, release: bool = False) -> Reread:
    sums, done = Reread(), 0
    keys = archive.keys(chosen.store.database, chosen.query)
    doing = task(apply=apply, release=release)
    results = workers.work(doing, keys, chosen.store, settings, chosen.processes)
    with progress("reextract", chosen.total) as advance, closing(results):
        for found in results:
            sums.add(found)
            done = min(chosen.total, done + workers.PIECE)
            advance(done, f"{sums.facts:,} facts, {sums.touched:,} articles differ")
    return sums


def show(sums: Reread, examples: int, *, applied: bool) -> None:
    """Print the counts by metric, a few examples of each kind, and what could not be read."""
    out = console()
    metrics = sorted({metric for _, metric in sums.kinds})
    if metrics:
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        table.add_column("metric")
        for kind, colour in KINDS.items():
            table.add_column(kind, justify="right", style=colour)
        for metric in metrics:
            table.add_row(metric, *(str(sums.kinds[kind, metric] or "") for kind in KINDS))
        out.print(table)
    for kind in KINDS:
        for example in [each for each in sums.examples if each.kind == kind][:examples]:
            out.print(example_lines(example), soft_wrap=True)
    for name, count in sums.fields.most_common():
        out.print(f"  {name}: reads otherwise in {counted(count, 'article')}")
    if sums.miscounted:
        out.print(f"  number of facts: put right in {counted(sums.miscounted, 'article')}")
    for key, why in sums.unreadable:
        out.print(Text.assemble("  ", (key, "bold"), (f" left as it is: {why}", "red")), soft_wrap=True)
    for key in sums.busy:
        out.print(f"  {key} left as it is: a crawl wrote it meanwhile, run again", soft_wrap=True)
    counts = {kind: sum(n for (each, _), n in sums.kinds.items() if each == kind) for kind in KINDS}
    said = ", ".join(f"{count:,} {kind}" for kind, count in counts.items())
    differ = f"{counted(sums.touched, 'article')} to write; " if sums.touched else ""
    out.print(
        f"{counted(sums.articles, 'article')} read with rules {RULES_VERSION}: {said}, "
        f"{counted(sums.same, 'fact')} as before; "
        + (
            f"{counted(sums.touched, 'article')} written"
            if applied
            else f"{differ}nothing written (--apply writes)"
        ),
        soft_wrap=True,
    )


def example_lines(example: Example) -> Text:
    """Return one example: what became of it, the fact, its sentence."""
    fact = example.read or example.stored
    assert fact
    subject = (fact.get("subject") or {}).get("name") or "unknown organisation"
    text = Text.assemble(
        (f"{example.kind:8}", KINDS[example.kind]),
        (fact["article"], "bold"),
        f"  {fact['metric']}  {number(fact)}  {subject}  {fact_year(fact) or 'no year'}",
    )
    for each in example.found[:4]:
        text.append(f"\n         {each}", "yellow")
    text.append(f"\n         “{one_line(fact['evidence']['sentence'])[:160]}”", "dim")
    return text
