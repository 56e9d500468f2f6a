"""robots.txt, Retry-After, the delay between requests, and lists that have not changed."""

import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from svcsat_crawler.sources.guard import OffLimits
from svcsat_crawler.sources.pace import Pace, retry_after
from tests.crawls.conftest import QUICK, Line
from tests.replica.server import Replica

ROBOTS = "/robots.txt"
ONE_PAGE = ("-a", "max_pages=1")
# Measured where requests arrive: on a busy machine one is taken in late and the next one is not.
ROUGHLY = 0.9


def pages_asked(replica: Replica) -> list[str]:
    return [seen.path for seen in replica.requests if seen.path != ROBOTS]


def test_robots_rules_are_kept(line: Line, replica: Replica) -> None:
    replica.put("ep18.cn", ROBOTS, b"User-agent: *\nDisallow: /web/dianwang/qiye/2\n")
    result = line.crawl("ep18", "max_pages=1")
    assert result.returncode == 4
    assert pages_asked(replica) == ["/web/dianwang/qiye/"]
    reasons = {failure["reason"] for failure in line.documents("quarantine", {"kind": "fetch"})}
    assert reasons == {"not asked for: Forbidden by robots.txt"}


def test_no_robots_file_allows_everything(line: Line, replica: Replica) -> None:
    replica.put("ep18.cn", ROBOTS, b"<html>Disallow: /\nUser-agent: *\nDisallow: /</html>", status=404)
    assert line.crawl("ep18", "max_pages=1").returncode == 0
    assert len(pages_asked(replica)) > 20


@pytest.mark.parametrize(
    ("how", "said"),
    [({"status": 503}, "HTTP 503"), ({"status": 429}, "HTTP 429"), ({"delay": 5.0}, "took longer")],
)
def test_a_server_that_cannot_say_allows_nothing(
    line: Line, replica: Replica, how: dict[str, float], said: str
) -> None:
    replica.fault("ep18.cn", ROBOTS, **how)
    result = line.scrapy("crawl", "ep18", *ONE_PAGE, *QUICK, "-s", "DOWNLOAD_TIMEOUT=1")
    assert result.returncode == 4
    assert "Traceback" not in result.stderr, "the verdict says why"
    assert pages_asked(replica) == []
    run = line.last_run("ep18")
    assert run["verdict"] == "broken"
    assert "robots.txt cannot be read" in run["cause"] and said in run["cause"]


def test_a_crawl_delay_is_kept(line: Line, replica: Replica) -> None:
    replica.put("ep18.cn", ROBOTS, b"User-agent: *\nCrawl-delay: 0.4\n")
    line.scrapy("crawl", "ep18", *ONE_PAGE, *QUICK)
    assert smallest_gap(replica, after=1) >= 0.4 * ROUGHLY


@pytest.mark.parametrize("delay", [0.25])
def test_every_gap_is_as_long_as_the_delay(line: Line, replica: Replica, delay: float) -> None:
    polite = ("-s", f"DOWNLOAD_DELAY={delay}", "-s", "AUTOTHROTTLE_ENABLED=0")
    line.scrapy("crawl", "ep18", *ONE_PAGE, *polite)
    assert len(replica.requests) > 20
    assert smallest_gap(replica) >= delay * ROUGHLY


@pytest.mark.parametrize("status", [429, 503])
def test_a_retry_after_in_seconds_is_kept(line: Line, replica: Replica, status: int) -> None:
    replica.fault("ep18.cn", "/web/dianwang/qiye/2", status=status, headers={"Retry-After": "2"}, times=1)
    assert first_after_refusal(line, replica, status) >= replica.arrivals[0] + 1.99


def test_a_retry_after_as_a_date_is_kept(line: Line, replica: Replica) -> None:
    then = (datetime.now(UTC) + timedelta(seconds=8)).replace(microsecond=0)
    when = {"Retry-After": format_datetime(then, usegmt=True)}
    replica.fault("ep18.cn", "/web/dianwang/qiye/2", status=429, headers=when, times=1)
    started = time.time() - time.monotonic()
    assert started + first_after_refusal(line, replica, 429) >= then.timestamp() - 0.01


def first_after_refusal(line: Line, replica: Replica, status: int) -> float:
    """Crawl one list page; return when the first request came that was not under way at the refusal."""
    result = line.crawl("ep18", "max_pages=1")
    assert result.returncode == 0, result.stdout
    refused = next(n for n, seen in enumerate(replica.requests) if seen.status == status)
    under_way = 8
    return replica.arrivals[refused + under_way]


def test_a_host_that_asks_for_too_much_is_left_alone(line: Line, replica: Replica) -> None:
    replica.fault("ep18.cn", "/web/dianwang/qiye/2", status=429, headers={"Retry-After": "86400"})
    result = line.crawl("ep18", "max_pages=1")
    assert result.returncode == 4
    assert sum(seen.status == 429 for seen in replica.requests) <= 8
    reasons = {failure["reason"] for failure in line.documents("quarantine", {"kind": "fetch"})}
    assert any("asks to be left alone for 86400 s" in reason for reason in reasons), reasons


def test_a_list_that_has_not_changed_is_not_sent_again(line: Line, replica: Replica) -> None:
    assert line.crawl("ep18").returncode == 0
    replica.requests.clear()
    second = line.crawl("ep18")
    assert second.returncode == 0
    assert pages_asked(replica) == ["/web/dianwang/qiye/"]
    (walk,) = line.last_run("ep18")["lists"]
    assert (walk["stopped"], walk["rows"]) == ("unchanged", 0)
    page = replica.page("ep18.cn", "/web/dianwang/qiye/").body
    replica.put("ep18.cn", "/web/dianwang/qiye/", page.replace(b"</html>", b"<!-- one more --></html>"))
    line.crawl("ep18")
    (walk,) = line.last_run("ep18")["lists"]
    assert (walk["stopped"], walk["pages"]) == ("known", 1)
    line.crawl("ep18", "full=1")
    (walk,) = line.last_run("ep18")["lists"]
    assert walk["stopped"] == "end" and walk["pages"] > 3


def smallest_gap(replica: Replica, after: int = 0) -> float:
    """Return the shortest time between two requests to one host, in seconds."""
    at = replica.arrivals[after:]
    return min(later - earlier for earlier, later in zip(at, at[1:], strict=False))


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0.0),
        ("120", 120.0),
        (" 7 ", 7.0),
        ("Sun, 22 Nov 2026 04:01:30 GMT", 90.0),
        ("Sunday, 22-Nov-26 04:00:10 GMT", 10.0),
        ("Sun, 22 Nov 2020 04:01:30 GMT", 0.0),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("", None),
    ],
)
def test_both_forms_of_retry_after(value: str, seconds: float | None) -> None:
    assert retry_after(value, datetime(2026, 11, 22, 4, tzinfo=UTC)) == seconds


async def test_a_pause_lets_one_go_at_a_time() -> None:
    pace = Pace(gap=0.05, longest=10)
    await pace.turn("a")  # never asked for anything: passes at once
    assert pace.waited == 0
    assert pace.wait("a", 0.1, "HTTP 429")
    times = []
    started = time.monotonic()
    for _ in range(3):
        await pace.turn("a")
        times.append(time.monotonic() - started)
    assert times[0] >= 0.1
    assert times[1] - times[0] >= 0.049 and times[2] - times[1] >= 0.049


async def test_too_long_a_pause_closes_the_host_for_this_run() -> None:
    pace = Pace(gap=0, longest=10)
    assert not pace.wait("a", 11, "HTTP 429")
    with pytest.raises(OffLimits, match="left alone for 11 s"):
        await pace.turn("a")
    await pace.turn("b")
