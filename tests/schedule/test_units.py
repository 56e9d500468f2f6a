"""The systemd units and their environment name what is there."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from svcsat_crawler.notifying.channels import configured
from tests.building import ROOT

UNITS = sorted((ROOT / "deploy").glob("*.service"))
GUIDE = ROOT / "docs" / "operations.md"


def test_there_is_a_unit_for_scrapyd_and_one_for_the_timetable() -> None:
    assert [unit.name for unit in UNITS] == ["svcsat-schedule.service", "svcsat-scrapyd.service"]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_unit_is_what_the_guide_describes(unit: Path) -> None:
    text, guide = unit.read_text("utf-8"), GUIDE.read_text("utf-8")
    assert unit.stem in guide
    for place in ("/opt/svcsat", "/etc/svcsat.env"):
        assert place in text and place in guide
    for module in re.findall(r"-m deploy\.(\w+)", text + guide):
        assert (ROOT / "deploy" / f"{module}.py").is_file()


def test_no_secret_is_in_the_example() -> None:
    text = (ROOT / "deploy" / "svcsat.env.example").read_text("utf-8")
    assert re.search(r"^SCRAPYD_PASSWORD=$", text, re.MULTILINE)
    assert not re.search(r"^MONGODB_URI=", text, re.MULTILINE)


def test_what_the_example_offers_is_known_and_would_be_taken() -> None:
    text = (ROOT / "deploy" / "svcsat.env.example").read_text("utf-8")
    offered = dict(re.findall(r"^#?([A-Z_]+)=(.*)$", text, re.MULTILINE))
    assert [channel.name for channel in configured(offered)] == [
        "wecom", "dingtalk", "feishu", "webhook", "email",
    ]  # fmt: skip
    program = "".join(file.read_text("utf-8") for file in (ROOT / "svcsat_crawler").rglob("*.py"))
    program += "".join(file.read_text("utf-8") for file in (ROOT / "deploy").glob("*.py"))
    others = {name for name in offered if not name.startswith("SVCSAT_NOTIFY_")}
    assert {name for name in others if f'"{name}"' not in program} == set()


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd on this machine")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    bin_folder = Path(sys.executable).parent
    for unit in UNITS:
        (tmp_path / unit.name).write_text(
            unit.read_text("utf-8").replace("/opt/svcsat/.venv/bin", str(bin_folder))
        )
    files = sorted(str(file) for file in tmp_path.glob("*.service"))
    done = subprocess.run(["systemd-analyze", "verify", *files], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert not [line for line in done.stderr.splitlines() if "svcsat" in line]
