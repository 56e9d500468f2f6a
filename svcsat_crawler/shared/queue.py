"""The queue in Redis that loses nothing: what is taken stays there until it is done.

scrapy-redis' own queues forget a request as they hand it out, so a killed worker takes along what it was
at; its scheduler empties the queue as soon as the first of several workers ends.  Connection, fingerprints
and the form of a queue are scrapy-redis'.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
from typing import Any, NamedTuple

from redis import Redis, RedisError, ResponseError
from scrapy import Request
from scrapy_redis.dupefilter import RFPDupeFilter
from scrapy_redis.queue import Base

from svcsat_crawler.shared import scripts
from svcsat_crawler.sources.news import NewsSpider
from svcsat_crawler.sources.walk import Row


class SharedError(Exception):
    """The crawl cannot be shared any longer; one line says why."""


class State(NamedTuple):
    """How a crawl stands: *pending* requests are not done yet, waiting or taken."""

    over: bool
    pending: int
    workers: int
    led: bool


class Taken(NamedTuple):
    """A request that this worker has taken; *waiting* are behind it."""

    id: str
    request: Request
    waiting: int


class ReliableQueue(Base):
    """One worker's side of the crawl *name*.

    *lease*: seconds without a sign of life after which a worker is taken for dead.  Whatever asks Redis
    raises SharedError.
    """

    def __init__(self, server: Redis, spider: NewsSpider, name: str, lease: float) -> None:
        super().__init__(server, spider, name, serializer=json)
        self.worker = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
        self._lease = int(lease * 1000)
        self._keys = [name, *(f"{name}:{key}" for key in scripts.KEYS)]
        self._seen = RFPDupeFilter(server, f"{name}:seen")

    def _encode_request(self, request: Request) -> str:
        """Return an article's request as JSON: what is unpickled can be a program."""
        row: Row = request.cb_kwargs["row"]
        content = {"url": request.url, "priority": request.priority, "row": row.as_record()}
        return json.dumps(content, ensure_ascii=False)

    def _decode_request(self, encoded_request: bytes) -> Request:
        found = json.loads(encoded_request)
        spider: NewsSpider = self.spider
        callbacks = spider.parse_article, spider.article_failed
        row = Row.from_record(found["row"])
        return spider.request(found["url"], *callbacks, priority=found["priority"], row=row)

    def join(self) -> bool:
        """Become a worker; whether it is the one that leads."""
        return bool(self._run(scripts.JOIN, self._lease))

    def beat(self) -> State:
        """Show that this worker is alive, take back what dead ones held, and look how things stand."""
        over, pending, workers, led = self._run(scripts.BEAT, self._lease)
        return State(bool(over), pending, workers, bool(led))

    def lead(self) -> bool:
        """Lead from now on, if nobody does."""
        return bool(self._run(scripts.LEAD))

    def push(self, request: Request) -> bool:
        """Have a request done by whoever comes to it; False when this crawl has had it already."""
        return bool(
            self._run(scripts.PUSH, self._seen.request_fingerprint(request), self._encode_request(request))
        )

    def pop(self, timeout: int = 0) -> Taken | None:
        """Take the next request: it is this worker's until it is done or given back."""
        found = self._run(scripts.POP)
        if not found:
            return None
        identity, body, waiting = found
        return Taken(identity.decode(), self._decode_request(body), waiting)

    def done(self, identities: list[str]) -> None:
        """Forget requests: all that came of them is stored."""
        self._run(scripts.DONE, *identities)

    def give_back(self) -> None:
        """Put what this worker holds back, first in line."""
        self._run(scripts.GIVE_BACK)

    def finish(self) -> None:
        """Tell all workers that there is nothing left to do."""
        self._call(self.server.hset, self._keys[0], "over", 1)

    def leave(self) -> None:
        """Be a worker no longer; with the last one the crawl's keys go."""
        self._run(scripts.LEAVE)

    def report(self, content: dict[str, Any]) -> None:
        """Leave *content* to the leader."""
        self._call(self.server.rpush, f"{self._keys[0]}:reports", json.dumps(content, ensure_ascii=False))

    def reports(self) -> list[dict[str, Any]]:
        """Take what the workers that have ended left."""
        found = self._call(self.server.lrange, f"{self._keys[0]}:reports", 0, -1)
        self._call(self.server.delete, f"{self._keys[0]}:reports")
        return [json.loads(each) for each in found]

    def first(self, name: str, value: str) -> str:
        """Return what stands under *name* for the whole crawl: *value*, unless there was something."""
        key = f"{self._keys[0]}:texts"
        if self._call(self.server.hsetnx, key, name, value):
            return value
        found: bytes = self._call(self.server.hget, key, name)
        return found.decode()

    def _run(self, script: str, *arguments: Any) -> Any:
        return self._call(self.server.register_script(script), self._keys, [self.worker, *arguments])

    @staticmethod
    def _call(command: Any, *arguments: Any) -> Any:
        try:
            return command(*arguments)
        except ResponseError as error:
            if "LOST" not in str(error):
                raise SharedError(f"Redis refuses: {error}") from error
            why = "Redis knows this worker no longer: it was silent for too long, or Redis lost its data"
            raise SharedError(why) from error
        except RedisError as error:
            raise SharedError(f"Redis is away: {error}") from error
