"""``SVCSAT_REDIS``: nothing without it, one line for what is wrong with it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.crawls.conftest import QUICK, Line
from tests.distributed.conftest import COMMAND, LEASE, RedisServer, Workers, hold
from tests.replica.server import Replica
from tests.test_structure import FILES, imports, name

ONE_PAGE = ("crawl", "ep18", "-a", "max_pages=1", *QUICK)


@pytest.mark.parametrize(
    ("address", "said", "code"),
    [
        ("127.0.0.1:6379", "begins with none of redis://, rediss://, unix://", 2),
        ("redis://:6379/0", "names no host", 2),
        ("redis://127.0.0.1/first", "database 'first' is no number", 2),
        ("redis://127.0.0.1:port/0", "Port could not be cast", 2),
        ("redis://127.0.0.1:9/0?socket_timeout=x", "socket_timeout", 2),
        ("redis://:secret@127.0.0.1:9/0", "redis://:***@127.0.0.1:9/0 does not answer: ", 1),
    ],
)
def test_an_address_that_cannot_be_used(line: Line, address: str, said: str, code: int) -> None:
    line.environment |= {"SVCSAT_REDIS": address}
    result = line.scrapy(*ONE_PAGE)
    assert result.returncode == code
    assert said in result.stderr and "secret" not in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1, result.stderr


def test_packages_that_are_missing(line: Line, tmp_path: Path) -> None:
    """Hidden from the interpreter, as on a machine where they were never installed."""
    hide = "import importlib.util as u; real = u.find_spec\n"
    hide += "u.find_spec = lambda n, p=None: None if n.split('.')[0] in ('redis', 'scrapy_redis') else real(n, p)\n"
    (tmp_path / "sitecustomize.py").write_text(hide)
    line.environment |= {"SVCSAT_REDIS": "redis://127.0.0.1:9/0", "PYTHONPATH": str(tmp_path)}
    result = line.scrapy(*ONE_PAGE)
    assert result.returncode == 1
    assert result.stderr.strip().endswith("pip install -r requirements-redis.txt"), result.stderr


def test_warc_files_are_read_by_one_process(line: Line, redis: RedisServer, tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(b"")
    line.environment |= {"SVCSAT_REDIS": redis.url}
    result = line.scrapy("crawl", "ep18", "-a", f"warc={tmp_path / 'a.warc'}")
    assert (result.returncode, "one process" in result.stderr) == (2, True), result.stderr


def test_a_crawl_without_it_imports_nothing_of_it() -> None:
    program = (
        "import sys; from scrapy.cmdline import execute\n"
        "try: execute(['scrapy', 'crawl', 'ep18', '-a', 'max_pages=0'])\n"
        "except SystemExit: print(*sorted(n for n in sys.modules if 'redis' in n))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == ""
    assert "max_pages" in done.stderr


def test_only_the_settings_and_the_preflight_know_of_it() -> None:
    knowing = {
        name(file)
        for file in FILES
        if "svcsat_crawler/shared/" not in name(file)
        for module in imports(file)
        if module.startswith("svcsat_crawler.shared")
    }
    assert knowing == {"svcsat_crawler/terminal/checks.py"}
    redis = {name(file) for file in FILES for module in imports(file) if "redis" in module.split(".")[0]}
    assert all(file.startswith("svcsat_crawler/shared/") for file in redis)


def test_a_replay_is_not_shared(line: Line, replica: Replica, redis: RedisServer) -> None:
    assert line.scrapy(*COMMAND).returncode == 3
    line.environment |= {"SVCSAT_REDIS": "redis://127.0.0.1:9/0"}
    assert line.scrapy("replay", "ep18").returncode in (0, 3)
    assert line.last_run("ep18")["part"] is None


def test_a_helper_closes_what_failed_before_and_counts_what_fails_again(
    workers: Workers, line: Line, replica: Replica
) -> None:
    """A first run in which one article answers 500 and several are cut short; then two processes."""
    line.environment["SVCSAT_REDIS"] = ""
    replica.fault("ep18.cn", "/web/dianwang/qiye/20", status=500)
    line.scrapy(*ONE_PAGE, "-s", "RETRY_TIMES=0")
    failed = {failure["key"] for failure in line.documents("quarantine", {"resolved": None, "kind": "fetch"})}
    assert len(failed) > 10
    replica.reset()
    hold(replica)
    still = line.documents("quarantine", {"key": min(failed)})[0]
    replica.fault("ep18.cn", still["url"].partition("ep18.cn")[2], status=500)
    replica.faults.reverse()
    line.environment["SVCSAT_REDIS"] = workers.redis.url
    workers.start(2, *ONE_PAGE, "-s", "RETRY_TIMES=0")
    workers.end()
    again = line.documents("quarantine", {"resolved": None, "kind": "fetch"})
    assert [(failure["key"], failure["attempts"]) for failure in again] == [(min(failed), 2)]


def test_a_worker_that_was_asleep_for_too_long_ends_with_an_error(
    workers: Workers, line: Line, replica: Replica
) -> None:
    import signal
    import time

    hold(replica)
    workers.start(2)
    workers.wait(lambda: len(replica.requests) >= 40, "the crawl does not get on")
    asleep = next(each for each in workers.processes if each is not workers.leader())
    asleep.send_signal(signal.SIGSTOP)
    time.sleep(LEASE + 1)
    asleep.send_signal(signal.SIGCONT)
    ended = workers.end()
    assert ended[asleep.pid][0] == 3
    assert "silent for too long" in " ".join(ended[asleep.pid][1].split())
    keys = [document["_id"] for document in line.documents("articles")]
    assert len(keys) == 344
