"""Boxes of pages that nobody has a selector for."""

from __future__ import annotations

import tomllib

import pytest
from parsel import Selector

from svcsat_crawler.proposals.choosing import Broken, candidates, rules, toml
from svcsat_crawler.proposals.finding import fits, paths, text_box, title_boxes

TEXT = "清远供电局本周完成了三条线路的检修,共出动四十人,停电时间比去年同期短了两个小时。"
LINKS = "".join(f"<li><a href='/{n}'>另一篇文章的很长很长很长的标题之第{n}篇</a></li>" for n in range(30))


def page(body: str, title: str = "线路检修完成", heading: str = "<div class='bt'>{}</div>") -> str:
    head = heading.format(title)
    return (
        f"<html><body><ul class='menu'>{LINKS}</ul>{head}{body}<div class='foot'>版权所有</div></body></html>"
    )


@pytest.mark.parametrize(
    ("body", "first"),
    [
        (f"<div id='wz'><p>{TEXT}</p><p>{TEXT}</p></div>", "#wz"),
        (f"<div class='a wz'>{TEXT}<br><br>{TEXT}</div>", "div.a"),
        (f"<div class='wz'><div>{TEXT}</div><div>{TEXT}</div></div>", "div.wz"),
        (f"<div class='wz'><div><p>{TEXT}</p></div></div>", "div.wz"),
        (f"<table><tr><td class='wz'><font>{TEXT}{TEXT}</font></td></tr></table>", "td.wz"),
        (
            f"<div id='main'><p>短</p><div><p>{TEXT}</p><p>{TEXT}</p></div><div class='x'>{'表' * 60}</div></div>",
            "#main div[1]",
        ),
    ],
)
def test_the_text_is_found_and_named(body: str, first: str) -> None:
    root = Selector(page(body)).root
    box = text_box(root)
    assert box
    assert TEXT in box.text
    named = list(paths(box))
    assert named[0][0] == first
    assert all(fits(root, xpath, box) for _, xpath in named)


def test_lists_of_links_are_no_text() -> None:
    assert text_box(Selector(page("")).root) is None


def test_the_title_is_the_element_that_holds_nothing_else() -> None:
    root = Selector(
        page(
            "",
            heading="<h4 class='x'><a href='/'><b id='t'> {} </b></a></h4><h1>{}</h1>".format(
                "线路\n检修完成", "线路检修完成"
            ),
        )
    ).root
    boxes = title_boxes(root, "线路检修完成")
    assert [box.element.tag for box in boxes] == ["h1", "b"]


def test_what_is_proposed_fits_most_pages_and_is_toml() -> None:
    pages = [
        Broken(
            f"http://x/{n}",
            page(f"<div class='wz' id='p{n}'><p>{TEXT}</p></div>", f"标题之{n}"),
            f"标题之{n}",
        )
        for n in range(4)
    ]
    found = candidates(pages)
    assert [(each.name, each.pages) for each in found["body"]] == [("div.wz", 4)]
    assert [(each.name, each.pages) for each in found["title"]] == [("div.bt", 4)]
    old = {"title": [{"name": "h1", "xpath": "//h1"}], "body": [], "lead": "甲"}
    merged = rules(found, old, first=False)
    assert [rule["name"] for rule in merged["title"]] == ["h1", "div.bt"]
    assert [rule["name"] for rule in rules(found, old, first=True)["title"]] == ["div.bt", "h1"]
    assert tomllib.loads(toml("ep18", merged)) == {"ep18": {"article": merged}}


def test_nothing_is_proposed_that_is_there_already() -> None:
    found = candidates([Broken("http://x/", page("", heading="<h1>{}</h1>"), "线路检修完成")])
    assert rules(found, {"title": [{"name": "any", "xpath": "//h1"}]}, first=True) == {}
