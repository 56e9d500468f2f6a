"""WARC files as other crawlers write them: content and transfer encodings, requests, revisits, other hosts."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from svcsat_crawler.storage import embedded
from svcsat_crawler.warc import index, records
from tests.crawls.conftest import Line
from tests.replica.build import build
from tests.replica.plan import ep18_entries, finews_entries, nfplus_entries

QUIET = ("-s", "LOG_LEVEL=ERROR")
PLAIN = {"Content-Type": "text/html"}


class Foreign:
    """A WARC file in the making."""

    def __init__(self, path: Path, *, compressed: bool = True) -> None:
        self.path = path
        self.file = path.open("wb")
        self.writer = WARCWriter(self.file, gzip=compressed)

    def add(
        self,
        url: str,
        body: bytes,
        headers: dict[str, str] | None = None,
        *,
        kind: str = "response",
        status: str = "200 OK",
        date: str = "2024-05-01T08:00:00Z",
        **more: str,
    ) -> Any:
        http = StatusAndHeaders(status, list((headers or PLAIN).items()), protocol="HTTP/1.1")
        record = self.writer.create_warc_record(
            url,
            kind,
            payload=BytesIO(body),
            length=len(body),
            http_headers=None if kind == "resource" else http,
            warc_headers_dict={
                "WARC-Date": date,
                **{name.replace("_", "-"): value for name, value in more.items()},
            },
        )
        self.writer.write_record(record)
        return record

    def revisit(self, url: str, digest: str, refers_to: str) -> None:
        http = StatusAndHeaders("200 OK", list(PLAIN.items()), protocol="HTTP/1.1")
        date = "2024-05-01T08:00:00Z"
        record = self.writer.create_revisit_record(url, digest, refers_to, date, http_headers=http)
        self.writer.write_record(record)

    def done(self) -> Path:
        self.file.close()
        return self.path


def chunked(body: bytes) -> bytes:
    parts = [body[at : at + 1000] for at in range(0, len(body), 1000)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Line]:
    line = Line(tmp_path / "data")
    yield line
    embedded.stop(line.data)


def stories(host: str, paths: Iterator[str]) -> Iterator[tuple[str, bytes]]:
    """Yield (path, page) of the stand-in's articles of one page that are there."""
    sites = build()
    for path in paths:
        answer = sites.answer(host, path)
        if answer.status == 200 and b"_2.html" not in answer.body:
            yield path, answer.body


def ep18_paths() -> Iterator[str]:
    for entry in ep18_entries():
        yield f"/web/dianwang/{entry.folder}/{entry.published:%Y-%m-%d}/{entry.number}.html"


def test_encodings_requests_revisits_and_other_hosts(empty: Line, tmp_path: Path) -> None:
    pages = stories("ep18.cn", ep18_paths())
    (first, one), (second, two), (third, three), (fourth, four), (fifth, five) = (
        next(pages) for _ in range(5)
    )
    warc = Foreign(tmp_path / "foreign.warc.gz")
    site = "http://ep18.cn"
    warc.add(site + first, b"GET / HTTP/1.1\r\n\r\n", kind="request")
    warc.add(site + first, gzip.compress(one), {**PLAIN, "Content-Encoding": "gzip"})
    packed = {**PLAIN, "Content-Encoding": "gzip", "Transfer-Encoding": "chunked"}
    warc.add(f"http://www.ep18.cn{second}?from=x", chunked(gzip.compress(two)), packed)
    record = warc.add("http://ep18.cn/mirror.html", three)
    warc.revisit(
        site + third, record.rec_headers.get_header("WARC-Payload-Digest"), "http://ep18.cn/mirror.html"
    )
    warc.add(site + fourth, b"<title>404</title>", date="2020-01-01T00:00:00Z")
    warc.add(site + fourth, four, date="2024-01-01T00:00:00Z")
    warc.add(site + fifth, five, kind="resource", Content_Type="text/html")
    warc.add("http://ep18.cn/web/dianwang/qiye/2019-01-01/99.html", b"gone", status="404 Not Found")
    warc.add("http://ep18.cn/web/dianwang/qiye/2019-01-01/98_2.html", one)
    warc.add("http://example.org/web/dianwang/qiye/2019-01-01/97.html", one)
    warc.revisit(
        "http://ep18.cn/web/dianwang/qiye/2019-01-01/96.html", "sha1:NOTHERE", "http://ep18.cn/no.html"
    )
    result = empty.scrapy("warc", "import", str(warc.done()))
    assert result.returncode == 0, result.stdout + result.stderr
    for said in (
        "1 request records",
        "1 pages of other hosts",
        "1 pages with HTTP status 404",
        "1 revisit of a record that is not in these files",
    ):
        assert f"left out: {said}" in result.stdout
    stored = {each["_id"]: each for each in empty.documents("articles")}
    ids = [path.rpartition("/")[2].removesuffix(".html") for path in (first, second, third, fourth, fifth)]
    assert set(stored) == {f"ep18:{number}" for number in ids}
    assert stored[f"ep18:{ids[1]}"]["url"] == site + second
    assert stored[f"ep18:{ids[0]}"]["pages"][0]["fetched"].isoformat() == "2024-05-01T08:00:00+00:00"
    assert all(each["body"] and each["listed_as"] == [] for each in stored.values() if "listed_as" in each)
    run = empty.last_run("ep18")
    assert run["lists"] == [] and run["verdict"] == "good"
    assert empty.scrapy("verify").returncode == 0


def test_a_recorded_list_tells_what_only_lists_say(empty: Line, tmp_path: Path) -> None:
    entry = next(each for each in nfplus_entries() if not each.quirks)
    sites = build()
    listing = "/nfplus-manuscript-web/article/list?columnId=14&pageNum=1&pageSize=20&nfhSubCount=1"
    answer = sites.answer("nfplusapi.nfnews.com", listing)
    items = [
        each for each in json.loads(answer.body)["data"]["list"] if each and each.get("articleType") in (0, 2)
    ]
    warc = Foreign(tmp_path / "list.warc", compressed=False)
    told = {}
    for item in items:
        path = item["shareUrl"].split("/", 3)[3].partition("?")[0]
        page = sites.answer("static.nfnews.com", f"/{path}")
        if page.status == 200:
            warc.add(f"https://static.nfnews.com/{path}", page.body)
            told[f"nfplus:{item['articleId']}"] = item
    warc.add(f"https://nfplusapi.nfnews.com{listing}", answer.body, {"Content-Type": "application/json"})
    assert told, entry
    empty.scrapy("crawl", "nanfangplus", "-a", f"warc={warc.done()}", *QUIET)
    stored = empty.documents("articles")
    assert stored
    for article in stored:
        assert article["origin"] == told[article["_id"]]["source"]
        assert article["listed_as"], "a live crawl finds it unchanged"


def test_what_no_list_names_passes_the_keyword_filter_by_its_text(empty: Line, tmp_path: Path) -> None:
    sites = build()
    warc = Foreign(tmp_path / "all.warc.gz")
    some = [each for each in nfplus_entries() if not each.quirks][:3]
    some += [each for each in nfplus_entries() if each.quirks == {"offtopic"}][:3]
    for entry in some:
        path = f"/content/{entry.published:%Y%m}/{entry.published:%d}/c{entry.number}.html"
        warc.add(f"https://static.nfapp.southcn.com{path}", sites.answer("static.nfnews.com", path).body)
    empty.scrapy("crawl", "nanfangplus", "-a", f"warc={warc.done()}", *QUIET)
    assert {each["_id"] for each in empty.documents("articles")} == {
        f"nfplus:{each.number}" for each in some if not each.quirks
    }


def test_posts_and_their_markdown(empty: Line, tmp_path: Path) -> None:
    sites = build()
    warc = Foreign(tmp_path / "finews.warc.gz")
    post = next(each for each in finews_entries() if not each.quirks)
    dropped = next(each for each in finews_entries() if each.quirks == {"archived"})
    path = f"/nanfangplus/{post.published:%Y/%m/%d}/{post.number}.html"
    warc.add(f"https://finews.withounder.com{path}", sites.answer("finews.withounder.com", path).body)
    path = f"/zning1994/finews/main/old_post/{dropped.published:%Y-%m-%d}-{dropped.number}.md"
    body = sites.answer("raw.githubusercontent.com", path).body
    warc.add(f"https://raw.githubusercontent.com{path}", body, {"Content-Type": "text/plain"})
    result = empty.scrapy("crawl", "finews", "-a", f"warc={warc.done()}", *QUIET)
    stored = {each["_id"]: each["read_by"] for each in empty.documents("articles")}
    assert stored == {f"finews:{post.number}": "section", f"finews:{dropped.number}": "archived markdown"}, (
        result
    )


@pytest.mark.parametrize(
    ("headers", "body", "said"),
    [
        ({**PLAIN, "Content-Encoding": "zzz"}, b"x", "content encoding 'zzz' cannot be read"),
        (PLAIN, b"x" * (records.LARGEST + 1), "the page is larger than 8,388,608 bytes"),
        (
            {**PLAIN, "Content-Encoding": "gzip"},
            gzip.compress(b"\0" * (records.LARGEST + 1)),
            "the page is larger than 8,388,608 bytes",
        ),
    ],
)
def test_a_record_that_cannot_be_read_is_told(
    tmp_path: Path, headers: dict[str, str], body: bytes, said: str
) -> None:
    warc = Foreign(tmp_path / "one.warc.gz")
    warc.add("http://ep18.cn/a.html", body, headers)
    capture = index.read([warc.done()], lambda host: host == "ep18.cn").find("http://www.ep18.cn/a.html")
    assert capture
    with pytest.raises(records.WarcError, match=said):
        records.load(capture.place)


def test_a_file_that_ends_within_a_record_is_told(tmp_path: Path) -> None:
    warc = Foreign(tmp_path / "cut.warc", compressed=False)
    warc.add("http://ep18.cn/a.html", b"x" * 100)
    path = warc.done()
    path.write_bytes(b"no WARC at all")
    with pytest.raises(records.WarcError, match="no WARC file, or damaged"):
        index.read([path], lambda _: True)
