"""What can be refused before a crawl starts, each in one line."""

from __future__ import annotations

from typing import NamedTuple

from scrapy.settings import Settings
from scrapy.spiderloader import get_spider_loader

from svcsat_crawler.sources.arguments import ArgumentError
from svcsat_crawler.sources.news import NewsSpider
from svcsat_crawler.sources.options import OptionsError
from svcsat_crawler.storage.mongo import Store, StoreError
from svcsat_crawler.storage.session import patience


class Problem(NamedTuple):
    """Why a crawl cannot start."""

    message: str
    exit_code: int


def preflight(settings: Settings, name: str, arguments: dict[str, str]) -> Problem | None:
    """Check spider, arguments, configuration and store; None when all are fine.

    Exit code 2 for what the user wrote, 1 for a store that is not there.
    """
    loader = get_spider_loader(settings)
    if name not in loader.list():
        return Problem(f"unknown spider {name!r}: there are {', '.join(sorted(loader.list()))}", 2)
    spider_class = loader.load(name)
    assert issubclass(spider_class, NewsSpider)
    try:
        spider_class(**arguments).configure(settings)
    except (ArgumentError, OptionsError, ValueError) as error:
        return Problem(str(error), 2)
    try:
        patience()
        Store.from_environment().close()
    except StoreError as error:
        return Problem(str(error), 1)
    return None
