"""``scrapy ledger``: bring the answers (ledger, audit, gaps) up to date, make them anew, or say how they are."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import Any, ClassVar

from scrapy.commands import ScrapyCommand

from svcsat_crawler.storage.errors import StoreError
from svcsat_crawler.terminal.output import printing

RIGHT = "scrapy ledger update | rebuild | status"


class Command(ScrapyCommand):
    """Work on the answers that are made of the stored facts."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        return "update | rebuild | status"

    def short_desc(self) -> str:
        return "Bring ledger, audit and gaps up to date, or make them anew from all facts"

    @printing("scrapy ledger")
    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from svcsat_crawler.terminal import ledger

        actions: dict[str, Callable[[], None]] = {
            "update": ledger.update,
            "rebuild": ledger.rebuild,
            "status": ledger.status,
        }
        if len(args) != 1 or args[0] not in actions:
            print(f"scrapy ledger: {' '.join(args) or 'no action'}: right is {RIGHT}", file=sys.stderr)
            self.exitcode = 2
            return
        try:
            actions[args[0]]()
        except StoreError as error:
            print(f"scrapy ledger {args[0]}: {error}", file=sys.stderr)
            self.exitcode = 1
        except KeyboardInterrupt:
            hint = "what is done is done, run it again for the rest"
            print(f"scrapy ledger {args[0]}: interrupted; {hint}", file=sys.stderr)
            self.exitcode = 130
