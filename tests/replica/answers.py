"""What the stand-in answers: prepared pages by address, and a few computed ones by host."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

HTML = "text/html; charset=utf-8"
HTML_BARE = "text/html"
JSON = "application/json;charset=UTF-8"
TEXT = "text/plain; charset=utf-8"

ALIASES = {
    "www.ep18.cn": "ep18.cn",
    "static.nfapp.southcn.com": "static.nfnews.com",
    "pc.nfapp.southcn.com": "pc.nfnews.com",
    "m.nfapp.southcn.com": "m.nfnews.com",
}
"""Hosts that show the same pages as another one."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One response; ``headers`` holds at least the content type."""

    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": HTML})

    @property
    def etag(self) -> str:
        return f'"{hashlib.blake2b(self.body, digest_size=8).hexdigest()}"'


Page = Answer | Callable[[], Answer]
Computed = Callable[[str, dict[str, str]], Answer | None]


def html(text: str, status: int = 200) -> Answer:
    return Answer(text.encode(), status)


def plain(text: str, status: int = 200) -> Answer:
    return Answer(text.encode(), status, {"Content-Type": TEXT})


def as_json(value: Any, status: int = 200) -> Answer:
    return Answer(json.dumps(value, ensure_ascii=False).encode(), status, {"Content-Type": JSON})


def redirect(location: str) -> Answer:
    return Answer(b"", 302, {"Content-Type": HTML, "Location": location})


class Sites:
    """All pages of all hosts.

    ``pages`` is keyed by (host, path); a path is looked up with its query first, then without.
    ``computed`` are asked last, in order, with the path and the query as a dict.
    """

    def __init__(self) -> None:
        self.pages: dict[tuple[str, str], Page] = {}
        self.computed: dict[str, list[Computed]] = {}
        self.missing: dict[str, Answer] = {}
        self.overrides: dict[tuple[str, str], Answer] = {}

    def add(self, host: str, path: str, page: Page) -> None:
        """Add a page; two pages at one address are a mistake in the plan."""
        if (host, path) in self.pages:
            raise ValueError(f"{host}{path} is planned twice")
        self.pages[host, path] = page

    def compute(self, host: str, handler: Computed) -> None:
        self.computed.setdefault(host, []).append(handler)

    def answer(self, host: str, target: str) -> Answer:
        """Answer for *target* (path and query) on *host*; the host's 404 page when there is none."""
        host = ALIASES.get(host, host)
        path = target.partition("?")[0]
        for key in ((host, target), (host, path)):
            if key in self.overrides:
                return self.overrides[key]
        page = self.pages.get((host, target)) or self.pages.get((host, path))
        if page is None:
            return self._compute(host, target)
        return page() if callable(page) else page

    def _compute(self, host: str, target: str) -> Answer:
        parts = urlsplit(f"http://{host}{target}")
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        for handler in self.computed.get(host, ()):
            if (answer := handler(parts.path, query)) is not None:
                return Answer(answer.body, answer.status, {**answer.headers, "Cache-Control": "no-store"})
        return self.missing.get(host) or plain("404 page not found\n", 404)
