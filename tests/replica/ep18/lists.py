"""ep18 list pages: 25 rows in blocks of five, two kinds of pager, and the rows that are odd."""

from __future__ import annotations

from html import escape

from tests.replica.ep18.body import shown_title
from tests.replica.ep18.columns import HOST, LOAD, Column, address
from tests.replica.plan import Entry

SIZE, BLOCK = 25, 5


def row(entry: Entry, place: int) -> str:
    """One row; ``place`` is its place in the whole list and decides its oddity."""
    href, shown = address(entry), escape(shown_title(entry))
    if place % 29 == 7:
        href = "../" + href.removeprefix("/web/dianwang/") if entry.folder != "kehu" else f"../../..{href}"
    elif place % 29 == 11:
        href = f"http://{HOST}{href}"
    elif place % 29 == 19:
        href = f"http://www.{HOST}{href}"
    if place % 9 == 4 and len(entry.title) > 14:
        shown = escape(shown_title(entry)[:12]) + "..."
    if place % 11 == 2:
        shown = f"<font color='#FF0000'>{shown}</font>"
    if place % 13 == 3:
        shown = f"<strong>{shown}</strong>"
    title = escape(shown_title(entry))
    return f'<li><a href="{href}" title="{title}">{shown}</a> <span>{entry.published:%Y-%m-%d}</span></li>'


def external(number: int, day: str) -> str:
    """A row that is a link to another site."""
    title = f"站外：行业媒体综述之{number}"
    return (
        f'<li><a href="http://news{number}.example.com/a/{day}.html" title="{title}" target="_blank">{title}</a>'
        f" <span>{day}</span></li>"
    )


def jump(classid: int, number: int, day: str) -> str:
    """A row whose target only the jump address knows."""
    title = f"跳转：站内活动页{number}"
    href = f"/e/public/jump/?classid={classid}&amp;id={number}"
    return f'<li><a href="{href}" title="{title}">{title}</a> <span>{day}</span></li>'


def rows(column: Column, entries: list[Entry]) -> list[str]:
    """All rows of a list in order: pinned old ones first, odd ones strewn in, no page repeats yet."""
    pinned = [entry for entry in entries if "pinned" in entry.quirks]
    found = [
        row(entry, place) for place, entry in enumerate(pinned + [e for e in entries if e not in pinned])
    ]
    if column.folder in LOAD:
        return found
    day = f"{entries[10].published:%Y-%m-%d}"
    for number, place in enumerate((12, 40, 71), start=1):
        if place < len(found):
            found.insert(place, external(column.classid * 10 + number, day))
    if column.folder == "qiye":
        found.insert(22, jump(column.classid, 1, day))
        found.insert(64, jump(column.classid, 2, day))
    return found


def paged(all_rows: list[str], *, repeat: bool) -> list[list[str]]:
    """Cut into pages; with ``repeat`` the last row of page 2 comes again on page 3."""
    if repeat and len(all_rows) > 2 * SIZE:
        all_rows = [*all_rows[: 2 * SIZE], all_rows[2 * SIZE - 1], *all_rows[2 * SIZE :]]
    return [all_rows[start : start + SIZE] for start in range(0, len(all_rows), SIZE)]


def blocks(page_rows: list[str]) -> str:
    """Blocks of five; a short last one keeps the template's own comments."""
    parts = []
    for start in range(0, len(page_rows), BLOCK):
        part = page_rows[start : start + BLOCK]
        part += [f"<!--list.var{number}-->" for number in range(len(part) + 1, BLOCK + 1)]
        parts.append("<ul>\r\n" + "\r\n".join(part) + "</ul>")
    return "\r\n".join(parts)


def page_address(column: Column, number: int, total: int) -> str:
    """Address of list page *number* (from 1); the dynamic list counts from 0."""
    if column.pager == "dynamic":
        query = f"classid={column.classid}"
        if number == 1:
            return f"/e/action/ListInfo/?{query}"
        return f"/e/action/ListInfo/index.php?page={number - 1}&{query}&totalnum={total}"
    return f"{column.path}index{f'_{number}' if number > 1 else ''}.html"


def pager_a(column: Column, number: int, count: int, total: int) -> str:
    def link(target: int, text: str) -> str:
        return f'<a href="{escape(page_address(column, target, total))}">{text}</a>'

    if count == 1:
        return ""
    parts = [link(1, "首页"), link(number - 1, "上一页")] if number > 1 else []
    low, high = max(1, number - 5), min(count, number + 5)
    parts += [f"<b>{n}</b>" if n == number else link(n, str(n)) for n in range(low, high + 1)]
    if number < count:
        parts += [link(number + 1, "下一页"), link(count, "尾页")]
    head = f'<a title="Total record">&nbsp;<b>{total}</b> </a>&nbsp;&nbsp;&nbsp;'
    return f'<div class="epages">{head}{"&nbsp;".join(parts)}</div>'


def pager_b(column: Column, number: int, count: int, total: int) -> str:
    def link(target: int, text: str) -> str:
        if not 1 <= target <= count or target == number:
            return text
        return f"<a href='{page_address(column, target, total)}'>{text}</a>"

    options = "".join(
        f"<option value='{page_address(column, n, total)}'{' selected' if n == number else ''}>第 {n} 页</option>"
        for n in range(1, count + 1)
    )
    steps = [link(1, "首页"), link(number - 1, "上一页"), link(number + 1, "下一页"), link(count, "尾页")]
    return (
        "<table class='list_page'><tr><td>"
        f"页次：{number}/{count}&nbsp;每页{SIZE}&nbsp;总数{total}&nbsp;&nbsp;{'&nbsp;&nbsp;'.join(steps)}&nbsp;&nbsp;"
        '转到:<select name=select onchange="self.location.href=this.options[this.selectedIndex].value">'
        f"{options}</select></td></tr></table>"
    )
