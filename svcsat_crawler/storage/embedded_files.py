"""The files beside the embedded store's data: four locks, the state file and the log.

The locks are kernel locks (``flock``), so a killed process leaves none behind:

- ``daemon.lock``: held exclusively while a server of ours or its parent runs (the server inherits it);
- ``parent.lock``: held exclusively by the server's parent alone, so that a server left behind is seen;
- ``clients.lock``: held shared by every user, taken exclusively to stop for idleness;
- ``start.lock``: held by the one process that decides and starts.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path

HOST = "127.0.0.1"
# The server's own database, beside the project's: a dump of the project never holds the token.
SERVER_DATABASE = "svcsat_server"


@dataclass(frozen=True, slots=True)
class State:
    """What the state file says; the token is in the database too and names one server."""

    directory: str
    port: int
    token: str
    supervisor: int
    server: int
    started: str

    @property
    def uri(self) -> str:
        return f"mongodb://{HOST}:{self.port}/svcsat?directConnection=true&retryWrites=false"


class Files:
    """Paths of one embedded store; everything lives in ``<data directory>/store``, mode 0700."""

    def __init__(self, data_dir: Path) -> None:
        self.folder = data_dir.absolute() / "store"
        self.database = self.folder / "database"
        self.daemon_lock = self.folder / "daemon.lock"
        self.parent_lock = self.folder / "parent.lock"
        self.clients_lock = self.folder / "clients.lock"
        self.start_lock = self.folder / "start.lock"
        self.state = self.folder / "state.json"
        self.log = self.folder / "server.log"
        self.config = self.folder / "secantusd.toml"

    def create(self) -> None:
        """Make the folder, private to this user; OSError when that is impossible."""
        self.folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder.mkdir(mode=0o700, exist_ok=True)
        self.folder.chmod(0o700)

    def read_state(self) -> State | None:
        """The last state written, or None when there is none for this very folder."""
        try:
            raw = json.loads(self.state.read_bytes())
            state = State(**{each.name: raw[each.name] for each in fields(State)})
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None
        return state if state.directory == str(self.folder) else None

    def write_state(self, state: State) -> None:
        """Replace the state file in one step, so that no reader sees half of it."""
        fresh = self.state.with_suffix(f".{os.getpid()}.tmp")
        fresh.write_text(json.dumps(asdict(state)))
        fresh.replace(self.state)

    def last_line_of_log(self) -> str:
        """The last line of the server's log, empty when there is none."""
        try:
            with self.log.open("rb") as log:
                log.seek(max(0, self.log.stat().st_size - 2000))
                lines = log.read().decode("utf-8", "replace").split("\n")
        except FileNotFoundError:
            return ""
        return next((line.strip() for line in reversed(lines) if line.strip()), "")


def take(path: Path, *, shared: bool = False, wait: bool = True) -> int | None:
    """Lock *path* and return the descriptor; None when it is taken and *wait* is false."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    how = (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB)
    try:
        fcntl.flock(descriptor, how)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


@contextmanager
def held(path: Path, *, shared: bool = False, wait: bool = True) -> Iterator[bool]:
    """Hold the lock inside the block; gives False when it is taken and *wait* is false."""
    descriptor = take(path, shared=shared, wait=wait)
    try:
        yield descriptor is not None
    finally:
        if descriptor is not None:
            os.close(descriptor)


def is_held(path: Path) -> bool:
    """Whether some process holds *path* exclusively."""
    if not path.exists():
        return False
    with held(path, shared=True, wait=False) as free:
        return not free
