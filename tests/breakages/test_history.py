"""What only the history of a spider tells, in whole crawls: its past is written into the store as runs leave it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from svcsat_crawler.storage.documents import now
from svcsat_crawler.text.times import BEIJING
from tests.breakages.conftest import Change, Sites
from tests.breakages.test_breakages import pages
from tests.replica.answers import Answer

QIYE = "http://ep18.cn/web/dianwang/qiye/"
FIRST_PAGE = re.compile(r"/web/dianwang/qiye/(?:index\.html)?$")
STATE = {"_id": f"list:ep18:{QIYE}"}
# Characters that stand for no number.
PLAIN = "供电服务社区居民走访"


def past(sites: Sites, *, a_day: int = 40, origin: int = 0) -> None:
    """Give ep18 a hundred daily runs of three articles each, and a list with *a_day* new rows; all is to be read again."""
    today = now()
    fields = {"articles": 3, "title": 3, "origin": origin, "long": 3, "chinese": 3, "characters": 2400}
    walk = {"name": "qiye", "url": QIYE, "first_rows": 25, "more": True}
    runs = [
        {
            "_id": f"past-{ago}",
            "spider": "ep18",
            "arguments": {},
            "started": today - timedelta(days=ago),
            "verdict": "good",
            "counts": {"new": 3, "changed": 0, "telling": 2},
            "causes": [],
            "tally": {"fields": fields},
            "lists": [walk],
        }
        for ago in range(1, 100)
    ]
    arrivals(sites, [(ago, a_day) for ago in range(1, 40)])
    with sites.line.store() as store:
        store.database.runs.insert_many(runs)
        store.database.articles.delete_many({})
        store.database.meta.update_one(STATE, {"$set": {"complete": False, "validators": {}}})


def arrivals(sites: Sites, days: list[tuple[int, int]]) -> None:
    """Say on which days, so many ago, the list brought how much."""
    today = now().astimezone(BEIJING).date()
    kept = [[(today - timedelta(days=ago)).isoformat(), number] for ago, number in sorted(days, reverse=True)]
    said = {"scope": "", "looked": (today - timedelta(days=1)).isoformat(), "days": kept}
    with sites.line.store() as store:
        assert store.database.meta.update_one(STATE, {"$set": {"arrivals": said}}).matched_count


def crawl(sites: Sites, change: Change | None = None) -> tuple[int, dict[str, Any]]:
    if change:
        sites.change(change)
    result = sites.line.crawl("ep18")
    return result.returncode, sites.line.last_run("ep18")


def articles(edit: Callable[[str, int], str]) -> Change:
    """Return a change of the articles in whatever charset, told by their numbers."""

    def change(host: str, target: str, answer: Answer) -> Answer:
        number = re.search(r"/(\d+)(?:_\d+)?\.html", target)
        if not number or answer.status != 200:
            return answer
        charset = "gb18030" if b"charset=gb" in answer.body.replace(b'"', b"") else "utf-8"
        body = edit(answer.body.decode(charset, "replace"), int(number[1])).encode(charset, "replace")
        return Answer(body, 200, answer.headers)

    return change


def without_figures(text: str, number: int) -> str:
    """Let an article speak of visits to the neighbours, in words of its own."""
    own = "".join(PLAIN[int(digit)] for digit in str(number))
    said = f"在{own}的活动中，员工们走进家中，了解了大家用电的需要，并讲解了安全的常识。"
    text = re.sub(r"(?<=>)[^<>]*[，。；？！][^<>]*", said, text)
    return re.sub(r"(?<=<title>)[^_<]*|(?<=<h1>)[^<]*", f"走访{own}", text)


def few_rows(text: str) -> str:
    """Leave a list its first four rows."""
    rows = iter(range(10_000))
    dated = r"<li>(?:(?!</li>).)*\d{4}-\d\d-\d\d.*?</li>"
    return re.sub(dated, lambda row: row[0] if next(rows) < 4 else "", text, flags=re.DOTALL)


def test_an_ordinary_run_after_an_ordinary_past(sites: Sites) -> None:
    past(sites)
    code, run = crawl(sites)
    assert (code, run["verdict"]) == (0, "good"), run["cause"]
    counts = run["counts"]
    assert counts["facts"] > 0 and 0 < counts["telling"] < counts["new"]
    with sites.line.store() as store:
        state = store.database.meta.find_one(STATE)
    walk = next(walk for walk in run["lists"] if walk["url"] == QIYE)
    today = now().astimezone(BEIJING).date().isoformat()
    assert state["arrivals"]["days"][-1] == [today, walk["new"]]


CHANGES: dict[str, tuple[str, str, Change]] = {
    "no figures": (
        "no_figures",
        r"none of the last \d+ new articles states a figure",
        articles(without_figures),
    ),
    "few rows": (
        "layout",
        r"4 rows on its first page, before never fewer than 25",
        pages(FIRST_PAGE, few_rows),
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_against_the_past_is_named(sites: Sites, name: str) -> None:
    kind, said, change = CHANGES[name]
    past(sites)
    code, run = crawl(sites, change)
    assert code == 3, run["cause"]
    assert [cause["kind"] for cause in run["causes"] if re.search(said, cause["text"])] == [kind], run[
        "cause"
    ]


def test_a_field_that_has_gone_from_most_articles_is_named(sites: Sites) -> None:
    """Few articles of the stand-in name a source; in the past of this one all did."""
    past(sites, origin=3)
    code, run = crawl(sites)
    assert (code, [cause["kind"] for cause in run["causes"]]) == (3, ["layout"])
    assert re.search(
        r"layout: \d of the last \d+ articles have a source .来源., before at least 100%", run["cause"]
    )


def test_a_flood_is_named_with_its_list(sites: Sites) -> None:
    past(sites, a_day=1)
    code, run = crawl(sites)
    assert (code, [cause["kind"] for cause in run["causes"]]) == (3, ["flood"])
    assert QIYE in run["cause"]


def test_a_list_that_fell_silent_is_named_until_it_speaks_again(sites: Sites) -> None:
    assert crawl(sites)[0] == 0
    often = range(0, 60, 2)
    arrivals(sites, [(200 + ago, 3) for ago in often])
    code, run = crawl(sites)
    assert (code, [cause["kind"] for cause in run["causes"]]) == (3, ["silent"])
    assert "nothing new for 200 days, before never longer than 2" in run["cause"] and QIYE in run["cause"]
    arrivals(sites, [(20 + ago, 3) for ago in often])
    assert crawl(sites)[0] == 0
    # One who asked for a part only is not told of the whole.
    arrivals(sites, [(200 + ago, 3) for ago in often])
    assert sites.line.crawl("ep18", "since=2021").returncode == 0
