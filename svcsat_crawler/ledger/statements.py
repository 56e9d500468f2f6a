"""One fact as the ledger sees it: a statement, and when two statements do not contradict each other."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from svcsat_crawler.ledger.keys import Document

# "超80分" beside 81.57: a rough number is not far from the exact one (as in metrics/merge.py).
_ROUND = 1.3
_ABOUT = 0.05
_SAME = 1e-9
_HOW = {"stated": 0, "inherited": 1, "publication": 2}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def statement(fact: Document) -> Document:
    """Return what a row keeps of a fact."""
    evidence = fact["evidence"]
    return {
        "cluster": fact.get("cluster") or fact["article"],
        "fact": fact["_id"],
        "article": fact["article"],
        "source": fact["source"],
        "url": fact["url"],
        "published": fact["published"],
        "value": fact["value"],
        "qualifier": fact["qualifier"],
        "raw": fact["raw"],
        "where": evidence["where"],
        "subject_how": fact["subject"]["how"] if fact["subject"] else "inherited",
        "period_how": fact["period"]["how"],
        "sentence": evidence["sentence"],
        "of": fact["rank"]["of"] if fact["rank"] else None,
        "comparison": fact["comparison"],
        "flags": fact["flags"],
    }


def trust(said: Document, clusters: int = 0) -> tuple[Any, ...]:
    """Return the order in which statements are shown, best first.

    Exact before qualified, body before title, stated before inherited before guessed, more clusters, then the
    later one.
    """
    published = said["published"]
    return (
        said["qualifier"] != "eq",
        said["where"] != "body",
        max(_HOW[said["subject_how"]], _HOW[said["period_how"]]),
        -clusters,
        -(published - _EPOCH).total_seconds() if published else 0.0,
        said["fact"],
    )


def number(said: Document) -> tuple[Any, ...]:
    """Return what a statement says, to be compared: value and how exact, or the change where there is no value."""
    if said["value"] is None:
        change = said["comparison"] or {}
        return (None, change.get("direction"), change.get("value"), change.get("unit"))
    return (round(said["value"], 9), said["qualifier"])


def _range(said: Document) -> tuple[float, float]:
    value: float = said["value"]
    match said["qualifier"]:
        case "over" | "at_least":
            return value, value * _ROUND
        case "under" | "at_most":
            return value / _ROUND, value
        case "about":
            return value * (1 - _ABOUT), value * (1 + _ABOUT)
        case _:
            return value, value


def agree(shown: Document, other: Document) -> bool:
    """Whether *other* says nothing else than *shown*: the same number, or a rough one that holds it.

    >>> exact = {"value": 81.57, "qualifier": "eq", "where": "body"}
    >>> agree(exact, {"value": 80.0, "qualifier": "over", "where": "title"})
    True
    >>> agree(exact, {"value": 82.0, "qualifier": "eq", "where": "title"})  # the headline rounds
    True
    >>> agree(exact, {"value": 82.0, "qualifier": "eq", "where": "body"})
    False
    """
    if shown["value"] is None or other["value"] is None:
        return number(shown) == number(other)
    if shown["qualifier"] == other["qualifier"] == "eq":
        a, b = shown["value"], other["value"]
        headline = other["where"] == "title" and float(b).is_integer() and round(a) == b
        return headline or abs(a - b) <= _SAME * max(abs(a), abs(b))
    low, high = _range(shown)
    other_low, other_high = _range(other)
    return low <= other_high * (1 + _SAME) and other_low <= high * (1 + _SAME)
