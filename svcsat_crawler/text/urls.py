"""Addresses in one form, through w3lib."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit, urlunsplit

from w3lib.url import canonicalize_url, safe_url_string


def absolute(base: str, href: str) -> str | None:
    """Return *href* as an absolute http(s) address without fragment, or None when it is none.

    >>> absolute("http://a.cn/web/x/index_2.html", "../../x/1.html")
    'http://a.cn/x/1.html'
    >>> absolute("http://a.cn/", "javascript:void(0)") is None
    True
    """
    href = (href or "").strip()
    if not href or href.startswith("#"):
        return None
    try:
        parts = urlsplit(urljoin(base, href))
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            return None
        return safe_url_string(urlunsplit(parts._replace(fragment="")))
    except ValueError:
        return None


def canonical(url: str, *, host: str | None = None, scheme: str | None = None, query: bool = True) -> str:
    """Return the canonical form of *url*: sorted query, no fragment, optionally another host.

    >>> canonical("https://static.nfapp.southcn.com/c1.html?a=1#x", host="static.nfnews.com", query=False)
    'https://static.nfnews.com/c1.html'
    """
    parts = urlsplit(url)
    changed = parts._replace(
        netloc=host or parts.netloc, scheme=scheme or parts.scheme, query=parts.query if query else ""
    )
    return canonicalize_url(urlunsplit(changed))
