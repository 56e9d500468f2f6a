"""HTTP/1.1 on one asyncio protocol: keep-alive, conditional requests, and the planned faults."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlsplit

from tests.replica.answers import Answer
from tests.replica.faults import Fault

Ask = Callable[[str, str], tuple[Answer, Fault | None]]
"""(host, path with query) -> the answer and the fault it has to suffer, if any."""

LAST_MODIFIED = "Wed, 01 Jul 2020 02:00:00 GMT"


def render(answer: Answer, asked: dict[str, str], *, head_only: bool, close: bool) -> bytes:
    """Write *answer* as bytes; ``asked`` are the request's headers, their names in lower case.

    Prepared pages carry ETag and Last-Modified and answer conditional requests; computed ones do not.
    """
    status, body, headers = answer.status, answer.body, dict(answer.headers)
    if status == HTTPStatus.OK and "Cache-Control" not in headers:
        headers.setdefault("ETag", answer.etag)
        headers.setdefault("Last-Modified", LAST_MODIFIED)
        known = asked.get("if-none-match")
        if known == headers["ETag"] or (
            known is None and asked.get("if-modified-since") == headers["Last-Modified"]
        ):
            status, body = HTTPStatus.NOT_MODIFIED, b""
    if status != HTTPStatus.NOT_MODIFIED:
        headers.setdefault("Content-Length", str(len(body)))
    headers["Connection"] = "close" if close else "keep-alive"
    lines = [f"HTTP/1.1 {int(status)} {HTTPStatus(status).phrase}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    head = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
    return head if head_only else head + body


class Wire(asyncio.Protocol):
    """One connection.  Requests on it are answered one after another."""

    def __init__(self, ask: Ask, open_wires: set[Wire]) -> None:
        self.ask = ask
        self.open_wires = open_wires
        self.buffer = b""
        self.busy = False
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.open_wires.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self.open_wires.discard(self)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        self.serve()

    def serve(self) -> None:
        """Answer every whole request in the buffer; a delayed one holds back those behind it."""
        while not self.busy and (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            first, *rest = self.buffer[:end].decode("latin-1").split("\r\n")
            headers = {k.strip().lower(): v.strip() for k, _, v in (line.partition(":") for line in rest)}
            length = int(headers.get("content-length") or 0)
            if len(self.buffer) < end + 4 + length:
                return
            self.buffer = self.buffer[end + 4 + length :]
            self.respond(first, headers)

    def respond(self, first: str, headers: dict[str, str]) -> None:
        method, _, target = first.rsplit(" ", 1)[0].partition(" ")
        host = headers.get("host", "")
        if not target.startswith("/"):
            parts = urlsplit(target)
            host = parts.netloc
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        answer, fault = self.ask(host.partition(":")[0].lower(), target)
        close = headers.get("connection", "").lower() == "close"
        data = render(answer, headers, head_only=method == "HEAD", close=close)
        if fault is None:
            self.send(data, close)
            return
        if fault.close:
            self.transport.abort()
            return
        self.busy = True
        loop = asyncio.get_running_loop()
        loop.call_later(fault.delay, self.resume, data, close, fault.drip)

    def send(self, data: bytes, close: bool) -> None:
        if self.transport.is_closing():
            return
        self.transport.write(data)
        if close:
            self.transport.close()

    def resume(self, data: bytes, close: bool, drip: int) -> None:
        """Send what was held back, ``drip`` bytes a tenth of a second when that is asked for."""
        if drip and len(data) > drip and not self.transport.is_closing():
            self.transport.write(data[:drip])
            asyncio.get_running_loop().call_later(0.1, self.resume, data[drip:], close, drip)
            return
        self.send(data, close)
        self.busy = False
        self.serve()
