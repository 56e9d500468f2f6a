"""Starting and ending SecantusDB's own program, ``secantusd-py``, as a process of its own."""

from __future__ import annotations

import ctypes
import re
import shutil
import signal
import socket
import sys
import sysconfig
import time
from collections.abc import Callable
from subprocess import DEVNULL, STDOUT, Popen, TimeoutExpired

from svcsat_crawler.storage.embedded_files import HOST, Files

PROGRAM = "secantusd-py"
# The cache is WiredTiger's; without an oplog a write is written once, and nobody reads the oplog here.
OPTIONS = ("--cache-size", "256M", "--standalone", "--log-level", "INFO")
START_SECONDS = 30.0
STOP_SECONDS = 20.0
ASK_AGAIN_SECONDS = 0.5

_LISTENING = re.compile(rb"listening on [\d.]+:(\d+)")
_PR_SET_PDEATHSIG = 1


class StartError(Exception):
    """The server ended, or kept silent, before it took connections."""


def program() -> str | None:
    """Path of the server's program in this Python environment, else on PATH."""
    scripts = sysconfig.get_path("scripts")
    return shutil.which(PROGRAM, path=scripts) or shutil.which(PROGRAM)


def launch(files: Files, port: int, daemon_lock: int) -> tuple[Popen[bytes], int]:
    """Start the server; return it and its port once it takes connections, else StartError.

    *port* 0 lets the system choose.  The server inherits *daemon_lock*, so the lock lasts as long as
    either of the two processes.
    """
    path = program()
    if path is None:
        raise StartError(f"{PROGRAM} is not installed")
    # An empty file of our own: otherwise the server reads secantusd.toml from wherever it finds one.
    files.config.write_text("")
    place = ("--host", HOST, "--port", str(port), "--storage-path", str(files.database))
    with files.log.open("ab") as log:
        start = log.tell()
        child = Popen(
            (path, "--config", str(files.config), *place, *OPTIONS),
            stdin=DEVNULL,
            stdout=log,
            stderr=STDOUT,
            cwd=files.folder,
            pass_fds=(daemon_lock,),
            preexec_fn=_end_with_parent(),  # noqa: PLW1509 - the parent has one thread
        )
    try:
        return child, _wait_for_port(files, child, start)
    except BaseException:
        terminate(child)
        raise


def _wait_for_port(files: Files, child: Popen[bytes], start: int) -> int:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        ended = child.poll() is not None
        with files.log.open("rb") as log:
            log.seek(start)
            if found := _LISTENING.search(log.read()):
                return int(found[1])
        if ended:
            raise StartError(files.last_line_of_log() or f"{PROGRAM} ended with code {child.returncode}")
        time.sleep(0.02)
    raise StartError(f"{PROGRAM} did not take connections within {START_SECONDS:.0f} s")


def _end_with_parent() -> Callable[[], None] | None:
    """What the child runs first, so that the server stops in order when its parent is killed."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl

    def ask() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)

    return ask


def terminate(child: Popen[bytes], port: int = 0) -> None:
    """Stop the server and wait for its end; nothing acknowledged is lost, the journal has it.

    SIGTERM is repeated while the server still takes connections: one that comes early, or in another
    thread than Python's main one, is lost.  Not later, as a second one disturbs an orderly stop.
    """
    begun = time.monotonic()
    asked = 0.0
    open_still = True
    while True:
        now = time.monotonic()
        if now - begun > STOP_SECONDS:
            child.kill()
        elif open_still and now - asked > ASK_AGAIN_SECONDS:
            asked = now
            child.terminate()
        try:
            child.wait(0.05)
        except TimeoutExpired:
            # The server notices that it shall stop only with the next connection, or after 2 s.
            open_still = port == 0 or takes_connections(port)
        else:
            return


def takes_connections(port: int) -> bool:
    """Whether something listens on *port*; the connection also wakes a server that shall stop."""
    try:
        socket.create_connection((HOST, port), 0.2).close()
    except OSError:
        return False
    return True
