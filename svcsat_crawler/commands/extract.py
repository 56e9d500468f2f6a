"""``scrapy extract``: the facts of articles in a file, or of one text; no store, no network."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, BinaryIO, ClassVar

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from scrapy.commands import ScrapyCommand

from svcsat_crawler.commands.facts import fact_lines
from svcsat_crawler.commands.lines import Refused, entries, published
from svcsat_crawler.commands.tables import console
from svcsat_crawler.metrics import RULES_VERSION, read
from svcsat_crawler.storage.documents import plain

RIGHT = "scrapy extract IN.jsonl [-o OUT.jsonl], or scrapy extract --text TEXT [--title TITLE] [--date DATE]"


class Command(ScrapyCommand):
    """Read facts out of texts."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        return "IN.jsonl [-o OUT.jsonl] | --text TEXT [--title TITLE] [--date DATE]"

    def short_desc(self) -> str:
        return "Facts of the articles in a file of JSON lines, or of one text"

    def long_desc(self) -> str:
        return (
            'IN.jsonl holds one {"id", "title", "text", "date", "url"} a line, OUT.jsonl gets one {"id", '
            '"facts", "title_facts", "rules_version"} a line in the same order: the sentence of a fact is a '
            'piece of the text, that of a title fact one of the title, for what the text does not say. "-" is '
            "standard input or output. Lines that hold no article are named on standard error, the others "
            "are read, and the exit code is 1."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("-o", "--output", metavar="OUT.jsonl", default="-", help="default: - (stdout)")
        parser.add_argument("--text", help="read this text and show its facts with their sentences")
        parser.add_argument("--title", help="title of the text")
        parser.add_argument("--date", help="day the text was published, for example 2021-12-29")
        parser.add_argument(
            "--others", action="store_true", help='also numbers that no metric claims, apart, as "others"'
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        try:
            if opts.text is not None and not args and opts.output == "-":
                show(opts.text, opts.title or "", opts.date, others=opts.others)
            elif opts.text is None and opts.title is None and opts.date is None and len(args) == 1:
                self.exitcode = convert(args[0], opts.output, others=opts.others)
            else:
                raise ValueError(f"right is {RIGHT}")
        except BrokenPipeError:  # whoever read our output has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            self.exitcode = 1
        except OSError as error:
            self._refuse(f"{error.filename or opts.output}: {error.strerror}")
        except ValueError as error:
            self._refuse(str(error))

    def _refuse(self, message: str) -> None:
        print(f"scrapy extract: {message}", file=sys.stderr)
        self.exitcode = 2


def show(text: str, title: str, date: str | None, *, others: bool = False) -> None:
    """Print the facts of one text, then what no metric claims if asked for; raises ValueError for a date without a year."""
    day = published(date)
    if date is not None and day is None:
        raise ValueError(f"--date {date!r} states no day: right is for example 2021-12-29")
    out = console()
    reading = read(text, title=title, published=day, others=others)
    facts = reading.facts
    for fact in (*facts, *reading.others):
        out.print(fact_lines(plain(fact)), soft_wrap=True)
    more = f" and {len(reading.others)} numbers that no metric claims" if others else ""
    out.print(f"[dim]{len(facts)} facts{more}[/dim]" if len(facts) != 1 else f"[dim]1 fact{more}[/dim]")


def convert(source: str, target: str, *, others: bool = False) -> int:
    """Read the file *source* and write *target*; returns the exit code.

    Raises OSError for a file that cannot be opened, ValueError when both are the same file.
    """
    if "-" not in (source, target) and Path(target).exists() and Path(source).samefile(target):
        raise ValueError(f"{target}: the output would overwrite the input")
    refused = 0
    with ExitStack() as stack:
        lines = sys.stdin.buffer if source == "-" else stack.enter_context(Path(source).open("rb"))
        out = sys.stdout.buffer if target == "-" else stack.enter_context(Path(target).open("wb"))
        watched = stack.enter_context(_progress(source, lines))
        for entry in entries(watched):
            if isinstance(entry, Refused):
                refused += 1
                print(f"scrapy extract: {source} line {entry.line}: {entry.reason}", file=sys.stderr)
                continue
            reading = read(entry.text, title=entry.title, published=entry.published, others=others)
            line = {
                "id": entry.id,
                "facts": [plain(fact) for fact in reading.facts if fact.evidence.where == "body"],
                "title_facts": [plain(fact) for fact in reading.facts if fact.evidence.where == "title"],
                "rules_version": RULES_VERSION,
            }
            if others:
                line["others"] = [plain(fact) for fact in reading.others]
            # A lone surrogate has no UTF-8; its backslash form is JSON.
            out.write(json.dumps(line, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n")
        out.flush()
    return 1 if refused else 0


@contextmanager
def _progress(source: str, lines: BinaryIO) -> Iterator[Iterator[bytes]]:
    """Hand on the lines, with a bar on stderr when a person is looking at a file."""
    screen = Console(stderr=True)
    if source == "-" or not screen.is_terminal:
        yield iter(lines)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=screen, transient=True) as bar:
        task = bar.add_task(Path(source).name, total=Path(source).stat().st_size)

        def watched() -> Iterator[bytes]:
            for line in lines:
                yield line
                bar.advance(task, len(line))

        yield watched()
