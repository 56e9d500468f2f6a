"""WARC files that end too early: what is whole is read, the cut record is named and never taken for a page."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from svcsat_crawler.storage import embedded
from svcsat_crawler.warc import index, records
from tests.crawls.conftest import Line
from tests.proof.conftest import filled  # noqa: F401 - a fixture
from tests.warc.test_foreign import Foreign

BODIES = {f"http://ep18.cn/{name}.html": name.encode() * 90 for name in ("a", "b")}


@pytest.mark.parametrize("compressed", [True, False])
def test_wherever_it_is_cut(tmp_path: Path, *, compressed: bool) -> None:
    warc = Foreign(tmp_path / "cut.warc", compressed=compressed)
    for url, body in BODIES.items():
        warc.add(url, body)
    path = warc.done()
    data = path.read_bytes()
    ends = data.index(b"\x1f\x8b", 2) if compressed else data.index(b"WARC/", 5)
    whole = index.read([path], lambda _: True)
    assert not whole.cut and len(whole.captures) == 2
    for size in range(1, len(data)):
        path.write_bytes(data[:size])
        try:
            found = index.read([path], lambda _: True)
        except records.WarcError as error:
            assert size < ends and str(error).startswith(f"{path}: no WARC file, or damaged: "), size
            continue
        taken = [capture for captures in found.captures.values() for capture in captures]
        for capture in taken:
            assert records.load(capture.place).body == BODIES[capture.url], size
        # The two line ends behind a record are no part of it.
        if not compressed and (ends - 4 <= size <= ends or size >= len(data) - 4):
            assert not found.cut and len(taken) == (1 if size <= ends else 2), size
        elif compressed and size == ends:
            assert not found.cut and len(taken) == 1
        else:
            assert len(taken) == (size >= ends) and str(path) in found.cut[0], size
            assert f"at byte {0 if size < ends else ends:,} is cut off" in found.cut[0], size


def test_damage_within_is_told_with_its_place(tmp_path: Path) -> None:
    warc = Foreign(tmp_path / "a.warc.gz")
    for url, body in BODIES.items():
        warc.add(url, body)
    path = warc.done()
    data = bytearray(path.read_bytes())
    second = data.index(b"\x1f\x8b", 2)
    data[second + 40 : second + 60] = bytes(20)
    path.write_bytes(data)
    found = index.read([path], lambda _: True)
    assert list(found.captures) == ["ep18.cn/a.html"]
    assert f"at byte {second:,} is cut off or damaged" in found.cut[0]


def test_an_empty_file_and_records_compressed_together_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.warc").touch()
    with pytest.raises(records.WarcError, match="it is empty"):
        index.read([tmp_path / "empty.warc"], lambda _: True)
    warc = Foreign(tmp_path / "a.warc", compressed=False)
    for url, body in BODIES.items():
        warc.add(url, body)
    path = tmp_path / "a.warc.gz"
    path.write_bytes(gzip.compress(warc.done().read_bytes()))
    with pytest.raises(records.WarcError, match="warcio recompress"):
        index.read([path], lambda _: True)


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Line]:
    line = Line(tmp_path / "data")
    yield line
    embedded.stop(line.data)


def test_an_import_keeps_what_is_whole_and_is_not_good(filled: Line, empty: Line, tmp_path: Path) -> None:  # noqa: F811
    path = tmp_path / "finews.warc.gz"
    assert filled.scrapy("warc", "export", str(path), "--source", "finews").returncode == 0
    last = list(index.read([path], lambda _: True).newest())[-1]
    data = path.read_bytes()
    # Past the record's headers and the page's title: a page that reads well, but for its end.
    path.write_bytes(data[: last.place.offset + 1200])
    result = empty.scrapy("warc", "import", str(path))
    assert result.returncode == 3, result.stdout + result.stderr
    assert "verdict: incomplete – WARC files cut off or damaged: 1" in result.stdout
    said = result.stderr.splitlines()[-1]
    assert f"{path}: the response record of {last.url} at byte {last.place.offset:,} is cut off" in said
    pages = {page["_id"] for page in filled.documents("pages")}
    stored = empty.documents("pages")
    assert stored and {page["_id"] for page in stored} <= pages
    assert last.url not in {page["url"] for page in stored}
