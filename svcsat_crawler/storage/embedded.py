"""The embedded default: one SecantusDB server, shared by all processes of the project.

Whoever needs it first starts it; it runs detached, listens on 127.0.0.1 only and stops by itself when
nobody uses it.  SecantusDB is never imported: it is a separate program (see ``embedded_server``).
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import svcsat_crawler
from svcsat_crawler.storage.embedded_files import Files, State, held, is_held, take
from svcsat_crawler.storage.embedded_process import PROGRAM, program, takes_connections
from svcsat_crawler.storage.embedded_wire import WireError, read_token
from svcsat_crawler.storage.errors import StoreError

IDLE_SECONDS = 600.0
WAIT_SECONDS = 60.0
_HELD_BY_ANOTHER = 3


@dataclass(frozen=True, slots=True)
class Status:
    """What is known of one embedded store without starting it."""

    data_dir: Path
    log: Path
    running: bool
    uri: str | None
    pid: int | None
    started: str | None
    bytes: int


def data_directory(environ: Mapping[str, str] = os.environ) -> Path:
    """``SVCSAT_DATA_DIR``, else ``.svcsat`` beside the scrapy.cfg at or above the current folder."""
    if chosen := environ.get("SVCSAT_DATA_DIR"):
        return Path(chosen).expanduser().absolute()
    here = Path.cwd()
    project = next((folder for folder in (here, *here.parents) if (folder / "scrapy.cfg").is_file()), here)
    return project / ".svcsat"


class Lease:
    """Says to the server that this process uses it, until ``release`` or the end of the process.

    Taken before ``ensure``: a server under lease never stops for idleness.
    """

    def __init__(self, data_dir: Path) -> None:
        files = _created(data_dir)
        self._descriptor = take(files.clients_lock, shared=True)

    def release(self) -> None:
        """Let the server stop when it likes; doing it twice is harmless."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def ensure(data_dir: Path, environ: Mapping[str, str] = os.environ) -> str:
    """The address of this directory's server, started first when there is none.

    Raises StoreError with the reason when it does not come up.
    """
    files = _created(data_dir)
    if state := _running(files):
        return state.uri
    with held(files.start_lock):
        deadline = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < deadline:
            if state := _running(files):
                return state.uri
            if is_held(files.daemon_lock):  # it is starting, stopping or coming back
                _end_orphan(files)
                time.sleep(0.1)
            else:
                _start(files, _idle_seconds(environ))
    raise StoreError(f"the embedded store does not answer within {WAIT_SECONDS:.0f} s; see {files.log}")


def status(data_dir: Path) -> Status:
    """What runs in *data_dir*; starts and changes nothing."""
    files = Files(data_dir)
    state = _running(files)
    return Status(
        data_dir=data_dir,
        log=files.log,
        running=state is not None,
        uri=state.uri if state else None,
        pid=state.server if state else None,
        started=state.started if state else None,
        bytes=sum(each.stat().st_size for each in files.database.glob("*")),
    )


def stop(data_dir: Path) -> bool:
    """Stop the server of *data_dir* and wait for its end; False when none was running.

    Processes that still use it bring it back by themselves.  SIGTERM is repeated until the lock is
    free: one that comes while the server starts is lost.
    """
    files = Files(data_dir)
    if not is_held(files.daemon_lock):
        return False
    deadline = time.monotonic() + WAIT_SECONDS
    while is_held(files.daemon_lock):
        if time.monotonic() > deadline:
            raise StoreError(f"the embedded store does not stop within {WAIT_SECONDS:.0f} s; see {files.log}")
        if (state := files.read_state()) and is_held(files.parent_lock):
            os.kill(state.supervisor, signal.SIGTERM)
        _end_orphan(files)
        time.sleep(0.1)
    return True


def _created(data_dir: Path) -> Files:
    files = Files(data_dir)
    try:
        files.create()
    except OSError as error:
        raise StoreError(
            f"the data directory {data_dir} cannot be used ({error.strerror}): "
            "set SVCSAT_DATA_DIR to a folder that this user may write to"
        ) from error
    return files


def _running(files: Files) -> State | None:
    """The state of the server if it runs, answers and is ours; a stale state may name a stranger."""
    if not is_held(files.daemon_lock):
        return None
    state = files.read_state()
    if state is None or not state.port or not is_held(files.parent_lock):
        return None
    try:
        return state if read_token(state.port) == state.token else None
    except WireError:
        return None  # not up (yet), or no MongoDB at all


def _end_orphan(files: Files) -> None:
    """Stop a server whose parent was killed; it is asked to by the system, but may miss that."""
    state = files.read_state()
    if state and state.server and not is_held(files.parent_lock) and takes_connections(state.port):
        with suppress(ProcessLookupError):
            os.kill(state.server, signal.SIGTERM)


def _start(files: Files, idle: float) -> None:
    if program() is None:
        raise StoreError(
            f"the embedded store needs {PROGRAM}: pip install -r requirements.txt, "
            "or set MONGODB_URI to a MongoDB of yours"
        )
    # The package may stand in an egg that only this process has on its path.
    root = Path(next(iter(svcsat_crawler.__path__))).parent
    path = os.pathsep.join(filter(None, (str(root), os.environ.get("PYTHONPATH"))))
    done = subprocess.run(
        (sys.executable, "-m", "svcsat_crawler.storage.embedded_server", str(files.folder.parent), str(idle)),
        cwd=files.folder,
        env={**os.environ, "PYTHONPATH": path},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode not in (0, _HELD_BY_ANOTHER):
        reason = done.stderr.strip().rpartition("\n")[2]
        raise StoreError(f"the embedded store does not start: {reason}; see {files.log}")


def _idle_seconds(environ: Mapping[str, str]) -> float:
    """``SVCSAT_STORE_IDLE``: after so many seconds without a user the server stops; 0 = never."""
    chosen = environ.get("SVCSAT_STORE_IDLE") or str(IDLE_SECONDS)
    try:
        seconds = float(chosen)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise StoreError(
            f"SVCSAT_STORE_IDLE={chosen!r} is no number of seconds; right is e.g. 600, 0 = never"
        )
    return seconds
