"""What ``scrapy query`` asks and prints."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any

from pymongo.database import Database
from pymongo.errors import PyMongoError
from rich.console import Console

from svcsat_crawler.answers.rebuild import of_other_rules
from svcsat_crawler.export import ExportError, write
from svcsat_crawler.storage import queries
from svcsat_crawler.storage.mongo import Store, StoreError
from svcsat_crawler.storage.queries import Asked
from svcsat_crawler.terminal.answers import show
from svcsat_crawler.terminal.asking import AskingError, Options, asked, checked, suited
from svcsat_crawler.terminal.nothing import NOUNS, nothing, words
from svcsat_crawler.terminal.tables import console, counted

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
OF_THE_LEDGER = ("series", "league", "streaks", "movers", "gaps", "conflicts", "audit")
ON_SCREEN = 50


def run(args: list[str], opts: argparse.Namespace, sources: Sequence[str]) -> int:
    """Answer one question of the command line; returns the exit code."""
    try:
        if not args:
            raise AskingError(f"ask for one of {', '.join(QUESTIONS)}")
        if args[0] not in QUESTIONS:
            raise AskingError(f"{args[0]!r} is no question: ask for one of {', '.join(QUESTIONS)}")
        if args[1:]:
            extra = " ".join(args[1:])
            raise AskingError(
                f"{extra!r} after {args[0]} is unknown: filters have names, e.g. --bureau {extra}"
            )
        suited(args[0], opts)
        options = checked(opts, sources)
        with Store.from_environment() as store:
            store.refuse_other_schema()
            if args[0] in OF_THE_LEDGER and of_other_rules(store.database):
                raise StoreError("the ledger was made by another version: run scrapy ledger update")
            _answer(args[0], store.database, options, asked(options, store.database))
    except AskingError as error:
        return _refuse(str(error), 2)
    except (StoreError, ExportError) as error:
        return _refuse(str(error), 1)
    except PyMongoError as error:
        return _refuse(f"the store does not answer: {' '.join(str(error).split())[:300]}", 1)
    return 0


def _answer(question: str, database: Database[Document], options: Options, wanted: Asked) -> None:
    limit = options.limit or (ON_SCREEN if options.format == "table" else None)
    if question == "articles" and options.format == "jsonl":
        found = queries.articles(database, wanted, limit, whole=True)
    else:
        found = QUESTIONS[question][0](database, wanted, limit)
    if options.format == "table":
        out = console()
        first = next(found, None)
        if first is None:
            out.print(nothing(database, question, wanted), soft_wrap=True)
            return
        count = show(out, question, chain([first], found))
        if count == limit:
            out.print(f"[dim]the first {count}; --limit N shows more, -o FILE takes all[/dim]")
        else:
            noun = NOUNS.get(question, question)
            out.print(f"[dim]{count} {noun if count > 1 else noun.removesuffix('s')}[/dim]")
        return
    count = write(question, found, options.format, options.output, words(wanted) or "everything")
    if options.output or not count:
        told = (
            f"{counted(count, 'line')} in {options.output}" if count else nothing(database, question, wanted)
        )
        Console(stderr=True, highlight=False).print(told, soft_wrap=True, markup=False)


def _refuse(message: str, code: int) -> int:
    print(f"scrapy query: {message}", file=sys.stderr)
    return code
