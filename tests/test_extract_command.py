"""``scrapy extract``: lines in, lines out in order; what is wrong is said and the rest goes on."""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from svcsat_crawler.metrics import RULES_VERSION, extract
from svcsat_crawler.storage.documents import plain
from svcsat_crawler.terminal.lines import Entry, Refused, entries, published
from tests.building import ROOT

TEXT = "2021年，梅州供电局客户平均停电时间6.18小时，同比下降31%。"


def run(*words: str, given: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command as a user does."""
    return subprocess.run(
        [sys.executable, "-m", "scrapy", "extract", *words],
        cwd=ROOT,
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )


def line(**fields: Any) -> bytes:
    return json.dumps(fields, ensure_ascii=False).encode()


def test_facts_come_out_in_order_as_the_engine_reads_them(tmp_path: Path) -> None:
    given, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    given.write_bytes(
        b"\n".join(
            [
                line(id="first", title="通报", text=TEXT, date="2021-12-29", url="http://example.invalid/1"),
                line(id=2, title=None, text="今天有雨。", date=None),
            ]
        )
    )
    result = run(str(given), "-o", str(out))
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    first, second = [json.loads(row) for row in out.read_text("utf-8").splitlines()]
    facts = [plain(fact) for fact in extract(TEXT, title="通报", published=datetime.date(2021, 12, 29))]
    assert first == {"id": "first", "facts": facts, "title_facts": [], "rules_version": RULES_VERSION}
    assert len(facts) == 1
    assert second == {"id": 2, "facts": [], "title_facts": [], "rules_version": RULES_VERSION}


def test_what_only_the_title_states_lies_apart() -> None:
    title = "梅州供电局客户平均停电时间降至6.18小时"
    row = json.loads(run("-", given=line(id=1, title=title, text="活动现场气氛热烈。").decode()).stdout)
    (fact,) = row["title_facts"]
    assert row["facts"] == []
    assert (fact["metric"], fact["evidence"]["sentence"], fact["evidence"]["where"]) == (
        "saidi",
        title,
        "title",
    )
    shown = run("--text", "活动现场气氛热烈。", "--title", title).stdout
    assert "6.18 hours" in shown
    assert "only in the title" in shown


def test_others_come_apart_and_only_when_asked_for() -> None:
    given = line(id="x", text=TEXT + "另架设光缆85公里。").decode()
    without, with_others = (json.loads(run("-", *words, given=given).stdout) for words in ((), ("--others",)))
    assert "others" not in without
    assert with_others["facts"] == without["facts"]
    (other,) = with_others["others"]
    assert (other["metric"], other["head"], other["value"], other["unit"]) == (
        "other_quantity",
        "光缆",
        85.0,
        "km",
    )
    shown = run("--text", TEXT + "另架设光缆85公里。", "--others").stdout
    assert "other_quantity (光缆)  85 km" in shown
    assert shown.endswith("1 fact and 1 number that no metric claims\n")


def test_bad_lines_are_named_and_the_rest_goes_on() -> None:
    good = line(id="x", text=TEXT).decode()
    result = run("-", given=f"{good}\n{{\n[1]\n\n{good}\n")
    assert result.returncode == 1
    assert [json.loads(row)["id"] for row in result.stdout.splitlines()] == ["x", "x"]
    said = result.stderr.splitlines()
    assert [message.split(": ")[1] for message in said] == ["- line 2", "- line 3"]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (b"{", "no JSON"),
        (b"[]", "a list, where an object is right"),
        (b"17", "a number, where an object is right"),
        (b"\xff", "no UTF-8 at byte 1"),
        (b"[" * 100_000, "recursion"),
        (line(text=TEXT), "no 'id'"),
        (line(id=True, text=TEXT), "'id' is true or false"),
        (line(id="a"), "no 'text'"),
        (line(id="a", text=["x"]), "'text' is a list, where text is right"),
        (line(id="a", text=TEXT, title=5), "'title' is a number, where text or null is right"),
        (line(id="a", text=TEXT, date=[2021]), "'date' is a list"),
    ],
)
def test_a_bad_line_says_what_is_wrong(given: bytes, reason: str) -> None:
    (refused,) = entries([given])
    assert isinstance(refused, Refused)
    assert reason in refused.reason


def test_empty_lines_count_and_a_byte_order_mark_is_none_of_the_text() -> None:
    read = list(entries([b"\xef\xbb\xbf" + line(id="a", text=TEXT), b"\n", b"?"]))
    assert read[0] == Entry("a", TEXT, "", None)
    assert isinstance(read[1], Refused)
    assert read[1].line == 3


@pytest.mark.parametrize(
    ("date", "day"),
    [
        ("2021-12-29", (2021, 12, 29)),
        ("2026年01月12日 08:55", (2026, 1, 12)),
        ("2012年06月04日 20时15分", (2012, 6, 4)),
        ("2019-01-02 08:02:15", (2019, 1, 2)),
        ("2024-02", (2024, 2, 29)),
        ("2020年", (2020, 12, 31)),
        (2020, (2020, 12, 31)),
        ("2020-13", None),
        ("7月18日", None),
        (None, None),
    ],
)
def test_dates_as_sites_print_them(date: str | int | None, day: tuple[int, int, int] | None) -> None:
    assert published(date) == (datetime.date(*day) if day else None)


def test_one_text_is_shown_with_its_sentence() -> None:
    result = run("--text", "今年" + TEXT[6:], "--date", "2021-12-29", "--title", "通报")
    assert result.returncode == 0
    assert "梅州供电局  saidi  6.18 hours (−31%)  2021" in result.stdout
    assert "“今年梅州供电局客户平均停电时间6.18小时，同比下降31%。”" in result.stdout
    assert result.stdout.endswith("1 fact\n")


def test_a_sentence_of_several_lines_is_shown_on_one() -> None:
    table = "2021年供电服务\x1b[2J满意度得分如下：\n1. 广州供电局 88.5分\n2. 佛山供电局 88.1分"
    shown = run("--text", table).stdout.splitlines()
    assert "  “2021年供电服务 [2J满意度得分如下： 1. 广州供电局 88.5分 2. 佛山供电局 88.1分”" in shown


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ((), "right is scrapy extract IN.jsonl"),
        (("a", "b"), "right is scrapy extract IN.jsonl"),
        (("a", "--text", "x"), "right is scrapy extract IN.jsonl"),
        (("no-such-file",), "no-such-file: No such file or directory"),
        (("scrapy.cfg", "-o", "scrapy.cfg"), "scrapy.cfg: the output would overwrite the input"),
        (("--text", "x", "--date", "7月"), "--date '7月' states no day"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(words: tuple[str, ...], reason: str) -> None:
    result = run(*words)
    assert (result.returncode, result.stdout) == (2, "")
    assert reason in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_reader_that_goes_away_is_no_traceback(tmp_path: Path) -> None:
    given = tmp_path / "in.jsonl"
    given.write_bytes(b"\n".join([line(id=1, text=TEXT)] * 3000))
    command = f"{sys.executable} -m scrapy extract {given} | head -1 >/dev/null"
    result = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.stderr == ""
