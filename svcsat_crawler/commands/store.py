"""``scrapy store``: where the store is, how it is, and moving it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from scrapy.commands import ScrapyCommand

from svcsat_crawler.storage.errors import StoreError
from svcsat_crawler.terminal.output import printing

RIGHT = "scrapy store uri | status | stop | dump DIR | restore DIR | check | migrate [--dry-run]"


class Command(ScrapyCommand):
    """Work on the store that MONGODB_URI names, or on the embedded one."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        return RIGHT.removeprefix("scrapy store ")

    def short_desc(self) -> str:
        return "Address, state and stop of the store; dump, restore, check and migrate it"

    def long_desc(self) -> str:
        return (
            "uri: print the address (starts the embedded store); status: what runs, where, how much; "
            "stop: stop the embedded store; dump DIR, restore DIR: copy everything to and from "
            "files in mongodump's format; check: whether it is whole, exit code 1 when not; migrate: bring an "
            "older store to this program's schema, --dry-run only says what would change."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--dry-run", action="store_true", help="migrate: only say what would change")

    @printing("scrapy store")
    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from svcsat_crawler.terminal import store, whole

        actions: dict[str, tuple[int, Callable[..., int | None]]] = {
            "uri": (0, store.uri),
            "status": (0, store.status),
            "stop": (0, store.stop),
            "dump": (1, store.dump),
            "restore": (1, store.restore),
            "check": (0, whole.check_store),
            "migrate": (0, partial(whole.migrate_store, dry_run=opts.dry_run)),
        }
        action = actions.get(args[0]) if args else None
        fits = (
            action is not None and len(args) - 1 == action[0] and (not opts.dry_run or args[0] == "migrate")
        )
        if action is None or not fits or any(word.startswith("-") for word in args):
            print(f"scrapy store: {' '.join(args) or 'no action'}: right is {RIGHT}", file=sys.stderr)
            self.exitcode = 2
            return
        try:
            self.exitcode = action[1](*map(Path, args[1:])) or 0
        except StoreError as error:
            print(f"scrapy store {args[0]}: {error}", file=sys.stderr)
            self.exitcode = 1
        except KeyboardInterrupt:
            print(f"scrapy store {args[0]}: interrupted", file=sys.stderr)
            self.exitcode = 130
