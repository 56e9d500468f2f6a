"""Head, navigation, boxes and footer of ep18: the same on every page, about 24 KB of it."""

from __future__ import annotations

from functools import cache
from html import escape

from tests.replica.ep18.columns import COLUMNS, Column, address
from tests.replica.plan import Entry

NAV = {
    "资讯": "头条 快讯 海外 发电侧 电网侧 用电侧 时评 图片 视频 早报",
    "企业": "安全 经营 人才 班组 文化 公益 创新 典型 风采",
    "规章": "通知 解读 标准 统计 访问 问答",
    "生意": "标讯 工程 产品库 名录 会议 供应商",
    "门类": "输电 变电 配电 水力 火力 风力 光热 生物质 抽蓄 氢气 储电 卖电 乡镇供电",
    "专栏": "车网互动 智能表计 虚拟电厂 微网 隔墙售电 超导 数字孪生 运行检修 继电保护 通信班 "
    "节能减碳 技能课堂 论文选登 人物志 副刊",
    "热议": "迎峰度冬 春检现场 防汛备汛 阳光电费 村网共建 老旧小区改造 班组减负",
}
WORDS = "负荷 电表 报装 检修 巡线 台区 抢修 窗口 账单 绝缘子 变压器 开关柜 互感器 避雷器 电缆沟 杆塔".split()


@cache
def head_scripts() -> str:
    """Inline style and script, as bulky as such pages carry them."""
    rules = "\r\n".join(
        f".m{n}{{margin:0 auto;width:{960 + n}px;line-height:{18 + n % 9}px;color:#{n * 31 % 4096:03x}}}"
        for n in range(38)
    )
    return (
        f'<style type="text/css">\r\n{rules}\r\n</style>\r\n<script type="text/javascript">\r\n'
        "function doZoom(size){document.getElementById('text').style.fontSize=size+'px';}\r\n"
        "function CheckPl(f){if(f.saytext.value==''){alert('写点什么吧');return false;}return true;}\r\n"
        "</script>"
    )


@cache
def nav() -> str:
    groups = ['<li><a href="/">首页</a></li>']
    for number, (group, words) in enumerate(NAV.items()):
        links = [f'<a href="/c{number}/{place}/">{word}</a>' for place, word in enumerate(words.split())]
        groups.append(f'<li><a href="/c{number}/">{group}</a>\r\n' + "\r\n".join(links) + "</li>")
    groups.append('<li><a href="/e/tags/">标签</a></li>')
    return '<ul class="nav">\r\n' + "\r\n".join(groups) + "\r\n</ul>"


def position(column: Column, *, article: bool) -> str:
    steps = [("/", "首页"), ("/web/", "专题"), ("/web/dianwang/", "电网"), (column.path, column.name)]
    links = "&nbsp;>&nbsp;".join(f'<a href="{path}">{name}</a>' for path, name in steps)
    return f'<div class="position">{links}{" > 正文" if article else ""}</div>'


def link(entry: Entry) -> str:
    title = escape(entry.title)
    return f'<a href="{address(entry)}" title="{title}">{title}</a>'


def side(popular: list[Entry], classid: int) -> str:
    """The boxes at the right: two filled by scripts, one with ten popular articles."""
    rank = "\r\n".join(f"<li>· {link(entry)}</li>" for entry in popular)
    words = "\r\n".join(
        f'<a href="/e/tags/?tagname={n}" class="t{n % 5}" target="_blank">{word}{n}</a>'
        for n, word in enumerate(WORDS * 6)
    )
    return (
        '<div class="side">\r\n<div class="box_t">编辑推荐</div>\r\n'
        "<div class=\"box_c\"><script src='/d/js/js/goodnews.js'></script></div>\r\n"
        f'<div class="box_t">热点排行</div>\r\n<div class="box_c"><ul class="rank">\r\n{rank}\r\n</ul></div>\r\n'
        f'<div class="box_t">热词</div>\r\n<div class="box_c">{words}</div>\r\n'
        '<div class="box_t">推荐阅读</div>\r\n'
        f"<div class=\"box_c\"><script src='/d/js/class/class{classid}_firstnews.js'></script></div>\r\n</div>"
    )


@cache
def footer() -> str:
    friends = "\r\n".join(
        f'<a href="http://friend{n}.example.com/" target="_blank" rel="nofollow">友情站点{n}</a>'
        for n in range(80)
    )
    about = " - ".join(
        f'<a href="/about/{n}.html">{name}</a>' for n, name in enumerate(("本站", "来稿", "联络"))
    )
    return (
        f'<div class="links">{friends}</div>\r\n<div class="footer"><p class="copyright">'
        f'<a href="/e/wap/">手机版</a> - {about}&copy;2018 <a href="/">电力18</a></p></div>'
    )


def popular() -> list[Entry]:
    """The ten articles of every rank box."""
    from tests.replica.plan import ep18_entries

    return [entry for entry in ep18_entries() if entry.folder == "qiye"][3:103:10]


@cache
def rank_box(classid: int) -> str:
    return side(popular(), classid)


def page(title: str, main: str, column: Column, *, charset: str = "utf-8", tail: str = "") -> str:
    """A whole page round *main*."""
    return (
        '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" '
        '"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">\r\n'
        '<html xmlns="http://www.w3.org/1999/xhtml">\r\n<head>\r\n'
        f'<meta http-equiv="Content-Type" content="text/html; charset={charset}" />\r\n'
        f"<title>{escape(title)} - 电力18</title>\r\n"
        f'<meta name="keywords" content="{column.name}" />\r\n{head_scripts()}\r\n</head>\r\n<body>\r\n'
        f'<div class="top"><div class="logo"><a href="/">电力18</a></div>\r\n{nav()}</div>\r\n'
        f'<div class="main">\r\n{main}\r\n</div>\r\n{rank_box(column.classid)}\r\n{footer()}\r\n{tail}</body>\r\n</html>\r\n'
    )


def column_of(entry: Entry) -> Column:
    return COLUMNS[entry.folder]
