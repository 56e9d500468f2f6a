"""The egg holds all that a crawl needs and nothing else, runs from the zip, and runs under scrapyd."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from svcsat_crawler.storage import embedded
from svcsat_crawler.storage.mongo import Store
from tests.building import ROOT, spider_names
from tests.replica.server import Replica

PACKAGES = ("svcsat_crawler", "spiders", "pipelines")
PROJECT = "svcsat_crawler"
# What a settings import, the sites and the rules need, each read from the zip.
LOOK = """
import json, sys
sys.path.insert(0, {egg!r})
from scrapy.settings import Settings
from scrapy.spiderloader import SpiderLoader
project = Settings()
project.setmodule("svcsat_crawler.settings")
from svcsat_crawler import settings
from svcsat_crawler.metrics import extract
from svcsat_crawler.sources import options
text = "2019年，汕尾供电局客户平均停电时间4.12小时。"
print(json.dumps({{
    "file": settings.__file__,
    "spiders": sorted(SpiderLoader.from_settings(project).list()),
    "lists": options.load("ep18")["lists"],
    "subjects": [fact.subject.id for fact in extract(text)],
}}))
"""


@pytest.fixture(scope="module")
def egg(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the egg built from a copy of the checkout, as scrapyd-deploy builds it."""
    copy = tmp_path_factory.mktemp("copy")
    for name in ("setup.py", "pyproject.toml", "scrapy.cfg"):
        shutil.copy(ROOT / name, copy)
    for name in (*PACKAGES, "tests", "benchmarks"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    built = tmp_path_factory.mktemp("egg")
    command = [sys.executable, "setup.py", "--quiet", "bdist_egg", "--dist-dir", str(built)]
    result = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    (found,) = built.glob("*.egg")
    return found


def isolated(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run Python code that sees the virtual environment and nothing of the checkout."""
    return subprocess.run(
        [sys.executable, "-I", "-W", "error", "-c", code],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_egg_holds_the_packages_and_their_data_and_nothing_else(egg: Path) -> None:
    with zipfile.ZipFile(egg) as archive:
        names = {name for name in archive.namelist() if not name.endswith((".pyc", "/"))}
    expected = {
        file.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for file in (ROOT / package).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    assert {name for name in names if not name.startswith("EGG-INFO/")} == expected
    assert {"svcsat_crawler/sites.toml", "svcsat_crawler/organisations/places.json"} <= expected


def test_settings_sites_and_rules_load_from_the_zip(egg: Path, tmp_path: Path) -> None:
    result = isolated(LOOK.format(egg=str(egg)), tmp_path)
    assert result.returncode == 0, result.stderr
    seen = json.loads(result.stdout)
    assert seen["file"].startswith(f"{egg}{os.sep}")
    assert seen["spiders"] == spider_names()
    assert "企业风采" in seen["lists"]
    assert seen["subjects"] == ["csg-gd-shanwei"]


def test_packages_from_another_place_are_refused(egg: Path, tmp_path: Path) -> None:
    """Scrapyd appends the egg to sys.path: a stray package named ``spiders`` would win silently."""
    (tmp_path / "spiders").mkdir()
    (tmp_path / "spiders" / "__init__.py").touch()
    code = f"import sys; sys.path[:0] = [{str(tmp_path)!r}, {str(egg)!r}]; import svcsat_crawler.settings"
    result = isolated(code, tmp_path)
    assert result.returncode == 1
    said = result.stderr.strip().splitlines()[-1]
    assert said.startswith("ImportError: ")
    assert str(tmp_path) in said
    assert str(egg) in said


@dataclass
class Daemon:
    """A scrapyd of our own."""

    url: str
    log: Path

    def ask(self, service: str, **given: Any) -> dict[str, Any]:
        """Return the answer of a service that only tells."""
        return self._checked(requests.get(f"{self.url}/{service}.json", params=given, timeout=30))

    def tell(self, service: str, data: Any, **files: Any) -> dict[str, Any]:
        """Return the answer of a service that does something."""
        return self._checked(requests.post(f"{self.url}/{service}.json", data=data, timeout=60, **files))

    def _checked(self, response: requests.Response) -> dict[str, Any]:
        answer = response.json()
        assert answer["status"] == "ok", f"{answer}\n{self.log.read_text()[-3000:]}"
        return answer


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
        return taken.getsockname()[1]


@pytest.fixture
def replica() -> Iterator[Replica]:
    with Replica() as running:
        yield running


@pytest.fixture
def environment(tmp_path: Path, replica: Replica) -> Iterator[dict[str, str]]:
    """What the daemon hands down to its crawls; nothing leads back to the checkout."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    data = tmp_path / "data"
    own = {"SVCSAT_REPLICA": replica.url, "SVCSAT_DATA_DIR": str(data), "SVCSAT_STORE_IDLE": "30"}
    yield {**inherited, **own}
    embedded.stop(data)


@pytest.fixture
def daemon(tmp_path: Path, environment: dict[str, str]) -> Iterator[Daemon]:
    """Scrapyd in a folder of its own, stopped with the jobs that it started."""
    home = tmp_path / "scrapyd"
    home.mkdir()
    port = free_port()
    folders = "\n".join(f"{name}_dir = {home / name}" for name in ("eggs", "logs", "dbs"))
    (home / "scrapyd.conf").write_text(
        f"[scrapyd]\nbind_address = 127.0.0.1\nhttp_port = {port}\n{folders}\npoll_interval = 0.2\nmax_proc = 1\n"
    )
    log = home / "scrapyd.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "scrapyd"],
            cwd=home,
            env=environment,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    made = Daemon(f"http://127.0.0.1:{port}", log)
    try:
        wait_for(lambda: answers(port) or process.poll(), 20)
        yield made
    finally:
        stop(process)


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def stop(process: subprocess.Popen[bytes]) -> None:
    """End scrapyd and its jobs: they share the session that was made for them."""
    os.killpg(process.pid, 15)
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 9)
        process.wait()


@pytest.mark.slow
def test_scrapyd_runs_the_egg(egg: Path, daemon: Daemon, environment: dict[str, str]) -> None:
    deployed = daemon.tell(
        "addversion",
        {"project": PROJECT, "version": str(int(time.time()))},
        files={"egg": ("project.egg", egg.read_bytes())},
    )
    assert deployed["spiders"] == len(spider_names())
    assert daemon.ask("listspiders", project=PROJECT)["spiders"] == spider_names()
    quick = [("setting", "DOWNLOAD_DELAY=0"), ("setting", "AUTOTHROTTLE_ENABLED=0")]
    job = daemon.tell("schedule", [("project", PROJECT), ("spider", "ep18"), ("max_pages", "1"), *quick])[
        "jobid"
    ]
    (finished,) = wait_for(lambda: daemon.ask("listjobs", project=PROJECT)["finished"], 60)
    assert finished["id"] == job
    with Store.from_environment(environment) as store:
        run = store.database.runs.find_one({"_id": job})
        articles = store.database.articles.count_documents({"source": "ep18"})
    crawl_log = daemon.log.parent / "logs" / PROJECT / "ep18" / f"{job}.log"
    assert run is not None, crawl_log.read_text()[-3000:]
    assert (run["spider"], run["reason"], run["arguments"]) == ("ep18", "finished", {"max_pages": "1"})
    assert run["verdict"] == "good", run["cause"]
    assert articles == run["counts"]["new"] + run["counts"]["duplicate"] > 10
