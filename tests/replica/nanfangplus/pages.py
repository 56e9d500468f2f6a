"""Article pages: the static one of both static hosts, and the PC one."""

from __future__ import annotations

from html import escape

from tests.replica.answers import HTML, HTML_BARE, Answer, html
from tests.replica.nanfangplus.columns import own_column
from tests.replica.plan import Entry

PICS = "https://pic.nfapp.southcn.com/nfplus/ossfs/pic"
POSTER = "https://static.nfapp.southcn.com/apptpl/img/poster.png"
NAMES = "赵钱孙李周吴郑王"
DELETED = '<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>南方+</title></head><body><div class="nodata">内容已下线</div></body></html>'
SHELL = '<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>南方+</title></head><body><div id="app"></div><script src="static/js/app.js"></script></body></html>'


def author(entry: Entry) -> str:
    return f"{NAMES[int(entry.number) % 8]}某"


def credits(entry: Entry) -> list[str]:
    """Credit lines after the text; the last one is of the pictures."""
    first, second = (int(entry.number) // 3) % 8, (int(entry.number) // 5) % 8
    lines = [f"【南方日报记者】{author(entry)}", f"【通讯员】{NAMES[first]}某 {NAMES[second]}某某"]
    return lines[: 1 + int(entry.number) % 2] + (
        [f"【图片】{entry.story.bureau}供图"] if "picture" in entry.quirks else []
    )


def caption(entry: Entry) -> str:
    return f"{entry.story.bureau}的班组在作业现场。"


def picture(entry: Entry) -> list[str]:
    """A lazy picture with its caption, and at times a QR code."""
    code = f"{int(entry.number):032x}"
    words = caption(entry)
    found = [
        f'<p><img title="{words}" contenteditable="false" data-width="748" data-height="485" '
        f'data-original="{PICS}/xy/{entry.published:%Y%m/%d}/{code}_batchwm.jpg?x-oss-process=style/w640" '
        f'src="{POSTER}" class="lazyload" style="height: auto;"><span class="spanPicTitle">{words}</span></p>'
    ]
    if "qr" in entry.quirks:
        found.append(
            f'<p><img title="扫描二维码" alt="二维码" data-original="{PICS}/qr.jpg" src="{POSTER}" class="lazyload"></p>'
        )
    return found


def body(entry: Entry) -> str:
    lines = []
    for number, plain in enumerate(entry.story.paragraphs):
        text = escape(plain, quote=False)
        if number in entry.story.subheads:
            strong = f'<span style="color: rgb(0, 32, 96);"><strong>{text}</strong></span>'
            lines.append(f'<p class=" summary_style">{strong}</p>')
        else:
            lines.append(f"<p>{text}</p>")
        if number == 1 and "picture" in entry.quirks:
            lines += picture(entry)
    if "normal-video" in entry.quirks:
        lines.insert(0, '<p><video controls src="https://video.example.com/v.mp4"></video></p>')
    return "\n".join(lines + [f"<p>{line}</p>" for line in credits(entry)])


def picture_set(entry: Entry) -> str:
    """The page body of type 1: pictures and nothing but captions."""
    return "\n".join(
        f'<p><img data-original="{PICS}/set/{entry.number}{n}.jpg" src="{POSTER}" class="lazyload">'
        f'<span class="spanPicTitle">图{n}：{entry.story.bureau}巡线途中。</span></p>'
        for n in range(1, 4)
    )


def whole_body(entry: Entry) -> str:
    return picture_set(entry) if "pictures" in entry.quirks else body(entry)


def properties(entry: Entry) -> str:
    """The comment that the publishing system writes."""
    column_id, name = own_column(entry)
    title = escape(entry.title, quote=False)
    return (
        f"<!--enpproperty <articleid>{entry.number}</articleid><date>{entry.published:%Y-%m-%d %H:%M:%S}.0</date>"
        f"<author>{author(entry)}</author><title>{title}</title><keyword>{entry.story.bureau}</keyword><subtitle></subtitle>"
        f"<introtitle></introtitle><siteid>1</siteid><nodeid>{column_id}</nodeid><nodename>{name}</nodename>"
        "<nodesearchname></nodesearchname><picurl></picurl>/enpproperty-->"
    )


def static_page(entry: Entry) -> Answer:
    title = escape(entry.title, quote=False)
    column_id, name = own_column(entry)
    head = (
        f'<div class="header"><h1 id="articleTitle">{title}</h1>\n<div class="nfh"><img class="colimg" src="{PICS}/icon.png">'
        f'<span class="colname">{name}</span>\n'
        f'<div class="nfhtime pubtime" data-time="{entry.published:%Y-%m-%d %H:%M:%S}"></div></div></div>'
    )
    if "bare-head" in entry.quirks:
        head = ""
    text = whole_body(entry)
    page = (
        '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1,user-scalable=no">\n'
        f'<meta name="author" content="{author(entry)}">\n<meta name="Copyright" content="{int(entry.number) % 2}">\n'
        f'<meta name="location" content="{entry.story.bureau[:2]}">\n<title>{title}</title>\n'
        f'<script>var articleId = "{entry.number}", columnid = "{column_id}";</script>\n</head>\n<body>\n'
        f'{properties(entry)}\n{head}\n<div class="article">\n<!--enpcontent-->\n{text}\n<!--/enpcontent-->\n</div>\n'
        '<script src="https://static.nfapp.southcn.com/apptpl/js/lazyload.js"></script>\n</body>\n</html>\n'
    )
    return Answer(page.encode(), 200, {"Content-Type": HTML_BARE})


def pc_page(entry: Entry) -> Answer:
    title = escape(entry.title, quote=False)
    column_id, name = own_column(entry)
    page = (
        f'<!DOCTYPE html>\n<html lang="zh-CN">\n<head><meta charset="utf-8"><meta name="author" content="{author(entry)}">'
        f"<title>{title}_南方+_南方plus</title></head>\n<body>\n{properties(entry)}\n"
        '<div id="content">\n'
        f'<div class="article-crumb"><a href="/">首页</a> &gt; <a href="/{column_id}/">{name}</a></div>\n'
        f'<div class="article-nfh-icon"><img src="{PICS}/icon.png">{name}</div>\n<h1>{title}</h1>\n{whole_body(entry)}\n'
        '<div class="article-share">转发给朋友</div>\n<div class="article-copyright">转载须注明出处</div>\n</div>\n</body>\n</html>\n'
    )
    return Answer(page.encode(), 200, {"Content-Type": HTML})


def deleted() -> Answer:
    """What is left of a deleted article when its page still answers 200."""
    return html(DELETED)


def shell() -> Answer:
    """A page that only a script fills."""
    return html(SHELL)
