"""Which runs are alive, and one run of a spider at a time on a machine.  A killed one stands in nobody's way."""

from __future__ import annotations

import os
import socket
from datetime import datetime, timedelta
from typing import Any

from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

Document = dict[str, Any]
# The process of a run on another machine cannot be looked at: so long it is taken for alive.
FOREIGN_RUN = timedelta(hours=24)
# A clock that is set moves the start of every process; by more than this it is another process.
CLOCK_SET = timedelta(hours=1)


def alive(record: Document, now: datetime) -> bool:
    """Whether the process of a run is there: its number may long be that of another one.

    *record* has ``host``, ``pid``, ``started``, ``spider`` and, as ``job`` or ``_id``, scrapyd's id of the run.
    """
    if record["host"] != socket.gethostname():
        return bool(now - record["started"] < FOREIGN_RUN)
    import psutil  # noqa: PLC0415 - most crawls find no other run to look at

    try:
        process = psutil.Process(record["pid"])
        command, begun = process.cmdline(), process.create_time()
    except psutil.NoSuchProcess:  # a zombie too
        return False
    except psutil.AccessDenied:
        return True
    if begun > (record["started"] + CLOCK_SET).timestamp():
        return False
    if any(word.startswith("_job=") for word in command):
        return f"_job={record.get('job') or record['_id']}" in command
    return record["spider"] in command


def claim(database: Database[Document], spider: str, job: str | None, now: datetime) -> Document | None:
    """Say in the store that this process crawls *spider*; returns what another live one has said, if any.

    Nothing is to be released: the claim ends with its process.
    """
    host, meta = socket.gethostname(), database.meta
    where = {"_id": f"crawl:{spider}:{host}"}
    mine = {"kind": "crawl", "spider": spider, "host": host, "pid": os.getpid(), "started": now, "job": job}
    holder = meta.find_one(where)
    if holder is None:
        try:
            meta.insert_one({**where, **mine})
        except DuplicateKeyError:  # started in the same moment
            return meta.find_one(where)
        return None
    if holder["pid"] != os.getpid() and alive(holder, now):
        return holder
    still = {**where, "pid": holder["pid"], "started": holder["started"]}
    if meta.replace_one(still, mine).matched_count:
        return None
    return meta.find_one(where)
