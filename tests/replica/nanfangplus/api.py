"""The JSON interfaces: column lists on two hosts, topics, and the remains of the old interface."""

from __future__ import annotations

from functools import cache, partial
from html import escape
from typing import Any

from tests.replica.answers import Answer, Sites, as_json, html
from tests.replica.nanfangplus.columns import (
    BLOCKED,
    CHANNELS,
    FIRST_HOST_503,
    FIRST_HOST_FAILS,
    TOPIC,
    TOPIC_BLOCKS,
    entries,
    listed,
    static_path,
)
from tests.replica.nanfangplus.items import ODD_TYPES, item, legacy_item, odd_item
from tests.replica.plan import Entry

FIRST, SECOND = "nfplusapi.nfnews.com", "api.nfapp.southcn.com"
SIZE, STEP = 20, 18
"""Items on a page and how far the next page moves on: pages overlap by two."""
SHORT = 59
"""The channel whose pages come short and do not overlap."""
BLOCK = '<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>405</title></head><body><h1>405 Not Allowed</h1></body></html>'


@cache
def channel_items(channel: int) -> list[dict[str, Any]]:
    """All items of a channel, newest first; the front channel has one of every odd type."""
    own = listed(channel)
    found = [item(entry) for entry in own]
    odd = ODD_TYPES if channel == 14 else ODD_TYPES[channel % 3 :: 4] if own else ()
    for place, (kind, title, url) in enumerate(odd):
        spot = min(2 + place * 4, len(own) - 1)
        found.insert(spot, odd_item(kind, title, url, own[spot], channel, CHANNELS[channel][0]))
    return found


def success(data: Any) -> Answer:
    return as_json({"success": True, "code": 200, "msg": "成功", "data": data})


def failure(message: str) -> Answer:
    return as_json({"success": False, "code": 100, "msg": message, "data": None})


def number(query: dict[str, str], name: str, default: int) -> int:
    value = query.get(name, "")
    return int(value) if value.isdigit() else default


def article_list(host: str, path: str, query: dict[str, str]) -> Answer | None:
    """``nfplus-manuscript-web/article/list``."""
    if path != "/nfplus-manuscript-web/article/list":
        return None
    channel, page = number(query, "columnId", 0), number(query, "pageNum", 1)
    if channel == BLOCKED:
        return html(BLOCK, 405)
    if host == FIRST and channel == FIRST_HOST_503:
        return html("<h1>503 Service Temporarily Unavailable</h1>", 503)
    if (host == FIRST and channel == FIRST_HOST_FAILS) or channel not in CHANNELS:
        return failure("栏目暂不可用")
    found = channel_items(channel)
    size, step = (17, 17) if channel == SHORT else (SIZE, STEP)
    start = (max(page, 1) - 1) * step
    shown = found[start : start + size]
    return success(
        {
            "pageNum": page,
            "pageSize": number(query, "pageSize", SIZE),
            "size": len(shown),
            "hasNextPage": start + size < len(found),
            "list": shown,
        }
    )


def special_topic(path: str, query: dict[str, str]) -> Answer | None:
    """``nanfang_if/v1/getSpecialTopic``: blocks of members, one member twice, one block empty."""
    if path != "/nanfang_if/v1/getSpecialTopic":
        return None
    if number(query, "columnId", 0) != TOPIC:
        return failure("专题不存在")
    members = [entry for entry in entries() if entry.folder == "topic"]
    half = len(members) // 2
    parts: tuple[list[Entry], ...] = (members[: half + 1], members[half:], [])
    blocks = [
        {
            "columnId": block,
            "columnName": name,
            "articles": {"list": [legacy_item(entry, block, name) for entry in part]},
        }
        for (block, name), part in zip(TOPIC_BLOCKS.items(), parts, strict=True)
    ]
    topic = {"columnId": TOPIC, "columnName": ODD_TYPES[0][1], "description": "", "picBig": ""}
    return success({"topic": topic, "columns": blocks})


def legacy(path: str, query: dict[str, str]) -> Answer | None:
    """The old interface: ``getArticles`` and ``getArticleContent`` work, everything else is blocked."""
    if not path.startswith("/nanfang_if/"):
        return None
    if path.endswith("/getArticles"):
        channel, start = number(query, "columnId", 16), number(query, "rowNumber", 0)
        own = [entry for entry in listed(channel) if not entry.quirks & {"pictures", "normal-video"}]
        name = CHANNELS.get(channel, ("", ""))[0]
        shown = [legacy_item(entry, channel, name) for entry in own[start : start + SIZE]]
        return as_json({"list": shown, "adv": [], "modules": []})
    if path.endswith("/getArticleContent"):
        return content(query.get("articleId", ""), number(query, "colID", 0))
    return html(BLOCK, 405)


def content(article_id: str, column: int) -> Answer:
    """One article of the old interface, its body a whole HTML document."""
    entry = next((e for e in entries() if e.number == article_id), None)
    if entry is None:
        return failure("稿件不存在")
    parts = "\n".join(f"  <p>{escape(text, quote=False)}</p>" for text in entry.story.paragraphs)
    return as_json(
        {
            "fileId": int(entry.number),
            "title": entry.title,
            "attAbstract": "",
            "publishtime": f"{entry.published:%Y-%m-%d %H:%M:%S}.0",
            "source": "南方+",
            "author": "",
            "editor": "",
            "columnID": column,
            "colID": column,
            "articleType": 0,
            "shareUrl": f"https://static.nfapp.southcn.com{static_path(entry)}",
            "linkID": 0,
            "content": f"<html>\n <head></head>\n <body>\n{parts}\n </body>\n</html>",
            "related": [],
        }
    )


def comments(path: str, query: dict[str, str]) -> Answer | None:
    """Comments; only here to be seen when somebody asks for them."""
    return success({"hasNextPage": False, "newComment": []}) if path.startswith("/nfplus-cmt-web/") else None


def add(sites: Sites) -> None:
    for host in (FIRST, SECOND):
        sites.compute(host, partial(article_list, host))
        sites.compute(host, comments)
    sites.compute(SECOND, special_topic)
    sites.compute(SECOND, legacy)
