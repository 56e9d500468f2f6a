"""A real scrapyd: started, deployed to, asked, cancelled, restarted; the results are in the store."""

from __future__ import annotations

import io
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import requests

from deploy.__main__ import DeployError, deploy
from deploy.start_scrapyd import Refused, prepare
from svcsat_crawler.schedule.scrapyd import PROJECT, Scrapyd, ScrapydAway, ScrapydRefused
from svcsat_crawler.storage.mongo import Store
from tests.building import ROOT, spider_names
from tests.replica.faults import Fault
from tests.replica.server import Replica
from tests.schedule.conftest import LOGIN, Daemon, free_port, wait_for

QUICK = {"DOWNLOAD_DELAY": "0", "AUTOTHROTTLE_ENABLED": "0"}


@pytest.mark.slow
def test_from_deploy_to_results(
    egg: bytes, running: Daemon, environ: dict[str, str], replica: Replica, store: Store
) -> None:
    """Schedule with arguments, cancel, restart; what scrapyd knew and what was crawled is still there."""
    scrapyd = running.client
    replica.faults.append(Fault("static.nfnews.com", "/", delay=2))
    replica.faults.append(Fault("api.nfnews.com", "/", delay=2))
    scrapyd.schedule("nanfangplus", "cut", {"columns": "38", "keywords": "供电,满意度"}, QUICK)
    wait_for(lambda: store.database.runs.find_one({"_id": "cut"}), 60)
    assert scrapyd.tell("cancel", {"project": PROJECT, "job": "cut"})["prevstate"] == "running"
    scrapyd.schedule("ep18", "whole", {"max_pages": "1"}, QUICK)
    wait_for(lambda: {"cut", "whole"} <= scrapyd.jobs().finished, 180)
    run = store.database.runs.find_one({"_id": "whole"})
    log = running.home / "logs" / PROJECT / "ep18" / "whole.log"
    assert run is not None, log.read_text()[-3000:]
    assert (run["spider"], run["reason"], run["arguments"]) == ("ep18", "finished", {"max_pages": "1"})
    assert run["verdict"] == "good", run["cause"]
    counts = run["counts"]
    articles = store.database.articles.count_documents({"source": "ep18"})
    assert articles == counts["new"] + counts["duplicate"] > 10
    cancelled = store.database.runs.find_one({"_id": "cut"})
    assert cancelled is not None
    assert (cancelled["reason"], cancelled["verdict"]) == ("shutdown", "incomplete")
    assert cancelled["arguments"] == {"columns": "38", "keywords": "供电,满意度"}
    assert "MONGODB_URI" not in log.read_text() and LOGIN["SCRAPYD_PASSWORD"] not in log.read_text()

    with pytest.raises(ScrapydRefused, match="SCRAPYD_USERNAME and SCRAPYD_PASSWORD have to be"):
        Scrapyd(scrapyd.url, "crawler", "wrong").jobs()
    assert requests.get(f"{scrapyd.url}/jobs", timeout=10).status_code == 401
    with pytest.raises(ScrapydRefused, match="spider 'nobody' not found"):
        scrapyd.schedule("nobody", "x", {}, {})

    running.end(signal.SIGTERM)
    with pytest.raises(ScrapydAway, match="does not answer"):
        scrapyd.jobs()
    running.start()
    assert scrapyd.jobs().finished == {"whole", "cut"}
    assert sorted(scrapyd.ask("listspiders", project=PROJECT)["spiders"]) == spider_names()

    # A broken egg is refused and taken back: what runs is what ran before.
    before = scrapyd.ask("listversions", project=PROJECT)["versions"]
    with pytest.raises(ScrapydRefused, match="ImportError: package 'spiders' is missing"):
        deploy(scrapyd, without(egg, "spiders/"), spider_names())
    with pytest.raises(DeployError, match="finds the spiders ep18, nanfangplus instead of ep18, finews"):
        deploy(scrapyd, without(egg, "spiders/finews"), spider_names())
    stray = running.home / "spiders" / "__init__.py"
    stray.parent.mkdir()
    stray.touch()
    with pytest.raises(ScrapydRefused, match="come from different places"):
        deploy(scrapyd, egg, spider_names())
    stray.unlink()
    stray.parent.rmdir()
    assert scrapyd.ask("listversions", project=PROJECT)["versions"] == before
    assert sorted(scrapyd.ask("listspiders", project=PROJECT)["spiders"]) == spider_names()


def without(egg: bytes, start: str) -> bytes:
    """Return the egg less the files whose names begin so."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(egg)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            if not name.startswith((start, start.replace("/", "/__pycache__/", 1))):
                new.writestr(name, old.read(name))
    return made.getvalue()


@pytest.mark.slow
def test_a_scrapyd_that_runs_in_a_checkout_is_refused(
    egg: bytes, tmp_path: Path, environ: dict[str, str]
) -> None:
    (tmp_path / "scrapy.cfg").write_text("[settings]\ndefault = elsewhere.settings\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "scrapyd", "--pidfile="],
        cwd=tmp_path,
        env=environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    scrapyd = Scrapyd.from_environment(environ)
    try:
        wait_for(lambda: answers(scrapyd), 20)
        with pytest.raises(DeployError, match="project 'default' without an egg, so it runs in a checkout"):
            deploy(scrapyd, egg, spider_names())
        assert scrapyd.ask("listprojects")["projects"] == ["default"]
    finally:
        process.terminate()
        process.wait()


def answers(scrapyd: Scrapyd) -> bool:
    try:
        return bool(scrapyd.ask("daemonstatus"))
    except ScrapydAway:
        return False


def test_deploy_says_in_one_line_what_is_wrong(environ: dict[str, str]) -> None:
    nobody = {**environ, "SCRAPYD_URL": f"http://127.0.0.1:{free_port()}"}
    done = subprocess.run(
        [sys.executable, "-m", "deploy"], cwd=ROOT, env=nobody, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.startswith(f"deploy: scrapyd at {nobody['SCRAPYD_URL']} does not answer")


def test_what_is_no_scrapyd_is_said(replica: Replica) -> None:
    with pytest.raises(ScrapydRefused, match=r"answers listjobs\.json like no scrapyd does"):
        Scrapyd(replica.url).jobs()
    with pytest.raises(ScrapydRefused, match="SCRAPYD_URL='nonsense' cannot be used"):
        Scrapyd("nonsense").jobs()


@pytest.mark.parametrize(
    ("environ", "is_open", "said"),
    [
        ({}, False, "SCRAPYD_USERNAME and SCRAPYD_PASSWORD are not both set"),
        ({"SCRAPYD_USERNAME": "a"}, False, "are not both set"),
        ({"SCRAPYD_USERNAME": "a:b", "SCRAPYD_PASSWORD": "c"}, False, "holds a colon"),
        ({"SCRAPYD_BIND_ADDRESS": "0.0.0.0"}, True, "without a password only 127.0.0.1 is right"),
    ],
)
def test_scrapyd_is_not_started_open(
    environ: dict[str, str], is_open: bool, said: str, tmp_path: Path
) -> None:
    with pytest.raises(Refused, match=said):
        prepare(tmp_path / "home", environ, is_open=is_open)
    assert not (tmp_path / "home").exists()


def test_scrapyd_is_not_started_in_a_checkout(tmp_path: Path) -> None:
    (tmp_path / "scrapy.cfg").touch()
    with pytest.raises(Refused, match=f"lies in {tmp_path}, which has a scrapy.cfg"):
        prepare(tmp_path / "inner" / "home", {}, is_open=True)


def test_scrapyds_own_folder(tmp_path: Path) -> None:
    home = tmp_path / "50%"
    left = prepare(home, {**LOGIN, "PYTHONPATH": "/x", "LANG": "C"})
    assert left == {**LOGIN, "LANG": "C"}
    assert home.stat().st_mode & 0o777 == 0o700
    text = (home / "scrapyd.conf").read_text()
    assert str(tmp_path / "50%%") in text
    assert LOGIN["SCRAPYD_PASSWORD"] not in text
    (tmp_path / "file").touch()
    with pytest.raises(Refused, match="cannot be used: "):
        prepare(tmp_path / "file" / "home", LOGIN)
