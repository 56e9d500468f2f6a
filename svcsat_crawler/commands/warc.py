"""``scrapy warc``: the archive as a WARC file, and WARC files of any crawler into the store."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any, ClassVar

from pymongo.errors import PyMongoError
from scrapy.commands import ScrapyCommand
from scrapy.spiderloader import get_spider_loader

from svcsat_crawler.storage.errors import StoreError
from svcsat_crawler.terminal.output import printing

RIGHT = "scrapy warc export FILE.warc.gz [--source SPIDER], or scrapy warc import FILE …"


class Command(ScrapyCommand):
    """Export and import; nothing is fetched."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        return "export FILE.warc.gz [--source SPIDER] | import FILE …"

    def short_desc(self) -> str:
        return "Write the archived pages to a WARC file; read WARC files of any crawler into the store"

    def long_desc(self) -> str:
        return (
            "export: a response record for each archived page and a metadata record with the list row of each "
            "article; a name that ends in .gz is compressed. import: pages of the spiders' own sites go through "
            "the same parsers, pipelines and store as a crawl (scrapy crawl SPIDER -a warc=FILE for each spider "
            "that has some); no request is made. What is left out is counted with the reason."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--source", metavar="SPIDER", help="export only what this spider read")

    @printing("scrapy warc")
    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from svcsat_crawler.terminal import warc
        from svcsat_crawler.warc.records import WarcError

        assert self.settings is not None
        sources = sorted(get_spider_loader(self.settings).list())
        try:
            if opts.source is not None and opts.source not in sources:
                raise WarcError(f"unknown source {opts.source!r}: there are {', '.join(sources)}")
            match args:
                case ["export", name] if not name.startswith("-"):
                    self.exitcode = warc.write(Path(name), opts.source)
                case ["import", *names] if names and not opts.source:
                    self.exitcode = warc.read(names, self.settings)
                case _:
                    raise WarcError(f"{' '.join(args) or 'no action'}: right is {RIGHT}")
        except WarcError as error:
            self._refuse(str(error), 2)
        except (StoreError, PyMongoError) as error:
            self._refuse(" ".join(str(error).split())[:300], 1)
        except KeyboardInterrupt:
            self._refuse("interrupted", 130)

    def _refuse(self, message: str, code: int) -> None:
        print(f"scrapy warc: {message}", file=sys.stderr)
        self.exitcode = code
