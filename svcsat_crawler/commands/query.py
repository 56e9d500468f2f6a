"""``scrapy query``: answers from the store, each number with its sentence and its page, or as a file."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from pymongo.database import Database
from pymongo.errors import PyMongoError
from rich.console import Console
from scrapy.commands import ScrapyCommand
from scrapy.spiderloader import get_spider_loader

from svcsat_crawler.commands.answers import show
from svcsat_crawler.commands.asking import AskingError, Options, asked, checked
from svcsat_crawler.commands.nothing import NOUNS, nothing, words
from svcsat_crawler.commands.tables import console
from svcsat_crawler.export import FORMATS, ExportError, write
from svcsat_crawler.storage import queries
from svcsat_crawler.storage.mongo import Store, StoreError
from svcsat_crawler.storage.queries import Asked

Document = dict[str, Any]
Ask = Callable[[Database[Document], Asked, int | None], Iterator[Document]]

# Question -> what it asks, and what it tells.
QUESTIONS: dict[str, tuple[Ask, str]] = {
    "series": (queries.series, "values year by year, with change and state"),
    "league": (queries.league, "bureaus beside each other in one year, best first"),
    "streaks": (queries.streaks, "how many years in first place in a row, longest first"),
    "movers": (queries.movers, "whose value changed most since the year before"),
    "gaps": (queries.gaps, "figures that should be there and are not"),
    "conflicts": (queries.conflicts, "figures whose sources contradict each other"),
    "audit": (queries.audit, "figures that do not fit together"),
    "articles": (queries.articles, "stored articles, latest first"),
    "facts": (queries.facts, "every single statement, latest printed first"),
    "watch": (queries.watch, "numbers that changed in an article after it was stored"),
    "runs": (queries.runs, "crawls and their verdicts, latest first"),
}
ON_SCREEN = 50


class Command(ScrapyCommand):
    """Ask the store."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        return f"{'|'.join(QUESTIONS)} [options]"

    def short_desc(self) -> str:
        return "Answer a question from the store: series, league, streaks, movers, gaps, conflicts, …"

    def long_desc(self) -> str:
        told = "; ".join(f"{name}: {about}" for name, (_, about) in QUESTIONS.items())
        return f"{told}. Exit code 0 also for an empty answer, 1 when the store or the file fails, 2 for a wrong command."

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        add = parser.add_argument
        add("--bureau", metavar="NAME", help="id, name or short name: csg-gd-qingyuan, 清远供电局, 清远")
        add("--province", metavar="NAME", help="for example 广东")
        add("--year", metavar="YEARS", help="2021, 2016-2021 or 2016-; of printing for articles")
        add("--metric", metavar="NAMES", help="ids or Chinese names, comma-separated: 满意度,saidi")
        add("--survey", metavar="NAME", help="id or name of the survey house, for example 省情中心")
        add("--source", metavar="SPIDER", help="ep18, nanfangplus or finews")
        add("--limit", metavar="N", help=f"at most so many (on the screen {ON_SCREEN}, in a file all)")
        add("--format", metavar="FORMAT", help=f"table, {', '.join(FORMATS)}; else as FILE is named")
        add("-o", "--output", metavar="FILE", help="write to this file, whole or not at all")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        try:
            if len(args) != 1 or args[0] not in QUESTIONS:
                raise AskingError(f"ask for one of {', '.join(QUESTIONS)}")
            assert self.settings is not None
            options = checked(opts, get_spider_loader(self.settings).list())
            with Store.from_environment() as store:
                store.refuse_other_schema()
                self._answer(args[0], store.database, options, asked(options, store.database))
        except AskingError as error:
            self._refuse(str(error), 2)
        except (StoreError, ExportError) as error:
            self._refuse(str(error), 1)
        except PyMongoError as error:
            self._refuse(f"the store does not answer: {' '.join(str(error).split())[:300]}", 1)
        except BrokenPipeError:  # whoever read our output has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            self.exitcode = 1

    def _answer(self, question: str, database: Database[Document], options: Options, wanted: Asked) -> None:
        limit = options.limit or (ON_SCREEN if options.format == "table" else None)
        if question == "articles" and options.format == "jsonl":
            found = queries.articles(database, wanted, limit, whole=True)
        else:
            found = QUESTIONS[question][0](database, wanted, limit)
        if options.format == "table":
            out = console()
            count = show(out, question, found)
            if not count:
                out.print(nothing(database, question, wanted), soft_wrap=True)
            elif count == limit:
                out.print(f"[dim]the first {count}; --limit N shows more, -o FILE takes all[/dim]")
            else:
                noun = NOUNS.get(question, question)
                out.print(f"[dim]{count} {noun if count > 1 else noun.removesuffix('s')}[/dim]")
            return
        count = write(question, found, options.format, options.output, words(wanted) or "everything")
        if options.output or not count:
            told = f"{count:,} lines in {options.output}" if count else nothing(database, question, wanted)
            Console(stderr=True, highlight=False).print(told, soft_wrap=True, markup=False)

    def _refuse(self, message: str, code: int) -> None:
        print(f"scrapy query: {message}", file=sys.stderr)
        self.exitcode = code
