"""Listings that only a script builds, through a real headless Chromium."""

from __future__ import annotations

import shutil

import pytest

from svcsat_crawler.sources.browser import NAMES
from tests.crawls.conftest import Line
from tests.replica.server import Replica
from tests.replica.truth import truth

pytestmark = pytest.mark.skipif(
    not any(shutil.which(name) for name in NAMES), reason="no Chromium on the PATH (apt-get install chromium)"
)


def test_a_listing_built_by_script_is_read_in_chromium(line: Line, replica: Replica) -> None:
    listed = {record["key"] for record in truth() if record["listed_in"] == ["m.nfnews.com/74"]}
    assert listed
    result = line.crawl("nanfangplus", "columns=https://m.nfnews.com/74", "browser=1")
    assert "verdict: good" in result.stdout, result.stdout + result.stderr[-3000:]
    assert result.returncode == 0
    assert {document["_id"] for document in line.documents("articles")} == listed
    assert ("m.nfnews.com", "/74") in {(seen.host, seen.path) for seen in replica.requests}


def test_a_plain_crawl_imports_no_browser_driver(line: Line) -> None:
    result = line.crawl("nanfangplus", "columns=38", "max_pages=1", "full=1")
    assert "playwright" not in result.stderr.lower()
