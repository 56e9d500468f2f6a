"""Files of answers, read back: types, links, formulas that do not run, whole or not at all."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote

import pytest
from arro3.io import read_parquet
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from pymongo.errors import AutoReconnect

from svcsat_crawler.export import ExportError, columns_of, write
from svcsat_crawler.export.texts import FORMULA_STARTS
from svcsat_crawler.storage import queries
from svcsat_crawler.storage.queries import Asked
from tests.queries.cases import QUESTIONS
from tests.queries.conftest import Document, Filled

DANGEROUS = ['=cmd|" /C calc"!A0', "+1+1", "-2+3", "@SUM(A1)", "\t=1", '=HYPERLINK("http://evil")']


@pytest.fixture
def rows(filled: Filled) -> list[Document]:
    asked = Asked(metrics=("satisfaction_score",), province="广东")
    return list(queries.series(filled.database, asked, None))


def sheet_of(path: Path, name: str) -> Worksheet:
    sheet = load_workbook(path)[name]
    assert isinstance(sheet, Worksheet)
    return sheet


def column(sheet: Worksheet, name: str) -> int:
    return [cell.value for cell in sheet[1]].index(name) + 1


def test_a_day_without_a_clock_stays_one(rows: list[Document], tmp_path: Path) -> None:
    day, moment = datetime(2016, 12, 20, 16, tzinfo=UTC), datetime(2016, 12, 21, 1, 30, tzinfo=UTC)
    found = [{**rows[0], "published": printed} for printed in (day, moment)]
    for form in ("csv", "xlsx"):
        write("series", found, form, tmp_path / f"answer.{form}", "")
    lines = list(csv.DictReader((tmp_path / "answer.csv").read_text("utf-8-sig").splitlines()))
    assert [line["published"] for line in lines] == ["2016-12-21", "2016-12-21 09:30:00+08:00"]
    sheet = sheet_of(tmp_path / "answer.xlsx", "series")
    cells = [sheet.cell(line, column(sheet, "published")) for line in (2, 3)]
    assert [cell.number_format for cell in cells] == ["yyyy-mm-dd", "yyyy-mm-dd hh:mm"]


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_becomes_every_file(filled: Filled, tmp_path: Path, question: str) -> None:
    found = list(QUESTIONS[question](filled.database, Asked(), 40))
    names = [column.name for column in columns_of(question)]
    counts = set()
    for form in ("csv", "xlsx", "parquet"):
        counts.add(write(question, found, form, tmp_path / f"answer.{form}", "everything"))
    (count,) = counts
    assert count >= len(found) > 0
    text = (tmp_path / "answer.csv").read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(text.decode("utf-8-sig"))))
    assert lines[0] == names and len(lines) == count + 1
    sheet = sheet_of(tmp_path / "answer.xlsx", question)
    assert [cell.value for cell in sheet[1]] == names and sheet.max_row == count + 1
    table = read_parquet(tmp_path / "answer.parquet").read_all()
    assert table.column_names == names and table.num_rows == count
    assert write(question, found, "jsonl", tmp_path / "answer.jsonl", "") == len(found)
    assert len((tmp_path / "answer.jsonl").read_text("utf-8").splitlines()) == len(found)


def test_the_workbook_is_ready_to_be_used(rows: list[Document], tmp_path: Path) -> None:
    path = tmp_path / "series.xlsx"
    write("series", rows, "xlsx", path, "satisfaction_score in 广东")
    sheet = sheet_of(path, "series")
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == f"A1:{sheet.cell(1, sheet.max_column).column_letter}{len(rows) + 1}"
    assert sheet.column_dimensions["A"].width > 10
    for line, row in enumerate(rows, 2):
        value = sheet.cell(line, column(sheet, "value"))
        assert (value.value, value.number_format) == (row["value"], "0.00")
        published = sheet.cell(line, column(sheet, "published"))
        if row["published"]:
            assert isinstance(published.value, datetime) and published.is_date
            assert published.value.hour == 9, "Beijing time"
        url = sheet.cell(line, column(sheet, "url"))
        assert url.value == row["url"] and url.hyperlink and url.hyperlink.target == row["url"]
        sentence = sheet.cell(line, column(sheet, "sentence"))
        assert sentence.value == row["sentence"]
        assert sentence.hyperlink and sentence.hyperlink.target == row["url"]
        start, end = unquote(str(sentence.hyperlink.location)).removeprefix(":~:text=").split(",")
        assert row["sentence"].startswith(start) and row["sentence"].endswith(end)
    assert sheet.cell(2, column(sheet, "year")).value == rows[0]["year"]
    about = sheet_of(path, "about")
    assert about["B1"].value == "series: satisfaction_score in 广东"
    assert {about.cell(line, 1).value for line in range(6, about.max_row + 1)} >= {
        "bureau",
        "sentence",
        "url",
    }


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_text_is_run_as_a_formula(rows: list[Document], tmp_path: Path, text: str) -> None:
    row = {
        **rows[0],
        "sentence": text,
        "title": text,
        "raw": text,
        "url": "javascript:alert(1)",
        "delta": -1.5,
    }
    write("series", [row], "xlsx", tmp_path / "a.xlsx", text)
    sheet = sheet_of(tmp_path / "a.xlsx", "series")
    for name in ("sentence", "title", "raw"):
        cell = sheet.cell(2, column(sheet, name))
        assert (cell.value, cell.data_type) == (text, "s")
    assert sheet.cell(2, column(sheet, "url")).hyperlink is None
    write("series", [row], "csv", tmp_path / "a.csv", "")
    line = list(csv.DictReader(io.StringIO((tmp_path / "a.csv").read_text("utf-8-sig"))))[0]
    assert line["sentence"] == f"'{text}" and not line["title"].startswith(FORMULA_STARTS)
    assert line["change"] == "-1.5", "a negative number stays a number"


def test_text_that_no_file_can_hold_is_written_visibly(rows: list[Document], tmp_path: Path) -> None:
    row = {**rows[0], "title": "坏\ud800\x00字", "sentence": "长" * 40_000}
    for form in ("csv", "xlsx", "parquet", "jsonl"):
        assert write("series", [row], form, tmp_path / f"a.{form}", "") == 1
    sheet = sheet_of(tmp_path / "a.xlsx", "series")
    assert "\\ud800" in sheet.cell(2, column(sheet, "title")).value
    assert len(sheet.cell(2, column(sheet, "sentence")).value) == 32_767


def test_a_number_that_is_none_is_written_as_one(rows: list[Document], tmp_path: Path) -> None:
    row = {**rows[0], "value": float("nan")}
    for form in ("csv", "xlsx", "parquet", "jsonl"):
        assert write("series", [row], form, tmp_path / f"a.{form}", "") == 1
    sheet = sheet_of(tmp_path / "a.xlsx", "series")
    assert sheet.cell(2, column(sheet, "value")).value == "nan"

    def refused(word: str) -> None:
        raise AssertionError(f"{word} is no JSON")

    assert json.loads((tmp_path / "a.jsonl").read_text("utf-8"), parse_constant=refused)["value"] == "nan"


def test_parquet_columns_have_types(rows: list[Document], tmp_path: Path) -> None:
    write("series", rows, "parquet", tmp_path / "a.parquet", "")
    table = read_parquet(tmp_path / "a.parquet").read_all()
    kinds = {field.name: str(field.type) for field in table.schema}
    assert "Float64" in kinds["value"] and "Int64" in kinds["year"] and "Utf8" in kinds["sentence"]
    assert "Timestamp" in kinds["published"] and "Asia/Shanghai" in kinds["published"]
    assert table.column("value").to_pylist() == [row["value"] for row in rows]
    assert table.column("change").to_pylist() == [row["delta"] for row in rows]
    assert table.column("published").to_pylist() == [row["published"] for row in rows]


def test_a_conflict_has_a_line_for_each_value(filled: Filled, tmp_path: Path) -> None:
    found = list(queries.conflicts(filled.database, Asked(), None))
    write("conflicts", found, "csv", tmp_path / "a.csv", "")
    lines = list(csv.DictReader(io.StringIO((tmp_path / "a.csv").read_text("utf-8-sig"))))
    assert len(lines) == sum(1 + len(row["conflicts"]) for row in found)
    assert [line["shown"] for line in lines].count("yes") == len(found)
    one = found[0]
    assert float(lines[1]["value"]) == one["conflicts"][0]["value"]
    assert lines[1]["sentence"] == one["conflicts"][0]["support"][0]["sentence"]


def test_json_lines_hold_whole_documents_in_beijing_time(rows: list[Document], tmp_path: Path) -> None:
    write("series", rows, "jsonl", tmp_path / "a.jsonl", "")
    lines = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text("utf-8").splitlines()]
    assert [line["_id"] for line in lines] == [row["_id"] for row in rows]
    assert lines[0]["support"] and lines[0]["published"].endswith("+08:00")


@pytest.mark.parametrize("form", ["csv", "jsonl", "xlsx", "parquet"])
def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, form: str, rows: list[Document]) -> None:
    target = tmp_path / f"a.{form}"
    target.write_text("as it was")
    target.chmod(0o640)

    def half() -> Iterator[Document]:
        yield rows[0]
        raise AutoReconnect("the store is away")

    with pytest.raises(AutoReconnect, match="the store is away"):
        write("series", half(), form, target, "")
    assert target.read_text() == "as it was"
    assert [path.name for path in tmp_path.iterdir()] == [target.name]
    assert write("series", rows, form, target, "") == len(rows)
    assert target.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


def test_a_file_that_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    for target in (tmp_path / "no" / "a.csv", Path("/proc/a.csv")):
        with pytest.raises(ExportError, match=r"a\.csv: cannot be written: ") as refused:
            write("runs", [], "csv", target, "")
        assert "\n" not in str(refused.value)


def test_an_empty_answer_is_a_file_with_a_header(tmp_path: Path) -> None:
    for form in ("csv", "xlsx", "parquet"):
        assert write("gaps", [], form, tmp_path / f"a.{form}", "") == 0
    assert (tmp_path / "a.csv").read_text("utf-8-sig").startswith("bureau,")
    assert sheet_of(tmp_path / "a.xlsx", "gaps").max_row == 1
    assert read_parquet(tmp_path / "a.parquet").read_all().num_rows == 0
