"""The form in which each channel takes a message, its signature, and what its answer means: pure.

Forms and signatures are those of the vendors' documentation of their group robots:
developer.work.weixin.qq.com/document/path/91770, open.dingtalk.com/document/robots/custom-robot-access,
open.feishu.cn/document/client-docs/bot-v3/add-custom-bot.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote_plus

from svcsat_crawler.notifying.message import Message

Payload = dict[str, Any]

# Bytes of UTF-8 that 企业微信 takes as Markdown; the others take 20 KB, more than a message ever has.
_WECOM_BYTES = 4096
# What a page's title or address must not do: set links, colours and mentions in our message.
_NEUTRAL = str.maketrans("[]<>*`", "［］＜＞＊＇")
# Answers that mean "not now" (busy, too many in a minute); any other number but 0 is a no.
BUSY = {"wecom": (-1, 45009), "dingtalk": (-1, 410100), "feishu": (9499, 11232)}


def _plain(text: str) -> str:
    return text.translate(_NEUTRAL)


def _within(text: str, size: int) -> str:
    """Return *text* cut to *size* bytes of UTF-8.

    >>> _within("供电", 6), _within("供电局", 8)
    ('供电', '供…')
    """
    encoded = text.encode()
    return text if len(encoded) <= size else encoded[: size - 3].decode(errors="ignore") + "…"


def wecom(message: Message) -> Payload:
    """Return the payload of a 企业微信 group robot."""
    colour = "info" if message.good else "warning"
    head = f'<font color="{colour}">**{_plain(message.title)}**</font>'
    lines = [f"> {label}：{_plain(text)}" for label, text in message.lines]
    return {"msgtype": "markdown", "markdown": {"content": _within("\n".join([head, *lines]), _WECOM_BYTES)}}


def dingtalk(message: Message) -> Payload:
    """Return the payload of a 钉钉 group robot; a line of its Markdown ends with two blanks."""
    lines = [f"**{label}** {_plain(text)}" for label, text in message.lines]
    text = "  \n".join([f"### {_plain(message.title)}", *lines])
    return {"msgtype": "markdown", "markdown": {"title": _plain(message.title), "text": text}}


def dingtalk_query(secret: str, milliseconds: int) -> str:
    """Return what a signed robot wants at the end of its address.

    >>> dingtalk_query("SECdemo", 1600000000000)
    'timestamp=1600000000000&sign=Vvfv118DE51j2RZCvVs8esnXmr%2Fg7c19T1JgYburZuI%3D'
    """
    signed = hmac.new(secret.encode(), f"{milliseconds}\n{secret}".encode(), hashlib.sha256).digest()
    return f"timestamp={milliseconds}&sign={quote_plus(base64.b64encode(signed))}"


def feishu(message: Message) -> Payload:
    """Return the payload of a 飞书 group robot: a card of plain text."""
    card = {
        "header": {
            "title": {"tag": "plain_text", "content": message.title},
            "template": "green" if message.good else "red",
        },
        "elements": [{"tag": "div", "text": {"tag": "plain_text", "content": message.text}}],
    }
    return {"msg_type": "interactive", "card": card}


def feishu_signature(secret: str, seconds: int) -> Payload:
    """Return what a signed robot wants in the payload: time and secret are the key, the message is empty.

    >>> feishu_signature("demo", 1599360473)
    {'timestamp': '1599360473', 'sign': 'l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8='}
    """
    signed = hmac.new(f"{seconds}\n{secret}".encode(), b"", hashlib.sha256).digest()
    return {"timestamp": str(seconds), "sign": base64.b64encode(signed).decode()}


def webhook(message: Message) -> Payload:
    """Return the payload of a plain webhook: the text for people, the fields for programs."""
    return {"title": message.title, "text": message.text, **message.data}


def body_signature(secret: str, body: bytes) -> str:
    """Return the value of the header ``X-Svcsat-Signature``.

    >>> body_signature("demo", b"{}")
    'sha256=1fd2daa8c588a47d91aec6ef19795eb5ba218b4d0118c68c38989d88e1520285'
    """
    return f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"


def encode(payload: Payload) -> bytes:
    """Return a payload as the bytes that are sent (and signed)."""
    return json.dumps(payload, ensure_ascii=False).encode()


def answer(channel: str, body: bytes) -> tuple[int, str]:
    """Return (number, text) of a robot's answer; 0 is the only yes, whatever the HTTP status said.

    >>> answer("wecom", b'{"errcode": 93000, "errmsg": "invalid webhook url"}')
    (93000, 'invalid webhook url')
    """
    number, text = ("code", "msg") if channel == "feishu" else ("errcode", "errmsg")
    try:
        read = json.loads(body)
        return int(read[number]), str(read.get(text, ""))[:200]
    except (ValueError, KeyError, TypeError):
        return -2, f"no answer of such a robot: {body[:80]!r}"


BUILDERS: dict[str, Callable[[Message], Payload]] = {
    "wecom": wecom,
    "dingtalk": dingtalk,
    "feishu": feishu,
    "webhook": webhook,
}
