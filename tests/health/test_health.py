"""`scrapy health` against the stand-in sites: what it asks for, what it tells, that it stores nothing."""

from __future__ import annotations

import pytest

from svcsat_crawler.health.report import Report, title_rule
from tests.crawls.conftest import QUICK, Line, line, replica  # noqa: F401 - fixtures
from tests.replica.server import Replica

pytestmark = pytest.mark.slow


def health(line: Line, *arguments: str) -> tuple[int, str, str]:  # noqa: F811
    done = line.scrapy("health", *arguments, *QUICK)
    return done.returncode, done.stdout, done.stderr


def test_all_sites_are_looked_at_politely_and_nothing_is_stored(line: Line, replica: Replica) -> None:  # noqa: F811
    code, told, errors = health(line)
    assert (code, errors) == (0, "")
    assert [name for name in ("ep18", "finews", "nanfangplus") if f"{name}: good" in told] == [
        "ep18",
        "finews",
        "nanfangplus",
    ]
    for part in (
        "list rows  dated",
        "yes, 25 ← used",
        "body            lead",
        "robots.txt of ep18.cn: HTTP 200",
    ):
        assert " ".join(part.split()) in " ".join(told.split())
    pages = [(host, path) for host, path, _ in replica.requests if path != "/robots.txt"]
    assert len(pages) == 6  # one list page and one article of each
    assert replica.counted() == []
    assert not line.data.exists()


def test_a_layout_that_no_selector_fits_is_broken(line: Line, replica: Replica) -> None:  # noqa: F811
    path = "/web/dianwang/qiye/"
    page = replica.page("ep18.cn", path).body.decode()
    replica.put("ep18.cn", path, page.replace("<li", "<section").replace("</li", "</section").encode())
    code, told, _ = health(line, "ep18")
    assert code == 4
    assert "ep18: broken" in told
    assert "found by their links alone" in told


def test_an_article_that_is_gone_is_not_the_end_of_the_look(line: Line, replica: Replica) -> None:  # noqa: F811
    replica.fault("static.nfnews.com", "/content/", status=404, times=1)
    code, told, _ = health(line, "nanfangplus")
    assert code == 0
    assert "read by" in told


@pytest.mark.parametrize(
    ("path", "said"), [("/web/", "HTTP 403"), ("/robots.txt", "robots.txt cannot be read (HTTP 503)")]
)
def test_a_site_that_refuses_is_broken(line: Line, replica: Replica, path: str, said: str) -> None:  # noqa: F811
    replica.fault("ep18.cn", path, status=503 if "robots" in path else 403)
    code, told, _ = health(line, "ep18")
    assert code == 4
    assert said in told


def test_an_unknown_spider_is_refused(line: Line) -> None:  # noqa: F811
    code, _, errors = health(line, "ep81")
    assert code == 2
    assert "unknown spider 'ep81': there are ep18, finews, nanfangplus" in errors


def test_a_quiet_medium_is_no_problem() -> None:
    assert list(Report("finews", quiet="no category page, but 3 other media").problems()) == []
    assert list(Report("finews").problems()) == ["the list page holds no row of an article"]


def test_the_rule_that_found_the_title() -> None:
    rules = [{"name": "h1", "xpath": "//h1"}, {"name": "h2", "xpath": "//h2"}]
    assert title_rule("<h1>甲</h1><h2> 乙\n丙</h2>", rules, "乙 丙") == "h2"
    assert title_rule("<h1>甲</h1>", rules, "丁") == ""
