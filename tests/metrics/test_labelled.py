"""Scores the engine on the labelled sets that lie beside the checkout, when they are there."""

from __future__ import annotations

import dataclasses
import datetime
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from svcsat_crawler.metrics import extract

SHARED = Path(__file__).resolve().parents[3] / "shared"
SCORER = SHARED / "tools" / "score_metrics.py"
FLOORS = {
    "metrics-seeds.jsonl": {"precision": 1.0, "recall": 1.0, "all_fields": 1.0, "evidence": 1.0},
    "metrics-dev.jsonl": {"precision": 0.99, "recall": 0.99, "all_fields": 0.90, "evidence": 1.0},
}


def printed_date(text: str | None) -> datetime.date | None:
    """Return the date of "2013年11月19日 09:10" or "2020"; None without a year."""
    numbers = [int(number) for number in re.findall(r"\d+", text or "")[:3]]
    if not numbers or numbers[0] < 1900:
        return None
    return datetime.date(*[*numbers, 1, 1][:3])


def predict(article: dict[str, Any]) -> dict[str, Any]:
    facts = extract(
        article["text"], title=article.get("title") or "", published=printed_date(article.get("date"))
    )
    return {"id": article["id"], "facts": [dataclasses.asdict(fact) for fact in facts]}


@pytest.mark.skipif(not SCORER.exists(), reason="the labelled sets are not beside the checkout")
@pytest.mark.parametrize("name", FLOORS)
def test_labelled_set(name: str, tmp_path: Path) -> None:
    gold = SHARED / "data" / name
    out = tmp_path / "out.jsonl"
    articles = [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines() if line.strip()]
    out.write_text("\n".join(json.dumps(predict(a), ensure_ascii=False) for a in articles), encoding="utf-8")
    run = subprocess.run(
        [sys.executable, str(SCORER), str(gold), str(out), "--errors", "--json"],
        capture_output=True,
        text=True,
        check=True,
    )
    total = json.loads(run.stdout.splitlines()[-1])
    low = {key: total[key] for key, floor in FLOORS[name].items() if total[key] < floor}
    assert not low, run.stdout
