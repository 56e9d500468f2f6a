"""``make deploy``: build the egg, give it to scrapyd, and make sure that it is this egg which runs there."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from scrapy.spiderloader import SpiderLoader
from scrapy.utils.project import get_project_settings

from svcsat_crawler.schedule.scrapyd import PROJECT, Scrapyd, ScrapydError, ScrapydRefused

ROOT = Path(__file__).resolve().parent.parent


class DeployError(Exception):
    """Why nothing was deployed; one line."""


def build(root: Path = ROOT) -> bytes:
    """Return the egg of the checkout, built beside it: a ``build/`` of earlier days never gets in."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "info").mkdir()
        command = [sys.executable, "setup.py", "--quiet", "egg_info", "--egg-base", str(place / "info")]
        command += ["build", "--build-base", str(place / "build")]
        command += ["bdist_egg", "--bdist-dir", str(place / "egg"), "--dist-dir", str(place / "dist")]
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
        if done.returncode:
            raise DeployError(
                f"the egg cannot be built: {(done.stderr or done.stdout).strip().splitlines()[-1]}"
            )
        (egg,) = (place / "dist").glob("*.egg")
        return egg.read_bytes()


def deploy(scrapyd: Scrapyd, egg: bytes, spiders: list[str]) -> str:
    """Have scrapyd run *egg* from now on; returns its version.

    Raises ScrapydError or DeployError when scrapyd does not end up with exactly *spiders*; then the egg
    is taken back and the version of before counts.
    """
    refuse_polluted(scrapyd)
    version = str(int(time.time()))
    try:
        scrapyd.tell("addversion", {"project": PROJECT, "version": version}, egg=egg)
        found = sorted(scrapyd.ask("listspiders", project=PROJECT, _version=version)["spiders"])
        if found != sorted(spiders):
            raise DeployError(
                f"scrapyd at {scrapyd.url} finds the spiders {', '.join(found) or '(none)'} instead of "
                f"{', '.join(sorted(spiders))}: other packages named spiders or pipelines are in its way"
            )
        newest = scrapyd.ask("listversions", project=PROJECT)["versions"][-1]
        if newest != version:
            raise DeployError(
                f"scrapyd at {scrapyd.url} runs version {newest}, not {version}: delete that one"
            )
    except (DeployError, ScrapydRefused):
        take_back(scrapyd, version)
        raise
    return version


def refuse_polluted(scrapyd: Scrapyd) -> None:
    """Raise DeployError for a scrapyd that runs in a checkout: jobs would be its code, not the egg's."""
    for project in scrapyd.ask("listprojects")["projects"]:
        if not scrapyd.ask("listversions", project=project)["versions"]:
            raise DeployError(
                f"scrapyd at {scrapyd.url} has a project {project!r} without an egg, so it runs in a checkout: "
                "start it in a folder of its own (python -m deploy.start_scrapyd DIR)"
            )


def take_back(scrapyd: Scrapyd, version: str) -> None:
    """Delete a version, if it has come so far: a broken egg would stay the newest one."""
    if version in scrapyd.ask("listversions", project=PROJECT)["versions"]:
        scrapyd.tell("delversion", {"project": PROJECT, "version": version})


def main() -> int:
    try:
        spiders = SpiderLoader.from_settings(get_project_settings()).list()
        scrapyd = Scrapyd.from_environment()
        version = deploy(scrapyd, build(), spiders)
    except (DeployError, ScrapydError) as error:
        print(f"deploy: {error}", file=sys.stderr)
        return 1
    print(f"deployed version {version} to {scrapyd.url}: {', '.join(sorted(spiders))}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
