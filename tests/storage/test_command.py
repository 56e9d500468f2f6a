"""``scrapy store`` as a person types it."""

from __future__ import annotations

import subprocess
import sys
from argparse import Namespace
from pathlib import Path

import pytest

from svcsat_crawler.commands.store import Command
from svcsat_crawler.storage import embedded
from svcsat_crawler.storage.mongo import Store
from tests.storage.conftest import Server

PROJECT = Path(__file__).parents[2]


def scrapy_store(*words: str) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of ``scrapy store`` with *words*."""
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "store", *words],
        cwd=PROJECT,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


def test_from_start_to_stop(data_dir: Path, tmp_path: Path) -> None:
    code, out, _ = scrapy_store("status")
    assert (code, "not running" in out, str(data_dir) in out) == (0, True, True)
    assert not data_dir.exists()

    code, out, err = scrapy_store("uri")
    assert (code, err) == (0, "")
    assert out == f"{embedded.ensure(data_dir)}\n"

    with Store.from_environment() as store:
        store.prepare()
    code, out, _ = scrapy_store("status")
    now = embedded.status(data_dir)
    assert code == 0
    for said in ("embedded", now.uri, str(now.pid), str(now.log), "articles", "0 documents"):
        assert str(said) in out

    code, out, _ = scrapy_store("dump", str(tmp_path / "dump"))
    assert (code, out.startswith("dumped 1 document of 8 collections")) == (0, True)
    code, out, _ = scrapy_store("restore", str(tmp_path / "dump"))
    assert (code, out.startswith("restored 1 document of 8 collections")) == (0, True)

    assert scrapy_store("stop") == (0, "stopped\n", "")
    assert scrapy_store("stop") == (0, "it was not running\n", "")


@pytest.mark.parametrize("words", [(), ("begin",), ("uri", "now"), ("dump",), ("status", "--all")])
def test_wrong_usage_is_one_line(
    data_dir: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    command = Command()
    command.run(list(words), Namespace())
    out, err = capsys.readouterr()
    assert (command.exitcode, out, err.count("\n")) == (2, "", 1)
    assert err.endswith("right is scrapy store uri | status | stop | dump DIR | restore DIR\n")
    assert not data_dir.exists()


def test_the_exit_code_of_wrong_usage(data_dir: Path) -> None:
    code, out, err = scrapy_store("status", "--all")
    assert (code, out, err.count("\n")) == (2, "", 1)


def test_a_mongodb_of_your_own(
    plain_server: Server, data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uri = plain_server.uri(options="serverSelectionTimeoutMS=300")
    monkeypatch.setenv("MONGODB_URI", uri)
    assert scrapy_store("uri") == (0, f"{uri}\n", "")
    code, out, _ = scrapy_store("status")
    assert (code, "from MONGODB_URI" in out, "elsewhere" in out) == (0, True, True)
    code, out, err = scrapy_store("stop")
    assert (code, out) == (1, "")
    assert "not this project's to stop" in err
    code, _, err = scrapy_store("restore", str(tmp_path))
    assert (code, err.count("\n")) == (1, 1)
    plain_server.kill()
    code, out, err = scrapy_store("status")
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "no answer from" in err
    assert not data_dir.exists()
