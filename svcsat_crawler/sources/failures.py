"""What can be wrong with a page, told apart before anything is read from it."""

from __future__ import annotations

import re

from scrapy.exceptions import CannotResolveHostError, DownloadConnectionRefusedError, IgnoreRequest
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure


class Unusable(Exception):  # noqa: N818 - a state of the page, not of the program
    """A page or answer that cannot be read; the message is the reason that is stored."""

    kind = "page"


class Gone(Unusable):
    """The site says that the article no longer exists."""

    kind = "gone"


class Blocked(Unusable):
    """The site refuses to answer: not to be hammered."""

    kind = "fetch"


class HostGone(Blocked):
    """Nobody answers under the site's name: for a while, or for ever."""


# EmpireCMS answers 200 with a page titled 信息提示; WAFs and log-in pages do the same.
_NOTICE = re.compile(r"<title>\s*(信息提示|系统提示|提示信息|出错了|错误提示|404|页面不存在)", re.IGNORECASE)
_GONE = re.compile("(不存在|已被?删除|已下线|找不到)")
_DOOR = re.compile(
    r"<title>[^<]*(用户登录|会员登录|登录|访问验证|安全验证|滑动验证|访问被阻断|Just a moment)", re.IGNORECASE
)


def check_page(text: str) -> None:
    """Raise Gone, Blocked or Unusable for a page that is none although its status is 200."""
    head = text[:4096]
    if notice := _NOTICE.search(head):
        message = re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", text[notice.start() : notice.start() + 4000]))
        if _GONE.search(message) or notice.group(1) in ("404", "页面不存在"):
            raise Gone(f"status 200, but the page says: {message.strip()[:120]}")
        raise Unusable(f"status 200, but an error page: {message.strip()[:120]}")
    if door := _DOOR.search(head):
        raise Blocked(f"status 200, but a page titled {door.group(0)[7:].strip()!r}")


def is_host_gone(failure: Failure) -> bool:
    """Whether the host has no address any more, or nobody listens there."""
    return isinstance(failure.value, CannotResolveHostError | DownloadConnectionRefusedError)


def as_error(failure: Failure) -> Unusable:
    """Return the failure of an article's request as what is wrong with its page."""
    kind, reason, _ = explain(failure)
    if kind == "gone":
        return Gone(reason)
    return HostGone(reason) if is_host_gone(failure) else Blocked(reason)


def explain(failure: Failure) -> tuple[str, str, Response | None]:
    """Return (kind, reason, response) of a request that brought no usable response.

    *kind* is gone (404, 410) or fetch.
    """
    error = failure.value
    if isinstance(error, HttpError):
        response = error.response
        kind = "gone" if response.status in (404, 410) else "fetch"
        return kind, f"HTTP {response.status}", response
    if isinstance(error, IgnoreRequest):
        return "fetch", f"not asked for: {error or type(error).__name__}", None
    return "fetch", f"{type(error).__name__}: {error}"[:300], None
