"""Pages that need JavaScript, through scrapy-playwright; nothing is imported until one is asked for.

The stock handler starts its 150 MB driver even when no request needs it, and a missing browser fails
each request while the crawl still exits 0.  Here both are settled when the spider is built.
"""

from __future__ import annotations

import os
import shutil
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from svcsat_crawler.sources.guard import has_public_name, refusal

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# No background traffic, no GPU: pages are read, not shown.
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


# Scroll until the page has no more links to show: waits for their number to grow, not for a time.
_SCROLL = """async limit => {
  const links = () => document.querySelectorAll("a[href]").length;
  for (let turn = 0; turn < limit; turn++) {
    const before = links(), started = Date.now();
    window.scrollTo(0, document.body.scrollHeight);
    while (links() <= before && Date.now() - started < 1500) await new Promise(go => setTimeout(go, 50));
    if (links() <= before) return;
  }
}"""


def listing_meta(turns: int) -> dict[str, Any]:
    """Return the request meta for a listing that scripts build; it is scrolled *turns* times at most."""
    from scrapy_playwright.page import PageMethod  # noqa: PLC0415 - brings the driver along

    return {
        "playwright": True,
        "playwright_page_goto_kwargs": {"wait_until": "networkidle"},
        "playwright_page_methods": [PageMethod("evaluate", _SCROLL, turns)],
    }


_NEEDLESS = frozenset(("image", "media", "font", "websocket"))


def unwanted(kind: str, url: str, domains: tuple[str, ...]) -> bool:
    """Whether a page's own request is not let out: needless, a page elsewhere, or no public host.

    *kind* is the browser's resource type.  Scripts may come from other public hosts, as pages need them.

    >>> domains = ("m.nfnews.com",)
    >>> unwanted("script", "https://cdn.example.com/a.js", domains)
    False
    >>> unwanted("document", "https://example.com/", domains), unwanted("xhr", "http://10.0.0.1/", domains)
    (True, True)
    """
    if kind in _NEEDLESS:
        return True
    if kind == "document":
        return refusal(url, domains) is not None
    return refusal(url, (urlsplit(url).hostname or "",)) is not None or not has_public_name(url)


class NoBrowser(ValueError):  # noqa: N818 - reads as what it says
    """No Chromium was found where it was looked for."""


def find_chromium(configured: str = "") -> str:
    """Return the path of a Chromium; *configured* (``SVCSAT_CHROMIUM``) wins.

    Raises NoBrowser with what was looked for and how to get one.
    """
    if configured:
        if os.access(configured, os.X_OK):
            return configured
        raise NoBrowser(f"SVCSAT_CHROMIUM={configured!r} is not an executable file")
    for name in NAMES:
        if path := shutil.which(name):
            return path
    raise NoBrowser(
        f"browser=1 needs Chromium and none of {', '.join(NAMES)} is on the PATH: "
        "install one (Debian: apt-get install chromium) or set SVCSAT_CHROMIUM"
    )


class BrowserFetcher:
    """One Chromium for the whole crawl, started on the first page that needs it."""

    def __init__(self, handler: Any, replica: str) -> None:
        self._handler = handler
        self._replica = replica

    @classmethod
    async def start(cls, crawler: Crawler, replica: str) -> BrowserFetcher:
        from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler  # noqa: PLC0415 - 150 MB driver

        args = list(FLAGS)
        if os.geteuid() == 0:
            args.append("--no-sandbox")
        if replica:
            args.append(f"--host-resolver-rules=MAP * {urlsplit(replica).netloc}")
        handler = ScrapyPlaywrightDownloadHandler(crawler)
        handler.config.launch_options = {
            "executable_path": find_chromium(crawler.settings["SVCSAT_CHROMIUM"]),
            "args": args,
        }
        domains = tuple(getattr(crawler.spider, "allowed_domains", ()))
        handler.abort_request = lambda request: unwanted(request.resource_type, request.url, domains)
        await handler._launch()
        return cls(handler, replica)

    async def fetch(self, request: Request) -> Response:
        """Return the page as the browser shows it once its scripts have run."""
        if not self._replica:
            return await self._handler.download_request(request)
        moved = request.replace(url=request.url.replace("https://", "http://", 1))
        response = await self._handler.download_request(moved)
        return response.replace(url=request.url, request=request)

    async def close(self) -> None:
        await self._handler.close()
