"""What ``scrapy schedule`` does and prints."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from typing import Any

from rich.table import Table
from rich.text import Text
from scrapy.settings import Settings
from scrapy.spiderloader import get_spider_loader
from scrapy.utils.log import configure_logging

from svcsat_crawler.schedule.decisions import State, shown
from svcsat_crawler.schedule.lease import holding, in_force
from svcsat_crawler.schedule.memory import Memory
from svcsat_crawler.schedule.runner import Runner
from svcsat_crawler.schedule.scrapyd import Scrapyd
from svcsat_crawler.schedule.timetable import Entry, ScheduleError, read
from svcsat_crawler.storage.documents import now
from svcsat_crawler.storage.mongo import Store
from svcsat_crawler.terminal.tables import COLOURS, console


class File:
    """A timetable whose spiders and arguments are those of this project; read again when it changes."""

    def __init__(self, path: Path, settings: Settings) -> None:
        self.path = path
        self._settings = settings
        self._text = ""
        self._entries: list[Entry] = []

    def entries(self) -> list[Entry]:
        """Return its entries; raises ScheduleError with one line."""
        try:
            text = self.path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is no UTF-8"
            raise ScheduleError(f"{self.path} cannot be read: {why}") from error
        if text != self._text:
            found = read(text, self.path.name)
            for entry in found:
                self._check(entry)
            self._text, self._entries = text, found
        return self._entries

    def _check(self, entry: Entry) -> None:
        """Refuse what the spider would refuse, before it is asked for at night."""
        loader = get_spider_loader(self._settings)
        if entry.spider not in loader.list():
            known = ", ".join(sorted(loader.list()))
            raise ScheduleError(
                f"{self.path.name}: [{entry.name}] spider = {entry.spider!r}: unknown, there are {known}"
            )
        try:
            loader.load(entry.spider)(**entry.arguments).configure(self._settings)  # type: ignore[attr-defined]
        except ValueError as error:
            raise ScheduleError(f"{self.path.name}: [{entry.name}] arguments: {error}") from error


def check(file: File) -> None:
    """Print the entries with their next times."""
    at = now()
    for entry in file.entries():
        print(f"{entry.name}: {entry.spider}, next at {shown(next(entry.after(at)))}")
    print(f"{file.path} can be used")


def keep(file: File, every: float, settings: Settings) -> None:
    """Run the timetable until SIGTERM or Ctrl-C."""
    file.entries()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    configure_logging(settings)
    with Store.from_environment() as store:
        store.prepare()
        Runner(file.entries, store, Scrapyd.from_environment()).run(stop, every)


def show(file: File) -> None:
    """Print the timetable: what ran last, what came of it, what is next; then what needs a look."""
    entries = file.entries()
    at = now()
    with Store.from_environment() as store:
        store.prepare()
        memory = Memory(store)
        states = memory.states()
        records = memory.records(states.values())
        holder = holding(memory)
    table = Table(box=None, pad_edge=False)
    for name in ("entry", "spider", "last run", "verdict", "next run"):
        table.add_column(name, overflow="fold")
    remarks = []
    for entry in entries:
        state = states.get(entry.name)
        word, cause = verdict(state, records)
        table.add_row(
            entry.name,
            entry.spider,
            shown(state.asked) if state else "",
            Text(word, COLOURS.get(word, "")),
            shown(next(entry.after(at))),
        )
        if cause and word not in ("good", "no news"):
            remarks.append(f"{entry.name}: {word} – {cause}")
        if state and state.skipped and (state.asked is None or state.asked < state.skipped):
            remarks.append(f"{entry.name}: skipped {shown(state.skipped)}, it was too late for it")
        if state and state.waits:
            remarks.append(f"{entry.name} waits: {state.waits}")
    out = console()
    out.print(table)
    for remark in remarks:
        out.print(Text(remark), soft_wrap=True)
    if holder and in_force(holder, at):
        who = f"process {holder['pid']} on {holder['host']}, since {shown(holder['started'])}"
        out.print(Text(f"the scheduler is {who}; times are in +08:00", "dim"), soft_wrap=True)
    else:
        out.print("[yellow]no scheduler is running: start one with scrapy schedule run[/yellow]")


def verdict(state: State | None, records: dict[str, dict[str, Any]]) -> tuple[str, str]:
    """Return the verdict of an entry's last run and its cause, as far as they are known."""
    if state is None:
        return "", ""
    record = records.get(state.job or "")
    if state.phase == "asked":
        return (record["verdict"], record["cause"]) if record else ("asked for", "")
    return state.verdict, state.cause
