"""The egg holds all that a crawl needs and nothing else, and runs from the zip."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from deploy.__main__ import build
from tests.building import ROOT, spider_names

PACKAGES = ("svcsat_crawler", "spiders", "pipelines")
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
    """Return the egg that ``make deploy`` builds, from a copy of the checkout."""
    copy = tmp_path_factory.mktemp("copy")
    for name in ("setup.py", "pyproject.toml", "scrapy.cfg"):
        shutil.copy(ROOT / name, copy)
    for name in (*PACKAGES, "tests", "benchmarks"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    built = tmp_path_factory.mktemp("egg") / "project.egg"
    built.write_bytes(build(copy))
    return built


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
