"""Which article of a text came first, for texts that several workers hold at the same moment."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime

from svcsat_crawler.shared.queue import ReliableQueue, SharedError

First = tuple[str, datetime | None]


class SharedTexts:
    """What a dict's ``setdefault`` is to one process.

    *fail* is told when Redis cannot say.  The article then counts as the first: the crawl ends with that
    error, and clusters find the reprint.
    """

    def __init__(self, queue: ReliableQueue, fail: Callable[[SharedError], None]) -> None:
        self._queue = queue
        self._fail = fail

    def setdefault(self, text_hash: str, first: First) -> First:
        """Return key and time of the article that this text belongs to: *first*, unless one was named before."""
        key, published = first
        value = json.dumps([key, published.isoformat() if published else None])
        try:
            found_key, found = json.loads(self._queue.first(text_hash, value))
        except SharedError as error:
            self._fail(error)
            return first
        return found_key, datetime.fromisoformat(found) if found else None
