"""The whole line: a crawl tells of its end by itself, and `scrapy notify` by hand."""

from __future__ import annotations

import pytest

from tests.crawls.conftest import Line, line, replica  # noqa: F401 - fixtures
from tests.notifying.conftest import Robots
from tests.replica.server import Replica

FEW = ("max_pages=1",)


@pytest.mark.slow
def test_a_crawl_tells_once_when_its_site_breaks_and_once_when_it_is_back(
    line: Line,  # noqa: F811
    replica: Replica,  # noqa: F811
    robots: Robots,
) -> None:
    line.environment = robots.environment
    replica.fault("ep18.cn", "/web/", status=403)
    assert line.crawl("ep18", *FEW).returncode == 4
    assert line.crawl("ep18", *FEW).returncode == 4
    assert [len(robots.texts(path)) for path in ("/cgi-bin", "/robot", "/open-apis", "/plain")] == [
        1,
        1,
        1,
        1,
    ]
    assert "网站拒绝访问" in robots.texts("/plain")[0]
    replica.reset()
    line.crawl("ep18", *FEW)
    assert "已恢复正常" in robots.texts("/plain")[1]
    assert line.scrapy("notify").stdout == "nothing new to tell\n"


@pytest.mark.slow
def test_a_channel_that_fails_changes_nothing_about_the_crawl(
    line: Line,  # noqa: F811
    robots: Robots,
) -> None:
    line.environment = {**robots.environment, "SVCSAT_NOTIFY_FEISHU": "geheim"}
    crawled = line.crawl("finews")
    assert crawled.returncode == 0
    assert "no messages are sent: SVCSAT_NOTIFY_FEISHU is no address" in crawled.stderr
    assert "geheim" not in crawled.stderr


@pytest.mark.slow
def test_the_test_message_tells_the_result_of_each_channel(line: Line, robots: Robots) -> None:  # noqa: F811
    line.environment = robots.environment
    tested = line.scrapy("notify", "--test")
    assert tested.returncode == 0, tested.stderr
    assert tested.stdout.count("sent to") == 4
    line.environment = {**robots.environment, "SVCSAT_NOTIFY_DINGTALK_SECRET": "wrong"}
    failed = line.scrapy("notify", "--test")
    assert failed.returncode == 1
    assert failed.stdout.count("sent to") == 3
    assert (
        failed.stderr
        == "scrapy notify: test message: not sent: dingtalk (127.0.0.1): it answers 310000: sign not match\n"
    )
    line.environment = {}
    assert line.scrapy("notify").returncode == 2
