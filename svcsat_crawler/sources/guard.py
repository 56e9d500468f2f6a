"""The last gate before a request leaves: only the spider's own hosts, only public addresses.

Scrapy's own off-site filter lets a retried request pass that is then redirected elsewhere, and knows
nothing of ports, log-ins in addresses, or names that resolve to this machine.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from typing import Any, ClassVar
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError, IgnoreRequest
from scrapy.resolver import CachingThreadedResolver
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

_PORTS = {"http": (None, 80), "https": (None, 443)}
# A host as it is sent: letters, digits, hyphens, dots.  Whatever else stands in it (a log-in, a
# backslash, a full-width dot) two programs may read differently.
_PLAIN = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?", re.IGNORECASE)


class OffLimits(IgnoreRequest):
    """A request that this crawl must not make; the message says why."""


def refusal(url: str, domains: Iterable[str]) -> str | None:
    """Return why *url* must not be asked for, or None.  Subdomains of *domains* are theirs.

    >>> refusal("http://www.ep18.cn/a.html", ["ep18.cn"])
    >>> refusal("http://ep18.cn@127.0.0.1/", ["ep18.cn"])
    "'ep18.cn@127.0.0.1' is no plain host name"
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        return f"no address: {error}"
    if parts.scheme not in _PORTS:
        return f"{parts.scheme or 'nothing'}: is neither http nor https"
    if not _PLAIN.fullmatch(parts.netloc):
        return f"{parts.netloc!r} is no plain host name"
    host = parts.hostname or ""
    if not any(host == domain or host.endswith(f".{domain}") for domain in domains):
        return f"{host} is none of this spider's hosts"
    if port not in _PORTS[parts.scheme]:
        return f"port {port} of {host} is not the web's"
    return None


class GuardMiddleware:
    """Downloader middleware before all others: what must not be asked for never gets further.

    It takes the place of Scrapy's OffsiteMiddleware, whose refusals no errback hears of.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> GuardMiddleware:
        return cls(crawler)

    def process_request(self, request: Request, spider: Spider | None = None) -> None:
        if why := refusal(request.url, getattr(self.crawler.spider, "allowed_domains", ())):
            self._count("refused")
            raise OffLimits(f"{request.url}: {why}")

    def process_exception(self, request: Request, exception: Exception, spider: Spider | None = None) -> None:
        if isinstance(exception, CannotResolveHostError) and (
            why := why_unresolved(urlparse_cached(request).hostname or "")
        ):
            self._count("private_address")
            raise OffLimits(why) from exception

    def _count(self, what: str) -> None:
        assert self.crawler.stats
        self.crawler.stats.inc_value(f"svcsat/guard/{what}")


def is_public(address: str) -> bool:
    """Whether an IP address lies on the public internet.

    >>> [is_public(ip) for ip in ("8.8.8.8", "127.0.0.1", "10.0.0.1", "169.254.169.254", "::ffff:10.0.0.1")]
    [True, False, False, False, False]
    """
    found = ipaddress.ip_address(address)
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_global


def has_public_name(url: str) -> bool:
    """Whether the host of *url* is a name of the public internet, or a public address.

    >>> has_public_name("https://cdn.example.com/"), has_public_name("http://127.0.0.1/"), has_public_name("http://nas/")
    (True, False, False)
    """
    host = urlsplit(url).hostname or ""
    try:
        return is_public(host)
    except ValueError:  # a name
        last = host.rpartition(".")[2]
        return "." in host and not last.isdigit() and last not in ("local", "localhost", "internal", "lan")


class PublicResolver(CachingThreadedResolver):
    """Scrapy's resolver; a name that leads to a private address is not connected to.

    Twisted tells its callers no more than that there is no address, so ``refused`` keeps which it was.
    """

    refused: ClassVar[dict[str, str]] = {}

    def getHostByName(self, name: str, timeout: Any = ()) -> Deferred[str]:  # noqa: N802 - Twisted's name
        found: Deferred[str] = super().getHostByName(name, timeout)
        return found.addCallback(self._public, name)

    def _public(self, address: str, name: str) -> str:
        if name != address and not is_public(address):  # an address of its own is the stand-in's
            self.refused[name] = address
            raise DNSLookupError(f"{name} resolves to {address}, which is no public address")
        return address


def why_unresolved(host: str) -> str | None:
    """Return why a host was taken for one without address, when it was this guard that said so."""
    if address := PublicResolver.refused.get(host):
        return (
            f"{host} resolves to {address}, which is no public address; if your network maps names on "
            "purpose, set SVCSAT_PRIVATE_ADDRESSES=1"
        )
    return None
