"""What ``-o`` names: a file is replaced whole, anything else stays what it is."""

from __future__ import annotations

import os
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from openpyxl import load_workbook

from svcsat_crawler.export import ExportError, write
from svcsat_crawler.export.output import whole

RUN = {"_id": "a", "spider": "ep18", "verdict": "good"}


def written(target: Path, form: str = "jsonl") -> int:
    return write("runs", [RUN], form, target, "everything")


def test_a_link_stays_and_its_target_is_written(tmp_path: Path) -> None:
    there = tmp_path / "elsewhere"
    there.mkdir()
    (there / "answer.jsonl").write_text("old")
    (there / "answer.jsonl").chmod(0o640)
    link = tmp_path / "link.jsonl"
    link.symlink_to("elsewhere/answer.jsonl")
    written(link)
    assert link.is_symlink() and '"ep18"' in (there / "answer.jsonl").read_text()
    assert (there / "answer.jsonl").stat().st_mode & 0o777 == 0o640
    (there / "answer.jsonl").unlink()
    written(link)  # which leads to nothing now
    assert link.is_symlink() and '"ep18"' in (there / "answer.jsonl").read_text()
    assert [each.name for each in there.iterdir()] == ["answer.jsonl"]


@pytest.mark.parametrize("form", ["jsonl", "csv", "xlsx", "parquet"])
def test_a_pipe_stays_a_pipe(tmp_path: Path, form: str) -> None:
    pipe, got = tmp_path / "pipe", tmp_path / f"got.{form}"
    os.mkfifo(pipe)
    reader = Thread(target=lambda: got.write_bytes(pipe.read_bytes()), daemon=True)
    reader.start()
    written(pipe, form)
    reader.join(20)
    assert pipe.is_fifo() and not reader.is_alive()
    plain = tmp_path / f"plain.{form}"
    written(plain, form)
    if form == "xlsx":  # which holds the time it was made
        assert load_workbook(got)["runs"].max_row == 2
    else:
        assert got.read_bytes() == plain.read_bytes()


def test_a_folder_and_a_circle_of_links_are_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"cannot be written: is a directory$"):
        written(tmp_path)
    circle = tmp_path / "circle.jsonl"
    circle.symlink_to(circle)
    with pytest.raises(ExportError, match="cannot be written: Too many levels"):
        written(circle)
    assert [each.name for each in tmp_path.iterdir()] == ["circle.jsonl"]


def test_nothing_is_left_of_what_failed(tmp_path: Path) -> None:
    target: Any = tmp_path / "answer"
    target.write_text("old")
    with pytest.raises(ValueError, match="half"), whole(target) as out:
        out.write(b"new")
        raise ValueError("half")
    assert target.read_text() == "old" and list(tmp_path.iterdir()) == [target]
