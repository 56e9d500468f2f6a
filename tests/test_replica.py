"""The stand-in sites themselves: complete, decodable, true to their own truth, and controllable."""

from __future__ import annotations

import http.client
import json
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from lxml import html as lxml_html

from tests.replica import Replica
from tests.replica.answers import Answer
from tests.replica.ep18.lists import SIZE
from tests.replica.truth import fold, never_stored, truth

ROOT = Path(__file__).parents[1]
EP18_LISTS = ("/web/dianwang/qiye/", "/web/dianwang/fuwu/", "/e/action/ListInfo/?classid=96")
API = "/nfplus-manuscript-web/article/list?columnId={}&pageNum={}&pageSize=20"

KEYWORD = re.compile("供电|电网|电力|满意度|用电|停电|电价|变电站|输电|配网")


@pytest.fixture(scope="module")
def running() -> Iterator[Replica]:
    with Replica(articles=60) as replica:
        yield replica


@pytest.fixture
def replica(running: Replica) -> Replica:
    running.reset()
    return running


@pytest.fixture(scope="module")
def records() -> list[dict]:
    return truth()


def get(replica: Replica, host: str, path: str, **headers: str) -> http.client.HTTPResponse:
    """One request on a connection of its own; the body is read into ``answer.data``."""
    connection = http.client.HTTPConnection("127.0.0.1", replica.port, timeout=5)
    connection.request("GET", path, headers={"Host": host, **headers})
    answer = connection.getresponse()
    answer.data = answer.read()
    connection.close()
    return answer


def fetch(replica: Replica, url: str) -> Answer:
    """What the stand-in has at *url*, without a request."""
    parts = urlsplit(url)
    return replica.page(parts.netloc, parts.path + (f"?{parts.query}" if parts.query else ""))


def list_pages(replica: Replica, start: str) -> Iterator[tuple[str, lxml_html.HtmlElement]]:
    """(address, tree) of a list and its next pages."""
    url: str | None = urljoin("http://ep18.cn/", start)
    while url:
        tree = lxml_html.fromstring(fetch(replica, url).body.decode())
        yield url, tree
        url = next((urljoin(url, href) for href in tree.xpath('//a[text()="下一页"]/@href')), None)


def rows(url: str, tree: lxml_html.HtmlElement) -> list[str]:
    return [urljoin(url, a.get("href")) for a in tree.xpath('//div[@class="news_list"]//li/a')]


def charset(answer: Answer) -> str | None:
    found = re.search(rb'charset="?([\w-]+)', answer.body[:2000])
    return found[1].decode() if found else None


@pytest.mark.parametrize("start", EP18_LISTS)
def test_every_row_leads_somewhere(replica: Replica, start: str) -> None:
    gone = {key.partition(":")[2] for key, why in never_stored().items() if why == "gone"}
    seen = Counter()
    for url, tree in list_pages(replica, start):
        for target in rows(url, tree):
            host, path = urlsplit(target).netloc, urlsplit(target).path
            if host.endswith("example.com"):
                seen["external"] += 1
                continue
            answer = fetch(replica, target)
            if "/jump/" in path:
                assert answer.status == 302
            elif "ShowInfo" in path:
                assert "信息提示" in answer.body.decode()
            elif answer.status == 404:
                assert re.search(r"/(\d+)\.html", path)[1] in gone
            else:
                assert answer.status == 200, target
            seen[urlsplit(target).path] += 1
    assert len(seen) > 2 * SIZE
    assert max(seen.values()) > 1, "a row is repeated on the next page"


def test_there_is_enough(replica: Replica, records: list[dict]) -> None:
    written = Counter(r["key"].partition(":")[0] for r in records if "s-" not in r["story"])
    assert min(written.values()) >= 60, written
    listed = sum(len(rows(url, tree)) for start in EP18_LISTS for url, tree in list_pages(replica, start))
    assert listed > 300
    with_facts = sum(bool(r["facts"]) for r in records if "s-" not in r["story"])
    assert with_facts > 0.4 * sum(written.values())
    texts = Counter("".join(r["body_paragraphs"]) for r in records if r["key"].startswith("nfplus"))
    assert max(texts.values()) == 1


def test_truth_is_printed(records: list[dict]) -> None:
    for record in records:
        text = record["title"] + "".join(record["body_paragraphs"])
        for fact in record["facts"]:
            assert fact["raw"] in text, (record["key"], fact)
            assert fact["subject"] is None or fact["subject"] in text, (record["key"], fact)
        assert not re.search(r"[{}|\[\]]", text), record["key"]


def test_truth_is_on_the_pages(replica: Replica, records: list[dict]) -> None:
    for record in records:
        answer = fetch(replica, record["url"])
        if record["quirks"] and {"archived", "pc-404", "pc-shape"} & set(record["quirks"]):
            continue
        assert answer.status == 200, record["url"]
        name = charset(answer) or "utf-8"
        text = answer.body.decode("gb18030" if name == "gb2312" else name)
        shown = fold(lxml_html.fromstring(text.replace("\0", "")).text_content())
        pages = 3 if "pages3" in record["quirks"] else 2 if "pages2" in record["quirks"] else 1
        whole = len(record["body_paragraphs"]) // pages
        for paragraph in record["body_paragraphs"][: max(whole - 1, 1)]:
            assert fold(paragraph) in shown, (record["url"], paragraph)
        assert fold(record["title"]) in shown


def test_keys_and_titles_are_distinct(records: list[dict]) -> None:
    assert len({record["key"] for record in records}) == len(records)
    assert len({record["url"] for record in records}) == len(records)
    assert not {record["key"] for record in records} & set(never_stored())


@pytest.mark.parametrize("channel", [14, 16, 38, 41, 59, 76, 90])
def test_channels_page_to_the_end(replica: Replica, channel: int) -> None:
    keys, repeated, page, more = set(), 0, 1, True
    while more:
        data = json.loads(replica.page("nfplusapi.nfnews.com", API.format(channel, page)).body)["data"]
        for item in data["list"]:
            repeated += item["articleId"] in keys
            keys.add(item["articleId"])
            offtopic = never_stored().get(f"nfplus:{item['articleId']}") == "offtopic"
            assert offtopic != bool(KEYWORD.search(item["title"] + item["summary"])), item["title"]
            if item["articleType"] in {0, 1, 2} and f"nfplus:{item['articleId']}" not in never_stored():
                path = urlsplit(item["shareUrl"]).path
                found = replica.page("static.nfnews.com", path)
                left = replica.page("pc.nfnews.com", f"/{item['columnId']}/{item['articleId']}.html")
                assert found.status == 200 or left.status == 200, item
        more, page = data["hasNextPage"], page + 1
    assert bool(repeated) == (channel != 59 and page > 2)


def test_channels_that_fail(replica: Replica) -> None:
    first, second = "nfplusapi.nfnews.com", "api.nfapp.southcn.com"
    assert replica.page(first, API.format(39, 1)).status == 503
    assert json.loads(replica.page(first, API.format(85, 1)).body)["success"] is False
    for channel in (39, 85):
        assert json.loads(replica.page(second, API.format(channel, 1)).body)["data"]["list"]
    assert (
        replica.page(first, API.format(74, 1)).status == replica.page(second, API.format(74, 1)).status == 405
    )
    assert "<a " not in replica.page("m.nfnews.com", "/74").body.decode()


def test_posts_of_the_mirror(replica: Replica) -> None:
    listing = lxml_html.fromstring(
        fetch(replica, "https://finews.withounder.com/category/nanfangPlus.html").body
    )
    links = listing.xpath("//section//li/a/@href")
    states = Counter()
    for href in links:
        code = href.rpartition("/")[2].removesuffix(".html")
        day = "-".join(href.split("/")[2:5])
        post = replica.page("finews.withounder.com", href).status
        raw = replica.page("raw.githubusercontent.com", f"/zning1994/finews/main/old_post/{day}-{code}.md")
        assert raw.status != 200 or b"\r\n" in raw.body
        states["post" if post == 200 else "archive" if raw.status == 200 else "nowhere"] += 1
    assert states["nowhere"] == 2 and states["archive"] > 10 and states["post"] >= 60, states


def test_requests_are_noted(replica: Replica) -> None:
    assert get(replica, "www.ep18.cn", "/web/dianwang/qiye/index.html").status == 200
    assert get(replica, "ep18.cn", "/e/public/onclick?enews=donews&classid=87&id=1").status == 200
    assert get(replica, "example.com", "/").status == 404
    assert replica.requests[0] == ("www.ep18.cn", "/web/dianwang/qiye/index.html", 200)
    assert [seen.path for seen in replica.counted()] == ["/e/public/onclick?enews=donews&classid=87&id=1"]
    assert replica.counts()["ep18.cn"] == 1
    assert len(replica.arrivals) == 3


def test_unchanged_pages_answer_304(replica: Replica) -> None:
    first = get(replica, "ep18.cn", "/web/dianwang/fuwu/")
    again = get(replica, "ep18.cn", "/web/dianwang/fuwu/", **{"If-None-Match": first.headers["ETag"]})
    since = {"If-Modified-Since": first.headers["Last-Modified"]}
    assert (again.status, again.data) == (304, b"")
    assert get(replica, "ep18.cn", "/web/dianwang/fuwu/", **since).status == 304
    replica.put("ep18.cn", "/web/dianwang/fuwu/", b"other")
    changed = get(replica, "ep18.cn", "/web/dianwang/fuwu/", **{"If-None-Match": first.headers["ETag"]})
    assert (changed.status, changed.data) == (200, b"other")


def test_faults(replica: Replica) -> None:
    replica.fault("ep18.cn", "/web/", status=429, headers={"Retry-After": "3"}, times=1)
    replica.fault("ep18.cn", "/web/", close=True, times=1)
    replica.fault("ep18.cn", "/web/", delay=0.2, body=b"late", times=1)
    path = "/web/dianwang/qiye/"
    assert get(replica, "ep18.cn", path).headers["Retry-After"] == "3"
    with pytest.raises(http.client.RemoteDisconnected):
        get(replica, "ep18.cn", path)
    started = time.monotonic()
    assert get(replica, "ep18.cn", path).data == b"late"
    assert time.monotonic() - started >= 0.2
    assert get(replica, "ep18.cn", path).status == 200
    assert [seen.status for seen in replica.requests] == [429, 0, 200, 200]


def test_one_connection_serves_many_requests(replica: Replica) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", replica.port, timeout=5)
    for path in ("/web/dianwang/qiye/", "/nowhere.html", "/web/dianwang/bench/index_2.html"):
        connection.request("GET", path, headers={"Host": "ep18.cn"})
        assert connection.getresponse().read()
    connection.close()
    assert [seen.status for seen in replica.requests] == [200, 404, 200]


def test_load_list(replica: Replica) -> None:
    pages = list(list_pages(replica, "/web/dianwang/bench/"))
    targets = [target for url, tree in pages for target in rows(url, tree)]
    assert len(targets) == len(set(targets)) == 60
    bodies = [fetch(replica, target).body for target in targets]
    assert 28_000 < sum(map(len, bodies)) / len(bodies) < 36_000
    bench = [record for record in truth(60) if record["story"].startswith("b-")]
    assert all(record["facts"] for record in bench)
    assert len({json.dumps(record["facts"]) for record in bench}) == 60


@pytest.mark.slow
def test_command_starts_and_stops() -> None:
    command = [sys.executable, "-m", "tests.replica", "--until-eof"]
    for stop in ("eof", "term"):
        with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            assert re.fullmatch(rb"replica http://127\.0\.0\.1:\d+\n", process.stdout.readline())
            if stop == "eof":
                process.stdin.close()
            else:
                process.send_signal(signal.SIGTERM)
            assert process.wait(5) == 0


def test_no_text_of_others(records: list[dict]) -> None:
    """No run of 18 Chinese characters is shared with the real articles that lie beside the checkout."""
    shared = ROOT.parent / "shared"
    if not shared.is_dir():
        pytest.skip("nothing to compare with")
    length = 18
    theirs = set()
    for file in [*shared.glob("data/*"), *shared.glob("sites/samples/**/*")]:
        if file.is_file():
            for run in re.findall(r"[\u4e00-\u9fff]{18,}", file.read_text(encoding="utf-8")):
                theirs.update(run[n : n + length] for n in range(len(run) - length + 1))
    for record in records:
        for run in re.findall(
            r"[\u4e00-\u9fff]{18,}", record["title"] + "\n" + "\n".join(record["body_paragraphs"])
        ):
            for n in range(len(run) - length + 1):
                assert run[n : n + length] not in theirs, (record["key"], run)
