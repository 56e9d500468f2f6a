"""Walking a list: its rows, when to stop, and what the next run may rely on.

Pure bookkeeping, no Scrapy.  A list's state is kept between runs.  Paging may stop at a page that
holds only known rows if an earlier walk of the same list has come to its own end: after a kill the
state is still ``open``, and the next run walks on to where the first one never came.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

Kind = Literal["article", "external", "other"]
# How many rows of a list's top are remembered as seen although they are not stored (filtered out,
# external): three pages, so that two whole ones remain whatever the offset.
HEAD_ROWS = 75


@dataclass(slots=True, kw_only=True)
class Row:
    """One row of a list."""

    key: str
    url: str
    title: str
    listed: date | None = None
    signature: str = ""
    kind: Kind = "article"
    reason: str = ""
    data: dict[str, Any] = field(default_factory=dict)

    def as_record(self) -> dict[str, Any]:
        """Return what is needed to ask for it again in another run."""
        return {
            "key": self.key,
            "url": self.url,
            "title": self.title,
            "listed": self.listed.isoformat() if self.listed else None,
            "signature": self.signature,
            "kind": self.kind,
            "reason": self.reason,
            "data": self.data,
        }

    @property
    def mark(self) -> str:
        """What tells the row in a list's head; a topic that has changed is another one."""
        return self.key if self.kind == "article" else f"{self.key}@{self.signature}"

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> Row:
        listed = record.get("listed")
        return cls(**{**record, "listed": date.fromisoformat(listed) if listed else None})


@dataclass(slots=True, kw_only=True)
class Listing:
    """What one page of a list holds."""

    rows: list[Row]
    next_url: str | None = None
    broken: list[str] = field(default_factory=list)
    read_by: str = ""
    total: int | None = None


@dataclass(slots=True)
class ListWalk:
    """One list in one run.

    *cap* is the page limit in force, *since* the date limit; stored articles from *recheck* on are asked for
    again, so that paging goes on as far as there are some; *state* is what the last run left:
    ``{"complete": bool, "cap": int | None, "since": str | None, "scope": str, "head": [key, …]}``;
    *validators* are the ETag and Last-Modified of its first page.
    """

    name: str
    url: str
    cap: int | None = None
    since: date | None = None
    until: str | None = None
    recheck: date | None = None
    full: bool = False
    scope: str = ""
    state: dict[str, Any] = field(default_factory=dict)
    pages: int = 0
    rows: int = 0
    new: int = 0
    known: int = 0
    outside: int = 0
    filtered: int = 0
    external: int = 0
    broken: int = 0
    stopped: str = ""
    why: str = ""
    last_url: str = ""
    head: list[str] = field(default_factory=list)
    gone: bool = False
    validators: dict[str, str] = field(default_factory=dict)
    first_rows: int = 0
    more: bool = False
    total: int | None = None
    read_by: str = ""
    _held: set[frozenset[str]] = field(default_factory=set)
    _urls: set[str] = field(default_factory=set)

    def remember(self, state: dict[str, Any]) -> None:
        """Take over what the last run left of this list."""
        self.state = state

    @property
    def may_stop_at_known(self) -> bool:
        """Whether an earlier walk has covered at least what this one is asked for."""
        if self.full or not self.state.get("complete") or self.state.get("scope") != self.scope:
            return False
        cap, since = self.state.get("cap"), self.state.get("since")
        deep_enough = cap is None or (self.cap is not None and self.cap <= cap)
        old_enough = since is None or (self.since is not None and self.since.isoformat() >= since)
        return deep_enough and old_enough

    def conditions(self) -> dict[str, str]:
        """Return the headers that ask for the first page only if it has changed since the last walk."""
        if self.recheck or not self.may_stop_at_known or self.state.get("until") != self.until:
            return {}
        kept = self.state.get("validators") or {}
        named = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}
        return {named[name]: value for name, value in kept.items() if name in named}

    def unchanged(self) -> None:
        """Take in that the first page is what it was: the whole list counts as known."""
        self.head = list(self.state.get("head", ()))
        self.validators = self.state.get("validators") or {}
        self.stop("unchanged", "not modified since the last walk (HTTP 304)")

    def seen(self, row: Row) -> bool:
        """Whether a row that is not stored stood at the list's top in the last complete walk."""
        return self.state.get("scope") == self.scope and row.mark in self.state.get("head", ())

    def turn(self, listing: Listing, *, all_known: bool, url: str) -> str | None:
        """Take in one page; return why paging stops here, or None to go on."""
        keys = frozenset(row.key for row in listing.rows)
        repeat = bool(keys) and keys in self._held
        self._held.add(keys)
        self._urls.add(url)
        if self.pages == 0:
            self.first_rows, self.more = len(listing.rows), listing.next_url not in (None, url)
            self.total, self.read_by = listing.total, listing.read_by
        self.pages += 1
        self.rows += len(listing.rows)
        self.broken += len(listing.broken)
        self.last_url = url
        room = HEAD_ROWS - len(self.head)
        if room > 0:
            self.head.extend([row.mark for row in listing.rows][:room])
        dates = [row.listed for row in listing.rows if row.listed]
        if repeat:
            return self.stop("repeat", "the page holds the same rows as an earlier one")
        if not listing.rows:
            return self.stop("empty", "no rows" if self.pages == 1 else "a page without rows")
        recent = self.recheck is not None and any(day >= self.recheck for day in dates)
        if all_known and self.may_stop_at_known and not recent:
            return self.stop("known", "only known rows, and an earlier walk came to the end")
        if self.since and dates and max(dates) < self.since:
            return self.stop("since", f"all rows are older than {self.since}")
        if listing.next_url in (None, url):  # a last page may name itself as the next
            return self.stop("end", "no next page")
        if listing.next_url in self._urls:
            return self.stop("repeat", f"the pager leads back to {listing.next_url}")
        if self.cap is not None and self.pages >= self.cap:
            return self.stop("max_pages", f"{self.cap} pages")
        return None

    def stop(self, reason: str, why: str = "") -> str:
        if not self.stopped:
            self.stopped, self.why = reason, why
        return self.stopped

    def resume(self) -> None:
        """Take back a stop: the page is asked for elsewhere."""
        if self.stopped == "empty":
            self.pages -= 1
        self.stopped = self.why = ""

    @property
    def ended(self) -> bool:
        """Whether the walk came to an end of its own, as opposed to a failure or a kill."""
        return self.stopped in ("end", "known", "unchanged", "since", "max_pages") or (
            self.stopped == "empty" and self.pages > 1
        )

    def next_state(self) -> dict[str, Any]:
        """Return the state to keep for the next run."""
        if self.stopped in ("known", "unchanged"):
            kept = {name: self.state.get(name) for name in ("cap", "since")}
        else:
            kept = {
                "cap": self.cap if self.stopped == "max_pages" else None,
                "since": self.since.isoformat() if self.since and self.stopped == "since" else None,
            }
        own = {"complete": self.ended, "scope": self.scope, "head": self.head, "until": self.until}
        return {**own, "validators": self.validators, **kept}

    def record(self) -> dict[str, Any]:
        """Return what the run record says about this list."""
        names = ("name", "url", "pages", "rows", "new", "known", "outside", "filtered", "external", "broken")
        first = ("first_rows", "more", "total", "read_by")
        return {
            **{name: getattr(self, name) for name in (*names, *first)},
            "last_url": self.last_url,
            "stopped": self.stopped or "not finished",
            "why": self.why,
        }
