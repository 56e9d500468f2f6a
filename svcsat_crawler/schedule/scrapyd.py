"""scrapyd's JSON interface, as far as the timetable and a deploy need it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, Self

import requests

from svcsat_crawler.schedule.decisions import Jobs

PROJECT = "svcsat_crawler"
PORT = "6800"
# A spider list that is not cached starts a Python process in scrapyd, and meanwhile it answers nobody.
TIMEOUT = (5, 60)


class ScrapydError(Exception):
    """scrapyd did not do what it was asked; one line that says why and what would be right."""


class ScrapydAway(ScrapydError):  # noqa: N818
    """It does not answer; whether it did what was asked is unknown."""


class ScrapydRefused(ScrapydError):  # noqa: N818
    """It answers no."""


class Scrapyd:
    """One scrapyd."""

    def __init__(self, url: str, username: str = "", password: str = "") -> None:
        self.url = url.rstrip("/")
        self._session = requests.Session()
        self._session.trust_env = False  # no proxy and no .netrc between us and 127.0.0.1
        if username and password:
            self._session.auth = (username, password)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """Use ``SCRAPYD_URL`` (default: this machine), ``SCRAPYD_USERNAME`` and ``SCRAPYD_PASSWORD``."""
        url = environ.get("SCRAPYD_URL") or f"http://127.0.0.1:{environ.get('SCRAPYD_HTTP_PORT') or PORT}"
        return cls(url, environ.get("SCRAPYD_USERNAME", ""), environ.get("SCRAPYD_PASSWORD", ""))

    def jobs(self) -> Jobs:
        """Return what is pending, running and finished."""
        answer = self.ask("listjobs", project=PROJECT)
        pending, running = (
            {job["id"]: job["spider"] for job in answer[key]} for key in ("pending", "running")
        )
        return Jobs(pending, running, frozenset(job["id"] for job in answer["finished"]))

    def schedule(
        self, spider: str, job: str, arguments: Mapping[str, str], settings: Mapping[str, str]
    ) -> None:
        """Have *spider* run under the id *job*."""
        chosen = [f"{name}={value}" for name, value in settings.items()]
        self.tell(
            "schedule", {**arguments, "project": PROJECT, "spider": spider, "jobid": job, "setting": chosen}
        )

    def ask(self, service: str, **given: str) -> dict[str, Any]:
        """Return the answer of a service that only tells."""
        return self._answer("GET", service, params=given)

    def tell(self, service: str, data: Mapping[str, str | list[str]], **files: bytes) -> dict[str, Any]:
        """Return the answer of a service that does something."""
        sent = {name: (f"{name}.bin", content) for name, content in files.items()}
        return self._answer("POST", service, data=data, files=sent or None)

    def _answer(self, method: str, service: str, **given: Any) -> dict[str, Any]:
        try:
            response = self._session.request(
                method, f"{self.url}/{service}.json", timeout=TIMEOUT, allow_redirects=False, **given
            )
        except requests.ConnectionError as error:
            raise ScrapydAway(
                f"scrapyd at {self.url} does not answer; is it running, the address right?"
            ) from error
        except requests.Timeout as error:
            raise ScrapydAway(f"scrapyd at {self.url} does not answer within {TIMEOUT[1]} s") from error
        except requests.RequestException as error:
            raise ScrapydRefused(f"SCRAPYD_URL={self.url!r} cannot be used: {error}") from error
        if response.status_code == requests.codes.unauthorized:
            raise ScrapydRefused(
                f"scrapyd at {self.url} refuses the login: SCRAPYD_USERNAME and SCRAPYD_PASSWORD have to be "
                "those that it was started with"
            )
        try:
            answer = response.json()
            status = answer["status"]
        except (requests.JSONDecodeError, KeyError, TypeError) as error:
            raise ScrapydRefused(f"{self.url} answers {service}.json like no scrapyd does") from error
        if status != "ok":
            raise ScrapydRefused(f"scrapyd at {self.url}: {_last_line(answer.get('message', status))}")
        return dict(answer)


def _last_line(message: str) -> str:
    """Return what matters of an answer that may hold a whole traceback.

    >>> _last_line("Traceback (most recent call last):\\n  File …\\nImportError: two places\\n")
    'ImportError: two places'
    """
    lines = [line for line in message.splitlines() if line.strip()]
    return lines[-1].strip()[:500] if lines else "no reason given"
