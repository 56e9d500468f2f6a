"""R12, the other half: fifty runs on which nothing is wrong, and none of them is said to be."""

from __future__ import annotations

import json
import os
from collections.abc import Callable

import pytest

from tests.breakages.conftest import Sites
from tests.replica.answers import Answer

Prepare = Callable[[Sites], None]
ARTICLE = "/web/dianwang/qiye/20"
LIST = "/web/dianwang/qiye/"
COLUMN = "article/list?columnId=38"


def nothing(sites: Sites) -> None:
    """Leave the sites as they are."""


def one_hiccup(sites: Sites) -> None:
    """Fail one article once: it is tried again within the run."""
    sites.replica.fault("ep18.cn", ARTICLE, status=502, times=1)


def busy_once(sites: Sites) -> None:
    sites.replica.fault("ep18.cn", ARTICLE, status=503, headers={"Retry-After": "1"}, times=1)


def late(sites: Sites) -> None:
    sites.replica.fault("ep18.cn", LIST, delay=0.5, times=3)


def cut_once(sites: Sites) -> None:
    sites.replica.fault("ep18.cn", ARTICLE, close=True, times=1)


def two_gone(sites: Sites) -> None:
    """Take two articles off the site."""
    sites.replica.fault("ep18.cn", ARTICLE, status=404, times=2)


def no_robots(sites: Sites) -> None:
    sites.replica.put("ep18.cn", "/robots.txt", b"not here", status=404)


def new_furniture(sites: Sites) -> None:
    """Add a banner to every page: another look, the same structure."""

    def change(host: str, target: str, answer: Answer) -> Answer:
        if b"<body" not in answer.body:
            return answer
        banner = '<div class="top-banner"><a href="/zt/">专题：迎峰度夏</a></div>'.encode()
        head, tag, rest = answer.body.partition(b"<body")
        opening, end, inner = rest.partition(b">")
        return Answer(head + tag + opening + end + banner + inner, answer.status, answer.headers)

    sites.change(change)


def other_order(sites: Sites) -> None:
    """List a page's rows in another order."""

    def change(host: str, target: str, answer: Answer) -> Answer:
        if COLUMN not in target or b'"list"' not in answer.body:
            return answer
        body = json.loads(answer.body)
        body["data"]["list"].reverse()
        return Answer(json.dumps(body, ensure_ascii=False).encode(), answer.status, answer.headers)

    sites.change(change)


def first_host_away(sites: Sites) -> None:
    """Let the second host of the interface answer for the first."""
    sites.replica.fault("nfplusapi.nfnews.com", "/", status=405)


def gbk(sites: Sites) -> None:
    """Send the same pages in another charset, as the header says."""

    def change(host: str, target: str, answer: Answer) -> Answer:
        if host != "ep18.cn" or answer.status != 200 or "html" not in answer.headers.get("Content-Type", ""):
            return answer
        text = (
            answer.body.decode()
            .replace('charset="utf-8"', 'charset="gbk"')
            .replace("charset=utf-8", "charset=gbk")
        )
        return Answer(
            text.encode("gb18030"), 200, {**answer.headers, "Content-Type": "text/html; charset=gbk"}
        )

    sites.change(change)


MONTHS = ("2020-08", "2020-10", "2020-12", "2021-03", "2021-06", "2021-09", "2021-12", "2022-06")
RUNS: list[tuple[str, tuple[str, ...], Prepare]] = [
    *(("ep18", (f"until={month}",), nothing) for month in MONTHS),
    *(("ep18", (f"until={month}",), nothing) for month in MONTHS),  # the same again: no news
    *(("ep18", (), prepare) for prepare in (nothing, one_hiccup, busy_once, late, cut_once, two_gone)),
    *(("ep18", (), prepare) for prepare in (no_robots, new_furniture, gbk)),
    *(
        ("ep18", (argument,), nothing)
        for argument in ("max_pages=1", "max_pages=3", "since=2021", "since=2030")
    ),
    ("ep18", ("full=1",), nothing),
    ("ep18", ("full=1", "max_pages=2"), nothing),
    ("ep18", ("keywords=满意度",), nothing),
    ("ep18", ("keywords=没有这个词",), nothing),
    ("ep18", ("lists=http://ep18.cn/web/dianwang/fuwu/",), nothing),
    *(("nanfangplus", (f"until={month}", "columns=38,39"), nothing) for month in MONTHS[4:]),
    *(("nanfangplus", ("columns=38,39",), prepare) for prepare in (nothing, other_order, first_host_away)),
    ("nanfangplus", ("columns=38", "max_pages=1"), nothing),
    ("nanfangplus", ("columns=14", "keywords=供电"), nothing),
    ("nanfangplus", ("columns=41", "since=2020"), nothing),
    *(("finews", (f"until={month}",), nothing) for month in MONTHS[4:]),
    *(("finews", (argument,), nothing) for argument in ("since=2021", "keywords=供电", "full=1")),
    ("finews", (), nothing),
]


# All of them with `make soak`; otherwise every fifth, as each is a crawl.
CHOSEN = range(0, len(RUNS), 1 if os.environ.get("SVCSAT_SOAK") else 5)


def test_there_are_fifty() -> None:
    assert len(RUNS) >= 50


@pytest.mark.parametrize("number", CHOSEN)
def test_an_ordinary_run_is_good(settled: Sites, number: int) -> None:
    """One run after the other on the same store, as they come day by day."""
    if number == 0:
        settled.put_back()
    settled.replica.reset()
    spider, arguments, prepare = RUNS[number]
    settled.change(lambda host, target, answer: answer)
    prepare(settled)
    result = settled.line.crawl(spider, *arguments)
    run = settled.line.last_run(spider)
    assert result.returncode == 0, (arguments, prepare.__name__, run["cause"])
    assert run["verdict"] in ("good", "no news")
