"""What ``scrapy extract`` does and prints."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from svcsat_crawler.metrics import RULES_VERSION, read
from svcsat_crawler.storage.documents import plain
from svcsat_crawler.terminal.bar import Advance, progress
from svcsat_crawler.terminal.facts import fact_lines
from svcsat_crawler.terminal.lines import Refused, entries, published
from svcsat_crawler.terminal.tables import console, counted

KIB = 1024


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
    more = f" and {counted(len(reading.others), 'number')} that no metric claims" if others else ""
    out.print(f"[dim]{counted(len(facts), 'fact')}{more}[/dim]")


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
        watched: Iterable[bytes] = lines
        if source != "-":
            size = Path(source).stat().st_size // KIB
            watched = _watched(lines, stack.enter_context(progress(Path(source).name, size)))
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


def _watched(lines: BinaryIO, advance: Advance) -> Iterator[bytes]:
    """Hand on the lines and tell how many KiB they are."""
    read_so_far = 0
    for line in lines:
        yield line
        read_so_far += len(line)
        advance(read_so_far // KIB, "KiB")
