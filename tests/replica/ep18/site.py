"""ep18.cn put together: lists, articles, the dynamic addresses and the small files round them."""

from __future__ import annotations

from functools import partial

from tests.replica.answers import HTML, Answer, Sites, html, plain, redirect
from tests.replica.ep18 import article, lists
from tests.replica.ep18.body import pages
from tests.replica.ep18.columns import COLUMNS, HOST, LOAD, Column, address
from tests.replica.ep18.furniture import link, page, position
from tests.replica.plan import Entry, ep18_entries
from tests.replica.quirks import plant_ep18

ROBOTS = "User-agent: *\nDisallow: /d/\nDisallow: /e/class/\nDisallow: /e/data/\nDisallow: /e/enews/\nDisallow: /e/update/\n"
JUMPS = {"1": "http://activity.example.com/hall/", "2": "/web/dianwang/fuwu/"}
NOT_THERE = (
    '<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8" /><title>信息提示</title></head>'
    '<body><table><tr><td>信息提示</td></tr><tr><td><b>此信息不存在</b><br><a href="javascript:history.go(-1)">'
    '浏览器没有跳转时请点这里</a></td></tr></table><script>setTimeout("history.go(-1)",3000);</script></body></html>'
)
GONE = "<html><head><title>404 Not Found</title></head><body><center><h1>404 Not Found</h1></center></body></html>\r\n"


def list_page(column: Column, shown: list[list[str]], number: int, total: int) -> Answer:
    """List page *number*, from 1."""
    pager = lists.pager_b if column.pager == "B" else lists.pager_a
    main = (
        f"{position(column, article=False)}\r\n"
        f'<div class="news_list">\r\n{lists.blocks(shown[number - 1])}\r\n{pager(column, number, len(shown), total)}\r\n</div>'
    )
    return html(page(f"{column.name} - 电网 - 专题", main, column))


def add_column(sites: Sites, column: Column, entries: list[Entry]) -> None:
    shown = lists.paged(lists.rows(column, entries), repeat=column.folder not in LOAD)
    total = len(entries)
    if column.pager == "dynamic":
        return
    for number in range(1, len(shown) + 1):
        view = partial(list_page, column, shown, number, total)
        sites.add(HOST, lists.page_address(column, number, total), view)
        if number == 1:
            sites.add(HOST, column.path, view)


def add_article(sites: Sites, entry: Entry) -> None:
    if "gone" in entry.quirks:
        return
    for number in range(1, len(pages(entry)) + 1):
        sites.add(HOST, address(entry, number), partial(article.answer, entry, number))


def cover(entries: list[Entry]) -> Answer:
    """The parent column: a short list of each of its columns, no pager."""
    column = COLUMNS["qiye"]
    boxes = [
        f'<h3><a href="{c.path}">{c.name}</a></h3>\r\n<ul>'
        + "".join(f"<li>{link(entry)}</li>" for entry in [e for e in entries if e.folder == c.folder][:8])
        + "</ul>"
        for c in COLUMNS.values()
        if c.folder not in LOAD
    ]
    return html(page("电网 - 专题", "\r\n".join(boxes), column))


def list_info(entries: list[Entry], path: str, query: dict[str, str]) -> Answer | None:
    """``/e/action/ListInfo/``: the dynamic list; a static column's address leads to its list."""
    if not path.startswith("/e/action/ListInfo"):
        return None
    column = next((c for c in COLUMNS.values() if str(c.classid) == query.get("classid")), None)
    if column is None:
        return html(NOT_THERE)
    if column.pager != "dynamic":
        return redirect(column.path)
    own = [entry for entry in entries if entry.folder == column.folder]
    all_rows = lists.rows(column, own)
    all_rows.insert(
        17,
        '<li><a href="/e/action/ShowInfo.php?classid=96&amp;id=999999" title="撤下的一条">撤下的一条</a>'
        f" <span>{own[0].published:%Y-%m-%d}</span></li>",
    )
    shown = lists.paged(all_rows, repeat=True)
    number = int(query.get("page") or 0) + 1
    if not 1 <= number <= len(shown):
        return html(NOT_THERE)
    return list_page(column, shown, number, len(own))


def show_info(entries: list[Entry], path: str, query: dict[str, str]) -> Answer | None:
    """``/e/action/ShowInfo.php``: leads to the static page, or says with status 200 that there is none."""
    if path != "/e/action/ShowInfo.php":
        return None
    found = next((e for e in entries if e.number == query.get("id") and "gone" not in e.quirks), None)
    return redirect(address(found)) if found else html(NOT_THERE)


def jump(path: str, query: dict[str, str]) -> Answer | None:
    if not path.startswith("/e/public/jump"):
        return None
    return redirect(JUMPS[query["id"]]) if query.get("id") in JUMPS else html(NOT_THERE)


def counter(path: str, query: dict[str, str]) -> Answer | None:
    """The click counter; it is only here to be seen when somebody asks for it."""
    if not path.startswith(("/e/public/onclick", "/e/public/ViewClick")):
        return None
    return Answer(b"document.write('1');", 200, {"Content-Type": "application/javascript"})


def picture(path: str, query: dict[str, str]) -> Answer | None:
    if not path.startswith("/d/file/"):
        return None
    return Answer(b"\xff\xd8\xff\xe0" + path.encode() + b"\xff\xd9", 200, {"Content-Type": "image/jpeg"})


def add(sites: Sites, bench: list[Entry]) -> None:
    """Add ep18 with the load lists *bench*."""
    entries = plant_ep18(ep18_entries())
    for column in COLUMNS.values():
        own = [e for e in (bench if column.folder in LOAD else entries) if e.folder == column.folder]
        if own:
            add_column(sites, column, own)
    for entry in [*entries, *bench]:
        add_article(sites, entry)
    sites.add(HOST, "/robots.txt", plain(ROBOTS))
    sites.add(HOST, "/web/dianwang/", partial(cover, entries))
    sites.add(HOST, "/", partial(cover, entries))
    for handler in (partial(list_info, entries), partial(show_info, entries), jump, counter, picture):
        sites.compute(HOST, handler)
    sites.missing[HOST] = Answer(GONE.encode(), 404, {"Content-Type": HTML})
