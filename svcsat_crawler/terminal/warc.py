"""What ``scrapy warc`` does and prints."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

from scrapy.settings import BaseSettings
from scrapy.spiderloader import get_spider_loader

from svcsat_crawler.proof import archive
from svcsat_crawler.storage.mongo import Store
from svcsat_crawler.terminal.bar import progress
from svcsat_crawler.terminal.tables import console, counted
from svcsat_crawler.warc import index
from svcsat_crawler.warc.export import export
from svcsat_crawler.warc.records import WarcError


def write(path: Path, source: str | None) -> int:
    """Export; returns 1 when pages are missing or damaged."""
    with Store.from_environment() as store:
        query = archive.chosen(source, None)
        total = store.database.articles.count_documents(query)
        done = 0
        with progress("export", total) as advance:

            def count(articles: int) -> None:
                nonlocal done
                done += articles
                advance(done, "")

            found = export(store, path, source, count)
    out = console()
    written = f"{counted(found.articles, 'article')}, {counted(found.pages, 'page')}"
    out.print(f"{written} to {path}", soft_wrap=True, markup=False)
    if found.damaged:
        lost = counted(found.damaged, "page")
        out.print(f"[red]missing or damaged: {lost}[/red] (scrapy verify names them)")
    return 1 if found.damaged else 0


def read(names: list[str], settings: BaseSettings) -> int:
    """Import: a crawl of its own for each spider that has pages in the files; returns the worst exit code.

    Of a file that is cut off all whole records are read, and the exit code is not 0.
    """
    files = [Path(name) for name in names]
    if odd := [name for name in names if "," in name or "，" in name]:
        raise WarcError(f"{odd[0]!r}: a comma in the name of a file cannot be told to a spider; rename it")
    sites = index.sites_of(files)
    domains = _domains(settings)
    pages: Counter[str] = Counter()
    found = index.read(files, lambda host: _spider(host, domains) is not None)
    for capture in found.newest():
        pages[_spider(capture.host, domains) or ""] += 1
    out = console()
    for reason, count in found.skipped.most_common():
        out.print(f"[dim]left out: {count:,} {reason}[/dim]")
    if not pages and found.cut:
        raise WarcError(f"{found.cut[0]}; nothing of use stands before it")
    if not pages:
        raise WarcError(f"no page of {', '.join(sorted(domains))} in these files")
    worst = 0
    borrowed = _borrowed(found, domains)
    for spider in sorted(pages, key=lambda name: (borrowed[name], name)):  # originals before reprints
        out.print(f"{spider}: {counted(pages[spider], 'page')} of the {sites} site")
        command = [sys.executable, "-m", "scrapy", "crawl", spider, "-a", f"warc={','.join(names)}"]
        worst = max(worst, subprocess.run(command, check=False).returncode)
    for said in found.cut:
        print(f"scrapy warc: {said}; what stands before it is read, nothing behind it", file=sys.stderr)
    return worst or bool(found.cut)


def _borrowed(found: index.Index, domains: dict[str, list[str]]) -> Counter[str]:
    """Return how many articles of each spider reprint another spider's."""
    borrowed: Counter[str] = Counter()
    reprints = found.reprints()
    for content in found.articles:
        original = reprints.get(content[index.ARTICLE])
        if original and original.partition(":")[0] != content[index.ARTICLE].partition(":")[0]:
            host = urlsplit(content["row"]["url"]).hostname or ""
            borrowed[_spider(host, domains) or ""] += 1
    return borrowed


def _domains(settings: BaseSettings) -> dict[str, list[str]]:
    loader = get_spider_loader(settings)
    return {name: list(getattr(loader.load(name), "allowed_domains", ())) for name in loader.list()}


def _spider(host: str, domains: dict[str, list[str]]) -> str | None:
    for name, own in domains.items():
        if any(host == domain or host.endswith(f".{domain}") for domain in own):
            return name
    return None
