"""The text of a post, as the page and as the archived Markdown have it."""

from __future__ import annotations

from html import escape

from tests.replica.plan import Entry

SITE = "https://finews.withounder.com"
MEDIUM, TAG = "nanfangPlus", "南方Plus新闻"
HALF = str.maketrans({"（": "(", "）": ")"})


def title(entry: Entry) -> str:
    """The title; one has unescaped double quotes, which the archive's front matter does not escape."""
    return f'"{entry.title}"' if "quoted" in entry.quirks else entry.title.translate(HALF)


def path(entry: Entry) -> str:
    return f"/{MEDIUM.lower()}/{entry.published:%Y/%m/%d}/{entry.number}.html"


def archive_path(entry: Entry) -> str:
    return f"/zning1994/finews/main/old_post/{entry.published:%Y-%m-%d}-{entry.number}.md"


def paragraphs(entry: Entry) -> list[str]:
    """Paragraphs as HTML, with half-width brackets and a picture that was cut out."""
    found = []
    for number, plain in enumerate(entry.story.paragraphs):
        text = escape(plain.translate(HALF), quote=False)
        found.append(
            f"<p><strong>{text}</strong></p>" if number in entry.story.subheads else f"<p>{text}</p>"
        )
        if number == 1 and int(entry.number[-3:]) % 3 == 0:
            found.append('<p align="center"><br/></p>')
    if "table" in entry.quirks:
        found.append(
            "<table><tbody><tr><td>月份</td><td>抢修次数</td></tr><tr><td>十月</td><td>37</td></tr></tbody></table>"
        )
    return found


def share_link(entry: Entry) -> str:
    host = (
        "http://finews.zning.xyz/html_News"
        if entry.published.year > 2020
        else "http://choicewzp1.eastmoney.com"
    )
    return f"{host}/NewsShare.html?infoCode={entry.number}"


def content(entry: Entry) -> str:
    """The post as Jekyll renders it, without its head."""
    text = "\n".join(paragraphs(entry)).replace("<br/>", "<br />")
    url = share_link(entry)
    return (
        f'{text}\n<p class="em_media">（文章来源：南方Plus）</p>\n\n<p><a href="{url}">{url}</a></p>\n\n'
        f'<p><a href="//finews.withounder.com/category/{MEDIUM}.html">返回{TAG}</a>｜'
        '<a href="//finews.withounder.com/">返回首页</a></p>'
    )


def markdown(entry: Entry) -> str:
    """The archived file: front matter that is no YAML, HTML with leading spaces, CRLF."""
    text = "\r\n ".join(paragraphs(entry))
    lines = [
        "---",
        "layout: post",
        f'title: "{title(entry)}"',
        f"date: {entry.published:%Y-%m-%d %H:%M:%S} +0800",
        f"categories: {MEDIUM}",
        f"tags: {TAG}",
        "---",
        f'{text}<p class="em_media">（文章来源：南方Plus）</p>',
        "",
        f"<{share_link(entry)}>",
        "",
        f"[返回{TAG}](//finews.withounder.com/category/{MEDIUM}.html)｜[返回首页](//finews.withounder.com/)",
    ]
    return "\r\n".join(lines)
