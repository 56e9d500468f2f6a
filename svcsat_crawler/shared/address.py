"""``SVCSAT_REDIS`` as a person wrote it: checked before a crawl starts, shown without its password."""

from __future__ import annotations

import importlib.util
import re
from typing import NamedTuple
from urllib.parse import urlsplit

RIGHT = "right is e.g. redis://127.0.0.1:6379/0"
PACKAGES = ("redis", "scrapy_redis")
_SECONDS = 5


class Refusal(NamedTuple):
    """Why a crawl cannot be shared; *written* when it is the setting itself that is wrong."""

    message: str
    written: bool


def refusal(address: str) -> Refusal | None:
    """Return what is wrong with *address*, or None: well formed, packages there, the server answers."""
    shown = masked(address)
    if why := _malformed(address):
        return Refusal(f"SVCSAT_REDIS={shown}: {why}; {RIGHT}", written=True)
    missing = [name for name in PACKAGES if importlib.util.find_spec(name) is None]
    if missing:
        said = f"SVCSAT_REDIS is set, but {' and '.join(missing)} cannot be imported"
        return Refusal(f"{said}: pip install -r requirements-redis.txt", written=False)
    import redis  # noqa: PLC0415 - only a shared crawl needs it

    try:
        with redis.Redis.from_url(
            address, socket_timeout=_SECONDS, socket_connect_timeout=_SECONDS
        ) as server:
            server.ping()
    except (redis.RedisError, OSError) as error:
        return Refusal(f"SVCSAT_REDIS={shown} does not answer: {error}", written=False)
    except ValueError as error:
        return Refusal(f"SVCSAT_REDIS={shown}: {error}; {RIGHT}", written=True)
    return None


def masked(address: str) -> str:
    """Return *address* without its password.

    >>> masked("redis://:secret@cache:6379/0"), masked("redis://cache/0?password=secret")
    ('redis://:***@cache:6379/0', 'redis://cache/0?password=***')
    """
    hidden = re.sub(r"//([^:@/]*):.*@", r"//\1:***@", address)
    return re.sub(r"(password=)[^&]*", r"\1***", hidden)


def _malformed(address: str) -> str:
    """Return why *address* is none, or "".

    >>> _malformed("127.0.0.1:6379"), _malformed("redis://cache/first"), _malformed("rediss://cache:6380/1")
    ('it begins with none of redis://, rediss://, unix://', "database 'first' is no number", '')
    """
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError as error:
        return str(error)
    if parts.scheme not in ("redis", "rediss", "unix") or "://" not in address:
        return "it begins with none of redis://, rediss://, unix://"
    if parts.scheme == "unix":
        return "" if parts.path else "it names no socket"
    if not parts.hostname:
        return "it names no host"
    database = parts.path.strip("/")
    return "" if not database or database.isdigit() else f"database {database!r} is no number"
