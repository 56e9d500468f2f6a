"""Sending a message: with retries, within seconds, and with a reason in one line when it failed."""

from __future__ import annotations

import smtplib
import ssl
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from http import HTTPStatus

import requests

from svcsat_crawler.notifying import payloads
from svcsat_crawler.notifying.channels import LOOPBACK, Channel, mailbox
from svcsat_crawler.notifying.message import Message

# Seconds to connect and to answer, and between tries: a channel takes a minute and a half at the very most.
TIMEOUT = (5.0, 15.0)
WAITS = (1.0, 4.0)
_ANSWER_BYTES = 65_536


class NotSent(Exception):  # noqa: N818 - told, not raised further
    """A channel did not take a message; *again* tells whether another try may help."""

    def __init__(self, reason: str, *, again: bool) -> None:
        super().__init__(reason)
        self.again = again


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a message on one channel; *reason* is empty when it was taken."""

    channel: Channel
    reason: str = ""


def send_all(message: Message, channels: list[Channel], waits: tuple[float, ...] = WAITS) -> list[Result]:
    """Send *message* to all channels at once; returns when each has taken it or failed for good."""
    if not channels:
        return []
    with ThreadPoolExecutor(len(channels), thread_name_prefix="notify") as threads:
        return list(threads.map(lambda channel: Result(channel, send(message, channel, waits)), channels))


def send(message: Message, channel: Channel, waits: tuple[float, ...] = WAITS) -> str:
    """Send *message*; returns why that failed, or "" when it was taken."""
    for wait in (*waits, None):
        try:
            if channel.name == "email":
                _mail(message, channel)
            else:
                _post(message, channel)
        except NotSent as error:
            if not error.again or wait is None:
                return f"{channel.name} ({channel.host}): {error}"
            time.sleep(wait)
        else:
            break
    return ""


def _post(message: Message, channel: Channel) -> None:
    payload, address = payloads.BUILDERS[channel.name](message), channel.address
    headers = {"Content-Type": "application/json; charset=utf-8"}
    if channel.secret and channel.name == "dingtalk":
        address = f"{address}&{payloads.dingtalk_query(channel.secret, int(time.time() * 1000))}"
    elif channel.secret and channel.name == "feishu":
        payload = {**payloads.feishu_signature(channel.secret, int(time.time())), **payload}
    body = payloads.encode(payload)
    if channel.secret and channel.name == "webhook":
        headers["X-Svcsat-Signature"] = payloads.body_signature(channel.secret, body)
    try:
        # The address may be in the error's text, so its text is not used.
        with requests.post(
            address, data=body, headers=headers, timeout=TIMEOUT, allow_redirects=False, stream=True
        ) as response:
            status, said = response.status_code, response.raw.read(_ANSWER_BYTES, decode_content=True)
    except requests.ConnectTimeout:
        raise NotSent(f"no connection within {TIMEOUT[0]:.0f} s", again=True) from None
    except requests.Timeout:  # it may have been taken: asking again at once would be twice
        raise NotSent(f"no answer within {TIMEOUT[1]:.0f} s", again=False) from None
    except requests.exceptions.SSLError:
        raise NotSent("its certificate is not trusted", again=False) from None
    except (requests.RequestException, OSError) as error:
        raise NotSent(f"no connection ({type(error).__name__})", again=True) from None
    if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        again = status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.TOO_MANY_REQUESTS
        raise NotSent(f"HTTP {status}", again=again)
    if channel.name != "webhook":
        number, text = payloads.answer(channel.name, said)
        if number:
            again = number in payloads.BUSY[channel.name]
            raise NotSent(f"it answers {number}: {_without(text, channel)}", again=again)


def _without(text: str, channel: Channel) -> str:
    """Return a robot's words on one line; some of them repeat the address."""
    for secret in (channel.address, channel.secret):
        text = text.replace(secret, "…") if secret else text
    return " ".join(text.split())


def _mail(message: Message, channel: Channel) -> None:
    box = mailbox(channel.address)
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = message.title, box.sender, ", ".join(box.receivers)
    mail["Date"], mail["Message-ID"] = formatdate(localtime=True), make_msgid(domain="svcsat.local")
    mail.set_content(f"{message.text}\n", cte="base64")
    context = ssl.create_default_context()
    try:
        server = (
            smtplib.SMTP_SSL(box.host, box.port, timeout=TIMEOUT[1], context=context)
            if box.encrypted
            else smtplib.SMTP(box.host, box.port, timeout=TIMEOUT[1])
        )
        with server:
            server.ehlo_or_helo_if_needed()
            if not box.encrypted and server.has_extn("starttls"):
                server.starttls(context=context)
            elif not box.encrypted and box.user and box.host not in LOOPBACK:
                why = "it offers no STARTTLS, the password would go out readable: use smtps://"
                raise NotSent(why, again=False)
            if box.user:
                server.login(box.user, box.password)
            refused = server.send_message(mail)
    except smtplib.SMTPAuthenticationError:
        raise NotSent("it refuses the login", again=False) from None
    except ssl.SSLError:
        raise NotSent("its certificate is not trusted", again=False) from None
    except smtplib.SMTPResponseException as error:
        temporary = error.smtp_code // 100 == 4  # noqa: PLR2004 - RFC 5321: 4yz, try again later
        raise NotSent(f"SMTP {error.smtp_code}", again=temporary) from None
    except (smtplib.SMTPException, OSError) as error:
        raise NotSent(f"no connection ({type(error).__name__})", again=True) from None
    if refused:
        raise NotSent(f"{len(refused)} of {len(box.receivers)} receivers refused", again=False)
