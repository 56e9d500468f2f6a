"""Run a command and say what it cost: CPU, peak memory, and how memory went over the run."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Cost:
    """CPU in seconds (user and system, children included), memory in MB, *curve* of it over time."""

    code: int = 0
    seconds: float = 0.0
    cpu: float = 0.0
    peak: float = 0.0
    out: str = ""
    curve: list[tuple[float, float]] = field(default_factory=list)


def cpu_of(pid: int) -> float:
    """Return the CPU seconds that process *pid* has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def rss_of(pid: int) -> float:
    """Return the memory of process *pid* in MB; 0 when it has ended."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def rss_of_all(pid: int) -> float:
    """Return the memory of process *pid* and its children in MB."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return 0.0
    return rss_of(pid) + sum(rss_of(int(child)) for child in children)


def run(
    command: list[str], environment: dict[str, str], cwd: Path, memory: Callable[[int], float] = rss_of
) -> Cost:
    """Run *command* to its end, sampling its *memory* four times a second."""
    cost = Cost()
    started = time.monotonic()
    process = subprocess.Popen(
        command, cwd=cwd, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    ended = threading.Event()

    def sample() -> None:
        while not ended.wait(0.25):
            cost.curve.append((time.monotonic() - started, memory(process.pid)))

    sampler = threading.Thread(target=sample)
    sampler.start()
    assert process.stdout
    cost.out = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = cost.code = os.waitstatus_to_exitcode(status)
    ended.set()
    sampler.join()
    process.stdout.close()
    cost.seconds = time.monotonic() - started
    cost.cpu = usage.ru_utime + usage.ru_stime
    cost.peak = usage.ru_maxrss / 1e3
    cost.curve = [(at, size) for at, size in cost.curve if size]
    return cost
