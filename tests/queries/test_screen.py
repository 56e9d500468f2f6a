"""The terminal: 80 columns, colour only where it is seen, and the whole command."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from svcsat_crawler.answers import rebuild
from svcsat_crawler.storage.queries import Asked
from svcsat_crawler.terminal.answers import View, show
from svcsat_crawler.terminal.quote import one_line, piece
from tests.building import ROOT
from tests.queries.cases import QUESTIONS
from tests.queries.conftest import Filled


def shown(filled: Filled, question: str, width: int = 80, *, terminal: bool = False) -> str:
    out = io.StringIO()
    screen = Console(file=out, width=width, force_terminal=terminal, highlight=False)
    assert show(screen, question, QUESTIONS[question](filled.database, Asked(), 40)) > 0
    return out.getvalue()


@pytest.mark.parametrize("question", QUESTIONS)
def test_answers_fit_the_screen(filled: Filled, question: str) -> None:
    for width in (80, 100):
        lines = shown(filled, question, width).splitlines()
        assert max(map(cell_len, lines)) <= width
        assert not any(line.endswith(" …") for line in lines)


@pytest.mark.parametrize("question", QUESTIONS)
def test_colour_is_for_terminals(filled: Filled, question: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b" not in shown(filled, question)
    assert "\x1b[" in shown(filled, question, terminal=True)
    monkeypatch.setenv("NO_COLOR", "1")
    bare = shown(filled, question, terminal=True)
    assert not any(f"\x1b[{code}m" in bare for code in (31, 32, 33, 34, 36))


def test_every_number_of_a_series_has_its_sentence_and_its_page(filled: Filled) -> None:
    out = io.StringIO()
    asked = Asked(metrics=("satisfaction_rank",))
    rows = list(QUESTIONS["series"](filled.database, asked, 30))
    show(Console(file=out, width=80, highlight=False), "series", rows)
    text = out.getvalue()
    for row in rows:
        assert f"{row['value']:.0f}/{row['of']}" in text
        assert row["raw"] in text and row["url"] in text
        assert row["subject"]["name"] in text


def test_a_change_that_is_only_told_says_so(filled: Filled) -> None:
    rows = list(QUESTIONS["movers"](filled.database, Asked(metrics=("satisfaction_score",)), None))
    assert {row["delta_by"] for row in rows} == {"rows", "stated"}
    for row in rows:
        out = io.StringIO()
        show(Console(file=out, width=80, highlight=False), "movers", [row])
        assert ("told" in out.getvalue()) == (row["delta_by"] == "stated")
        assert ("→" in out.getvalue()) == (row["delta_by"] == "rows")


def test_an_address_is_cut_on_a_terminal_only_and_still_leads_there() -> None:
    url = "https://static.nfnews.com/content/" + "c" * 80 + ".html"
    run = {"_id": "a", "source": "ep18", "title": "题", "url": url, "facts": 1, "published": None}
    piped = io.StringIO()
    show(Console(file=piped, width=80, highlight=False), "articles", [run])
    assert url in piped.getvalue()
    terminal = Console(file=io.StringIO(), width=80, force_terminal=True, highlight=False)
    texts = list(View(terminal).articles([run]))
    assert max(text.cell_len for text in texts) <= 80
    assert any(url in str(span.style) for span in texts[-1].spans)


def test_a_page_cannot_steer_the_terminal(filled: Filled) -> None:
    row = {**filled.answers.ledger[0], "sentence": "得分\x1b]0;pwned\x07\x1b[2J81.57分", "raw": "81.57分"}
    row["subject"] = {"id": None, "name": "甲\x1b[31m局"}
    out = io.StringIO()
    show(Console(file=out, width=80, highlight=False), "series", [row])
    assert "\x1b" not in out.getvalue() and "\x07" not in out.getvalue()


@pytest.mark.parametrize("width", range(4, 60, 5))
def test_the_number_is_in_the_piece_of_the_sentence(width: int) -> None:
    sentence = (
        "报告显示，清远供电局供电服务满意度在全市公共服务中排名第一，得分为81.57分，同比上升1.57分，" * 3
    )
    at = one_line(sentence).index("81.57分")
    cut = piece(sentence[at - 30 :], "81.57分", width)
    assert cell_len(cut.text) <= width
    if width >= 10:
        assert cut.text[cut.start : cut.end] == "81.57分"


def run(filled: Filled, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if name != "MONGODB_URI"}
    return subprocess.run(
        [sys.executable, "-m", "scrapy", "query", *words],
        cwd=ROOT,
        env={**inherited, "SVCSAT_DATA_DIR": str(filled.data), "COLUMNS": "80", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_answers_writes_and_refuses(filled: Filled, tmp_path: Path) -> None:
    table = run(filled, "series", "--bureau", "清远", "--metric", "满意度", "--year", "2006-2025")
    assert (table.returncode, table.stderr) == (0, "")
    assert "清远供电局" in table.stdout and "“" in table.stdout and "http" in table.stdout
    lines = run(filled, "facts", "--source", "finews", "--format", "jsonl").stdout.splitlines()
    assert {json.loads(line)["source"] for line in lines} == {"finews"}
    assert len(lines) == sum(fact["source"] == "finews" for fact in filled.facts), "a file holds all"
    book = tmp_path / "league.xlsx"
    written = run(filled, "league", "--year", "2020", "-o", str(book))
    assert written.returncode == 0 and book.read_bytes().startswith(b"PK")
    assert written.stderr.strip().endswith(f"lines in {book}")
    empty = run(filled, "series", "--bureau", "清远", "--metric", "saidi", "--year", "1995")
    assert empty.returncode == 0
    assert empty.stdout.startswith("no saidi of 清远供电局 in 1995; years there: ")
    for words, said in (
        (
            ("scores",),
            "ask for one of series, league, streaks, movers, gaps, conflicts, audit, articles, facts",
        ),
        (("series", "--bureau", "清源"), "--bureau '清源' is unknown: did you mean 清远供电局"),
        (("series", "--source", "ep19"), "--source 'ep19' is unknown: there are ep18, finews, nanfangplus"),
    ):
        refused = run(filled, *words)
        assert refused.returncode == 2 and refused.stdout == ""
        assert refused.stderr.startswith("scrapy query: ") and said in refused.stderr
        assert len(refused.stderr.splitlines()) == 1
    lost = run(filled, "facts", "-o", str(tmp_path / "no" / "a.csv"))
    assert (lost.returncode, len(lost.stderr.splitlines())) == (1, 1)
    away = run(filled, "runs", MONGODB_URI="mongodb://127.0.0.1:1/x")
    assert (away.returncode, len(away.stderr.splitlines())) == (1, 1)


def test_a_ledger_of_other_rules_is_not_read_as_if_it_were_of_these(filled: Filled) -> None:
    filled.database.meta.insert_one({"_id": rebuild.STATE, "kind": "answers", "version": 0})
    try:
        refused, answered = run(filled, "streaks"), run(filled, "facts", "--limit", "1")
    finally:
        filled.database.meta.delete_one({"_id": rebuild.STATE})
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == (
        "scrapy query: the ledger was made by another version: run scrapy ledger update\n"
    )
    assert answered.returncode == 0
