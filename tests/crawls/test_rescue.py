"""``-a rescue=1``: what a site has lost comes from the stand-in of a web archive, marked as such."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from scrapy import Request
from scrapy.exceptions import CannotResolveHostError, DownloadTimeoutError
from twisted.python.failure import Failure

from svcsat_crawler.sources import cdx, failures
from svcsat_crawler.sources.rescue import Lost
from tests.building import build, settings
from tests.crawls.conftest import Line
from tests.replica.answers import HTML, Answer
from tests.replica.ep18.columns import address
from tests.replica.finews.site import entries as finews_entries
from tests.replica.plan import Entry, ep18_entries
from tests.replica.quirks import plant_ep18
from tests.replica.server import Replica
from tests.replica.web_archive import FIELDS, HOST, INDEX

QIYE = "lists=http://ep18.cn/web/dianwang/qiye/"
FUWU = "lists=http://ep18.cn/web/dianwang/fuwu/"
FAST = ("-s", 'DOWNLOAD_SLOTS={"rescue": {"concurrency": 1, "delay": 0}}', "-s", "LOG_LEVEL=ERROR")
QUICK = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=0", "-s", "RETRY_TIMES=0")


def rescue(line: Line, spider: str, *arguments: str) -> str:
    given = [part for argument in (*arguments, "rescue=1") for part in ("-a", argument)]
    result = line.scrapy("crawl", spider, *given, *QUICK, *FAST)
    assert "verdict: " in result.stdout, result.stderr
    return result.stdout


def asked(replica: Replica) -> list[str]:
    """Return what the archive was asked for, robots.txt apart."""
    return [seen.path for seen in replica.requests if seen.host == HOST and seen.path != "/robots.txt"]


def lost_of(folder: str) -> list[Entry]:
    return [e for e in plant_ep18(ep18_entries()) if "gone" in e.quirks and e.folder == folder]


def test_a_lost_article_comes_from_the_archive_and_is_marked(line: Line, replica: Replica) -> None:
    (entry,) = lost_of("qiye")
    said = rescue(line, "ep18", QIYE, "max_pages=20")
    assert "1 taken from the web archive" in said
    (article,) = line.documents("articles", {"rescued": {"$ne": None}})
    assert article["_id"] == f"ep18:{entry.number}" and article["title"] == entry.title
    assert article["url"] == f"http://ep18.cn{address(entry)}", "the address of the site, not of the archive"
    stamp = f"{article['rescued']['timestamp']:%Y%m%d%H%M%S}"
    assert article["rescued"]["url"].startswith(f"http://{HOST}/web/{stamp}id_/".replace("http:", "https:"))
    (page,) = line.documents("pages", {"_id": article["pages"][0]["sha256"]})
    assert page["rescued"] == article["rescued"] and page["url"] == article["url"]
    assert line.documents("quarantine", {"key": article["_id"], "resolved": None}) == []
    assert line.scrapy("verify").returncode == 0
    before = len(asked(replica))
    rescue(line, "ep18", QIYE)
    assert len(asked(replica)) == before, "what is stored is not asked for again"


def test_without_the_argument_the_archive_is_not_asked(line: Line, replica: Replica) -> None:
    line.crawl("ep18", QIYE)
    assert not [seen for seen in replica.requests if seen.host == HOST]
    (entry,) = lost_of("qiye")
    (failure,) = line.documents("quarantine", {"kind": "gone"})
    assert (failure["key"], failure["reason"]) == (f"ep18:{entry.number}", "HTTP 404")
    rescue(line, "ep18", QIYE)
    (failure,) = line.documents("quarantine", {"kind": "gone"})
    assert failure["resolved"], "a later run with rescue=1 finds what was set aside"


def test_a_post_that_is_nowhere_is_gone_with_that_reason(line: Line) -> None:
    kept, missing = (e for e in finews_entries() if "dropped" in e.quirks)
    rescue(line, "finews")
    assert line.documents("articles", {"_id": f"finews:{kept.number}"})[0]["rescued"]
    (failure,) = line.documents("quarantine", {"resolved": None})
    assert (failure["kind"], failure["key"]) == ("gone", f"finews:{missing.number}")
    assert failure["reason"] == "HTTP 404; not in the web archive either"


def test_an_error_page_that_was_archived_gives_way_to_an_older_snapshot(line: Line, replica: Replica) -> None:
    behind = [e for e in plant_ep18(ep18_entries()) if "gone" in e.quirks][1]
    column = f"http://ep18.cn/web/dianwang/{behind.folder}/"
    lists = column if behind.folder != "kehu" else "http://ep18.cn/e/action/ListInfo/?classid=96"
    rescue(line, "ep18", f"lists={lists}")
    snapshots = [path for path in asked(replica) if str(behind.number) in path and path.startswith("/web/")]
    assert len(snapshots) == 2 and snapshots[0] > snapshots[1]
    assert line.documents("articles", {"_id": f"ep18:{behind.number}"})[0]["rescued"]


def test_an_archive_that_does_not_answer_is_asked_again_next_time(line: Line, replica: Replica) -> None:
    (entry,) = lost_of("qiye")
    fault = replica.fault(HOST, INDEX, status=500)
    rescue(line, "ep18", QIYE)
    (failure,) = line.documents("quarantine", {"key": f"ep18:{entry.number}"})
    assert failure["kind"] == "fetch" and "the web archive does not answer: HTTP 500" in failure["reason"]
    fault.times = 0
    replica.put(HOST, INDEX, b"<html>busy</html>")
    rescue(line, "ep18", QIYE)
    (failure,) = line.documents("quarantine", {"key": f"ep18:{entry.number}"})
    assert "the web archive's index cannot be read" in failure["reason"]
    replica.sites.overrides.clear()
    rescue(line, "ep18", QIYE)
    assert line.documents("articles", {"_id": f"ep18:{entry.number}"})


def test_the_form_of_pywb_is_read_too(line: Line, replica: Replica) -> None:
    (entry,) = lost_of("qiye")
    url = f"http://ep18.cn{address(entry)}"
    true = json.loads(replica.page(HOST, f"{INDEX}?url={url}&output=json").body)[1]
    cdxj = dict(
        zip([{"original": "url", "statuscode": "status"}.get(n, n) for n in FIELDS], true, strict=True)
    )
    replica.put(HOST, INDEX, json.dumps(cdxj).encode() + b"\n", headers={"Content-Type": "text/x-cdxj"})
    rescue(line, "ep18", QIYE)
    assert line.documents("articles", {"_id": f"ep18:{entry.number}"})[0]["rescued"]


def test_further_pages_are_rescued_with_the_first(line: Line, replica: Replica) -> None:
    entry = next(e for e in plant_ep18(ep18_entries()) if "pages2" in e.quirks and e.folder == "qiye")
    first, second = (replica.page("ep18.cn", address(entry, page)) for page in (1, 2))
    captures: dict[str, Answer] = {address(entry): first, address(entry, 2): second}
    for path, answer in captures.items():
        replica.put("ep18.cn", path, b"gone", status=404)
        replica.put(
            HOST, f"/web/20240101000000id_/http://ep18.cn{path}", answer.body, headers={"Content-Type": HTML}
        )
    lines = [["timestamp", "original"]]
    spider = build("ep18", rescue="1")
    assert spider.rescuer
    for path in captures:
        lost = spider.rescuer.ask(_lost(spider, entry, path))
        target = urlsplit(lost.url)
        found = [*lines, ["20240101000000", f"http://ep18.cn{path}"]]
        replica.put(HOST, f"{target.path}?{target.query}", json.dumps(found).encode())
    rescue(line, "ep18", QIYE)
    (article,) = line.documents("articles", {"_id": f"ep18:{entry.number}"})
    assert len(article["pages"]) == 2 and article["pages_missing"] == []
    assert article["rescued"]["url"].endswith(address(entry))


def _lost(spider: Any, entry: Entry, path: str) -> Lost:
    row = spider.row_at(f"http://ep18.cn{address(entry)}")
    return Lost(row, f"http://ep18.cn{path}", "gone", "", Request(f"http://ep18.cn{path}"))


def test_a_list_that_is_gone_is_told_by_the_archive(line: Line, replica: Replica) -> None:
    replica.fault("ep18.cn", "/web/dianwang/fuwu/", status=404)
    lost = lost_of("fuwu")
    said = rescue(line, "ep18", FUWU)
    stored = {each["_id"] for each in line.documents("articles")}
    assert stored == {f"ep18:{entry.number}" for entry in lost}, said
    prefixes = [parse_qs(urlsplit(path).query) for path in asked(replica) if "matchType" in path]
    assert [query["url"] for query in prefixes] == [["ep18.cn/web/dianwang/fuwu/"]]


def test_the_archive_is_an_allowed_host_only_then() -> None:
    assert HOST not in build("ep18").allowed_domains
    assert HOST in build("ep18", rescue="1").allowed_domains
    assert HOST not in type(build("ep18", rescue="1")).allowed_domains


def test_the_archive_is_asked_one_request_at_a_time_with_a_gap() -> None:
    spider = build("ep18", rescue="1")
    (entry,) = lost_of("qiye")
    request = spider.rescuer.ask(_lost(spider, entry, address(entry)))
    slot = settings()["DOWNLOAD_SLOTS"][request.meta["download_slot"]]
    assert slot["concurrency"] == 1 and slot["delay"] >= 1
    assert request.meta["autothrottle_dont_adjust_delay"]


@pytest.mark.parametrize(
    ("error", "gone"), [(CannotResolveHostError("no such host"), True), (DownloadTimeoutError("slow"), False)]
)
def test_a_host_without_address_is_gone_and_a_slow_one_is_not(error: Exception, gone: bool) -> None:
    found = failures.as_error(Failure(error))
    assert isinstance(found, failures.HostGone) is gone and found.kind == "fetch"


@pytest.mark.parametrize(
    "answer", ["<html>", '{"url": "x"}', '[["timestamp"], ["20200101000000"]]', "[[], 5]"]
)
def test_another_answer_of_the_index_is_refused(answer: str) -> None:
    with pytest.raises((ValueError, TypeError)):
        cdx.read(answer)
