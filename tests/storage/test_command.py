"""``scrapy store`` as a person types it."""

from __future__ import annotations

import subprocess
import sys
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

import pytest

from svcsat_crawler.commands.store import RIGHT, Command
from svcsat_crawler.storage import embedded
from svcsat_crawler.storage.mongo import COLLECTIONS, Store
from tests.storage.conftest import Server

PROJECT = Path(__file__).parents[2]


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command with some words; gives exit code, stdout and stderr."""

    def call(*words: str) -> tuple[int, str, str]:
        command = Command()
        command.run(list(words), Namespace(dry_run=False))
        return command.exitcode, *capsys.readouterr()

    return call


def scrapy_store(*words: str) -> tuple[int, str, str]:
    """The same by way of ``scrapy store`` in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "store", *words],
        cwd=PROJECT,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.returncode, done.stdout, done.stderr


def test_from_start_to_stop(data_dir: Path) -> None:
    code, out, _ = scrapy_store("status")
    assert (code, "not running" in out, str(data_dir) in out) == (0, True, True)
    assert not data_dir.exists()
    code, out, err = scrapy_store("uri")
    assert (code, out, err) == (0, f"{embedded.status(data_dir).uri}\n", "")
    assert scrapy_store("stop") == (0, "stopped\n", "")
    assert scrapy_store("status", "--all")[::2] == (2, f"scrapy store: status --all: right is {RIGHT}\n")


def test_status_dump_and_restore(data_dir: Path, run: Run, tmp_path: Path) -> None:
    with Store.from_environment() as store:
        store.prepare()
    code, out, _ = run("status")
    now = embedded.status(data_dir)
    assert code == 0
    for said in ("embedded", now.uri, now.pid, now.data_dir, now.log, "articles", "0 documents"):
        assert str(said) in out
    code, out, _ = run("dump", str(tmp_path / "dump"))
    assert (code, out) == (0, f"dumped 1 document of {len(COLLECTIONS)} collections to {tmp_path / 'dump'}\n")
    code, out, _ = run("restore", str(tmp_path / "dump"))
    assert code == 0 and out.startswith(
        f"restored 1 document of {len(COLLECTIONS)} collections to mongodb://"
    )
    assert run("stop") == (0, "stopped\n", "")
    assert run("stop") == (0, "it was not running\n", "")


@pytest.mark.parametrize("words", [(), ("begin",), ("uri", "now"), ("dump",), ("status", "--all")])
def test_wrong_usage_is_one_line(data_dir: Path, run: Run, words: tuple[str, ...]) -> None:
    code, out, err = run(*words)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.endswith(f"right is {RIGHT}\n")
    assert not data_dir.exists()


def test_a_mongodb_of_your_own(
    plain_server: Server, data_dir: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uri = plain_server.uri(options="serverSelectionTimeoutMS=300")
    monkeypatch.setenv("MONGODB_URI", uri)
    assert run("uri") == (0, f"{uri}\n", "")
    code, out, _ = run("status")
    assert (code, "from MONGODB_URI" in out, "elsewhere" in out) == (0, True, True)
    code, out, err = run("stop")
    assert (code, out) == (1, "")
    assert "not this project's to stop" in err
    code, _, err = run("restore", str(tmp_path))
    assert (code, err.count("\n")) == (1, 1)
    plain_server.kill()
    code, out, err = run("status")
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "no answer from" in err
    assert not data_dir.exists()
