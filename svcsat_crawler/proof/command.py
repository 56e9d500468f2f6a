"""What the commands that read the whole archive again have in common: their options, and how they fail.

Not in ``commands``: Scrapy takes every command class there for a command.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from typing import Any, ClassVar

from pymongo.errors import PyMongoError
from scrapy.commands import ScrapyCommand
from scrapy.spiderloader import get_spider_loader

from svcsat_crawler.sources.options import OptionsError
from svcsat_crawler.storage.errors import StoreError
from svcsat_crawler.storage.mongo import Store
from svcsat_crawler.terminal.output import printing


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is to be read again: the *total* articles that fit *query*, and the query of their facts."""

    store: Store
    query: dict[str, Any]
    facts: dict[str, Any]
    total: int
    processes: int


class ArchiveCommand(ScrapyCommand):
    """A command over stored articles, chosen by source or key; its work is ``over``."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}
    word: ClassVar[str]

    def syntax(self) -> str:
        return "[--source SPIDER] [--article KEY] [--processes N]"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--source", metavar="SPIDER", help="only articles that this spider read")
        parser.add_argument("--article", metavar="KEY", help="only this article, e.g. ep18:717288")
        parser.add_argument("--processes", type=int, metavar="N", help="default: one for each core")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None
        sources = sorted(get_spider_loader(self.settings).list())
        if args:
            self._refuse(f"unknown {' '.join(args)!r}: right is scrapy {self.word} {self.syntax()}", 2)
        elif opts.article is not None and not opts.article.strip():
            self._refuse("--article is empty: give a key or leave the option out", 2)
        elif opts.source is not None and opts.source not in sources:
            self._refuse(f"unknown source {opts.source!r}: there are {', '.join(sources)}", 2)
        elif opts.processes is not None and opts.processes < 1:
            self._refuse(f"--processes {opts.processes}: right is a number from 1", 2)
        elif refusal := self.refusal(opts):
            self._refuse(refusal, 2)
        else:
            try:
                with printing(f"scrapy {self.word}"), Store.from_environment() as store:
                    self.exitcode = self._start(store, opts)
            except (StoreError, OptionsError) as error:
                self._refuse(str(error), 1)
            except PyMongoError as error:
                self._refuse(" ".join(str(error).split())[:300], 1)
            except KeyboardInterrupt:
                self._refuse("interrupted; what is done is done, run it again for the rest", 130)

    def _start(self, store: Store, opts: argparse.Namespace) -> int:
        # Scrapy imports every command at every start.
        from svcsat_crawler.proof import archive, workers  # noqa: PLC0415

        store.refuse_other_schema()
        query = archive.chosen(opts.source, opts.article)
        articles = store.database.articles
        total = articles.count_documents(query) if query else articles.estimated_document_count()
        if not total:
            held = "no such article" if query else "no articles; scrapy crawl fills it"
            raise StoreError(f"{store.place} holds {held}")
        few = total <= workers.PIECE
        processes = opts.processes or (1 if few else workers.cores())
        return self.over(
            Chosen(store, query, archive.chosen_facts(opts.source, opts.article), total, processes), opts
        )

    def refusal(self, opts: argparse.Namespace) -> str | None:
        """Return what is wrong with the options of this command alone."""
        return None

    def over(self, chosen: Chosen, opts: argparse.Namespace) -> int:
        """Do the work for the chosen articles; returns the exit code."""
        raise NotImplementedError

    def _refuse(self, message: str, code: int) -> None:
        print(f"scrapy {self.word}: {message}", file=sys.stderr)
        self.exitcode = code
