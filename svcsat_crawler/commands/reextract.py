"""``scrapy reextract``: read the whole archive again with the rules of today; writes only with --apply."""

from __future__ import annotations

import argparse
from contextlib import closing

from rich import box
from rich.table import Table
from rich.text import Text

from svcsat_crawler.answers import work
from svcsat_crawler.commands.bar import progress
from svcsat_crawler.commands.facts import fact_year, number
from svcsat_crawler.commands.ledger import shown, told
from svcsat_crawler.commands.tables import console
from svcsat_crawler.metrics import RULES_VERSION
from svcsat_crawler.proof import archive, workers
from svcsat_crawler.proof.command import ArchiveCommand
from svcsat_crawler.proof.reextract import Example, Reread, task
from svcsat_crawler.storage.mongo import Store

KINDS = {"added": "green", "removed": "red", "changed": "yellow"}


class Command(ArchiveCommand):
    """Re-extract; exit code 0 when all pages could be read."""

    word = "reextract"

    def syntax(self) -> str:
        return f"{super().syntax()} [--apply] [--examples N]"

    def short_desc(self) -> str:
        return "Read all archived pages again with today's rules, show what differs, write with --apply"

    def long_desc(self) -> str:
        return (
            "Starts from the bytes of the archived pages: charset, the site's parser, clean, extract. Shows how "
            "many facts would be added, removed and changed, with examples; writes only with --apply. It may be "
            "interrupted and run again: what is up to date already is left alone. Exit code 0: all pages were "
            "read, 1: some could not be and were left as they are."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--apply", action="store_true", help="write the new reading")
        parser.add_argument("--examples", type=int, default=5, metavar="N", help="of each kind; default 5")

    def over(
        self, store: Store, query: archive.Document, total: int, opts: argparse.Namespace, processes: int
    ) -> int:
        if opts.apply:
            store.prepare()
        sums = self._pass(store, query, total, processes, apply=opts.apply)
        if opts.apply:
            # Only now is every text up to date that a reprint may be compared with.
            freed = list(archive.stale_reprints(store.database, query))
            if freed:
                sums.add(self._pass(store, {"_id": {"$in": freed}}, len(freed), 1, apply=True, release=True))
        show(sums, opts.examples, applied=opts.apply)
        if opts.apply:
            with shown() as watcher:
                print(f"ledger: {told(work.update(store, watcher))}")
        return 1 if sums.unreadable or sums.busy else 0

    def _pass(
        self,
        store: Store,
        query: archive.Document,
        total: int,
        processes: int,
        *,
        apply: bool,
        release: bool = False,
    ) -> Reread:
        assert self.settings is not None
        sums, done = Reread(), 0
        keys = archive.keys(store.database, query)
        results = workers.work(task(apply=apply, release=release), keys, store, self.settings, processes)
        with progress("reextract", total) as advance, closing(results):
            for found in results:
                sums.add(found)
                done = min(total, done + workers.PIECE)
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
        out.print(f"  {name}: reads otherwise in {count:,} articles")
    for key, why in sums.unreadable:
        out.print(Text.assemble("  ", (key, "bold"), (f" left as it is: {why}", "red")), soft_wrap=True)
    for key in sums.busy:
        out.print(f"  {key} left as it is: a crawl wrote it meanwhile, run again", soft_wrap=True)
    counts = {kind: sum(n for (each, _), n in sums.kinds.items() if each == kind) for kind in KINDS}
    said = ", ".join(f"{count:,} {kind}" for kind, count in counts.items())
    out.print(
        f"{sums.articles:,} articles read with rules {RULES_VERSION}: {said}, {sums.same:,} facts as before; "
        + (f"{sums.touched:,} articles written" if applied else "nothing written (--apply writes)"),
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
    text.append(f"\n         “{fact['evidence']['sentence'].strip()[:160]}”", "dim")
    return text
