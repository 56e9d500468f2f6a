"""The metrics by the names that people use."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from difflib import get_close_matches
from functools import cache
from importlib.resources import files

from svcsat_crawler.metrics.lexicon import metrics
from svcsat_crawler.text.width import fold, squeeze


@cache
def _labels() -> dict[str, dict[str, str | list[str]]]:
    return tomllib.loads(files(__package__).joinpath("labels.toml").read_text(encoding="utf-8"))


def label(metric: str) -> str:
    """Return the Chinese name of a metric: its own, else the first of the lexicon; its id when it has none.

    >>> label("saidi"), label("voltage_pass_rate"), label("unheard_of")
    ('客户平均停电时间', '电压合格率', 'unheard_of')
    """
    if metric in _labels():
        return str(_labels()[metric]["name"])
    known = metrics().get(metric)
    return known.names[0] if known and known.names else metric


@cache
def _by_word() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for id, row in _labels().items():
        for word in (str(row["name"]), *row["words"]):
            found[word].append(id)
    for id, metric in metrics().items():
        for word in (*metric.names, *metric.weak):
            if word not in found:
                found[word].append(id)
    return {squeeze(fold(word))[0].lower(): tuple(dict.fromkeys(ids)) for word, ids in found.items()}


def named(word: str) -> tuple[str, ...]:
    """Return the metrics that an id or a name means; none when it is unknown.

    >>> named("saidi"), named("停电时间"), named("满意度")[:2], named("saidy")
    (('saidi',), ('saidi',), ('satisfaction_score', 'satisfaction_rate'), ())
    """
    if word in metrics():
        return (word,)
    return _by_word().get(squeeze(fold(word.strip()))[0].lower(), ())


def near(word: str) -> list[str]:
    """Return ids and names that look like an unknown word, the nearest first.

    >>> near("saidy")[0], near("满意读得分")[0]
    ('saidi', '满意度得分')
    """
    known = [*metrics(), *(label(metric) for metric in metrics()), *_by_word()]
    return list(dict.fromkeys(get_close_matches(word, known, n=5, cutoff=0.5)))[:3]
