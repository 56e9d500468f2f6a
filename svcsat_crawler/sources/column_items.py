"""Items of the JSON column interfaces, new and old form, and what is to be done with each type.

Field names and types of article: see the dossier table of the interface; the old form is that of the
Founder (方正翔宇) content system, whose items carry ``fileId`` instead of ``articleId``.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NoReturn

from svcsat_crawler.sources.failures import Unusable
from svcsat_crawler.sources.reading import bare
from svcsat_crawler.text.times import read_time
from svcsat_crawler.text.urls import absolute

# articleType → treatment; what is no article is noted with its address and not crawled.
TREATMENT = {
    0: "article",
    1: "article",  # picture set: kept when its captions say enough
    2: "article",
    3: "topic",
    4: "external_link",
    6: "live",
    8: "advertisement",
    9: "audio",
    10: "video",
    12: "vote",
    13: "advertisement",
}
NO_SUMMARY = "详见内文"


@dataclass(slots=True)
class Answer:
    """One page of a column."""

    items: list[dict[str, Any]]
    more: bool


@dataclass(slots=True)
class Item:
    """One entry of a column, whatever the interface's form."""

    id: int
    title: str
    url: str
    treatment: str
    released: datetime | None
    updated: datetime | None
    column: str
    column_id: str
    data: dict[str, Any] = field(default_factory=dict)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")


def load(text: str) -> Any:
    """Return the JSON value in *text*, a JSONP wrapper taken off; raises Unusable saying what is wrong."""
    bare_text = text.lstrip("\ufeff \r\n\t")
    if wrapped := re.match(r"^[\w$.]{1,60}\(([\s\S]*)\)[\s;]*$", bare_text):
        bare_text = wrapped[1]
    if bare_text.startswith("<"):
        title = re.search(r"<title>([^<]*)", bare_text)
        raise Unusable(f"no JSON but a page{f' titled {title[1].strip()!r}' if title else ''}")
    try:
        return json.loads(bare_text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise Unusable(f"broken JSON: {error}") from error


def envelope(text: str) -> Answer:
    """Return the items of an ``article/list`` answer; raises Unusable for a refusal or another shape.

    >>> envelope('{"success": true, "code": 200, "data": {"list": [], "hasNextPage": false}}')
    Answer(items=[], more=False)
    """
    answer = load(text)
    if not isinstance(answer, dict) or "success" not in answer:
        raise Unusable(f"unknown answer: {text[:120]!r}")
    if answer["success"] is not True:
        raise Unusable(f"the interface refuses: code {answer.get('code')}, {answer.get('msg')!r}")
    data = answer.get("data")
    if data is None:
        return Answer([], more=False)
    items = data.get("list") if isinstance(data, dict) else data
    if items is None:
        others = [name for name, value in data.items() if isinstance(value, list)]
        if others:
            raise Unusable(f"unknown answer: data has no list, but {', '.join(others)}")
        items = []
    if not isinstance(items, list):
        raise Unusable(f"unknown answer: data.list is {type(items).__name__}, not a list")
    # A withdrawn article leaves an empty slot.
    items = [item for item in items if item]
    return Answer(items, more=isinstance(data, dict) and data.get("hasNextPage") is True)


def topic_members(text: str) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the items of a special topic's blocks, each once, and what is wrong with unreadable ones.

    Raises Unusable for another shape.
    """
    answer = load(text)
    data = answer.get("data") if isinstance(answer, dict) else None
    columns = data.get("columns") if isinstance(data, dict) else None
    if not isinstance(columns, list):
        raise Unusable(f"unknown answer for a special topic: {text[:120]!r}")
    members: dict[int, dict[str, Any]] = {}
    broken = []
    for column in columns:
        articles = column.get("articles") if isinstance(column, dict) else None
        items = articles.get("list") if isinstance(articles, dict) else None
        for item in filter(None, items if isinstance(items, list) else ()):
            try:
                members.setdefault(read(item).id, item)
            except (TypeError, ValueError) as error:
                broken.append(str(error))
    return list(members.values()), broken


def item_id(item: dict[str, Any]) -> int:
    """Return the article id; raises ValueError naming what is there instead."""
    value = item.get("articleId", item.get("fileId"))
    if isinstance(value, bool) or not re.fullmatch(r"[1-9]\d*", str(value)):
        raise ValueError(f"articleId {value!r}")
    return int(str(value))


def read(item: Any) -> Item:
    """Return an item of either form; raises ValueError or TypeError naming the field that is wrong."""
    if not isinstance(item, dict):
        raise TypeError(f"an item is {type(item).__name__}")
    identity = item_id(item)
    title = bare(_text(item, "title"))
    if not title:
        raise ValueError("title is empty")
    kind = item.get("articleType")
    if isinstance(kind, str) and kind.isdigit():
        kind = int(kind)
    if isinstance(kind, bool) or not isinstance(kind, int):
        raise ValueError(f"articleType {kind!r}")
    url = absolute("https://static.nfnews.com/", _text(item, "shareUrl") or _text(item, "urlPad"))
    treatment = TREATMENT.get(kind, "unknown_type")
    if url is None and treatment in ("article", "topic"):
        raise ValueError(f"shareUrl {item.get('shareUrl')!r}")
    summary = bare(_text(item, "summary") or _text(item, "attAbstract"))
    released = read_time(item.get("releaseTime") or item.get("publishtime") or item.get("createTime"))
    updated = read_time(item.get("updateTime") or item.get("version")) or released
    column = bare(_text(item, "columnName") or _text(item, "releaseColName"))
    column_id = str(item.get("columnId") or item.get("colID") or "")
    data: dict[str, Any] = {
        "type": kind,
        "summary": "" if summary == NO_SUMMARY else summary,
        "source": bare(_text(item, "source") or _text(item, "releaseSource")),
        "column": column,
        "column_id": column_id,
        "released": released[0].isoformat() if released else None,
        "updated": updated[0].isoformat() if updated else None,
    }
    if treatment == "topic":
        data["topic"] = str(item.get("linkID") or item.get("linkId") or "")
        members = item.get("SpecialTopicList")
        data["members"] = list(filter(None, members)) if isinstance(members, list) else []
        for member in data["members"]:
            read(member)
    return Item(
        id=identity,
        title=title,
        url=url or "",
        treatment=treatment,
        released=released[0] if released else None,
        updated=updated[0] if updated else None,
        column=column,
        column_id=column_id,
        data=data,
    )


def _text(item: dict[str, Any], name: str) -> str:
    value = item.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise TypeError(f"{name} is {type(value).__name__}")
    return value
