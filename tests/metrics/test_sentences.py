"""Whole readings: every sentence of sentences/*.toml against all that the engine reads in it.

A case has ``text``, maybe ``title`` and ``published``, and ``facts``: one line for each fact, all of them,
in any order, as :func:`line` writes them.
"""

from __future__ import annotations

import datetime
import tomllib
from pathlib import Path
from typing import Any

import pytest

from svcsat_crawler.items import Fact
from svcsat_crawler.metrics import extract

CASES = [
    pytest.param(case, id=f"{file.stem}-{number}")
    for file in sorted(Path(__file__).with_name("sentences").glob("*.toml"))
    for number, case in enumerate(tomllib.loads(file.read_text("utf-8"))["case"], 1)
]


def line(fact: Fact) -> str:
    """Return metric, value, subject and year (- where there is none), then what is not the usual.

    That is: direction, size and unit of a change; ``of``; the peers of a rank; status; segment; qualifier; where.
    """
    change, rank = fact.comparison, fact.rank
    words = [
        fact.metric,
        "-" if fact.value is None else f"{fact.value:.10g}",
        fact.subject.name if fact.subject else "-",
        fact.period.end[:4] if fact.period and fact.period.end else "-",
    ]
    if change:
        words += [
            change.direction,
            *([f"{change.value:g}", str(change.unit)] if change.value is not None else []),
        ]
    if rank:
        words += [f"of {rank.of}"] if rank.of else []
        words += [rank.kind] if rank.kind != "other" else []
    words += [fact.status] if fact.status != "measured" else []
    words += [fact.segment] if fact.segment else []
    words += [fact.qualifier] if fact.qualifier != "eq" else []
    words += ["title"] if fact.evidence.where == "title" else []
    return " ".join(words)


@pytest.mark.parametrize("case", CASES)
def test_sentence(case: dict[str, Any]) -> None:
    published = datetime.date.fromisoformat(case["published"]) if "published" in case else None
    facts = extract(case["text"], title=case.get("title", ""), published=published)
    assert sorted(map(line, facts)) == sorted(case["facts"])


def test_there_are_many() -> None:
    texts = [param.values[0]["text"] for param in CASES]
    assert len(set(texts)) == len(texts) >= 150
