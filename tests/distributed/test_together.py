"""Several processes, one crawl: what one process would have done, once, whatever happens to a worker."""

from __future__ import annotations

import os
import re
import signal

import pytest

from tests.crawls.conftest import NANFANG_COLUMNS, QUICK, Line
from tests.distributed.conftest import COMMAND, RedisServer, Workers, fetched, hold
from tests.replica.server import Replica
from tests.replica.truth import truth

ARTICLES = {record["key"] for record in truth() if record["key"].startswith("ep18:")}
PLANTED = 3  # one planted page has no text: incomplete


def stored(line: Line) -> list[str]:
    return sorted(document["_id"] for document in line.documents("articles"))


def facts(line: Line) -> set[str]:
    return {document["_id"] for document in line.documents("metrics")}


def crawls(line: Line) -> list[dict]:
    return line.documents("runs", {"part": "leader"})


@pytest.mark.parametrize("count", [1, 2, 4])
def test_nothing_is_fetched_twice_and_all_is_stored(
    workers: Workers, line: Line, replica: Replica, redis: RedisServer, count: int
) -> None:
    hold(replica)
    workers.start(count)
    leader = workers.leader().pid
    ended = workers.end()
    assert ended[leader][0] == PLANTED, ended[leader][1][-2000:]
    assert {code for code, _ in ended.values()} <= {0, PLANTED}
    assert set(fetched(replica).values()) == {1}
    assert stored(line) == sorted(ARTICLES)
    records = line.documents("runs")
    assert sorted(record["part"] for record in records) == ["helper"] * (count - 1) + ["leader"]
    whole = crawls(line)[0]
    # The leader's record is the crawl's: it counts what the helpers did, who all did something.
    assert whole["counts"]["new"] + whole["counts"]["duplicate"] == len(ARTICLES)
    helpers = [record for record in records if record["part"] == "helper"]
    assert all(record["counts"]["new"] > 0 and record["lists"] == [] for record in helpers)
    assert redis.left() == []


def test_the_same_facts_and_verdict_as_one_process(workers: Workers, line: Line, replica: Replica) -> None:
    line.environment["SVCSAT_REDIS"] = ""
    alone = line.scrapy(*COMMAND)
    assert alone.returncode == PLANTED
    found, record = facts(line), line.last_run("ep18")
    asked = fetched(replica)
    replica.reset()
    hold(replica)
    line.data = line.data.with_name("together")
    line.environment["SVCSAT_REDIS"] = workers.redis.url
    workers.start(2)
    workers.end()
    together = crawls(line)[0]
    assert fetched(replica) == asked
    assert facts(line) == found
    for name in ("verdict", "counts", "lists", "tally"):
        assert without_requests(together[name]) == without_requests(record[name]), name


def without_requests(value):
    """Leave out what counts each process's own robots.txt."""
    if not isinstance(value, dict):
        return value
    return {name: each for name, each in value.items() if name not in ("requests", "pages")}


def test_the_next_crawl_finds_the_lists_complete(workers: Workers, line: Line, replica: Replica) -> None:
    hold(replica)
    workers.start(2, *COMMAND)
    workers.end()
    before = len(replica.requests)
    workers.processes.clear()
    again = line.scrapy(*COMMAND)
    assert again.returncode == PLANTED, again.stderr[-2000:]  # what had no text is tried again
    asked = [seen.path for seen in replica.requests[before:]]
    lists = line.last_run("ep18")["lists"]
    assert {walk["stopped"] for walk in lists} <= {"known", "unchanged"}
    assert len(asked) <= 1 + len(lists) + 2


KILLS = [(30, "helper"), (180, "leader"), (30, "leader"), (180, "helper")]


@pytest.mark.parametrize(("after", "who"), KILLS if os.environ.get("SVCSAT_SOAK") else KILLS[:2])
def test_a_worker_killed_in_mid_crawl_loses_nothing(
    workers: Workers, line: Line, replica: Replica, who: str, after: int
) -> None:
    hold(replica, seconds=0.15)
    workers.start(3)
    workers.wait(lambda: len(replica.requests) >= after, "the crawl does not get on")
    leader = workers.leader()
    victim = leader if who == "leader" else next(each for each in workers.processes if each is not leader)
    workers.wait(lambda: workers.held(victim) > 0, "the victim has nothing to lose")
    victim.send_signal(signal.SIGSTOP)
    held = workers.held(victim)
    victim.kill()
    ended = workers.end()
    codes = {code for pid, (code, _) in ended.items() if pid != victim.pid}
    assert codes <= {0, PLANTED}, ended
    assert stored(line) == sorted(ARTICLES)
    twice = {address for address, times in fetched(replica).items() if times > 1}
    articles = {address for address in twice if "/20" in address}
    assert max(fetched(replica).values()) <= 2
    # An article of several pages is read from its first page again.
    assert len(articles) <= 3 * held
    if who == "helper":
        assert twice == articles
        assert crawls(line)[-1]["verdict"] == "incomplete"
        assert {walk["stopped"] for walk in crawls(line)[-1]["lists"]} == {"end"}


@pytest.mark.parametrize("who", ["helper", "leader"])
def test_a_worker_that_is_stopped_leaves_its_work_to_the_others(
    workers: Workers, line: Line, replica: Replica, who: str
) -> None:
    hold(replica)
    workers.start(3)
    workers.wait(lambda: len(replica.requests) >= 60, "the crawl does not get on")
    leader = workers.leader()
    stopped = leader if who == "leader" else next(each for each in workers.processes if each is not leader)
    stopped.send_signal(signal.SIGTERM)
    ended = workers.end()
    assert ended[stopped.pid][0] == 3
    assert "stopped before the end (shutdown)" in " ".join(ended[stopped.pid][1].split())
    assert stored(line) == sorted(ARTICLES)
    asked = fetched(replica)
    twice = {address for address, times in asked.items() if times > 1}
    again = {address for address in twice if "/20" in address}
    # An article of several pages is read from its first page again; the next leader walks the lists again.
    assert all(pages_of(address) & set(asked) - {address} for address in again), again
    assert len(again) <= 4
    if who == "helper":
        assert twice == again


def pages_of(address: str) -> set[str]:
    """Return the first two pages of the article that *address* is a page of."""
    first = re.sub(r"(?:_\d+)?\.html$", "", address)
    return {f"{first}.html", f"{first}_2.html"}


def test_all_killed_then_the_same_command_again(workers: Workers, line: Line, replica: Replica) -> None:
    hold(replica)
    workers.start(2)
    workers.wait(lambda: len(replica.requests) >= 120, "the crawl does not get on")
    for process in workers.processes:
        process.send_signal(signal.SIGSTOP)
    held = sum(workers.held(process) for process in workers.processes)
    for process in workers.processes:
        process.kill()
    workers.end()
    kept = {document["url"].partition("//")[2] for document in line.documents("articles")}
    workers.processes.clear()
    before = len(replica.requests)
    workers.start(2)
    workers.end()
    assert stored(line) == sorted(ARTICLES)
    again = {f"{seen.host}{seen.path}" for seen in replica.requests[before:]}
    assert len(kept & again) <= held, "a stored article was fetched again that nobody held"


def test_redis_that_dies_ends_every_worker_with_an_error(
    workers: Workers, line: Line, replica: Replica, redis: RedisServer
) -> None:
    hold(replica)
    workers.start(2)
    workers.wait(lambda: len(replica.requests) >= 60, "the crawl does not get on")
    redis.kill()
    for code, output in workers.end(timeout=60).values():
        assert code == 3, output[-2000:]
        assert "stopped before the end (Redis is away" in " ".join(output.split())
    assert len(replica.requests) < 250
    # One process, or several with another Redis, bring the rest.
    workers.processes.clear()
    line.environment["SVCSAT_REDIS"] = ""
    assert line.scrapy(*COMMAND).returncode == PLANTED
    assert stored(line) == sorted(ARTICLES)


def test_a_redis_that_has_lost_its_data_is_an_error_too(
    workers: Workers, replica: Replica, redis: RedisServer
) -> None:
    hold(replica)
    workers.start(2)
    workers.wait(lambda: len(replica.requests) >= 60, "the crawl does not get on")
    with redis.client() as client:
        client.flushall()
    for code, output in workers.end(timeout=60).values():
        assert code == 3, output[-2000:]
        assert "Redis knows this worker no longer" in " ".join(output.split())


@pytest.mark.parametrize(
    "command",
    [("crawl", "nanfangplus", "-a", f"columns={NANFANG_COLUMNS}", *QUICK), ("crawl", "finews", *QUICK)],
    ids=["nanfangplus", "finews"],
)
def test_the_other_spiders_share_too(
    workers: Workers, line: Line, replica: Replica, command: tuple[str, ...]
) -> None:
    line.environment["SVCSAT_REDIS"] = ""
    alone = line.scrapy(*command)
    found, record, asked = stored(line), line.last_run(command[1]), fetched(replica)
    replica.reset()
    for host in ("nfplusapi.nfnews.com", "static.nfnews.com", "finews.withounder.com"):
        hold(replica, host)
    line.data = line.data.with_name("together")
    line.environment["SVCSAT_REDIS"] = workers.redis.url
    workers.start(2, *command)
    leader = workers.leader().pid
    assert workers.end()[leader][0] == alone.returncode
    assert stored(line) == found
    assert fetched(replica) == asked
    together = crawls(line)[0]
    assert together["verdict"] == record["verdict"]
    assert walked(together) == walked(record)


def walked(record: dict) -> tuple[int, list[tuple]]:
    """Which of two columns names an article first is a matter of chance."""
    names = ("name", "pages", "rows", "stopped", "filtered", "external", "last_url")
    lists = [tuple(walk[name] for name in names) for walk in record["lists"]]
    return sum(walk["new"] for walk in record["lists"]), lists


def test_other_arguments_are_another_crawl(workers: Workers, line: Line, replica: Replica) -> None:
    hold(replica)
    one = ("crawl", "ep18", "-a", "max_pages=1", *QUICK)
    workers.start(1, *one)
    workers.start(2, *COMMAND)
    workers.end()
    assert sorted(record["part"] for record in line.documents("runs")) == ["helper", "leader", "leader"]
