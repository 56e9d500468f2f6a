"""The crawl's one connection to the store, shared by spider, pipelines and the run record."""

from __future__ import annotations

from scrapy.crawler import Crawler

from svcsat_crawler.storage.session import Session


class SessionExtension:
    """A Scrapy extension that holds the open Session.

    The store pipeline opens it first and the run record closes it last.
    """

    def __init__(self) -> None:
        self._session: Session | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> SessionExtension:
        return cls()

    @classmethod
    def of(cls, crawler: Crawler | None) -> SessionExtension:
        """Return the extension of *crawler*."""
        found = crawler.get_extension(cls) if crawler else None
        if found is None:
            raise RuntimeError("SessionExtension is missing from EXTENSIONS")
        return found

    @property
    def session(self) -> Session:
        if self._session is None:
            raise RuntimeError("the store is not open yet")
        return self._session

    async def open(self) -> None:
        """Connect; an error here ends the crawl with exit code 1."""
        if self._session is None:
            self._session = await Session.open()

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None
