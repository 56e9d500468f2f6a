"""N processes ask a site no oftener than one."""

from __future__ import annotations

from itertools import pairwise

from tests.crawls.conftest import Line
from tests.distributed.conftest import Workers
from tests.replica.server import Replica

ONE_PAGE = ("crawl", "ep18", "-a", "max_pages=1")
# Measured where requests arrive: on a busy machine one is sent late and the next one is not.
ROUGHLY = 0.6


def smallest_gap(arrivals: list[float]) -> float:
    return min(later - earlier for earlier, later in pairwise(sorted(arrivals)))


def test_the_delay_is_kept_over_all_processes(workers: Workers, replica: Replica) -> None:
    delay = 0.4
    polite = ("-s", f"DOWNLOAD_DELAY={delay}", "-s", "AUTOTHROTTLE_ENABLED=0", "-s", "SVCSAT_ANSWERS=0")
    workers.start(3, *ONE_PAGE, *polite)
    workers.end()
    assert len(replica.requests) > 20
    assert len([seen for seen in replica.requests if seen.path == "/robots.txt"]) > 1, "only one took part"
    assert smallest_gap(replica.arrivals) >= delay * ROUGHLY
    took = max(replica.arrivals) - min(replica.arrivals)
    assert took >= delay * (len(replica.arrivals) - 1 - ROUGHLY)


def test_a_host_that_asks_one_process_for_patience_is_left_alone_by_all(
    workers: Workers, line: Line, replica: Replica
) -> None:
    replica.fault("ep18.cn", "/", delay=0.1)
    replica.fault("ep18.cn", "/web/dianwang/qiye/20", status=429, headers={"Retry-After": "4"}, times=1)
    replica.faults.reverse()
    workers.start(3)
    workers.end()
    arrivals = sorted(replica.arrivals)
    silence, place = max(
        (later - earlier, place) for place, (earlier, later) in enumerate(pairwise(arrivals))
    )
    assert silence >= 4 * 0.9
    # Not one process alone was silent: most of the crawl came after.
    assert place < len(arrivals) / 2
    assert len(line.documents("articles")) == 344
