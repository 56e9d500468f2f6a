"""A real scrapyd in a folder of its own, the project's egg in it, and a store."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest

from deploy.__main__ import build, deploy
from svcsat_crawler.schedule.scrapyd import Scrapyd, ScrapydAway
from svcsat_crawler.storage import embedded
from svcsat_crawler.storage.mongo import Store
from tests.building import ROOT, spider_names
from tests.replica.server import Replica

LOGIN = {"SCRAPYD_USERNAME": "crawler", "SCRAPYD_PASSWORD": "p@ss/w:rd"}


@dataclass
class Daemon:
    """A scrapyd of our own, started as docs/operations.md says; it may be killed and started again."""

    folder: Path
    environ: dict[str, str]
    sessions: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def home(self) -> Path:
        return self.folder / "scrapyd"

    @property
    def log(self) -> Path:
        return self.folder / "scrapyd.log"

    @property
    def client(self) -> Scrapyd:
        return Scrapyd.from_environment(self.environ)

    def start(self, max_proc: int = 2) -> None:
        """Start it and wait until it answers.  ``~/.scrapyd.conf`` overrides what the launcher writes."""
        (self.folder / ".scrapyd.conf").write_text(f"[scrapyd]\nmax_proc = {max_proc}\npoll_interval = 0.2\n")
        with self.log.open("a") as out:
            self.sessions.append(
                subprocess.Popen(
                    [sys.executable, "-m", "deploy.start_scrapyd", str(self.home)],
                    cwd=ROOT,
                    env=self.environ,
                    stdout=out,
                    stderr=out,
                    start_new_session=True,
                )
            )
        wait_for(self.answers, 30)

    def answers(self) -> bool:
        assert self.sessions[-1].poll() is None, self.log.read_text()[-3000:]
        try:
            return bool(self.client.ask("daemonstatus"))
        except ScrapydAway:
            return False

    def end(self, how: signal.Signals, *, alone: bool = False) -> None:
        """Send a signal to scrapyd and its jobs, as systemd does, or to scrapyd *alone*."""
        session = self.sessions[-1]
        if alone:
            session.send_signal(how)
        else:
            os.killpg(session.pid, how)
        session.wait(30)

    def crawling(self) -> list[list[str]]:
        """Return the commands of all its crawls that run, orphans too."""
        mark = f"LOG_FILE={self.home}"
        commands = (process.info["cmdline"] or [] for process in psutil.process_iter(["cmdline"]))
        return [command for command in commands if any(word.startswith(mark) for word in command)]

    def close(self) -> None:
        """End everything that was ever started here."""
        for session in self.sessions:
            for how in (signal.SIGTERM, signal.SIGKILL):
                if not any(self._group(session.pid)):
                    break
                os.killpg(session.pid, how)
                psutil.wait_procs(list(self._group(session.pid)), 10)
            session.wait()

    @staticmethod
    def _group(pid: int) -> Iterator[psutil.Process]:
        for process in psutil.process_iter():
            try:
                if os.getpgid(process.pid) == pid and process.status() != psutil.STATUS_ZOMBIE:
                    yield process
            except (ProcessLookupError, psutil.NoSuchProcess):
                continue


def wait_for(what: Callable[[], Any], seconds: float) -> Any:
    """Return the first true result."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := what():
            return found
        time.sleep(0.1)
    raise AssertionError(f"nothing within {seconds} s")


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.fixture(scope="session")
def egg() -> bytes:
    """The egg that ``make deploy`` builds."""
    return build()


@pytest.fixture
def replica() -> Iterator[Replica]:
    with Replica() as running:
        yield running


@pytest.fixture
def environ(tmp_path: Path, replica: Replica) -> Iterator[dict[str, str]]:
    """What the daemon hands down to its crawls; nothing leads back to the checkout."""
    data = tmp_path / "data"
    yield {
        **{name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ},
        **LOGIN,
        "HOME": str(tmp_path),
        "SCRAPYD_HTTP_PORT": str(free_port()),
        "SVCSAT_REPLICA": replica.url,
        "SVCSAT_DATA_DIR": str(data),
        "SVCSAT_STORE_IDLE": "30",
    }
    embedded.stop(data)


@pytest.fixture
def daemon(tmp_path: Path, environ: dict[str, str]) -> Iterator[Daemon]:
    """Scrapyd, not yet started; whatever of it still runs is ended afterwards."""
    made = Daemon(tmp_path, environ)
    yield made
    made.close()


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory, egg: bytes) -> Path:
    """The eggs folder of a scrapyd that the egg was deployed to."""
    folder = tmp_path_factory.mktemp("deployed")
    port = {"SCRAPYD_HTTP_PORT": str(free_port()), "HOME": str(folder), "PATH": os.environ["PATH"]}
    made = Daemon(folder, {**LOGIN, **port})
    try:
        made.start()
        deploy(made.client, egg, spider_names())
    finally:
        made.close()
    return made.home / "eggs"


@pytest.fixture
def running(daemon: Daemon, deployed: Path) -> Daemon:
    """Scrapyd with the egg in it, started."""
    shutil.copytree(deployed, daemon.home / "eggs")
    daemon.start()
    return daemon


@pytest.fixture
def store(environ: dict[str, str]) -> Iterator[Store]:
    with Store.from_environment(environ) as opened:
        opened.prepare()
        yield opened
