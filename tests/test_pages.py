"""Recorded pages are read as a person reads them.

``pages/<spider>/`` holds pages as a server sends them, bytes and all; beside ``name.ext`` stands
``name.expected.json``, written by whoever read the page: ``address``, ``content_type``, ``row`` (what
the list knew; articles only), ``more`` (address → file of an article's further pages) and one of
``article``, ``list`` or ``failure``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import TextResponse
from scrapy.responsetypes import responsetypes

from pipelines.clean import CleanPipeline
from svcsat_crawler.items import Article
from svcsat_crawler.sources import failures
from svcsat_crawler.sources.charset import CharsetMiddleware
from svcsat_crawler.sources.walk import ListWalk, Row
from tests.building import PAGES, build

EXPECTED = ".expected.json"
ARTICLE_FIELDS = frozenset(
    "key url title published published_precision url_date body byline editor credits origin "
    "breadcrumb column images read_by".split()
)
LIST_FIELDS = frozenset("rows broken next total read_by".split())
EXPECTATIONS = sorted(PAGES.glob(f"*/*{EXPECTED}"))


def expectation(file: Path) -> dict[str, Any]:
    return json.loads(file.read_text("utf-8"))


def page_file(file: Path) -> Path:
    """Return the page that an expectation is about."""
    name = file.name.removesuffix(EXPECTED)
    (page,) = (other for other in file.parent.glob(f"{name}.*") if not other.name.endswith(EXPECTED))
    return page


def ids(file: Path) -> str:
    return f"{file.parent.name}-{file.name.removesuffix(EXPECTED)}"


def response_to(spider: Any, address: str, file: Path, content_type: str) -> TextResponse:
    """Return the page as the crawl gets it: class by its headers, charset by its bytes."""
    body = file.read_bytes()
    headers = {"Content-Type": content_type}
    found = responsetypes.from_args(headers={b"Content-Type": content_type.encode()}, url=address, body=body)
    response = found(address, headers=headers, body=body, request=Request(address))
    return CharsetMiddleware(spider.crawler).process_response(response.request, response)


def read(spider: Any, file: Path) -> dict[str, Any]:
    """Return what the spider reads, in the words of the expectation."""
    want = expectation(file)
    first = response_to(spider, want["address"], page_file(file), want["content_type"])
    if "row" not in want:
        return {"list": read_list(spider, first, want)}
    row = Row.from_record(want["row"])
    failures.check_page(first.text)
    assert spider.more_pages(first, row) == list(want.get("more", {}))
    further = [
        response_to(spider, address, file.parent / name, want["content_type"])
        for address, name in want.get("more", {}).items()
    ]
    article = spider.read_article([first, *further], row)
    return {"article": article_record(CleanPipeline(spider.crawler).process_item(article), want["article"])}


def article_record(article: Article, want: dict[str, Any]) -> dict[str, Any]:
    found = {name: getattr(article, name) for name in want}
    for name in ("published", "updated"):
        if found.get(name):
            found[name] = found[name].isoformat()
    found["body"] = article.body.split("\n")
    found["images"] = [
        {"url": image.url, "caption": image.caption, "credit": image.credit} for image in article.images
    ]
    return found


def read_list(spider: Any, response: TextResponse, want: dict[str, Any]) -> dict[str, Any]:
    listing = spider.read_list(response, ListWalk("list", response.url))
    rows = want.get("list", {}).get("rows", [])
    assert len(listing.rows) == len(rows), [row.title for row in listing.rows]
    broken = want["list"]["broken"]
    said = len(broken) == len(listing.broken) and all(map(str.__contains__, listing.broken, broken))
    return {
        "rows": [row_record(row, wanted) for row, wanted in zip(listing.rows, rows, strict=True)],
        "broken": broken if said else listing.broken,
        "next": listing.next_url,
        "total": listing.total,
        "read_by": listing.read_by,
    }


def row_record(row: Row, want: dict[str, Any]) -> dict[str, Any]:
    found = {name: getattr(row, name) for name in want}
    found["listed"] = row.listed and row.listed.isoformat()
    if "data" in want:
        found["data"] = {name: row.data.get(name) for name in want["data"]}
    return found


@pytest.mark.parametrize("file", EXPECTATIONS, ids=ids)
def test_a_page_is_read_as_a_person_reads_it(file: Path) -> None:
    want = expectation(file)
    spider = build(file.parent.name)
    if "failure" in want:
        with pytest.raises(failures.Unusable) as refusal:
            read(spider, file)
        assert type(refusal.value).__name__ == want["failure"]["class"]
        for words in want["failure"]["says"]:
            assert words in str(refusal.value)
        return
    found = read(spider, file)
    (kind,) = found
    for name, value in want[kind].items():
        assert found[kind][name] == value, name


@pytest.mark.parametrize("file", EXPECTATIONS, ids=ids)
def test_an_expectation_says_everything(file: Path) -> None:
    want = expectation(file)
    assert "�" not in file.read_text("utf-8")
    assert len({"article", "list", "failure"} & set(want)) == 1
    assert set(want.get("article", ARTICLE_FIELDS)) >= ARTICLE_FIELDS
    assert set(want.get("list", LIST_FIELDS)) == LIST_FIELDS
    for row in want.get("list", {}).get("rows", []):
        assert {"kind", "url", "title", "listed", "key" if row["kind"] == "article" else "reason"} <= set(row)


def test_every_page_has_an_expectation_and_every_expectation_a_page() -> None:
    pages = {file for file in PAGES.glob("*/*") if not file.name.endswith(EXPECTED)}
    read_by_one = {page_file(file) for file in EXPECTATIONS}
    further = {
        file.parent / name for file in EXPECTATIONS for name in expectation(file).get("more", {}).values()
    }
    assert pages == read_by_one | further
    assert not read_by_one & further
