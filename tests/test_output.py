"""Commands whose output cannot be written, or that are interrupted, end with one line."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from svcsat_crawler.commands import ledger, store
from svcsat_crawler.terminal import ledger as ledger_work
from svcsat_crawler.terminal import whole
from svcsat_crawler.terminal.output import printing

ROOT = Path(__file__).resolve().parents[1]
PRINTS = (
    "from svcsat_crawler.terminal.output import printing\nwith printing('scrapy x'):\n    print('y' * {})\n"
)


@pytest.mark.parametrize("length", [1, 1_000_000])
def test_a_full_disk_is_one_line(length: int) -> None:
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-c", PRINTS.format(length)]
        ended = subprocess.run(command, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert ended.returncode == 1
    assert ended.stderr == "scrapy x: standard output cannot be written: No space left on device\n"


def test_a_command_says_so_too() -> None:
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "scrapy", "schedule", "show"]
        ended = subprocess.run(command, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (
        1,
        "scrapy schedule: standard output cannot be written: No space left on device\n",
    )


def test_a_reader_that_has_gone_is_no_error_to_tell() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-c", PRINTS.format(1_000_000)]
    ended = subprocess.run(command, cwd=ROOT, stdout=writing, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writing)
    assert (ended.returncode, ended.stderr) == (1, "")


def test_an_error_of_a_file_is_not_taken_for_one_of_the_output() -> None:
    with pytest.raises(FileNotFoundError), printing("scrapy x"):
        Path("/nowhere/x").read_bytes()


@pytest.mark.parametrize(
    ("command", "word", "module", "name"),
    [(ledger.Command(), "rebuild", ledger_work, "rebuild"), (store.Command(), "check", whole, "check_store")],
)
def test_an_interruption_is_one_line(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: Any,
    word: str,
    module: Any,
    name: str,
) -> None:
    def interrupted() -> None:
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(module, name, interrupted)
    command.run([word], argparse.Namespace(dry_run=False))
    told = capsys.readouterr().err
    assert command.exitcode == 130 and told.count("\n") == 1 and "interrupted" in told
