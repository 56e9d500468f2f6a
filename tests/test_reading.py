"""Pure reading against what a broken or hostile page may hold; the ordinary cases are doctests."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from lxml import etree
from parsel import Selector
from scrapy.http import TextResponse

from svcsat_crawler.sources import column_items, empirecms, failures, jekyll_post, reading, static_article
from svcsat_crawler.text import blocks
from svcsat_crawler.text.clean import clean_text
from svcsat_crawler.text.times import read_time

MANY = 200_000


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Stop what would run for minutes: a square of the page's size where its size would do."""

    def stop(*_: object) -> None:
        raise TimeoutError(f"still running after {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize(
    "printed",
    ["0000-00-00 00:00:00", "2016-02-31", "2016-13-01 10:00:00", "16-12-21", "2016-12-21 25:00:00", "", "昨天", None, True, -1, 0, 1e300],
)  # fmt: skip
def test_what_is_no_time_is_none(printed: Any) -> None:
    assert read_time(printed) is None


@pytest.mark.parametrize(
    ("printed", "iso", "precision"),
    [
        ("2016-12-21 00:00:00", "2016-12-21T00:00:00+08:00", "day"),
        ("2016年2月9日", "2016-02-09T00:00:00+08:00", "day"),
        ("2016/2/9 7：05", "2016-02-09T07:05:00+08:00", "minute"),
        ("2016-12-20 19:49:38.0", "2016-12-20T19:49:38+08:00", "second"),
        ("[GMT+8, Asia/Shanghai, CST] 2021-12-29 20:06:31 \xa0", "2021-12-29T20:06:31+08:00", "second"),
        ("2021-12-29T20:06:31+08:00", "2021-12-29T20:06:31+08:00", "second"),
        ("2099-01-01 08:00:00", "2099-01-01T08:00:00+08:00", "second"),
        ("1482246635000", "2016-12-20T23:10:35+08:00", "second"),
        (1482246635, "2016-12-20T23:10:35+08:00", "second"),
    ],
)
def test_times_are_read_in_every_form_of_the_sites(printed: Any, iso: str, precision: str) -> None:
    found = read_time(printed)
    assert found is not None
    assert (found[0].isoformat(), found[1]) == (iso, precision)


def test_depth_does_not_matter() -> None:
    """The parser gives up on the deepest pages; what it lets through is read without recursion."""
    root = element = etree.Element("div")
    for _ in range(10_000):
        element = etree.SubElement(element, "div")
    element.text = "正文"
    assert blocks.read(root).paragraphs == ["正文"]
    with within(20):
        blocks.read(Selector(text="<p>上文</p>" + "<div>" * 100_000 + "正文").root)


def test_size_does_not_matter() -> None:
    with within(60):
        (paragraph,) = blocks.read(Selector(text=f"<p>{'供电 ' * 3_000_000}</p>").root).paragraphs
        assert len(clean_text(paragraph).body) == len(paragraph) == 3 * 3_000_000 - 1
        assert len(blocks.read(Selector(text="<p>正文</p>" * 50_000).root).paragraphs) == 50_000


def archived(body: str) -> jekyll_post.Post:
    page = f"---\ntitle: x\n---\n{body}"
    return jekyll_post.read_markdown(
        TextResponse("http://127.0.0.1/x.md", body=page.encode(), encoding="utf-8")
    )


def test_a_broken_member_costs_a_topic_only_itself() -> None:
    good = {
        "fileId": 7,
        "title": "甲",
        "articleType": 0,
        "shareUrl": "https://static.nfnews.com/content/1.html",
    }
    blocks_of_members = [
        {"articles": {"list": [good, None, {**good, "fileId": "七"}, good]}},
        {"articles": {"list": "none"}},
        {"articles": []},
        "none",
    ]
    answer = json.dumps({"success": True, "data": {"columns": blocks_of_members}})
    assert column_items.topic_members(answer) == ([good], ["articleId '七'"])


HOSTILE: dict[str, Callable[[], Any]] = {
    "tags that never end": lambda: reading.bare("<" * MANY),
    "a caption of brackets": lambda: reading.split_credit("（" * MANY),
    "JSONP without an end": lambda: column_items.load("f()" + " " * MANY + "x"),
    "front matter of blank lines": lambda: jekyll_post.front_matter("---" + "\n" * MANY + "x"),
    "links in Markdown that are none": lambda: archived("[" * MANY + "\n" * MANY + "[](" * MANY),
    "comments that never end": lambda: static_article.properties("<!--enpproperty " * MANY),
    "a comment of openings": lambda: static_article.properties(
        f"<!--enpproperty {'<a>' * MANY}/enpproperty-->"
    ),
    "a title of dashes": lambda: empirecms.title(Selector(text=f"<title>{'-' * MANY}。</title>"), [], ""),
    "an error page of openings": lambda: failures.check_page("<title>信息提示" + "<" * MANY),
    "lines of roles": lambda: clean_text("\n".join(["记者、通讯员" * 9] * 2_000)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_page_takes_the_square_of_its_size(name: str) -> None:
    with within(20):
        try:
            HOSTILE[name]()
        except failures.Unusable as refusal:
            assert str(refusal)


@pytest.mark.parametrize(
    ("page", "kind", "said"),
    [
        (
            "<html><head><title>信息提示</title></head><body>此信息已删除</body>",
            failures.Gone,
            "此信息已删除",
        ),
        ("<title>404 Not Found</title>", failures.Gone, "404"),
        ("<title>系统提示</title><p>验证码不正确</p>", failures.Unusable, "验证码不正确"),
        ("<TITLE>用户登录_某站</TITLE>", failures.Blocked, "用户登录"),
        ("<title>Just a moment...</title>", failures.Blocked, "Just a moment"),
        ("<title>访问被阻断</title>", failures.Blocked, "访问被阻断"),
    ],
)
def test_a_page_that_is_none_is_told_by_its_kind(page: str, kind: type[Exception], said: str) -> None:
    with pytest.raises(failures.Unusable) as refusal:
        failures.check_page(page)
    assert type(refusal.value) is kind
    assert said in str(refusal.value)


def test_an_article_about_such_pages_is_none_of_them() -> None:
    failures.check_page(
        "<title>供电局提醒：收到“信息提示”短信先核实</title><p>该网页已被删除，登录须谨慎。</p>"
    )


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("记者在现场看到，客户满意度达到98％。", True),
        ("编辑部的电话响了一上午。", True),
        ("来源地证明由供电所统一开具。", True),
        ("（责任编辑：丙某）", False),
        ("来源：某某日报", False),
        ("（完）", False),
    ],
)
def test_clean_takes_furniture_and_leaves_sentences(line: str, kept: bool) -> None:
    body = clean_text(f"第一段正文。\n{line}\n第二段正文。\n{line}").body.split("\n")
    assert body == (
        ["第一段正文。", line, "第二段正文。", line] if kept else ["第一段正文。", "第二段正文。"]
    )


def test_names_at_either_end_are_no_text() -> None:
    found = clean_text("（记者 甲某）\n正文。\n通讯员 乙某 丙某")
    assert (found.byline, found.body, found.credits) == ("（记者 甲某）", "正文。", ["通讯员 乙某 丙某"])


def test_clean_leaves_no_debris() -> None:
    dirty = "第\x00一\ufeff段\u200b\ue681。\ud800\n\u3000\u3000\xa0\n８１．５７\xa0分"
    assert clean_text(dirty).body == "第一段。\n８１．５７ 分"


def test_clean_never_empties_an_article() -> None:
    """A one-line article is kept, whatever its line looks like."""
    assert clean_text("记者 甲某").body == "记者 甲某"
    assert clean_text("张媛媛", trailing_editor=True).body == "张媛媛"
