"""A figure that a site corrects without a word: no list tells, ``recheck=`` finds it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from svcsat_crawler.storage.documents import beijing
from svcsat_crawler.text.times import BEIJING
from tests.crawls.conftest import Line
from tests.replica.server import Replica

LISTS = "lists=http://ep18.cn/web/dianwang/qiye/"


def day_of(article: dict[str, Any]) -> date:
    moment = beijing(article["published"])
    assert moment
    return moment.date()


def test_a_silently_corrected_figure_becomes_a_revision_and_an_event(line: Line, replica: Replica) -> None:
    line.answers = True
    line.crawl("ep18", LISTS)
    articles = sorted(line.documents("articles"), key=day_of, reverse=True)
    # Every page of the list holds younger ones: paging goes on as far as the days reach.
    window = articles[: len(articles) * 2 // 3]
    days = (datetime.now(BEIJING).date() - day_of(window[-1])).days
    asked = {each["_id"] for each in articles if day_of(each) >= day_of(window[-1])}
    fact = next(
        fact
        for fact in line.documents(
            "metrics", {"metric": "satisfaction_score", "article": {"$in": list(asked)}}
        )
        if fact["raw"].startswith(f"{fact['value']:g}") and "." in f"{fact['value']:g}"
    )
    article = next(each for each in articles if each["_id"] == fact["article"])
    path = urlsplit(article["url"]).path
    page = replica.page("ep18.cn", path)
    old, new = f"{fact['value']:g}", f"{fact['value'] + 0.11:g}"
    assert old.encode() in page.body
    replica.put("ep18.cn", path, page.body.replace(old.encode(), new.encode()))

    before = len(replica.requests)
    result = line.crawl("ep18", LISTS, "full=1")
    assert line.last_run("ep18")["counts"]["changed"] == 0, result.stdout
    assert path not in [seen.path for seen in replica.requests[before:]]

    before = len(replica.requests)
    result = line.crawl("ep18", LISTS, f"recheck={days}")
    fetched = {seen.path for seen in replica.requests[before:] if seen.path.endswith(".html")}
    first_pages = {urlsplit(each["url"]).path for each in articles if each["_id"] in asked}
    outside = {urlsplit(each["url"]).path for each in articles} - first_pages
    assert first_pages <= fetched and not outside & fetched
    counts = line.last_run("ep18")["counts"]
    assert counts["changed"] == 1 and counts["unchanged"] == len(asked) - 1, result.stdout
    assert f"{len(asked) - 1} stored articles asked for again and unchanged" in result.stdout
    assert line.last_run("ep18")["lists"][0]["new"] == 0

    (changed,) = line.documents("articles", {"_id": article["_id"]})
    assert len(changed["revisions"]) == 1 and old in changed["revisions"][0]["body"]
    (event,) = line.documents("events", {"kind": "number_changed", "metric": "satisfaction_score"})
    assert event["before"]["value"] == fact["value"] and f"{event['after']['value']:g}" == new


def test_without_it_a_daily_run_asks_for_no_stored_article(line: Line, replica: Replica) -> None:
    line.crawl("ep18", LISTS, "max_pages=1")
    before = len(replica.requests)
    line.crawl("ep18", LISTS, "max_pages=1", "recheck=1")  # nothing there is as young
    assert not [seen for seen in replica.requests[before:] if "/2020-" in seen.path]
