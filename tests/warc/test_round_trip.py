"""The archive to a WARC file and back into an empty store: the same articles, facts and pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from svcsat_crawler.storage import embedded
from tests.crawls.conftest import Line
from tests.proof.conftest import filled  # noqa: F401 - a fixture

# When a store took something in is its own affair, and so is what its answers made of it.
OWN = frozenset("first_seen last_seen changed changed_by cluster differs revisions".split())


@pytest.fixture(scope="module")
def exported(filled: Line) -> Path:  # noqa: F811
    path = filled.data.parent / "archive.warc.gz"
    result = filled.scrapy("warc", "export", str(path))
    assert result.returncode == 0, result.stderr
    return path


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Line]:
    line = Line(tmp_path / "data")
    yield line
    embedded.stop(line.data)


def content(line: Line, collection: str) -> dict[str, dict[str, Any]]:
    return {
        each["_id"]: {name: value for name, value in each.items() if name not in OWN}
        for each in line.documents(collection)
    }


def test_the_same_articles_and_facts(filled: Line, exported: Path, empty: Line) -> None:  # noqa: F811
    result = empty.scrapy("warc", "import", str(exported), timeout=300)
    assert "of the stand-in site" in result.stdout
    for collection in ("articles", "metrics"):
        assert content(empty, collection) == content(filled, collection), collection
    pages = content(empty, "pages")
    there = content(filled, "pages")
    referred = {page["sha256"] for each in filled.documents("articles") for page in each["pages"]}
    assert referred <= set(pages) and all(pages[key] == there[key] for key in referred)
    assert empty.scrapy("verify").returncode == 0
    again = empty.scrapy("warc", "import", str(exported), timeout=300)
    assert again.stdout.count("verdict: no news") >= 2, again.stdout
    assert content(empty, "articles") == content(filled, "articles")


def test_it_is_a_sound_warc_file(exported: Path) -> None:
    class Options:
        inputs, verbose = [str(exported)], False  # noqa: RUF012

    checker = Checker(Options)
    checker.process_all()
    assert checker.exit_value == 0
    with exported.open("rb") as file:
        kinds = [record.rec_type for record in ArchiveIterator(file)]
    assert kinds[0] == "warcinfo" and set(kinds) == {"warcinfo", "response", "metadata"}


def test_one_source_without_compression(filled: Line, tmp_path: Path) -> None:  # noqa: F811
    path = tmp_path / "finews.warc"
    result = filled.scrapy("warc", "export", str(path), "--source", "finews")
    posts = len(filled.documents("articles", {"source": "finews"}))
    assert result.stdout.startswith(f"{posts} articles, "), result.stdout + result.stderr
    with path.open("rb") as file:
        hosts = {record.rec_headers.get_header("WARC-Target-URI") for record in ArchiveIterator(file)} - {
            None
        }
    assert all("finews" in host for host in hosts) and path.read_bytes().startswith(b"WARC/1.1")


def test_a_damaged_page_is_told(filled: Line, tmp_path: Path) -> None:  # noqa: F811
    with filled.store() as store:
        page = store.database.pages.find_one({"article": {"$ne": None}})
        assert page
        store.database.pages.delete_one({"_id": page["_id"]})
        try:
            result = filled.scrapy("warc", "export", str(tmp_path / "x.warc.gz"))
        finally:
            store.database.pages.insert_one(page)
    assert result.returncode == 1 and "missing or damaged: 1 page (scrapy verify names them)" in result.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "no action: right is scrapy warc export FILE.warc.gz"),
        (("import",), "right is scrapy warc export FILE.warc.gz"),
        (("import", "/nowhere.warc"), "/nowhere.warc: No such file or directory"),
        (("import", __file__), "no WARC file, or damaged"),
        (
            ("export", "/nowhere/x.warc.gz"),
            "scrapy warc: /nowhere/x.warc.gz: cannot be written: No such file or directory",
        ),
        (("export", "x.warc", "--source", "nobody"), "unknown source 'nobody'"),
    ],
)
def test_wrong_usage_is_one_line(filled: Line, words: tuple[str, ...], said: str) -> None:  # noqa: F811
    result = filled.scrapy("warc", *words)
    assert result.returncode in (1, 2)
    assert said in result.stderr and result.stderr.count("\n") == 1, result.stderr


def test_a_crawl_refuses_a_file_that_is_none(empty: Line) -> None:
    for name, said in (("/nowhere.warc", "is no file"), (__file__, "no WARC file, or damaged")):
        result = empty.scrapy("crawl", "ep18", "-a", f"warc={name}")
        assert result.returncode == 2 and said in result.stderr and result.stderr.count("\n") == 1
