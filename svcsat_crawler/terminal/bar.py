"""How far a long command has come: a bar for whoever is looking, a line now and then for a log."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

LINE_EVERY = 15.0
# Done so far, and what else is to be said.
Advance = Callable[[int, str], None]


class Steps(Protocol):
    """Is told how much of one kind of work is done, of how much, and what else is to be said."""

    def __call__(self, what: str, done: int, total: int, said: str = "") -> None: ...


@contextmanager
def steps() -> Iterator[Steps]:
    """Show on stderr how far each kind of work is that the yielded function is told of."""
    screen = Console(stderr=True)
    if not screen.is_terminal:
        yield _lines()
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[said]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    # What is printed meanwhile stands above the bars, but a file that it goes to gets it unchanged.
    with Progress(*columns, console=screen, transient=True, redirect_stdout=sys.stdout.isatty()) as bars:
        yield _bars(bars)


@contextmanager
def progress(what: str, total: int) -> Iterator[Advance]:
    """Show on stderr how much of *total* is done."""
    with steps() as step:
        step(what, 0, total)
        yield lambda done, said: step(what, done, total, said)


def _bars(bars: Progress) -> Steps:
    tasks: dict[str, TaskID] = {}

    def step(what: str, done: int, total: int, said: str = "") -> None:
        if what not in tasks:
            tasks[what] = bars.add_task(what, total=total, said="")
        bars.update(tasks[what], completed=done, total=total, said=said)

    return step


def _lines() -> Steps:
    last = time.monotonic()

    def step(what: str, done: int, total: int, said: str = "") -> None:
        nonlocal last
        if time.monotonic() - last >= LINE_EVERY:
            last = time.monotonic()
            print(f"{what}: {done:,} of {total:,}  {said}".rstrip(), file=sys.stderr, flush=True)

    return step
