"""ep18 article pages, each as the bytes its server would send."""

from __future__ import annotations

from html import escape

from tests.replica.answers import HTML, HTML_BARE, Answer
from tests.replica.ep18.body import body, pages, shown_title
from tests.replica.ep18.columns import LOAD, address
from tests.replica.ep18.furniture import column_of, link, page, position
from tests.replica.plan import Entry, ep18_entries

LATIN = "text/html; charset=ISO-8859-1"


def printed_time(entry: Entry) -> str:
    """The printed date: mostly the day alone, that the CMS prints as midnight."""
    if "timed" in entry.quirks:
        return f"{entry.published:%Y-%m-%d %H:%M:%S}"
    return f"{entry.published:%Y-%m-%d} 00:00:00"


def origin(entry: Entry) -> str:
    return "南方Plus" if "sourced" in entry.quirks else "电网头条" if "origin" in entry.quirks else ""


def page_links(entry: Entry, number: int) -> str:
    """The pager inside an article; empty with one page."""
    count = len(pages(entry))
    if count == 1:
        return '<p align="center" class="pageLink"></p>'
    links = [
        f"<b>{n}</b>" if n == number else f'<a href="{address(entry, n)}">{n}</a>'
        for n in range(1, count + 1)
    ]
    if number < count:
        links.append(f'<a href="{address(entry, number + 1)}">下一页</a>')
        links.append(f'<a href="{address(entry, count)}">尾页</a>')
    total = f'<a title="Page">&nbsp;<b>{number}</b>/<b>{count}</b> </a>'
    return f'<p align="center" class="pageLink">{total}&nbsp;&nbsp;&nbsp;{"&nbsp;".join(links)}</p>'


def comment_form(entry: Entry) -> str:
    hidden = {"id": entry.number, "classid": column_of(entry).classid, "enews": "AddPl", "repid": "0"}
    inputs = "".join(
        f'<input name="{name}" type="hidden" value="{value}" />' for name, value in hidden.items()
    )
    return (
        '<div class="pl_t">评论</div>\r\n<form action="/e/pl/doaction.php" method="post" name="saypl" id="saypl" '
        'onsubmit="return CheckPl(document.saypl)">\r\n'
        '<div>用户名：<input name="username" type="text" class="inputText" id="username" value="" size="12" />'
        '<input name="nomember" type="checkbox" id="nomember" value="1" checked="checked" />匿名发表</div>\r\n'
        '<div>密码：<input name="password" type="password" id="password" value="" size="12" /></div>\r\n'
        '<div>验证码：<input name="key" type="text" size="6" /><img src="/e/ShowKey/?v=pl" name="plKeyImg" /></div>\r\n'
        f'<div><textarea name="saytext" rows="6" id="saytext"></textarea></div>{inputs}\r\n</form>\r\n'
        f'<div class="pl_n"><a href="/e/pl/?classid={hidden["classid"]}&amp;id={entry.number}">最新评论</a>(0)</div>'
    )


def related(entry: Entry) -> str:
    """Links to articles on the same bureau; without any, the CMS puts its words straight into the list."""
    if entry.folder in LOAD or int(entry.number) % 3 == 0:
        return '<ul class="xg">无相关信息</ul>'
    near = [
        other for other in ep18_entries() if other.story.bureau == entry.story.bureau and other is not entry
    ]
    items = "".join(f"<li>{link(other)}</li>" for other in near[:5] if "gone" not in other.quirks)
    return f'<ul class="xg">{items or "无相关信息"}</ul>'


def main_block(entry: Entry, number: int) -> str:
    return (
        f"{position(column_of(entry), article=True)}\r\n"
        f'<div class="content">\r\n<h1>{escape(shown_title(entry))}</h1>\r\n'
        f'<div class="info_text">&nbsp;&nbsp;{printed_time(entry)}&nbsp;&nbsp;&nbsp;&nbsp;来源：{origin(entry)}&nbsp;</div>\r\n'
        '<div class="zoom"><a href="javascript:doZoom(14)">A-</a> <a href="javascript:doZoom(18)">A+</a></div>\r\n'
        f'<div id="text" class="text">电力18讯：{body(entry, number)}\r\n{page_links(entry, number)}</div>\r\n<br /><br />\r\n'
        '<div class="tougao"><a href="/e/DoInfo/">在线投稿</a>&nbsp;&nbsp;来稿请发站内信箱</div>\r\n'
        f'{comment_form(entry)}\r\n<p class="xg_t">相关新闻：</p>\r\n{related(entry)}\r\n</div>'
    )


def new_layout(entry: Entry) -> str:
    """The page of another template: other names, other tags, no lead-in."""
    parts = "\r\n".join(
        f'<div class="k-line">{escape(text, quote=False)}</div>' for text in entry.story.paragraphs
    )
    return (
        f'<section class="k-wrap"><h2 class="k-name">{escape(entry.title)}</h2>\r\n'
        f'<em class="k-when">发布于 {entry.published:%Y年%m月%d日 %H:%M}</em>\r\n<article class="k-flow">\r\n{parts}\r\n'
        "</article></section>"
    )


def answer(entry: Entry, number: int = 1) -> Answer:
    """One page of an article, encoded and labelled as its quirks say."""
    if "layout" in entry.quirks:
        main = new_layout(entry)
    elif "empty" in entry.quirks:
        main = f'<div class="content">\r\n<h1>{escape(entry.title)}</h1>\r\n<div id="text" class="text">电力18讯：</div></div>'
    else:
        main = main_block(entry, number)
    classid = column_of(entry).classid
    tail = f"<script src='/e/public/onclick?enews=donews&classid={classid}&id={entry.number}'></script>\r\n"
    gbk = {"gbk", "gbk-as-utf8"} & entry.quirks
    text = page(entry.title, main, column_of(entry), charset="gb2312" if gbk else "utf-8", tail=tail)
    content_type = HTML
    if "gbk" in entry.quirks:
        content_type = HTML_BARE
    elif "latin" in entry.quirks:
        content_type = LATIN
    elif "bare" in entry.quirks:
        content_type = HTML_BARE
    data = text.encode("gb18030") if gbk else text.encode()
    return Answer(data, 200, {"Content-Type": content_type})
