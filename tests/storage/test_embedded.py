"""The embedded server: started once, shared, brought back, recognised, stopped."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from pymongo import MongoClient

from svcsat_crawler.storage import embedded
from svcsat_crawler.storage.embedded_files import Files, held, is_held
from svcsat_crawler.storage.errors import StoreError
from svcsat_crawler.storage.mongo import Store

USE = """
import os, sys
from svcsat_crawler.storage.mongo import Store
with Store.from_environment() as store:
    store.prepare()
    store.database["events"].insert_one({"_id": os.getpid()})
    print(store.uri)
"""


def until(condition: Callable[[], bool], seconds: float = 15.0) -> None:
    """Wait for *condition*; fails after *seconds*."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.05)


def port_of(uri: str) -> int:
    return int(re.findall(r":(\d+)/", uri)[0])


def running(pid: int) -> bool:
    """Whether *pid* is a live process, not one that only waits to be collected."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def starts(data_dir: Path) -> int:
    """How often a server took connections in this directory."""
    return Files(data_dir).log.read_text().count("listening on")


def events(uri: str) -> int:
    with MongoClient[dict[str, object]](uri) as client:
        return client["svcsat"]["events"].count_documents({})


def test_eight_processes_at_once_share_one_server(data_dir: Path) -> None:
    users = [
        subprocess.Popen([sys.executable, "-c", USE], stdout=subprocess.PIPE, text=True) for _ in range(8)
    ]
    answers = {user.communicate(timeout=60)[0].strip() for user in users}
    assert all(user.returncode == 0 for user in users)
    assert len(answers) == 1
    assert starts(data_dir) == 1
    assert events(answers.pop()) == 8


def test_only_this_user_and_only_this_machine(data_dir: Path) -> None:
    port = port_of(embedded.ensure(data_dir))
    files = Files(data_dir)
    assert data_dir.stat().st_mode & 0o777 == 0o700
    assert files.folder.stat().st_mode & 0o777 == 0o700
    assert all(path.stat().st_mode & 0o077 == 0 for path in files.folder.rglob("*") if path.is_file())
    tables = Path("/proc/net/tcp").read_text() + Path("/proc/net/tcp6").read_text()
    listening = re.findall(rf"^ *\d+: (\w+):{port:04X} \w+:0000 0A", tables, re.MULTILINE)
    assert listening == ["0100007F"]


def test_status_and_stop(data_dir: Path) -> None:
    assert not embedded.status(data_dir).running
    assert not embedded.stop(data_dir)
    assert not data_dir.exists()
    uri = embedded.ensure(data_dir)
    now = embedded.status(data_dir)
    assert now.running
    assert now.uri == uri
    assert now.pid
    assert now.bytes > 0
    assert "listening" in now.log.read_text()
    assert embedded.stop(data_dir)
    assert not running(now.pid)
    assert not embedded.status(data_dir).running
    assert not embedded.stop(data_dir)
    assert embedded.ensure(data_dir) == uri, "the next one is found at the same address"


def test_a_killed_server_comes_back_at_the_same_address(data_dir: Path) -> None:
    uri = embedded.ensure(data_dir)
    with MongoClient[dict[str, object]](uri, journal=True) as client:
        client["svcsat"]["events"].insert_one({"_id": 1})
        killed = embedded.status(data_dir).pid
        assert killed
        os.kill(killed, signal.SIGKILL)
        until(lambda: embedded.status(data_dir).running)
        assert embedded.status(data_dir).pid != killed
        assert client["svcsat"]["events"].count_documents({}) == 1


@pytest.mark.parametrize("whom", ["parent", "both"])
def test_killed_parents_and_left_over_files_do_not_hinder(data_dir: Path, whom: str) -> None:
    uri = embedded.ensure(data_dir)
    with MongoClient[dict[str, object]](uri, journal=True) as client:
        client["svcsat"]["events"].insert_one({"_id": 1})
    state = Files(data_dir).read_state()
    assert state
    os.kill(state.supervisor, signal.SIGKILL)
    if whom == "both":
        os.kill(state.server, signal.SIGKILL)
    until(lambda: not running(state.supervisor))
    assert embedded.ensure(data_dir) == uri
    assert events(uri) == 1
    assert not running(state.supervisor)
    assert not running(state.server)


def test_a_state_file_that_names_a_stranger_is_not_believed(data_dir: Path, tmp_path: Path) -> None:
    """Another server, even one of ours for another directory, has the port of the last time."""
    uri = embedded.ensure(data_dir)
    embedded.stop(data_dir)
    files, others = Files(data_dir), Files(tmp_path / "other")
    mine = files.read_state()
    assert mine
    others.create()
    others.write_state(replace(mine, directory=str(others.folder)))
    try:
        assert embedded.ensure(others.folder.parent) == uri
        with held(files.daemon_lock), held(files.parent_lock):  # as while it starts
            assert not embedded.status(data_dir).running
        assert embedded.ensure(data_dir) != uri
        assert embedded.ensure(others.folder.parent) == uri
    finally:
        embedded.stop(others.folder.parent)


@contextmanager
def answering(words: bytes) -> Iterator[int]:
    """A program on some port that says *words* to everybody; gives the port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(1000)
                    connection.sendall(words)

        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


@pytest.mark.parametrize(
    "words", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\xff" * 100], ids=["silence", "http", "noise"]
)
def test_a_port_taken_by_something_else_is_left_alone(data_dir: Path, words: bytes) -> None:
    embedded.ensure(data_dir)
    embedded.stop(data_dir)
    files = Files(data_dir)
    state = files.read_state()
    assert state
    with answering(words) as port:
        files.write_state(replace(state, port=port))
        with held(files.daemon_lock), held(files.parent_lock):
            assert not embedded.status(data_dir).running
        assert port_of(embedded.ensure(data_dir)) != port


def test_it_stops_when_nobody_uses_it(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SVCSAT_STORE_IDLE", "0.8")
    user = [sys.executable, "-c", "import sys\nfrom svcsat_crawler.storage.mongo import Store\n"]
    user[2] += "store = Store.from_environment()\nprint('in', flush=True)\nsys.stdin.read()"
    with subprocess.Popen(user, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"in\n"
        pid = embedded.status(data_dir).pid
        time.sleep(2)
        assert embedded.status(data_dir).pid == pid, "a user keeps it"
        process.kill()  # and a killed one does not
    until(lambda: not is_held(Files(data_dir).daemon_lock))
    assert not running(pid or 0)


def test_a_user_without_lease_keeps_it_by_working(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SVCSAT_STORE_IDLE", "0.8")
    with MongoClient[dict[str, object]](embedded.ensure(data_dir)) as client:
        for number in range(20):
            client["svcsat"]["events"].insert_one({"_id": number})
            time.sleep(0.1)
    assert starts(data_dir) == 1
    until(lambda: not is_held(Files(data_dir).daemon_lock))


def test_users_racing_an_idle_stop_see_no_error(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SVCSAT_STORE_IDLE", "0.2")
    for number in range(5):
        with Store.from_environment() as store:
            store.database["events"].insert_one({"_id": number})
            assert store.database["events"].count_documents({}) == number + 1
        time.sleep(0.15 + 0.08 * number)


@pytest.mark.parametrize("after", [0.0, 0.15, 0.3, 0.45])
def test_a_stop_right_after_the_start_is_obeyed(data_dir: Path, after: float) -> None:
    command = "from pathlib import Path\nfrom svcsat_crawler.storage import embedded\n"
    command += f"embedded.ensure(Path({str(data_dir)!r}))"
    with subprocess.Popen([sys.executable, "-c", command]):
        until(lambda: is_held(Files(data_dir).daemon_lock))
        time.sleep(after)
        assert embedded.stop(data_dir)
    embedded.stop(data_dir)  # who asked for it may have started it again
    state = Files(data_dir).read_state()
    assert state
    assert not running(state.server)
    assert not running(state.supervisor)


def test_a_server_that_cannot_start_says_why(data_dir: Path) -> None:
    files = Files(data_dir)
    files.create()
    files.database.write_text("a file where a folder should be")
    with pytest.raises(
        StoreError, match=r"the embedded store does not start: .+; see .+server\.log"
    ) as caught:
        embedded.ensure(data_dir)
    assert "\n" not in str(caught.value)


def test_a_missing_program_is_said(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "program", lambda: None)
    with pytest.raises(
        StoreError, match=r"needs secantusd-py: pip install -r requirements\.txt, or set MONGODB_URI"
    ):
        embedded.ensure(data_dir)


def test_a_data_directory_that_cannot_be_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="cannot be used .* set SVCSAT_DATA_DIR"):
        embedded.ensure(tmp_path / "file" / "data")


@pytest.mark.parametrize("idle", ["ten", "-1", "inf", "nan"])
def test_a_bad_idle_time_is_said(data_dir: Path, idle: str) -> None:
    with pytest.raises(StoreError, match=f"SVCSAT_STORE_IDLE='{idle}' is no number of seconds"):
        embedded.ensure(data_dir, {"SVCSAT_STORE_IDLE": idle})


def test_where_the_data_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    below = tmp_path / "project" / "some" / "folder"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    assert embedded.data_directory({}) == below / ".svcsat"
    (tmp_path / "project" / "scrapy.cfg").touch()
    assert embedded.data_directory({}) == tmp_path / "project" / ".svcsat"
    assert embedded.data_directory({"SVCSAT_DATA_DIR": "data"}) == below / "data"
