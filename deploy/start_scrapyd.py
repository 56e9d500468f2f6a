"""Start scrapyd in a folder of its own: ``python -m deploy.start_scrapyd DIR [--open]``.

Refuses what would fail later without a word: no password, a folder inside a checkout, no
``pkg_resources``.  Ends by becoming scrapyd, so that a service manager sees one process.
"""

from __future__ import annotations

import argparse
import configparser
import importlib.util
import os
import sys
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import NoReturn

LOOPBACK = ("127.0.0.1", "::1", "localhost")


class Refused(Exception):  # noqa: N818
    """Why scrapyd is not started; one line that says what is right."""


def prepare(home: Path, environ: Mapping[str, str], *, is_open: bool = False) -> dict[str, str]:
    """Make *home* ready for scrapyd and return the environment to start it with; raises Refused."""
    if not is_open and not (environ.get("SCRAPYD_USERNAME") and environ.get("SCRAPYD_PASSWORD")):
        raise Refused(
            "SCRAPYD_USERNAME and SCRAPYD_PASSWORD are not both set: whoever reaches scrapyd runs code here; "
            "set them, or say --open for a machine that nobody else uses"
        )
    if ":" in environ.get("SCRAPYD_USERNAME", ""):
        raise Refused("SCRAPYD_USERNAME holds a colon: HTTP has no way to send such a name")
    address = environ.get("SCRAPYD_BIND_ADDRESS") or LOOPBACK[0]
    if is_open and address not in LOOPBACK:
        raise Refused(
            f"--open and SCRAPYD_BIND_ADDRESS={address}: without a password only {LOOPBACK[0]} is right"
        )
    if importlib.util.find_spec("pkg_resources") is None:
        raise Refused("there is no pkg_resources, and every job would die: pip install 'setuptools<81'")
    checkout = next((folder for folder in (home, *home.parents) if (folder / "scrapy.cfg").exists()), None)
    if checkout:
        raise Refused(
            f"{home} lies in {checkout}, which has a scrapy.cfg: jobs would run from there instead of from the egg; "
            "choose a folder outside of any checkout"
        )
    write(home)
    return {
        name: value for name, value in environ.items() if name not in ("PYTHONPATH", "SCRAPY_SETTINGS_MODULE")
    }


def write(home: Path) -> None:
    """Write the folder's ``scrapyd.conf``; only its owner may look in."""
    template = resources.files("deploy").joinpath("scrapyd.conf").read_text("utf-8")
    text = template.replace("{home}", str(home).replace("%", "%%"))
    configparser.ConfigParser().read_string(text)
    try:
        home.mkdir(parents=True, exist_ok=True)
        home.chmod(0o700)
        (home / "scrapyd.conf").write_text(text, "utf-8")
    except OSError as error:
        raise Refused(f"{home} cannot be used: {error.strerror}") from error


def main() -> NoReturn:
    parser = argparse.ArgumentParser("python -m deploy.start_scrapyd", description="Start scrapyd in DIR.")
    parser.add_argument("dir", metavar="DIR", type=Path, help="scrapyd's own folder; made when missing")
    parser.add_argument("--open", action="store_true", help="without a password, on 127.0.0.1 only")
    given = parser.parse_args()
    home = given.dir.expanduser().resolve()
    try:
        environment = prepare(home, os.environ, is_open=given.open)
    except Refused as why:
        print(f"start_scrapyd: {why}", file=sys.stderr)
        sys.exit(2)
    os.chdir(home)
    os.execve(sys.executable, [sys.executable, "-m", "scrapyd", "--pidfile="], environment)  # noqa: S606


if __name__ == "__main__":
    main()
