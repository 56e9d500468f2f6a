"""What reading the facts of an article costs, against packages that find numbers in Chinese text.

``python -m benchmarks.extraction`` measures CPU milliseconds of ``extract`` and of clean + fingerprint + extract on
texts of 500 to 32,000 characters, and of jionlp (times and money), recognizers-text-number (numbers) and
recognizers-text-number-with-unit (dimensions) on the same texts in the same run.  The others find numbers only:
no metric, subject, period or evidence.  They live in an environment of their own, ``.venv/peers``, which
``make bench`` makes from requirements-bench.txt (``--peers PYTHON`` names another one); what cannot be
imported there is shown as not installed.

The text is the labelled articles of tests/gold, each followed by prose without a figure, over and over: twice
as dense in facts as a supplier's own yearly report.  What whole articles cost stands in a second table: those of the
stand-in's list ``everyday``, on average, and the yearly reports of its list ``bench`` (tests/replica/bench.py).
"""

from __future__ import annotations

import argparse
import datetime
import itertools
import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.peers import PEERS
from svcsat_crawler.metrics import extract
from svcsat_crawler.text.clean import clean_text
from svcsat_crawler.text.fingerprint import text_hash
from tests import gold
from tests.replica.bench import BenchEntry

ROOT = Path(__file__).resolve().parent.parent
PEERS_PYTHON = ROOT / ".venv" / "peers" / "bin" / "python"
INSTALL = "python -m venv .venv/peers && .venv/peers/bin/pip install -r requirements-bench.txt"
LENGTHS = (500, 2_000, 8_000, 32_000)
PUBLISHED = datetime.date(2021, 12, 29)
# Whole articles of the stand-in: what a list holds, and how many of it are read.
ARTICLES = {"everyday": "an everyday list, on average", "bench": "suppliers' yearly reports"}
ARTICLES_READ = 70
SAMPLE = "2021年，河源供电局客户平均停电时间6.18小时，同比下降31%，供电服务满意度84.61分。"
PROSE = (
    "走进营业厅，工作人员正在耐心引导前来办理业务的客户。从进门咨询到业务办结，每个环节都有专人跟进，流程清清楚楚，客户心里有数。",
    "近年来，供电部门主动对接园区和重点企业，把服务从表后延伸到厂房车间，帮助客户排查隐患、优化用能方式，赢得了普遍好评。",
    "台风来临前，运维人员对重要线路逐基逐档开展特巡，提前清理通道树障，备足抢修物资，确保一旦发生故障能够快速响应、快速复电。",
    "下一阶段，供电部门将继续聚焦群众急难愁盼问题，完善网格化服务机制，推动供电服务由被动响应向主动服务转变，让群众用好电、少操心。",
)


def text_of(length: int) -> str:
    """Return a text of *length* characters, the same one in every run."""
    # Number before kind: every stretch holds a mix of all kinds.
    mixed = sorted(gold.articles(), key=lambda article: article["id"].rpartition("-")[::-1])
    passages = itertools.cycle(article["text"] for article in mixed)
    prose = itertools.cycle(PROSE)
    parts: list[str] = []
    while sum(map(len, parts)) + len(parts) < length:
        parts += [next(passages), next(prose), next(prose), next(prose)]
    return "\n".join(parts)[:length]


def read(text: str) -> None:
    extract(text, published=PUBLISHED)


def read_all(texts: list[str]) -> None:
    for text in texts:
        read(text)


def whole(text: str) -> None:
    body = clean_text(text).body
    text_hash(body)
    extract(body, published=PUBLISHED)


def milliseconds(works: Sequence[Callable[[], object]]) -> list[float]:
    """Return CPU milliseconds a call of each: the best of seven rounds, taken in turn, of at least 50 ms."""
    best = [float("inf")] * len(works)
    for _ in range(7):
        for at, work in enumerate(works):
            calls, begun = 0, time.process_time()
            while (spent := time.process_time() - begun) < 0.05:
                work()
                calls += 1
            best[at] = min(best[at], spent / calls * 1000)
    return best


def peers(python: Path, texts: list[str]) -> dict[str, dict[str, Any]]:
    """Return what the other packages say of themselves; see benchmarks/peers.py."""
    if not python.exists():
        return {name: {"missing": f"{python} is not there"} for name in PEERS}
    script = ROOT / "benchmarks" / "peers.py"
    asked = json.dumps({"sample": SAMPLE, "texts": texts})
    run = subprocess.run(
        [str(python), "-W", "ignore", str(script)], input=asked, stdout=subprocess.PIPE, text=True, check=True
    )
    answer: dict[str, dict[str, Any]] = json.loads(run.stdout)
    return answer


def show(out: Console, texts: list[str], others: dict[str, dict[str, Any]]) -> None:
    """Print CPU a text, cost a character against the shortest text, and ratios to ``extract``."""
    table = Table(title="CPU ms a text (in brackets: times the cost of extract)", title_justify="left")
    table.add_column("")
    for text in texts:
        table.add_column(f"{len(text):,} characters", justify="right")
    ours, line = zip(
        *(milliseconds([partial(read, text), partial(whole, text)]) for text in texts), strict=True
    )
    table.add_row("[bold]extract", *(f"[bold]{cost:.2f}" for cost in ours))
    table.add_row(
        "  a 1,000 characters",
        *(f"{cost / len(text) * 1000:.2f}" for cost, text in zip(ours, texts, strict=True)),
    )
    table.add_row("clean + fingerprint + extract", *_beside(line, ours))
    for name, answer in others.items():
        if "seconds" in answer:
            table.add_row(name, *_beside([seconds * 1000 for seconds in answer["seconds"]], ours))
        else:
            table.add_row(name, "not installed", *[""] * (len(texts) - 1))
    out.print(table)
    out.print(f"“{SAMPLE}” reads", soft_wrap=True)
    facts = extract(SAMPLE)
    told = ", ".join(f"{fact.metric} {fact.raw}" for fact in facts)
    out.print(f"  extract: {told}", soft_wrap=True, markup=False)
    for name, answer in others.items():
        said = ", ".join(answer["found"]) if "found" in answer else f"not installed ({answer['missing']})"
        out.print(f"  {name}: {said}", soft_wrap=True, markup=False)
    if any("missing" in answer for answer in others.values()):
        out.print(f"to install what is missing: {INSTALL}", soft_wrap=True, markup=False)


def show_articles(out: Console, dense: str) -> None:
    """Print what whole articles cost on average, from the thinnest in facts to the *dense* text."""
    texts = {
        told: [BenchEntry(folder, place, ARTICLES_READ).story.text for place in range(ARTICLES_READ)]
        for folder, told in ARTICLES.items()
    }
    table = Table(title="Articles: CPU ms of extract", title_justify="left")
    for column in ("", "characters", "a fact every", "an article", "2,000 characters"):
        table.add_column(column, justify="right" if column else "left")
    for told, articles in {**texts, "the labelled passages below": [dense]}.items():
        length = sum(map(len, articles))
        facts = sum(len(extract(text, published=PUBLISHED)) for text in articles)
        (cost,) = milliseconds([partial(read_all, articles)])
        table.add_row(
            told,
            f"{length / len(articles):,.0f}",
            f"{length / facts:.0f}",
            f"{cost / len(articles):.2f}",
            f"[bold]{cost / length * 2000:.2f}",
        )
    out.print(table)


def _beside(costs: Sequence[float], ours: Sequence[float]) -> list[str]:
    return [f"{cost:.2f} ({cost / own:.1f}×)" for cost, own in zip(costs, ours, strict=True)]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.extraction", description=__doc__)
    parser.add_argument("--peers", type=Path, default=PEERS_PYTHON, metavar="PYTHON")
    options = parser.parse_args()
    texts = [text_of(length) for length in LENGTHS]
    out = Console(highlight=False, width=None if sys.stdout.isatty() else 130)
    facts = len(extract(texts[-1], published=PUBLISHED))
    out.print(f"[dim]texts with a fact every {LENGTHS[-1] // facts} characters[/dim]")
    show_articles(out, texts[LENGTHS.index(2_000)])
    show(out, texts, peers(options.peers, texts))
    return 0


if __name__ == "__main__":
    sys.exit(main())
