"""What can be refused before a crawl starts, each in one line."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from scrapy.settings import Settings
from scrapy.spiderloader import get_spider_loader

from svcsat_crawler.shared.address import refusal
from svcsat_crawler.sources.arguments import ArgumentError
from svcsat_crawler.sources.news import NewsSpider
from svcsat_crawler.sources.options import OptionsError
from svcsat_crawler.storage.documents import now
from svcsat_crawler.storage.live_runs import claim
from svcsat_crawler.storage.mongo import Store, StoreError
from svcsat_crawler.storage.session import patience
from svcsat_crawler.text.times import BEIJING
from svcsat_crawler.warc.index import sites_of
from svcsat_crawler.warc.records import WarcError

# A run of the spider is under way already.
UNDER_WAY = 6


class Problem(NamedTuple):
    """Why a crawl cannot start."""

    message: str
    exit_code: int


def preflight(
    settings: Settings, name: str, arguments: dict[str, str], *, shares: bool = True
) -> Problem | None:
    """Check spider, arguments, configuration, store and, if it *shares* the crawl, Redis; None when all are fine.

    Exit code 2 for what the user wrote, 1 for a store or a Redis that is not there, 6 while another run goes on.
    """
    loader = get_spider_loader(settings)
    if name not in loader.list():
        return Problem(f"unknown spider {name!r}: there are {', '.join(sorted(loader.list()))}", 2)
    spider_class = loader.load(name)
    assert issubclass(spider_class, NewsSpider)
    try:
        spider = spider_class(**arguments)
        spider.configure(settings)
    except (ArgumentError, OptionsError, ValueError) as error:
        return Problem(str(error), 2)
    shared = bool(shares and settings["SVCSAT_REDIS"])
    if shared and (problem := _not_shared(settings["SVCSAT_REDIS"], spider)):
        return problem
    try:
        patience()
        with Store.from_environment() as store:
            store.refuse_other_schema()
            sites = "stand-in" if settings["SVCSAT_REPLICA"] else "live"
            if files := spider.arguments.warc:
                sites = sites_of(map(Path, files))
            return _other_sites(store, sites) or _other_run(store, name, arguments, shared=shared)
    except StoreError as error:
        return Problem(str(error), 1)
    except WarcError as error:
        return Problem(str(error), 2)


def _not_shared(address: str, spider: NewsSpider) -> Problem | None:
    if spider.arguments.warc:
        return Problem("warc= is read by one process: leave SVCSAT_REDIS unset", 2)
    found = refusal(address)
    return Problem(found.message, 2 if found.written else 1) if found else None


def _other_sites(store: Store, sites: str) -> Problem | None:
    """Refuse to mix the invented articles of stand-in sites with those of the live ones."""
    meta = store.database.meta
    meta.update_one({"_id": "sites"}, {"$setOnInsert": {"kind": "sites", "sites": sites}}, upsert=True)
    found = meta.find_one({"_id": "sites"})
    if found is None or found["sites"] == sites:
        return None
    return Problem(
        f"the store {store.shown_uri} holds articles of {found['sites']} sites and this crawl is of "
        f"{sites} ones (SVCSAT_REPLICA): choose another SVCSAT_DATA_DIR or MONGODB_URI",
        2,
    )


def _other_run(store: Store, name: str, arguments: dict[str, str], *, shared: bool) -> Problem | None:
    """Refuse a second run of a spider on this machine, into this store; workers of a shared crawl belong together."""
    if shared:
        return None
    other = claim(store.database, name, arguments.get("_job"), now())
    if other is None:
        return None
    since = other["started"].astimezone(BEIJING)
    return Problem(
        f"{name} is being crawled by process {other['pid']} since {since:%m-%d %H:%M} (+08:00): wait for its end, or "
        f"stop it (kill {other['pid']}; it keeps what it has) and start again",
        UNDER_WAY,
    )
