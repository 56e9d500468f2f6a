"""Serve the stand-in sites: ``python -m tests.replica --port 8018``."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
from pathlib import Path

from tests.replica.server import Replica
from tests.replica.truth import truth


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.replica", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--articles", type=int, default=0, help="length of each load list")
    parser.add_argument("--log", type=Path, help="file for one line a request")
    parser.add_argument("--max-seconds", type=float, default=3600, help="stop after this time")
    parser.add_argument("--until-eof", action="store_true", help="stop when stdin ends")
    parser.add_argument("--truth", action="store_true", help="print what is true as JSON and stop")
    return parser.parse_args()


def wait_for_eof(stop: threading.Event) -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    stop.set()


def main() -> None:
    options = arguments()
    if options.truth:
        json.dump(truth(options.articles), sys.stdout, ensure_ascii=False, indent=1)
        return
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    log = options.log.open("w", encoding="utf-8") if options.log else None
    with Replica(articles=options.articles, port=options.port, log=log) as replica:
        print(f"replica {replica.url}", flush=True)
        if options.until_eof:
            threading.Thread(target=wait_for_eof, args=[stop], daemon=True).start()
        stop.wait(options.max_seconds)


main()
