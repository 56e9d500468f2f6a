"""The parent of the embedded store's server: ``python -m svcsat_crawler.storage.embedded_server DIR``.

It runs SecantusDB's own program as a separate process, brings it back on the same port when it was
killed, and stops it when nobody has used it for the idle time.  The command answers once the server
takes connections, exit code 0, or with one line on stderr: 1 = the server does not start,
3 = another parent holds this directory.  The parent itself stays behind, detached.
"""

from __future__ import annotations

import os
import secrets
import select
import signal
import socket
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from subprocess import Popen

from svcsat_crawler.storage.embedded_files import HOST, Files, State, held, take
from svcsat_crawler.storage.embedded_process import StartError, launch, terminate
from svcsat_crawler.storage.embedded_wire import WireError, work_done, write_token

# A server that ends again and again within this time of its start is given up.
CALM_SECONDS = 30.0
RESTARTS = 3
PORT_SECONDS = 0.5
LOG_BYTES = 4_000_000
UP = "up"


class Parent:
    """Looks after one server in one directory; *daemon_lock* is the descriptor of the held lock."""

    def __init__(self, files: Files, idle: float, daemon_lock: int) -> None:
        self.files = files
        self.idle = idle
        self.daemon_lock = daemon_lock
        self.token = secrets.token_hex(16)
        self.ends = 0
        self.child: Popen[bytes]
        self.port = 0
        self.alarm, signals = os.pipe()
        os.set_blocking(signals, False)
        signal.set_wakeup_fd(signals)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD):
            signal.signal(number, lambda *_: None)

    def start(self) -> None:
        """Bring the server up, on the last port if it is free, and say so in the state file."""
        before = self.files.read_state()
        port = before.port if before else 0
        self._note(port, 0)
        self.child, self.port = self._launch(port)
        self.started = time.monotonic()
        write_token(self.port, self.token)
        self._note(self.port, self.child.pid)

    def _note(self, port: int, server: int) -> None:
        self.files.write_state(
            State(
                directory=str(self.files.folder),
                port=port,
                token=self.token,
                supervisor=os.getpid(),
                server=server,
                started=datetime.now(UTC).isoformat(timespec="seconds"),
            )
        )

    def _launch(self, port: int) -> tuple[Popen[bytes], int]:
        if port and _is_free(port):
            try:
                return launch(self.files, port, self.daemon_lock)
            except StartError as error:
                print(f"not with port {port}: {error}", flush=True)
        return launch(self.files, 0, self.daemon_lock)

    def watch(self) -> None:
        """Return when asked to stop, or when idle; StartError when the server cannot be kept up."""
        used, work = time.monotonic(), self._work_done()
        pause = min(self.idle / 4, 30.0) if self.idle else 30.0
        while True:
            asked = self._signals(pause)
            if asked & {signal.SIGTERM, signal.SIGINT}:
                break
            if self.child.poll() is not None:
                self._revive()
            with held(self.files.clients_lock, wait=False) as nobody:
                done = self._work_done() if nobody else None
                if done is None or done != work:
                    used, work = time.monotonic(), done
                elif self.idle and time.monotonic() - used >= self.idle:
                    # Still under the clients' lock: who comes now waits, and then starts a new server.
                    terminate(self.child, self.port)
                    return
        terminate(self.child, self.port)

    def _signals(self, pause: float) -> set[int]:
        ready, _, _ = select.select([self.alarm], [], [], pause)
        return set(os.read(self.alarm, 64)) if ready else set()

    def _revive(self) -> None:
        self.ends = self.ends + 1 if time.monotonic() - self.started < CALM_SECONDS else 1
        if self.ends > RESTARTS:
            raise StartError(f"the server ended {self.ends} times in a row; see {self.files.log}")
        print(f"the server ended with code {self.child.returncode}; starting it again", flush=True)
        self.start()

    def _work_done(self) -> int | None:
        """The server's own count: users without a lease show up in it; None when it does not tell."""
        try:
            return work_done(self.port)
        except WireError as error:
            print(f"the server does not tell its state: {error}", flush=True)
            return None


def _is_free(port: int) -> bool:
    """Whether *port* can be listened on, at once or within a moment: a killed server lets go of it."""
    deadline = time.monotonic() + PORT_SECONDS
    while True:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError as error:
                if time.monotonic() > deadline:
                    print(f"port {port}: {error}", flush=True)
                    return False
            else:
                return True
        time.sleep(0.05)


def main(directory: str, idle: str) -> int:
    """Take the directory, leave a parent behind in it, and tell whether its server is up."""
    files = Files(Path(directory))
    daemon_lock = take(files.daemon_lock, wait=False)
    if daemon_lock is None:
        return 3
    answer, tell = os.pipe()
    if not os.fork():
        os.close(answer)
        return _stay(files, float(idle), daemon_lock, tell)
    os.close(tell)
    os.close(daemon_lock)
    with os.fdopen(answer) as words:
        message = words.read()
    if message == UP:
        return 0
    print(message or f"the server's parent ended without a word; see {files.log}", file=sys.stderr)
    return 1


def _stay(files: Files, idle: float, daemon_lock: int, tell: int) -> int:
    """The life of the detached parent; *tell* takes UP, or why there is no server."""
    with os.fdopen(tell, "w") as starter:
        try:
            _detach(files)
            take(files.parent_lock)
            parent = Parent(files, idle, daemon_lock)
            parent.start()
        except (StartError, WireError, OSError) as error:
            starter.write(str(error))
            return 1
        starter.write(UP)
    try:
        parent.watch()
    except (StartError, WireError) as error:
        print(f"given up: {error}", flush=True)
        return 1
    return 0


def _detach(files: Files) -> None:
    """Leave the starter's session and terminal; what is printed from now on goes to the log."""
    os.setsid()
    os.umask(0o077)
    os.chdir(files.folder)
    if files.log.exists() and files.log.stat().st_size > LOG_BYTES:
        files.log.replace(files.log.with_suffix(".log.1"))
    log = os.open(files.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    silence = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((silence, 0), (log, 1), (log, 2)):
        os.dup2(source, target)
    os.close(log)
    os.close(silence)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
