"""How well and how fast copies are found across sites.

``python -m benchmarks.clusters`` judges the hard pairs of tests/clusters, and beside it, in the same run, MinHash
(datasketch) and SimHash (simhash) on the same folded texts; they live in .venv/peers (requirements-bench.txt).  Then it fills an
embedded store with sketches, 10,000 and 100,000 (``--sizes`` says others: 1000000 takes half an hour to fill), and
measures what ``assign`` costs for an article more.

The filling has the wording of real templates: of each phrase without a figure there are as many as there are articles of
its template, those with a figure are an article's own.  Half of what is assigned are copies of stored articles.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import struct
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pymongo import WriteConcern
from pymongo.database import Database
from rich.console import Console
from rich.table import Table

from benchmarks.cluster_peers import PEERS
from benchmarks.extraction import PEERS_PYTHON
from benchmarks.processes import cpu_of
from svcsat_crawler.answers.clusters import assign
from svcsat_crawler.answers.sketches import HOLDERS
from svcsat_crawler.clusters import decide, features
from svcsat_crawler.clusters.features import phrases_of, to_document
from svcsat_crawler.items import Article
from svcsat_crawler.storage import embedded
from svcsat_crawler.storage.documents import SCHEMA, article_document, now
from svcsat_crawler.storage.mongo import Store
from svcsat_crawler.text.fingerprint import fold
from tests.clusters.pairs import Pair, pairs, shortened, sourced
from tests.clusters.stories import CITIES, Text, city_kinds, from_kinds, from_template, templates

SEEDS = ("first half", "second half")
SIZES = (10_000, 100_000)
ASSIGNED = 400
FILL = 2_000
BASES = 3_000
# Peer, what makes a pair the same, as the packages' users set it.
RULES: tuple[tuple[str, str, Callable[[float], bool]], ...] = (
    ("MinHash (datasketch)", "Jaccard ≥ 0.8", lambda likeness: likeness >= 0.8),
    ("MinHash (datasketch)", "Jaccard ≥ 0.5", lambda likeness: likeness >= 0.5),
    ("SimHash (simhash)", "≤ 3 bits", lambda bits: bits <= 3),
    ("SimHash (simhash)", "≤ 10 bits", lambda bits: bits <= 10),
)


# Quality


def ours(judged: list[Pair]) -> tuple[list[bool], float]:
    begun = time.process_time()
    read = [[features(text.title, text.body, text.published) for text in (pair.a, pair.b)] for pair in judged]
    spent = time.process_time() - begun
    return [decide(a, b).same for a, b in read], spent / len(judged) / 2


def peers(python: Path, judged: list[Pair]) -> dict[str, Any]:
    if not python.exists():
        return {name: {"missing": f"{python} is not there"} for name in PEERS}
    texts = [fold(text.body) for pair in judged for text in (pair.a, pair.b)]
    asked = {"texts": texts, "pairs": [(at, at + 1) for at in range(0, len(texts), 2)]}
    script = str(Path(__file__).with_name("cluster_peers.py"))
    command = [str(python), "-W", "ignore", script]
    run = subprocess.run(command, input=json.dumps(asked), stdout=subprocess.PIPE, text=True, check=True)
    answer: dict[str, Any] = json.loads(run.stdout)
    return answer


def row(judged: list[Pair], said: list[bool], seconds: float) -> list[str]:
    counts = Counter((pair.same, same) for pair, same in zip(judged, said, strict=True))
    right, wrong, missed = counts[True, True], counts[False, True], counts[True, False]
    short = [same for pair, same in zip(judged, said, strict=True) if pair.what == "shortened to 60%"]
    years = [same for pair, same in zip(judged, said, strict=True) if pair.what.startswith("next year")]
    bureaus = [same for pair, same in zip(judged, said, strict=True) if pair.what.startswith("other bureau")]
    return [
        f"{2 * right / (2 * right + wrong + missed):.3f}",
        *(f"{sum(of) / len(of):.1%}" for of in (short, years, bureaus)),
        f"{seconds * 1000:.2f}",
    ]


def quality(out: Console, python: Path) -> None:
    judged = [pair for seed in SEEDS for pair in pairs(seed)]
    same = sum(pair.same for pair in judged)
    table = Table(
        title=f"{same} pairs of copies, {len(judged) - same} that only look like it", title_justify="left"
    )
    for head in ("", "F1", "found: cut to 60%", "merged: next year", "merged: other bureau", "CPU ms a text"):
        table.add_column(head, justify="right" if head else "left")
    table.add_row("[bold]clusters", *row(judged, *ours(judged)))
    answer = peers(python, judged)
    for name, rule, is_same in RULES:
        found = answer[name]
        if "missing" in found:
            table.add_row(f"{name}, {rule}", f"not installed ({found['missing']})")
        else:
            said = [is_same(likeness) for likeness in found["pairs"]]
            table.add_row(f"{name}, {rule}", *row(judged, said, found["seconds"]))
    out.print(table)


# Cost of a look-up


def base_texts(count: int, seed: str) -> Iterator[Text]:
    """Yield articles of all templates, of any bureau and year; few words differ between those of one template."""
    rng = random.Random(seed)
    names, own = city_kinds(), sorted(templates())
    for _ in range(count):
        bureau, year, wording = rng.choice(CITIES), rng.randint(2012, 2025), f"{rng.randrange(3)}"
        if rng.random() < 0.5:
            yield from_template(rng.choice(own), bureau, year, wording)
        else:
            yield from_kinds(tuple(rng.sample(names, 4)), bureau, year, wording)


def filling(
    bases: list[tuple[dict[str, Any], set[int]]], held: Counter[int], first: int, count: int
) -> Iterator[dict[str, Any]]:
    """Yield sketches: of each base the phrases without a figure, and others with one."""
    rng = random.Random(first)
    for number in range(first, first + count):
        document, plain = bases[number % len(bases)]
        phrases = [phrase if phrase in plain else rng.getrandbits(63) for phrase in phrases_of(document)]
        document = {**document, "numbers": _other_figures(document["numbers"], rng)}
        led = [phrase for phrase in phrases if held[phrase] < HOLDERS]
        held.update(led)
        yield {"_id": f"filling:{number}", **document, "phrases": led, "links": [], "schema": SCHEMA}


def _other_figures(packed: bytes, rng: random.Random) -> bytes:
    """Return the same places with other values: the story of another month."""
    numbers = [number for (number,) in struct.iter_unpack("<I", packed)]
    numbers[1::2] = [rng.randrange(10, 10_000) for _ in numbers[1::2]]
    return struct.pack(f"<{len(numbers)}I", *numbers)


def prepared_bases() -> list[tuple[dict[str, Any], set[int]]]:
    """Return features as documents, each with its phrases that recur in other articles of the template."""
    documents = [
        to_document(features(text.title, text.body, text.published)) for text in base_texts(BASES, "bases")
    ]
    counts = Counter(phrase for document in documents for phrase in phrases_of(document))
    return [
        (document, {phrase for phrase in phrases_of(document) if counts[phrase] > 1})
        for document in documents
    ]


def probes(seed: str) -> list[Text]:
    """Return new articles, every second one a copy of the one before."""
    rng = random.Random(seed)
    found: list[Text] = []
    for text in base_texts(ASSIGNED // 2, seed):
        copy = sourced(shortened(text, rng, 0.6), rng)
        found += [text, copy.but(published=(text.published or datetime.now(UTC)) + timedelta(days=1))]
    return found


def store_articles(database: Database[dict[str, Any]], texts: list[Text], name: str) -> list[str]:
    documents = []
    for number, text in enumerate(texts):
        key = f"{name}:{number:06}"
        article = Article(
            key=key,
            source="bench",
            url=f"http://{key}",
            title=text.title,
            body=text.body,
            published=text.published,
        )
        documents.append(
            {
                "_id": key,
                **article_document(article),
                "first_seen": now(),
                "last_seen": now(),
                "revisions": [],
            }
        )
    database["articles"].insert_many(documents)
    return [document["_id"] for document in documents]


def look_up(out: Console, sizes: list[int], folder: Path) -> None:
    environment = {"SVCSAT_DATA_DIR": str(folder), "SVCSAT_STORE_IDLE": "600"}
    table = Table(title=f"assign, an article of {ASSIGNED} (half of them copies)", title_justify="left")
    for head in (
        "stored articles",
        "CPU ms here",
        "CPU ms in the store",
        "ms in all",
        "copies found",
        "filled in s",
    ):
        table.add_column(head, justify="right")
    bases, held, filled = prepared_bases(), Counter[int](), 0
    with Store.from_environment(environment) as store:
        store.prepare()
        server = embedded.status(folder).pid
        assert server
        fast = store.database["sketches"].with_options(write_concern=WriteConcern(w=1, j=False))
        assign(store.database, store_articles(store.database, probes("warm"), "warm"))
        for size in sizes:
            begun = time.monotonic()
            while filled < size:
                count = min(FILL, size - filled)
                fast.insert_many(list(filling(bases, held, filled, count)), ordered=False)
                filled += count
            spent = time.monotonic() - begun
            keys = store_articles(store.database, probes(str(size)), str(size))
            mine, theirs, at = time.process_time(), cpu_of(server), time.monotonic()
            assign(store.database, keys)
            costs = [time.process_time() - mine, cpu_of(server) - theirs, time.monotonic() - at]
            found = store.database["articles"].count_documents(
                {"_id": {"$in": keys[1::2]}, "differs.against": {"$in": keys[::2]}}
            )
            shown = [f"{cost / len(keys) * 1000:.2f}" for cost in costs]
            table.add_row(f"{size:,}", *shown, f"{found / len(keys) * 2:.1%}", f"{spent:.0f}")
            print(f"{size:,}: {shown}", file=sys.stderr)
    out.print(table)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.clusters", description=__doc__)
    parser.add_argument("--peers", type=Path, default=PEERS_PYTHON, metavar="PYTHON")
    parser.add_argument("--sizes", type=int, nargs="*", default=list(SIZES), metavar="N")
    options = parser.parse_args()
    out = Console(highlight=False, width=None if sys.stdout.isatty() else 130)
    quality(out, options.peers)
    if options.sizes:
        os.environ.pop("MONGODB_URI", None)
        with tempfile.TemporaryDirectory(prefix="svcsat-bench-") as folder:
            try:
                look_up(out, sorted(options.sizes), Path(folder))
            finally:
                embedded.stop(Path(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
