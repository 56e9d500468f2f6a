"""``docs/metrics.md`` holds every metric as the lexicon has it, with an example that is read as it says."""

from __future__ import annotations

import re

import pytest

from svcsat_crawler.metrics import check
from svcsat_crawler.metrics.lexicon import metrics
from tests.metrics_page import ENTRIES, PAGE, generated, render


def test_the_page_describes_the_lexicon_as_it_is() -> None:
    assert generated(PAGE.read_text("utf-8")) == render(), "run `make docs`"


def test_every_metric_has_one_entry() -> None:
    assert set(ENTRIES) == set(metrics())


@pytest.mark.parametrize("id", ENTRIES)
def test_phrases_name_their_metric(id: str) -> None:
    metric, entry = metrics()[id], ENTRIES[id]
    for phrase in entry.phrases:
        named = any(re.match(pattern, phrase) for pattern in metric.patterns)
        assert named or phrase in entry.example, phrase


def test_the_page_names_every_flag() -> None:
    told = re.findall(r"^\| `(\w+)` \| (.+) \|$", PAGE.read_text("utf-8"), flags=re.MULTILINE)
    assert dict(told) == check.KINDS
