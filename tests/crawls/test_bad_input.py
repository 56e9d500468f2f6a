"""Wrong input of a person, of the environment, of a site: said in one line, stored, survived."""

from __future__ import annotations

import json

import pytest

from svcsat_crawler.storage import embedded
from tests.crawls.conftest import Line
from tests.replica.server import Replica

API = "nfplusapi.nfnews.com"
OTHER_API = "api.nfapp.southcn.com"
COLUMN = "/nfplus-manuscript-web/article/list?columnId=38"


def refused(line: Line, *command: str) -> tuple[int, str]:
    """Run a command that is refused; returns its exit code and the one line that it said."""
    result = line.scrapy(*command)
    said = [text for text in result.stderr.splitlines() if text.strip()]
    assert "Traceback" not in result.stderr
    return result.returncode, said[-1]


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("crawl", "ep19"), "unknown spider 'ep19': there are ep18, finews, nanfangplus"),
        (("crawl", "ep18", "-a", "since=yesterday"), "since='yesterday' is no date: write 2021, 2021-12 or"),
        (("crawl", "ep18", "-a", "columns=38"), "unknown argument 'columns': this spider takes lists, since"),
        (("crawl", "ep18", "-a", "lists=http://example.com/"), "nor an address on ep18.cn"),
        (
            ("crawl", "nanfangplus", "-a", "columns=广洲"),
            "columns='广洲' is no column: give a number, a known name",
        ),
        (
            ("crawl", "nanfangplus", "-a", "columns=https://m.nfnews.com/74"),
            "needs JavaScript: add -a browser=1",
        ),
        (("crawl", "finews", "-a", "posts=13"), "posts='13' is no post code like NW202112292230310598"),
        (
            ("query", "fact"),
            "ask for one of series, league, streaks, movers, gaps, conflicts, audit, articles",
        ),
        (("query", "facts", "--metric", "saidy"), "--metric 'saidy' is unknown: did you mean saidi"),
        (("query", "facts", "--year", "21"), "--year '21' is no year"),
        (("replay",), "name one spider and no arguments"),
    ],
)
def test_wrong_commands_are_refused_in_one_line(line: Line, command: tuple[str, ...], said: str) -> None:
    code, text = refused(line, *command)
    assert code == 2
    assert said in text


@pytest.mark.parametrize(
    ("variable", "value", "code", "said"),
    [
        ("MONGODB_URI", "mysql://localhost/x", 1, "MONGODB_URI"),
        ("MONGODB_URI", "mongodb://user:secret@127.0.0.1:1/x", 1, "127.0.0.1:1"),
        ("SVCSAT_REPLICA", "127.0.0.1:8018", 2, "SVCSAT_REPLICA='127.0.0.1:8018' is no plain address like"),
        ("SVCSAT_SITES", "/nowhere/mine.toml", 2, "SVCSAT_SITES='/nowhere/mine.toml' cannot be read"),
    ],
)
def test_a_wrong_environment_is_named(line: Line, variable: str, value: str, code: int, said: str) -> None:
    line.environment[variable] = value
    found, text = refused(line, "crawl", "ep18")
    assert found == code
    assert said in text
    assert "secret" not in text


def test_invented_articles_and_real_ones_do_not_mix(line: Line) -> None:
    assert line.crawl("finews").returncode == 0
    live = Line(line.data, replica="")
    code, text = refused(live, "crawl", "finews")
    assert code == 2
    assert "holds articles of stand-in sites and this crawl is of live ones" in text


def test_no_chromium_is_said_before_the_crawl(line: Line) -> None:
    line.environment["SVCSAT_CHROMIUM"] = "/nowhere/chromium"
    code, text = refused(
        line, "crawl", "nanfangplus", "-a", "columns=https://m.nfnews.com/74", "-a", "browser=1"
    )
    assert code == 2
    assert "SVCSAT_CHROMIUM='/nowhere/chromium' is not an executable file" in text


def test_broken_answers_end_in_quarantine_and_the_rest_goes_on(line: Line, replica: Replica) -> None:
    whole = json.loads(replica.page(API, f"{COLUMN}&pageNum=1&pageSize=20&nfhSubCount=1").body)
    items = whole["data"]["list"]
    items[3]["articleId"] = "x12"
    items[4]["title"] = ["no", "text"]
    items[5] = None
    body = json.dumps(whole, ensure_ascii=False).encode()
    for host in (API, OTHER_API):
        replica.put(host, f"{COLUMN}&pageNum=1&pageSize=20&nfhSubCount=1", body)
        replica.put(host, COLUMN.replace("38", "16") + "&pageNum=1&pageSize=20&nfhSubCount=1", body[:1000])
    result = line.crawl("nanfangplus", "columns=38,16,59", "max_pages=1")
    assert result.returncode == 3
    run = line.last_run("nanfangplus")
    stopped = {walk["name"]: walk["stopped"] for walk in run["lists"]}
    assert stopped == {"38": "max_pages", "16": "failed", "59": "max_pages"}
    broken = {document["kind"]: document for document in line.documents("quarantine")}
    assert "articleId 'x12'" in next(
        d["url"] for d in line.documents("quarantine", {"kind": "row"}) if "x12" in d["url"]
    )
    assert broken["list"]["reason"].startswith("broken JSON")
    assert line.documents("pages", {"_id": broken["list"]["page"]})
    assert run["counts"]["new"] > 5


def test_a_failed_article_is_tried_again_next_time(line: Line, replica: Replica) -> None:
    path = next(
        article["url"].split("ep18.cn")[1]
        for article in line_truth(line)
        if article["listed_in"] == ["/web/dianwang/qiye/"] and not article["quirks"]
    )
    replica.fault("ep18.cn", path, status=500, times=3)
    first = line.crawl("ep18")
    assert first.returncode == 3
    (failure,) = line.documents("quarantine", {"kind": "fetch"})
    assert (failure["reason"], failure["resolved"]) == ("HTTP 500", None)
    second = line.crawl("ep18")
    assert second.returncode == 0
    (failure,) = line.documents("quarantine", {"kind": "fetch"})
    assert failure["resolved"] is not None
    assert line.documents("articles", {"_id": failure["key"]})


def test_articles_that_lead_to_one_page_are_each_recorded(line: Line, replica: Replica) -> None:
    """Deleted articles are sent to the front page: the second request for it is no duplicate."""
    paths = [
        article["url"].split("ep18.cn")[1]
        for article in line_truth(line)
        if article["listed_in"] == ["/web/dianwang/qiye/"] and not article["quirks"]
    ][:3]
    for path in paths:
        replica.put("ep18.cn", path, b"", status=302, headers={"Location": "http://ep18.cn/"})
    assert line.crawl("ep18").returncode == 3
    failures = {failure["row"]["url"]: failure["kind"] for failure in line.documents("quarantine")}
    assert all(f"http://ep18.cn{path}" in failures for path in paths)


def test_a_failed_list_page_is_walked_again_next_time(line: Line, replica: Replica) -> None:
    replica.fault("ep18.cn", "/web/dianwang/qiye/index_3.html", status=503, times=3)
    first = line.crawl("ep18")
    assert first.returncode == 3
    assert "list 企业风采: failed on page" in first.stdout
    before = len(line.documents("articles"))
    second = line.crawl("ep18")
    assert second.returncode == 0, second.stdout
    after = {document["_id"] for document in line.documents("articles")}
    assert len(after) > before
    assert after == {a["key"] for a in line_truth(line) if a["listed_in"] == ["/web/dianwang/qiye/"]}


def test_a_missing_further_page_is_asked_for_until_it_is_there(line: Line, replica: Replica) -> None:
    path = next(
        article["url"].split("ep18.cn")[1]
        for article in line_truth(line)
        if article["listed_in"] == ["/web/dianwang/qiye/"] and "pages3" in article["quirks"]
    )
    last = path.replace(".html", "_3.html")
    replica.fault("ep18.cn", last, status=500, times=3)
    first = line.crawl("ep18")
    assert first.returncode == 3
    (failure,) = line.documents("quarantine", {"kind": "fetch", "resolved": None})
    (short,) = line.documents("articles", {"_id": failure["key"]})
    assert short["pages_missing"] == [f"http://ep18.cn{last}"]
    second = line.crawl("ep18")
    assert second.returncode == 0, second.stdout
    (whole,) = line.documents("articles", {"_id": failure["key"]})
    assert whole["pages_missing"] == [] and len(whole["pages"]) == 3
    assert whole["body"].startswith(short["body"]) and len(whole["body"]) > len(short["body"])
    assert not line.documents("quarantine", {"kind": "fetch", "resolved": None})


def test_replay_runs_quarantined_pages_from_their_bytes(line: Line, replica: Replica) -> None:
    page = replica.page("ep18.cn", "/web/dianwang/qiye/").body.decode()
    row = page[page.index("<ul>\r\n<li><a href=") :][:2000]
    path = row.split('href="')[1].split('"')[0]
    body = "<html><head><title>短讯 - 电力18</title></head><body><h1>短讯</h1><div>甲市供电局今年的供电服务满意度得分90.5分，比去年高。</div></body></html>"
    replica.put("ep18.cn", path, body.encode())
    line.crawl("ep18", "max_pages=1")
    failures = line.documents("quarantine", {"kind": "page"})
    assert [failure["url"] for failure in failures] == [f"http://ep18.cn{path}"]
    line.environment["SVCSAT_SITES"] = str(line.data / "mended.toml")
    (line.data / "mended.toml").write_text(
        '[[ep18.article.body]]\nname = "whole"\nxpath = "//body"\n', "utf-8"
    )
    asked = len(replica.requests)
    result = line.scrapy("replay", "ep18")
    assert "verdict: good" in result.stdout, result.stdout + result.stderr[-2000:]
    assert len(replica.requests) == asked, "a page with stored bytes was fetched"
    keys = {failure["key"] for failure in failures}
    assert {doc["_id"] for doc in line.documents("articles")} >= keys
    assert all(document["resolved"] for document in line.documents("quarantine", {"kind": "page"}))


def line_truth(line: Line) -> list[dict]:
    """Return the truth of the stand-in; imported late, as it tells all stories."""
    from tests.replica.truth import truth

    return truth()


def test_a_silent_store_address_is_told_within_seconds(line: Line) -> None:
    embedded.stop(line.data)
    line.environment["MONGODB_URI"] = "mongodb://127.0.0.1:9/svcsat"
    code, text = refused(line, "query", "runs")
    assert code == 1
    assert "127.0.0.1:9" in text
