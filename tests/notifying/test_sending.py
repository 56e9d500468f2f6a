"""Every channel's payload, signature and answer, against receivers that check them."""

from __future__ import annotations

import socket
import ssl
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from svcsat_crawler.notifying.channels import Channel, ChannelError, configured
from svcsat_crawler.notifying.message import Message, trial
from svcsat_crawler.notifying.sending import send, send_all
from tests.building import ROOT
from tests.notifying.conftest import Mails, Robots
from tests.schedule.conftest import free_port
from tests.storage.conftest import _certificate

MESSAGE = Message(
    "【采集故障】ep18", (("原因", "[点我](http://x) <b>*粗*</b>"), ("网址", "http://ep18.cn/")), good=False
)
NO_WAITS = (0.0, 0.0)


def by_name(environment: dict[str, str]) -> dict[str, Channel]:
    return {channel.name: channel for channel in configured(environment)}


def test_every_robot_takes_its_message_and_its_signature(robots: Robots) -> None:
    results = send_all(MESSAGE, configured(robots.environment), NO_WAITS)
    assert [(result.channel.name, result.reason) for result in results] == [
        ("wecom", ""),
        ("dingtalk", ""),
        ("feishu", ""),
        ("webhook", ""),
    ]
    assert len(robots.requests) == 4
    for path in ("/cgi-bin", "/robot", "/open-apis", "/plain"):
        assert "采集故障" in robots.texts(path)[0]
    # What a page says sets no link and no mark in a message of ours.
    assert "[点我]" not in robots.texts("/cgi-bin")[0] + robots.texts("/robot")[0]


@pytest.mark.parametrize("name", ["dingtalk", "feishu", "webhook"])
def test_a_wrong_secret_is_a_failure_although_the_robots_answer_200(robots: Robots, name: str) -> None:
    wrong = {**robots.environment, f"SVCSAT_NOTIFY_{name.upper()}_SECRET": "wrong-secret"}
    reason = send(MESSAGE, by_name(wrong)[name], NO_WAITS)
    said = {
        "dingtalk": "it answers 310000: sign not match",
        "feishu": "it answers 19021",
        "webhook": "HTTP 403",
    }
    assert said[name] in reason
    assert len(robots.requests) == 1
    assert "wrong-secret" not in reason


def test_a_wrong_key_is_told_without_the_key(robots: Robots) -> None:
    address = robots.environment["SVCSAT_NOTIFY_WECOM"].replace("wecom-key", "other-key")
    reason = send(MESSAGE, by_name({"SVCSAT_NOTIFY_WECOM": address})["wecom"], NO_WAITS)
    assert reason == "wecom (127.0.0.1): it answers 93000: invalid webhook url"


def test_a_long_message_is_cut_to_what_wecom_takes(robots: Robots) -> None:
    long = Message("【采集故障】ep18", tuple(("原因", "电" * 300) for _ in range(10)), good=False)
    assert send(long, by_name(robots.environment)["wecom"], NO_WAITS) == ""


@pytest.mark.parametrize("first", [(503, {}), (429, {}), (200, {"errcode": 45009, "errmsg": "freq"})])
def test_what_passes_is_tried_again(robots: Robots, first: tuple[int, dict[str, object]]) -> None:
    robots.answers = [first]
    assert send(MESSAGE, by_name(robots.environment)["wecom"], NO_WAITS) == ""
    assert len(robots.requests) == 2


def test_trying_again_comes_to_an_end(robots: Robots) -> None:
    robots.answers = [(500, {})] * 9
    assert send(MESSAGE, by_name(robots.environment)["webhook"], NO_WAITS) == "webhook (127.0.0.1): HTTP 500"
    assert len(robots.requests) == 3


def test_what_is_no_robot_is_told(robots: Robots) -> None:
    robots.answers = [(200, {"hello": 1})]
    assert "no answer of such a robot" in send(MESSAGE, by_name(robots.environment)["feishu"], NO_WAITS)
    robots.answers = [(302, {})]
    assert send(MESSAGE, by_name(robots.environment)["dingtalk"], NO_WAITS).endswith("HTTP 302")


def test_nobody_there_is_told_in_one_line_without_the_address() -> None:
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        port = unheard.getsockname()[1]
        address = f"http://127.0.0.1:{port}/robot/send?access_token=ding-token"
        reason = send(MESSAGE, by_name({"SVCSAT_NOTIFY_DINGTALK": address})["dingtalk"], NO_WAITS)
    assert reason == "dingtalk (127.0.0.1): no connection (ConnectionError)"


def test_mail(mails: tuple[Mails, Callable[[str], str]]) -> None:
    server, address = mails
    channel = by_name({"SVCSAT_NOTIFY_EMAIL": address("p%40ss")})["email"]
    assert send(MESSAGE, channel, NO_WAITS) == ""
    [mail] = server.received
    assert mail["Subject"] == "【采集故障】ep18"
    assert "原因：[点我](http://x)" in mail.get_content()  # type: ignore[attr-defined]
    assert server.receivers == [["a@example.com", "b@example.com"]]


def test_a_refused_login_is_told_without_the_password(mails: tuple[Mails, Callable[[str], str]]) -> None:
    server, address = mails
    channel = by_name({"SVCSAT_NOTIFY_EMAIL": address("wrong")})["email"]
    assert send(MESSAGE, channel, NO_WAITS) == "email (127.0.0.1): it refuses the login"
    assert server.received == []


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("WECOM", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?k=geheim", "has no 'key='"),
        ("WECOM", "http://qyapi.weixin.qq.com/send?key=geheim", "does not begin with https://"),
        ("DINGTALK", "geheim", "is no address"),
        ("DINGTALK", "https://oapi.dingtalk.com:99999/robot/send?access_token=geheim", "is no address"),
        ("FEISHU", "https://open.feishu.cn/geheim", "has no '/hook/'"),
        ("FEISHU_SECRET", "geheim", "SVCSAT_NOTIFY_FEISHU is not"),
        ("WEBHOOK", "ftp://host/geheim", "does not begin with https://"),
        ("EMAIL", "http://user:geheim@host/?from=a@b&to=c@d", "does not begin with smtp://"),
        ("EMAIL", "smtps://user:geheim@host/?from=a@b", "needs from= and to="),
        ("EMAIL", "smtps://user:geheim@host/?from=a@b&to=c@d%0aBcc:e@f", "needs from= and to="),
    ],
)
def test_wrong_addresses_are_refused_in_one_line_without_secrets(
    variable: str, value: str, said: str
) -> None:
    with pytest.raises(ChannelError) as refused:
        configured({f"SVCSAT_NOTIFY_{variable}": value})
    text = str(refused.value)
    assert said in text
    assert f"SVCSAT_NOTIFY_{variable}" in text
    assert "geheim" not in text
    assert "\n" not in text


def test_secrets_are_not_in_the_repr(robots: Robots) -> None:
    shown = repr(configured(robots.environment))
    assert "ding-token" not in shown
    assert "SECding" not in shown


def test_the_test_message_says_where_it_comes_from() -> None:
    assert "来自：desk" in trial(datetime(2026, 11, 22, tzinfo=UTC), "desk").text


@pytest.mark.slow
def test_a_crawl_that_tells_nobody_loads_no_client() -> None:
    code = (
        "import sys; from scrapy.utils.project import get_project_settings;"
        "import svcsat_crawler.commands.notify, svcsat_crawler.extensions.aftermath,"
        " svcsat_crawler.extensions.metrics_port;"
        "sys.exit(' '.join({'smtplib', 'prometheus_client', 'svcsat_crawler.notifying.sending'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_encrypted_mail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate, key = _certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server, port = Mails(), free_port()
    controller = Controller(server, "127.0.0.1", port, ssl_context=context)
    controller.start()
    address = f"smtps://127.0.0.1:{port}/?from=crawl@example.com&to=a@example.com"
    channel = by_name({"SVCSAT_NOTIFY_EMAIL": address})["email"]
    try:
        assert send(MESSAGE, channel, NO_WAITS) == "email (127.0.0.1): its certificate is not trusted"
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert send(MESSAGE, channel, NO_WAITS) == ""
    finally:
        controller.stop()
    assert len(server.received) == 1
