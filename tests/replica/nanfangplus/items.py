"""List items as the JSON interfaces print them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import Any

from tests.replica.nanfangplus.columns import TOPIC, own_column, static_path
from tests.replica.plan import Entry

BEIJING = timezone(timedelta(hours=8))
SHELL = "https://static.nfapp.southcn.com/apptpl"
ODD_TYPES: tuple[tuple[int, str, str], ...] = (
    (3, "专题：灯火可亲，供电人的四季", f"{SHELL}/specialPage.html?linkId={TOPIC}&articleId={{id}}"),
    (4, "外链：电力行业协会征文启事", "https://www.example.com/notice/{id}.html"),
    (6, "直播：跟着供电抢修车出门", f"{SHELL}/liveToShare.html?id=9900{{tail}}"),
    (8, "广告：节能灯具，点亮家居用电", "https://ad.example.com/{id}"),
    (9, "音频：睡前听一段变电站的声音", f"{SHELL}/audioToShare.html?id={{id}}"),
    (10, "视频：一分钟看懂停电怎么报修", f"{SHELL}/videoToShare/index.html?id={{id}}#/landscape?id={{id}}"),
    (12, "投票：你心中的用电服务明星", f"{SHELL}/voteToShare.html?id={{id}}"),
    (13, "推广：充电卡优惠，用电更省", "https://ad.example.com/new/{id}"),
    (27, "新栏目试运行：供电小剧场", f"{SHELL}/unknown.html?id={{id}}"),
)


KEYWORD = re.compile("供电|电网")
"""Every item on the subject has one of these in its title or summary, no other has."""


def times(entry: Entry) -> dict[str, Any]:
    """releaseTime, createTime and updateTime in one of the forms that are seen."""
    updated = entry.published + timedelta(hours=26 if "updated" in entry.quirks else 0)

    def form(moment: datetime) -> str | int:
        if "epoch" in entry.quirks:
            return int(moment.replace(tzinfo=BEIJING).timestamp() * 1000)
        return f"{moment:%Y-%m-%dT%H:%M:%S}" if "iso-time" in entry.quirks else f"{moment:%Y-%m-%d %H:%M:%S}"

    released = form(entry.published)
    return {"releaseTime": released, "createTime": released, "updateTime": form(updated)}


def listed_title(entry: Entry) -> str:
    """The title of the list, at times with markup in it."""
    if "markup" in entry.quirks:
        return re.sub("(供电|电)", r"<em>\1</em>", entry.title, count=1)
    return entry.title


def summary(entry: Entry) -> str:
    """The first words; where title and they would not name electricity, the bureau before them."""
    words = entry.story.paragraphs[0][:48]
    if "offtopic" in entry.quirks:
        return words
    if not KEYWORD.search(entry.title):
        return words if KEYWORD.search(words) else f"{entry.story.bureau}：{words}"
    return "详见内文" if "no-summary" in entry.quirks else words


def share_url(entry: Entry) -> str:
    if "old-host" in entry.quirks:
        query = f"?colID=0&firstColID={own_column(entry)[0]}&appversion=8100&from=weChatMessage&enterColumnId=&layer=2"
        return f"http://static.nfapp.southcn.com{static_path(entry)}{query}"
    return f"https://static.nfnews.com{static_path(entry)}"


def article_type(entry: Entry) -> int:
    return 1 if "pictures" in entry.quirks else 2 if "normal-video" in entry.quirks else 0


def item(entry: Entry) -> dict[str, Any]:
    """An item of ``article/list``."""
    column_id, column_name = own_column(entry)
    return {
        "articleId": int(entry.number),
        "title": listed_title(entry),
        "copyright": int(entry.number) % 2,
        "summary": summary(entry),
        **times(entry),
        "articleType": article_type(entry),
        "shareUrl": share_url(entry),
        "source": "南方+" if column_id < 90_000_000 else column_name,
        "countDiscuss": int(entry.number) % 7,
        "countLike": int(entry.number) % 90,
        "columnName": column_name,
        "columnId": column_id,
        "columnDesc": "",
        "picMiddle": "",
    }


def odd_item(kind: int, title: str, url: str, near: Entry, channel: int, name: str) -> dict[str, Any]:
    """An item of a type that is no plain article; its id is next to that of *near*."""
    number = int(near.number) + kind
    found = item(near) | {
        "articleId": number,
        "title": title,
        "summary": "详见内文",
        "articleType": kind,
        "shareUrl": url.format(id=number, tail=number % 10_000),
        "columnId": channel,
        "columnName": name,
    }
    if kind == 3:
        found["linkID"] = TOPIC
    if kind == 10:
        found["videoInfo"] = {"videoUrl": f"https://video.example.com/{number}.mp4", "duration": 61}
    return found


def legacy_item(entry: Entry, column: int, column_name: str) -> dict[str, Any]:
    """An item of the old interface and of topics."""
    url = f"https://static.nfapp.southcn.com{static_path(entry)}"
    content = (
        f"http://api.nfapp.southcn.com/nanfang_if/getArticleContent?articleId={entry.number}&colID={column}"
    )
    return {
        "fileId": int(entry.number),
        "title": entry.title,
        "version": int(entry.published.replace(tzinfo=BEIJING).timestamp() * 1000),
        "attAbstract": "",
        "publishtime": f"{entry.published:%Y-%m-%d %H:%M:%S}.0",
        "createTime": f"{entry.published:%Y-%m-%d %H:%M:%S}",
        "articleType": 0,
        "shareUrl": url,
        "urlPad": url,
        "contentUrl": content,
        "colName": f"稿库~{column_name}",
        "colID": column,
        "releaseColName": column_name,
        "releaseSource": "南方+",
        "linkID": 0,
        "countClick": 1200 + int(entry.number) % 3000,
        "picCount": "1",
        "compositeTitle": "",
        "是否计分": "否",
        "正文折叠": "否",
    }
