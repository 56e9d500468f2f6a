"""Receivers that take messages as the real robots do, on this machine: HTTP and SMTP."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import Message as Mail
from email.parser import BytesParser
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from tests.storage.conftest import shared_data_dir, store  # noqa: F401 - fixtures

DINGTALK_SECRET, FEISHU_SECRET, WEBHOOK_SECRET = "SECding", "feishu-secret", "hook-secret"
Answer = tuple[int, dict[str, Any]]


def _signed(key: str, message: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), message.encode(), hashlib.sha256).digest()).decode()


@dataclass
class Robots:
    """All four kinds at one port; each refuses what the real one refuses, in its words.

    ``answers`` are given first, one a request, before the real ones.
    """

    port: int = 0
    requests: list[tuple[str, dict[str, str], dict[str, Any]]] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        here = f"http://127.0.0.1:{self.port}"
        return {
            "SVCSAT_NOTIFY_WECOM": f"{here}/cgi-bin/webhook/send?key=wecom-key",
            "SVCSAT_NOTIFY_DINGTALK": f"{here}/robot/send?access_token=ding-token",
            "SVCSAT_NOTIFY_DINGTALK_SECRET": DINGTALK_SECRET,
            "SVCSAT_NOTIFY_FEISHU": f"{here}/open-apis/bot/v2/hook/feishu-token",
            "SVCSAT_NOTIFY_FEISHU_SECRET": FEISHU_SECRET,
            "SVCSAT_NOTIFY_WEBHOOK": f"{here}/plain",
            "SVCSAT_NOTIFY_WEBHOOK_SECRET": WEBHOOK_SECRET,
        }

    def texts(self, path: str) -> list[str]:
        """Return what came to one robot, as people read it."""
        found = []
        for where, _, payload in self.requests:
            if where.startswith(path):
                found.append(json.dumps(payload, ensure_ascii=False))
        return found

    def answer(self, target: str, headers: dict[str, str], body: bytes) -> Answer:
        payload = json.loads(body)
        self.requests.append((target, headers, payload))
        if self.answers:
            return self.answers.pop(0)
        path, query = urlsplit(target).path, parse_qs(urlsplit(target).query)
        if path == "/cgi-bin/webhook/send":
            return self._wecom(query, payload)
        if path == "/robot/send":
            return self._dingtalk(query, payload)
        if path == "/open-apis/bot/v2/hook/feishu-token":
            return self._feishu(payload)
        expected = hmac.new(WEBHOOK_SECRET.encode(), body, hashlib.sha256).hexdigest()
        return (200 if headers.get("X-Svcsat-Signature") == f"sha256={expected}" else 403), {}

    @staticmethod
    def _wecom(query: dict[str, list[str]], payload: dict[str, Any]) -> Answer:
        if query.get("key") != ["wecom-key"]:
            return 200, {"errcode": 93000, "errmsg": "invalid webhook url"}
        size = len(payload[payload["msgtype"]]["content"].encode())
        if payload["msgtype"] != "markdown" or size > 4096:
            return 200, {"errcode": 40058, "errmsg": f"markdown.content exceed max length 4096: {size}"}
        return 200, {"errcode": 0, "errmsg": "ok"}

    @staticmethod
    def _dingtalk(query: dict[str, list[str]], payload: dict[str, Any]) -> Answer:
        if query.get("access_token") != ["ding-token"]:
            return 200, {"errcode": 300001, "errmsg": "token is not exist"}
        stamp = query.get("timestamp", ["0"])[0]
        if query.get("sign") != [_signed(DINGTALK_SECRET, f"{stamp}\n{DINGTALK_SECRET}")]:
            return 200, {"errcode": 310000, "errmsg": "sign not match"}
        if payload["msgtype"] != "markdown" or not {"title", "text"} <= set(payload["markdown"]):
            return 200, {"errcode": 40035, "errmsg": "缺少参数"}
        return 200, {"errcode": 0, "errmsg": "ok"}

    @staticmethod
    def _feishu(payload: dict[str, Any]) -> Answer:
        if payload.get("sign") != _signed(f"{payload.get('timestamp')}\n{FEISHU_SECRET}", ""):
            return 200, {"code": 19021, "msg": "sign match fail or timestamp is not within one hour"}
        if payload["msg_type"] != "interactive" or payload["card"]["header"]["title"]["tag"] != "plain_text":
            return 200, {"code": 9499, "msg": "Bad Request"}
        return 200, {"code": 0, "msg": "success", "data": {}}


def _handler(robots: Robots) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, answer = robots.answer(self.path, dict(self.headers), body)
            told = json.dumps(answer, ensure_ascii=False).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    return Handler


@pytest.fixture
def robots() -> Iterator[Robots]:
    made = Robots()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(made))
    made.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


class Mails:
    """A mail server that wants the login ``crawler`` / ``p@ss``."""

    def __init__(self) -> None:
        self.received: list[Mail] = []
        self.receivers: list[list[str]] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.received.append(BytesParser(policy=default).parsebytes(envelope.content))
        self.receivers.append(envelope.rcpt_tos)
        return "250 OK"

    def login(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (b"crawler", b"p@ss"), handled=False)


@pytest.fixture
def mails() -> Iterator[tuple[Mails, Callable[[str], str]]]:
    """The server, and its address for a password."""
    made = Mails()
    with socket.socket() as free:  # a Controller cannot find one itself
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(made, "127.0.0.1", port, authenticator=made.login, auth_require_tls=False)
    controller.start()
    to = "from=crawl@example.com&to=a@example.com,b@example.com"
    yield made, lambda password: f"smtp://crawler:{password}@127.0.0.1:{port}/?{to}"
    controller.stop()
