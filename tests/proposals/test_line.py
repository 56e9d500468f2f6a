"""A site that changes its layout: the proposal, put into a file, makes its pages readable again."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.crawls.conftest import QUICK, Line, line, replica  # noqa: F401 - fixtures
from tests.replica.server import Replica

pytestmark = pytest.mark.slow
FUWU = "http://ep18.cn/web/dianwang/fuwu/"


def restyle(replica: Replica, host: str, pattern: str, changes: dict[str, str]) -> None:  # noqa: F811
    """Give the pages of a site another template."""
    for where, path in list(replica.sites.pages):
        page = replica.page(where, path)
        if where != host or not re.search(pattern, path) or page.status != 200:
            continue
        body = page.body
        for old, new in changes.items():
            body = body.replace(old.encode(), new.encode())
        replica.put(where, path, body, headers=page.headers)


def test_pages_in_quarantine_are_read_again_with_the_proposal(
    line: Line,  # noqa: F811
    replica: Replica,  # noqa: F811
    tmp_path: Path,
) -> None:
    assert line.crawl("ep18", "max_pages=1").returncode == 0
    changes = {
        "电力18讯": "本报讯",
        'id="text"': 'id="newsbody"',
        'class="content"': 'class="comment-list"',
        "<h1": '<div class="biaoti"',
        "</h1>": "</div>",
    }
    restyle(replica, "ep18.cn", r"/fuwu/\d{4}-", changes)
    broken = line.crawl("ep18", f"lists={FUWU}", "max_pages=1")
    assert broken.returncode == 4
    assert "`scrapy propose ep18`" in broken.stderr
    shut = len(line.documents("quarantine", {"resolved": None}))
    assert shut > 5

    proposed = line.scrapy("propose", "ep18")
    assert proposed.returncode == 0, proposed.stderr
    assert f"the parser reads {shut} of {shut} unusable pages" in proposed.stdout
    assert "//*[@id='newsbody']" in proposed.stdout
    assert len(line.documents("quarantine", {"resolved": None})) == shut  # nothing was applied

    sites = tmp_path / "sites.toml"
    sites.write_text(proposed.stdout, "utf-8")
    line.environment = {"SVCSAT_SITES": str(sites)}
    replayed = line.scrapy("replay", "ep18", *QUICK)
    assert replayed.returncode == 0, replayed.stdout
    assert line.documents("quarantine", {"resolved": None}) == []
    stored = line.documents("articles", {"url": {"$regex": "^" + re.escape(FUWU)}})
    assert len(stored) == shut
    assert {article["read_by"] for article in stored} == {"#newsbody"}
    assert all(article["title"] and article["body"] for article in stored)


def test_a_site_without_selectors_and_one_without_trouble(line: Line) -> None:  # noqa: F811
    assert "read by their structure" in line.scrapy("propose", "finews").stderr
    line.crawl("ep18", "max_pages=1")
    quiet = line.scrapy("propose", "ep18")
    assert quiet.returncode == 1
    assert "no page is in quarantine" in quiet.stderr
