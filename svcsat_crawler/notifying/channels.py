"""The channels that the environment names; addresses hold secrets, so none is ever shown whole."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

PREFIX = "SVCSAT_NOTIFY_"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
# What tells a robot's address: what it must hold, and what one looks like.
_ROBOTS = {
    "wecom": ("key=", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…"),
    "dingtalk": ("access_token=", "https://oapi.dingtalk.com/robot/send?access_token=…"),
    "feishu": ("/hook/", "https://open.feishu.cn/open-apis/bot/v2/hook/…"),
}
_WEBHOOK = "https://host/path"
_EMAIL = "smtps://user:password@host:465/?from=a@example.com&to=b@example.com,c@example.com"
_PORTS = {"smtp": 25, "smtps": 465}


class ChannelError(ValueError):
    """A channel that cannot work; the message names the variable and what is right, and no secret."""


@dataclass(frozen=True, slots=True)
class Channel:
    """Where messages go; neither address nor secret is in its repr."""

    name: str
    host: str
    address: str = field(repr=False)
    secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A mail server, its login, and from whom to whom."""

    host: str
    port: int
    encrypted: bool
    user: str
    password: str = field(repr=False)
    sender: str
    receivers: tuple[str, ...]


def configured(environ: Mapping[str, str] = os.environ) -> list[Channel]:
    """Return the channels of the environment, in a fixed order; raises ChannelError for a wrong one."""
    found = []
    for name in ("wecom", "dingtalk", "feishu", "webhook", "email"):
        variable = PREFIX + name.upper()
        address, secret = (
            environ.get(variable, "").strip(),
            environ.get(f"{variable}_SECRET", "").strip(),
        )
        if address:
            host = mailbox(address).host if name == "email" else _checked(name, variable, address)
            found.append(Channel(name, host, address, secret))
        elif secret:
            raise ChannelError(f"{variable}_SECRET is set, but {variable} is not")
    return found


def _split(variable: str, address: str, right: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if not parts.hostname or port == 0 or any(letter.isspace() for letter in address):
        raise ChannelError(f"{variable} is no address; right is {right}")
    return parts


def _checked(name: str, variable: str, address: str) -> str:
    """Return the host of a robot or webhook."""
    needed, right = _ROBOTS.get(name, ("", _WEBHOOK))
    parts = _split(variable, address, right)
    assert parts.hostname
    local = parts.hostname in LOOPBACK or name == "webhook"
    if parts.scheme != "https" and not (parts.scheme == "http" and local):
        raise ChannelError(f"{variable} does not begin with https://; right is {right}")
    if needed not in f"{parts.path}?{parts.query}":
        raise ChannelError(f"{variable} has no {needed!r}; right is {right}")
    return parts.hostname


def mailbox(address: str) -> Mailbox:
    """Return what an address like ``smtps://user:password@host:465/?from=…&to=…`` says.

    >>> mailbox("smtp://mail.example.com/?from=a@example.com&to=b@example.com,c@example.com").receivers
    ('b@example.com', 'c@example.com')
    """
    variable = f"{PREFIX}EMAIL"
    parts = _split(variable, address, _EMAIL)
    query = parse_qs(parts.query)
    sender = query.get("from", [""])[-1]
    receivers = tuple(one.strip() for each in query.get("to", ()) for one in each.split(",") if one.strip())
    if parts.scheme not in _PORTS:
        raise ChannelError(f"{variable} does not begin with smtp:// or smtps://; right is {_EMAIL}")
    if not receivers or not all(_is_mail(each) for each in (sender, *receivers)):
        raise ChannelError(f"{variable} needs from= and to= with mail addresses; right is {_EMAIL}")
    assert parts.hostname
    return Mailbox(
        host=parts.hostname,
        port=parts.port or _PORTS[parts.scheme],
        encrypted=parts.scheme == "smtps",
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        sender=sender,
        receivers=receivers,
    )


def _is_mail(text: str) -> bool:
    name, at, host = text.partition("@")
    return bool(name and at and host) and "@" not in host and text.isprintable() and " " not in text
