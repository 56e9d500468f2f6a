"""What can go wrong with a site, each with a name of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "host_gone",
    "moved",
    "blocked",
    "robots",
    "server_error",
    "slow",
    "soft_404",
    "gone",
    "empty_list",
    "pager_lost",
    "pager_loops",
    "layout",
    "charset",
    "api_renamed",
    "silent",
    "flood",
    "no_figures",
    "store_away",
    "stopped",
    "program_error",
]

NAMES: dict[Kind, str] = {
    "host_gone": "the host cannot be reached",
    "moved": "the site leads to another host",
    "blocked": "the site refuses to answer",
    "robots": "robots.txt",
    "server_error": "the server fails",
    "slow": "the server does not answer in time",
    "soft_404": "error pages with status 200 or redirects to another page",
    "gone": "listed articles are gone",
    "empty_list": "a list without rows",
    "pager_lost": "the list has lost its pager",
    "pager_loops": "the pager goes round",
    "layout": "the page layout has changed",
    "charset": "bytes that fit no charset",
    "api_renamed": "the interface answers in another form",
    "silent": "nothing new for unusually long",
    "flood": "far more new articles than ever",
    "no_figures": "new articles without any figure for unusually long",
    "store_away": "the store stayed away",
    "stopped": "stopped before the end",
    "program_error": "errors in the program, see the log",
}

# The reasons of this program and of Scrapy, first match wins.
_SIGNS: tuple[tuple[Kind, str], ...] = (
    ("robots", r"robots\.txt"),
    ("moved", r"none of this spider's hosts"),
    (
        "host_gone",
        r"no public address|CannotResolveHost|ConnectionRefused|ConnectError|NoRouteError|ConnectionLost|ResponseFailed|DownloadFailed",
    ),
    ("slow", r"Timeout|took longer than"),
    ("blocked", r"left alone|a page titled|refuses: code|HTTP (?:401|403|405|407|412|418|429|444|451|521)\b"),
    ("soft_404", r"redirected to|status 200, but (?:an error page|the page says)"),
    ("gone", r"HTTP (?:404|410)\b|holds no article"),
    ("server_error", r"HTTP 5\d\d|DataLoss|PartialDownload"),
    ("empty_list", r"without a single row"),
    ("api_renamed", r"JSON|unknown answer"),
    ("charset", r"charset"),
    ("program_error", r"program error|Error: "),
)


def classify(reason: str) -> Kind:
    """Return the kind of a failure from its reason; what cannot be read otherwise is a matter of layout.

    >>> classify("HTTP 403"), classify("no article text: nothing behind 电力18讯")
    ('blocked', 'layout')
    """
    return next((kind for kind, sign in _SIGNS if re.search(sign, reason)), "layout")


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing that was wrong: its kind, and in words what, where and how often."""

    kind: Kind
    text: str
