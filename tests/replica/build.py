"""All sites put together."""

from __future__ import annotations

from tests.replica import web_archive
from tests.replica.answers import ALIASES, Sites
from tests.replica.bench import bench_entries
from tests.replica.ep18 import site as ep18
from tests.replica.finews import site as finews
from tests.replica.nanfangplus import site as nanfangplus

HOSTS = {*ALIASES, *ALIASES.values(), "nfplusapi.nfnews.com", "api.nfapp.southcn.com"} | {
    "finews.withounder.com",
    "raw.githubusercontent.com",
    web_archive.HOST,
}


def build(articles: int = 0) -> Sites:
    """Every page of every host; with *articles*, the load lists as well."""
    sites = Sites()
    ep18.add(sites, bench_entries(articles))
    nanfangplus.add(sites)
    finews.add(sites)
    web_archive.add(sites)
    return sites
