"""``scrapy notify``: tell the configured channels what they do not know yet, or test them."""

from __future__ import annotations

import argparse
import socket
import sys
from typing import Any, ClassVar

from pymongo.errors import PyMongoError
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from svcsat_crawler.storage.documents import now
from svcsat_crawler.storage.mongo import Store, StoreError
from svcsat_crawler.terminal.output import printing


class Command(ScrapyCommand):
    """Send what is due, or a test message."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        return "[--test]"

    def short_desc(self) -> str:
        return "Tell 企业微信, 钉钉, 飞书, e-mail or a webhook which spiders changed their state; --test tries them"

    def long_desc(self) -> str:
        return (
            "Every crawl does this by itself at its end. Channels are SVCSAT_NOTIFY_WECOM, _DINGTALK, _FEISHU, "
            "_WEBHOOK and _EMAIL. Exit code 0 when all took their messages, 1 when one did not, 2 for a "
            "wrong address or none."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--test", action="store_true", help="send a test message to every channel")

    @printing("scrapy notify")
    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from svcsat_crawler.notifying import channels, message, sending, telling

        if args:
            raise UsageError("scrapy notify takes no arguments but --test")
        try:
            found = channels.configured()
        except channels.ChannelError as error:
            self._end(2, str(error))
            return
        if not found:
            names = ", ".join(
                f"{channels.PREFIX}{name}" for name in ("WECOM", "DINGTALK", "FEISHU", "WEBHOOK", "EMAIL")
            )
            self._end(2, f"no channel is configured: set one of {names}")
            return
        if opts.test:
            results = sending.send_all(message.trial(now(), socket.gethostname()), found)
            self._show("test message", results)
            return
        try:
            with Store.from_environment() as store:
                store.prepare()
                told = telling.tell(store, found)
        except (StoreError, PyMongoError) as error:
            self._end(1, " ".join(str(error).split())[:500])
            return
        for each in told:
            self._show(f"{each.spider}: {each.state.key}", each.results)
        if not told:
            print("nothing new to tell")

    def _show(self, what: str, results: list[Any]) -> None:
        """Print what became of each channel's message."""
        for result in results:
            if result.reason:
                self._end(1, f"{what}: not sent: {result.reason}")
            else:
                print(f"{what}: sent to {result.channel.name} ({result.channel.host})")

    def _end(self, code: int, why: str) -> None:
        print(f"scrapy notify: {why}", file=sys.stderr)
        self.exitcode = code
