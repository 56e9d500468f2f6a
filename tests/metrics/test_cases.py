"""Table test: every case of cases.toml against the engine."""

from __future__ import annotations

import datetime
import tomllib
from pathlib import Path
from typing import Any

import pytest

from svcsat_crawler.items import Fact
from svcsat_crawler.metrics import extract

CASES = tomllib.loads(Path(__file__).with_name("cases.toml").read_text(encoding="utf-8"))["case"]


def seen(fact: Fact) -> dict[str, Any]:
    """Return the fields of *fact* under the names that cases use."""
    change = fact.comparison
    return {
        "metric": fact.metric,
        "value": "none" if fact.value is None else fact.value,
        "unit": fact.unit,
        "raw": fact.raw,
        "subject": fact.subject.id if fact.subject else None,
        "name": fact.subject.name if fact.subject else None,
        "subject_how": fact.subject.how if fact.subject else None,
        "year": int(fact.period.end[:4]) if fact.period and fact.period.end else None,
        "start": fact.period.start if fact.period else None,
        "period_how": fact.period.how if fact.period else None,
        "change": [change.kind, change.direction, change.value, change.unit] if change else [],
        "rank": fact.rank.kind if fact.rank else None,
        "of": fact.rank.of if fact.rank else None,
        "survey": fact.survey.id if fact.survey else None,
        "segment": fact.segment,
        "scope": fact.scope,
        "qualifier": fact.qualifier,
        "status": fact.status,
    }


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    published = datetime.date.fromisoformat(case["published"]) if "published" in case else None
    facts = [seen(fact) for fact in extract(case["text"], title=case.get("title", ""), published=published)]
    for wanted in case["expect"]:
        assert any(wanted == {key: fact[key] for key in wanted} for fact in facts), (wanted, facts)
    if "count" in case:
        assert len(facts) == case["count"], facts
    for metric in case.get("absent", []):
        assert metric not in {fact["metric"] for fact in facts}
    if "streaks" in case:
        assert sum(fact["metric"] == "satisfaction_streak" for fact in facts) == case["streaks"]
