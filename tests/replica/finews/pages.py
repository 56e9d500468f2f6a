"""finews pages: home, category, post, feed and the 404 page."""

from __future__ import annotations

import json
from html import escape

from tests.replica.finews.texts import MEDIUM, SITE, TAG, content, path, title
from tests.replica.plan import Entry

OTHER_TAG = "样报新闻"


def frame(name: str, address: str, section: str, extra: str = "") -> str:
    """A whole page; *name* is what the head believes the title to be."""
    shown = escape(name)
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN">\n  <head>\n    <meta charset="UTF-8">\n'
        f'    <meta property="og:title" content="{shown}">\n    <meta property="og:url" content="{SITE}{address}">\n'
        f'    <link rel="alternate" type="application/atom+xml" title="金融消息" href="{SITE}/feed.xml">\n'
        f'<!-- Begin Jekyll SEO tag v2.8.0 -->\n<title>{shown} | 金融消息</title>\n<link rel="canonical" href="{SITE}{address}" />\n'
        f'<meta property="twitter:title" content="{shown}" />\n{extra}<!-- End Jekyll SEO tag -->\n'
        '    <script type="text/JavaScript">\n      function AutoRefresh( t ) { setTimeout("location.reload(true);", t); }\n'
        '    </script>\n  </head>\n  <body onload="JavaScript:AutoRefresh(60000);">\n    <div class="wrapper">\n      <header>\n'
        f'        <h1><a href="{SITE}/">金融消息</a></h1>\n      </header>\n      <section>\n\n{section}\n\n      </section>\n'
        '      <footer>\n        <p><small>本页内容由程序汇集，仅供测试，<a href="/about.html">说明</a></small></p>\n      </footer>\n'
        "    </div>\n  </body>\n</html>\n"
    )


def item(entry: Entry) -> str:
    return f'    <li><a href="{path(entry)}">{escape(title(entry), quote=False)}</a></li>'


def post(entry: Entry) -> str:
    moment = f"{entry.published:%Y-%m-%dT%H:%M:%S}+08:00"
    data = {
        "@context": "https://schema.org",
        "@type": "BlogPosting",
        "dateModified": moment,
        "datePublished": moment,
        "headline": title(entry),
        "url": f"{SITE}{path(entry)}",
    }
    extra = (
        '<meta property="og:type" content="article" />\n'
        f'<meta property="article:published_time" content="{moment}" />\n'
        f'<script type="application/ld+json">\n{json.dumps(data, ensure_ascii=False)}</script>\n'
    )
    zone = "(GMT+8)" if "old-zone" in entry.quirks else "[GMT+8, Asia/Shanghai, CST]"
    section = (
        f"      <small>{zone} {entry.published:%Y-%m-%d %H:%M:%S} &nbsp; </small>\n"
        f"<h1>{escape(title(entry), quote=False)}</h1>\n\n{content(entry)}\n\n\n  <small>tags: <em>{TAG}</em></small>\n"
    )
    return frame(title(entry), path(entry), section, extra)


def category(entries: list[Entry], *, empty_head: bool = False) -> str:
    """The list of the medium, newest first; its head names another medium, as the generator does."""
    head = '<h2 id=""></h2>' if empty_head else f'<h2 id="{TAG}">{TAG}</h2>'
    items = "\n\n".join(item(entry) for entry in entries)
    return frame(OTHER_TAG, f"/category/{MEDIUM}.html", f"{head}\n\n<ul>\n\n{items}\n\n</ul>")


def home(entries: list[Entry]) -> str:
    """Five newest posts a tag."""
    own = "\n\n".join(item(entry) for entry in entries[:5])
    other = '    <li><a href="/yangbao/2025/01/02/NW202501021234567890.html">别家媒体的一条消息</a></li>'
    return frame(
        "首页",
        "/",
        f'<h2 id="{OTHER_TAG}">{OTHER_TAG}</h2>\n<ul>\n{other}\n</ul>\n<hr />\n\n'
        f'<h2 id="{TAG}">{TAG}</h2>\n<ul>\n{own}\n</ul>\n<hr />',
    )


def feed(entries: list[Entry]) -> str:
    """Atom with the last ten posts; the second is another medium's."""
    parts = []
    for entry in entries[:9]:
        moment = f"{entry.published:%Y-%m-%dT%H:%M:%S}+08:00"
        parts.append(
            f'<entry><title type="html">{escape(title(entry))}</title>'
            f'<link href="{SITE}{path(entry)}" rel="alternate" type="text/html" /><published>{moment}</published>'
            f"<updated>{moment}</updated><id>{SITE}{path(entry).removesuffix('.html')}</id>"
            f'<content type="html"><![CDATA[{content(entry)}]]></content><category term="{MEDIUM}" /></entry>'
        )
    parts.insert(
        1,
        '<entry><title type="html">别家媒体的一条消息</title>'
        f'<link href="{SITE}/yangbao/2025/01/02/NW202501021234567890.html" rel="alternate" type="text/html" />'
        "<published>2025-01-02T10:00:00+08:00</published><updated>2025-01-02T10:00:00+08:00</updated>"
        f'<id>{SITE}/yangbao/2025/01/02/NW202501021234567890</id><category term="yangbao" /></entry>',
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN">'
        f'<link href="{SITE}/feed.xml" rel="self" type="application/atom+xml" /><id>{SITE}/feed.xml</id>'
        f'<title type="html">金融消息</title>{"".join(parts)}</feed>'
    )


def not_found() -> str:
    script = (
        "<script>var parts = location.pathname.split('/');\n"
        "setTimeout(function () { location.href = '/'; }, 5000);</script>"
    )
    return frame(
        "404", "/404.html", f"<h1>404</h1>\n<p>这条消息已经移走，可到仓库的旧文夹里找。</p>\n{script}"
    )
