"""The queue alone, on a real Redis: who holds what, and who gets it when a worker is gone."""

from __future__ import annotations

import time
from datetime import date

import pytest
from scrapy import Request

from svcsat_crawler.shared.dedup import SharedTexts
from svcsat_crawler.shared.queue import ReliableQueue, SharedError
from svcsat_crawler.sources.news import NewsSpider
from svcsat_crawler.sources.walk import Row
from svcsat_crawler.storage.documents import now
from tests.building import build
from tests.distributed.conftest import RedisServer

NAME = "svcsat:ep18:test"


@pytest.fixture
def spider() -> NewsSpider:
    return build("ep18")


def worker(redis: RedisServer, spider: NewsSpider, lease: float = 60) -> ReliableQueue:
    from redis import Redis

    queue = ReliableQueue(Redis.from_url(redis.url), spider, NAME, lease)
    queue.leads = queue.join()
    return queue


def article(spider: NewsSpider, number: int) -> Request:
    row = Row(key=f"ep18:{number}", url=f"http://ep18.cn/web/2021-01-02/{number}.html", title="标题")
    row.listed, row.data = date(2021, 1, 2), {"summary": "某供电局", "members": [1, None]}
    return next(iter(spider.article_request(row)))


def test_a_request_comes_out_as_it_went_in(spider: NewsSpider) -> None:
    sent = article(spider, 1)
    queue = ReliableQueue(None, spider, NAME, 1)
    got = queue._decode_request(queue._encode_request(sent).encode())
    assert (got.url, got.callback, got.errback) == (sent.url, spider.parse_article, spider.article_failed)
    assert got.cb_kwargs == sent.cb_kwargs


def test_the_first_worker_leads_and_each_request_goes_to_one(redis: RedisServer, spider: NewsSpider) -> None:
    first, second = worker(redis, spider), worker(redis, spider)
    assert (first.leads, second.leads) == (True, False)
    assert [first.push(article(build("ep18"), number)) for number in (1, 2, 2)] == [True, True, False]
    taken = [first.pop(), second.pop()]
    assert [each.request.cb_kwargs["row"].key for each in taken] == ["ep18:1", "ep18:2"]
    assert second.pop() is None
    assert first.beat().pending == 2
    first.done([taken[0].id])
    second.done([taken[1].id])
    assert first.beat().pending == 0


def test_what_a_silent_worker_held_goes_to_the_others_and_its_word_counts_no_more(
    redis: RedisServer, spider: NewsSpider
) -> None:
    silent, other = worker(redis, spider, lease=0.2), worker(redis, spider)
    silent.push(article(spider, 1))
    held = silent.pop()
    assert other.pop() is None
    time.sleep(0.3)
    state = other.beat()
    assert (state.pending, state.workers, state.led) == (1, 1, False)
    again = other.pop()
    assert again.id == held.id
    silent.done([held.id])
    assert other.beat().pending == 1
    for question in (silent.beat, silent.pop, silent.lead):
        with pytest.raises(SharedError, match="knows this worker no longer"):
            question()
    assert other.lead()
    other.done([again.id])
    assert other.beat().pending == 0


def test_given_back_is_first_in_line(redis: RedisServer, spider: NewsSpider) -> None:
    one, two = worker(redis, spider), worker(redis, spider)
    for number in (1, 2):
        one.push(article(spider, number))
    one.pop()
    one.leave()
    assert two.pop().request.cb_kwargs["row"].key == "ep18:1"
    two.leave()
    assert redis.left() == []


def test_who_comes_when_nobody_is_left_begins_anew(redis: RedisServer, spider: NewsSpider) -> None:
    dead = worker(redis, spider, lease=0.1)
    dead.push(article(spider, 1))
    dead.push(article(build("ep18"), 2))
    dead.pop()
    time.sleep(0.2)
    fresh = worker(redis, spider)
    assert fresh.leads
    assert fresh.beat().pending == 0
    assert fresh.pop() is None
    assert fresh.push(article(build("ep18"), 1)), "of the crawl before nothing counts"


def test_nobody_leads_a_crawl_that_is_over(redis: RedisServer, spider: NewsSpider) -> None:
    leader = worker(redis, spider)
    leader.finish()
    leader.leads = False
    late = worker(redis, spider)
    assert not late.leads
    assert late.beat().over
    assert not late.lead()


def test_all_keys_go_by_themselves_after_a_day(redis: RedisServer, spider: NewsSpider) -> None:
    one = worker(redis, spider)
    for number in (1, 2):
        one.push(article(spider, number))
    one.pop()
    one.first("text", "x")
    one.report({})
    one.beat()
    with redis.client() as client:
        keys = {key.removeprefix(NAME).partition("-")[0] for key in redis.left()}
        assert len(keys) == 8
        assert all(0 < client.ttl(key) <= 86400 for key in redis.left())


def test_of_a_text_in_two_workers_one_was_first(redis: RedisServer, spider: NewsSpider) -> None:
    failures: list[SharedError] = []
    one, two = (SharedTexts(worker(redis, spider), failures.append) for _ in range(2))
    at = now()
    assert one.setdefault("hash", ("ep18:1", at)) == ("ep18:1", at)
    assert two.setdefault("hash", ("ep18:2", None)) == ("ep18:1", at)
    assert two.setdefault("other", ("ep18:2", None)) == ("ep18:2", None)
    redis.kill()
    assert one.setdefault("hash", ("ep18:3", None)) == ("ep18:3", None)
    assert len(failures) == 1


def test_a_redis_that_is_away_is_said_in_one_line(redis: RedisServer, spider: NewsSpider) -> None:
    queue = worker(redis, spider)
    redis.kill()
    with pytest.raises(SharedError, match="Redis is away: ") as caught:
        queue.pop()
    assert "\n" not in str(caught.value)
