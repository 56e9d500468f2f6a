"""The stand-in as a server in a thread of its own, with its request log and its switches."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter
from email.utils import formatdate
from types import TracebackType
from typing import Any, NamedTuple, Self, TextIO

from tests.replica.answers import ALIASES, HTML, Answer, Sites, plain
from tests.replica.build import HOSTS, build
from tests.replica.faults import Fault
from tests.replica.wire import Wire

COUNTERS = ("/e/public/onclick", "/e/public/ViewClick", "/e/pl/", "/nfplus-cmt-web/")
"""Addresses that count a visit or serve comments; a crawl never asks for them."""


class Seen(NamedTuple):
    """One request; equal to the plain tuple (host, path with query, status).  Cut off counts as 0."""

    host: str
    path: str
    status: int


class Replica:
    """``with Replica() as replica:`` serves every host at ``replica.url`` by its Host header.

    ``articles`` adds the load lists with that many generated articles each; ``log`` gets a line a request:
    seconds since the start, host, path with query, status.
    """

    def __init__(self, *, articles: int = 0, port: int = 0, log: TextIO | None = None) -> None:
        self.sites: Sites = build(articles)
        self.requests: list[Seen] = []
        self.arrivals: list[float] = []
        self.faults: list[Fault] = []
        self.port = port
        self._log = log
        self._wires: set[Wire] = set()
        self._loop: asyncio.AbstractEventLoop
        self._thread: threading.Thread
        self._server: asyncio.Server

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="replica", daemon=True)
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._open(), self._loop).result()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._shut(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _open(self) -> None:
        self._server = await self._loop.create_server(
            lambda: Wire(self._ask, self._wires), "127.0.0.1", self.port, backlog=512
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def _shut(self) -> None:
        self._server.close()
        for wire in list(self._wires):
            wire.transport.abort()
        await asyncio.sleep(0)  # their connection_lost was put off to the next turn

    def _ask(self, host: str, target: str) -> tuple[Answer, Fault | None]:
        fault = next((f for f in self.faults if f.strikes(host, target)), None)
        answer = self.sites.answer(host, target) if host in HOSTS else plain(f"no such host: {host}\n", 404)
        if fault is not None:
            answer = fault.spoil(answer)
        self.arrivals.append(time.monotonic())
        status = 0 if fault is not None and fault.close else answer.status
        self.requests.append(Seen(host, target, status))
        if self._log is not None:
            print(f"{time.monotonic():.3f} {host} {target} {status}", file=self._log, flush=True)
        return answer, fault

    def fault(self, host: str, path_prefix: str = "/", **how: Any) -> Fault:
        """Order a fault, see :class:`Fault`; the one ordered first strikes first."""
        fault = Fault(host, path_prefix, **how)
        self.faults.append(fault)
        return fault

    def put(
        self,
        host: str,
        path: str,
        body: bytes,
        status: int = 200,
        headers: dict[str, str] | None = None,
    ) -> None:
        """Add or replace a page; a path without query answers for every query of it."""
        fresh = {"Content-Type": HTML, "Last-Modified": formatdate(usegmt=True)}
        answer = Answer(body, status, {**fresh, **(headers or {})})
        self.sites.overrides[ALIASES.get(host, host), path] = answer

    def page(self, host: str, path: str) -> Answer:
        """What the server would answer now, without a request (to change it and put it back)."""
        return self.sites.answer(host, path)

    def reset(self) -> None:
        """Forget requests, faults and replaced pages."""
        self.requests.clear()
        self.arrivals.clear()
        self.faults.clear()
        self.sites.overrides.clear()

    def counts(self) -> Counter[str]:
        """Requests by host."""
        return Counter(seen.host for seen in self.requests)

    def counted(self) -> list[Seen]:
        """Requests that a polite crawl never makes: click counters and comments."""
        return [seen for seen in self.requests if seen.path.startswith(COUNTERS)]
