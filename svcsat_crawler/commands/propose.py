"""``scrapy propose``: selectors for a layout that has changed, from archived pages; printed, never applied."""

from __future__ import annotations

import argparse
import sys
from typing import Any, ClassVar

from pymongo.errors import PyMongoError
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from scrapy.spiderloader import get_spider_loader

from svcsat_crawler.sources.news import NewsSpider
from svcsat_crawler.storage.mongo import Store, StoreError
from svcsat_crawler.terminal.output import printing


class Command(ScrapyCommand):
    """Print selectors that read the pages in quarantine."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        return "<spider>"

    def short_desc(self) -> str:
        return "Propose selectors that read the pages in quarantine; prints them, changes nothing"

    def long_desc(self) -> str:
        return (
            "Looks at the spider's pages in quarantine and at those that only the generic extractor could "
            "read, tries what it finds with the site's own parser, and prints lines for a file that "
            "SVCSAT_SITES names. Exit code 0 with a proposal, 1 without one."
        )

    @printing("scrapy propose")
    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from svcsat_crawler.proposals import archive, choosing, trying

        assert self.settings is not None
        loader = get_spider_loader(self.settings)
        if len(args) != 1 or args[0] not in loader.list():
            raise UsageError(f"name one spider: {', '.join(sorted(loader.list()))}")
        name = args[0]
        try:
            kind = loader.load(name)
            assert issubclass(kind, NewsSpider)
            spider = kind()
            spider.configure(self.settings)
            if "article" not in spider.options:
                self._end(f"{name} has no selectors to set: its pages are read by their structure")
                return
            with Store.from_environment() as store:
                store.refuse_other_schema()
                broken = archive.unusable(store.database, name)
                good = archive.readable(store.database, name)
        except ValueError as error:
            self._end(str(error), 2)
            return
        except (StoreError, PyMongoError) as error:
            self._end(" ".join(str(error).split())[:500])
            return
        if not broken:
            self._end("no page is in quarantine, and none was read by the generic extractor")
            return
        proposal = trying.propose(spider, broken, good)
        if proposal is None or not proposal.read:
            self._end(
                f"nothing on the {len(broken)} pages looks like an article that these selectors do not fit"
            )
            return
        for place, found in proposal.found.items():
            for each in found:
                print(f"# {place}: {each.name} fits {each.pages} of {len(broken)} pages")
        print(f"# with the lines below the parser reads {proposal.read} of {proposal.broken} unusable pages,")
        print(f"# and {proposal.same} of {proposal.old} articles of before as before")
        print(choosing.toml(name, proposal.rules))
        told = f"put this into a file, name it in SVCSAT_SITES, then: scrapy replay {name}; scrapy reextract --apply"
        print(told, file=sys.stderr)

    def _end(self, why: str, code: int = 1) -> None:
        print(f"scrapy propose: {why}", file=sys.stderr)
        self.exitcode = code
