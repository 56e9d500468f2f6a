"""``scrapy schedule``: run the timetable, show it, check it."""

from __future__ import annotations

import argparse
import os
import re
import sys
from pathlib import Path

from pymongo.errors import PyMongoError
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from scrapy.utils.conf import closest_scrapy_cfg

from svcsat_crawler.storage.errors import StoreError
from svcsat_crawler.terminal.output import printing

ACTIONS = ("run", "show", "check")
MOST_SECONDS = 60.0


class Command(ScrapyCommand):
    """Have scrapyd crawl by the timetable."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        return "run | show | check [options]"

    def short_desc(self) -> str:
        return "Have scrapyd crawl by a timetable: run, show or check it"

    def long_desc(self) -> str:
        return (
            "run: ask scrapyd for what is due, until SIGTERM; show: last run, verdict and next run of every "
            "entry; check: whether the timetable can be used. scrapyd is at SCRAPYD_URL (default: port 6800 "
            "of this machine), its login in SCRAPYD_USERNAME and SCRAPYD_PASSWORD."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--file", metavar="FILE", help="default: $SVCSAT_SCHEDULE, else schedule.toml beside scrapy.cfg"
        )
        parser.add_argument(
            "--every", metavar="SECONDS", default="10", help="run: look so often (default 10)"
        )

    @printing("scrapy schedule")
    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from svcsat_crawler.schedule.lease import Held
        from svcsat_crawler.schedule.timetable import ScheduleError
        from svcsat_crawler.terminal import schedule

        if len(args) != 1 or args[0] not in ACTIONS:
            raise UsageError(f"say one of {', '.join(ACTIONS)}")
        if not re.fullmatch(r"\d{1,2}(\.\d+)?", opts.every) or not 0 < float(opts.every) <= MOST_SECONDS:
            raise UsageError(f"--every {opts.every!r} is no number of seconds up to {MOST_SECONDS:.0f}")
        assert self.settings is not None
        chosen = opts.file or os.environ.get("SVCSAT_SCHEDULE")
        path = Path(chosen) if chosen else Path(closest_scrapy_cfg()).with_name("schedule.toml")
        file = schedule.File(path, self.settings)
        try:
            if args[0] == "check":
                schedule.check(file)
            elif args[0] == "show":
                schedule.show(file)
            else:
                schedule.keep(file, float(opts.every), self.settings)
        except ScheduleError as error:
            self._end(2, str(error))
        except (StoreError, PyMongoError, Held) as error:
            self._end(1, " ".join(str(error).split())[:500])

    def _end(self, code: int, message: str) -> None:
        print(f"scrapy schedule: {message}", file=sys.stderr)
        self.exitcode = code
