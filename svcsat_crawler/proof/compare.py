"""Stored facts beside the same facts read again: pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import fields
from datetime import datetime
from typing import Any, NamedTuple

from svcsat_crawler.items import Fact
from svcsat_crawler.storage.documents import beijing

Document = dict[str, Any]

# What reading a page says of a fact; the rest of its document is derived from it, or put there by others.
READ = frozenset(each.name for each in fields(Fact)) | {"year", "source", "url", "title", "published", "page"}
# Neither says that a document is out of date.
_VERSIONS = frozenset(("rules_version", "schema", "cluster"))


def evidence_error(fact: Document, article: Document) -> str | None:
    """Return what is wrong with a fact's evidence in the stored text; None when it stands there.

    >>> fact = {"raw": "81分", "evidence": {"sentence": "得81分。", "start": 2, "end": 6, "where": "body"}}
    >>> evidence_error(fact, {"body": "甲局得81分。"})
    "evidence not at its offsets: body[2:6] is '得81分'"
    """
    evidence = fact["evidence"]
    text = article["title" if evidence.get("where") == "title" else "body"]
    start, end = evidence["start"], evidence["end"]
    if text[start:end] != evidence["sentence"]:
        where = evidence.get("where", "body")
        return f"evidence not at its offsets: {where}[{start}:{end}] is {text[start:end][:40]!r}"
    if fact["raw"] not in evidence["sentence"]:
        return f"the sentence does not hold {fact['raw']!r}"
    return None


class Difference(NamedTuple):
    """One field that reads otherwise now."""

    name: str
    stored: Any
    read: Any

    def __str__(self) -> str:
        return f"{self.name} stored {brief(self.stored)}, read {brief(self.read)}"


def brief(value: Any, longest: int = 60) -> str:
    """Return a stored value as one reads it, times in Beijing time; what is left out is marked.

    >>> from datetime import UTC
    >>> brief(datetime(2021, 12, 29, 4, 6, tzinfo=UTC)), brief({"id": None, "at": "x" * 60}, 20), brief("81分")
    ('2021-12-29 12:06', "{id: none, at: 'xxx…", "'81分'")
    """
    said = _said(value)
    return said if len(said) <= longest else f"{said[: longest - 1]}…"


def _said(value: Any) -> str:
    match value:
        case None:
            return "none"
        case datetime():
            return f"{beijing(value):%Y-%m-%d %H:%M}"
        case dict():
            return f"{{{', '.join(f'{name}: {_said(part)}' for name, part in value.items())}}}"
        case list():
            return f"[{', '.join(map(_said, value))}]"
        case float():
            return f"{value:.15g}"
    return repr(value)


def differences(stored: Document, read: Document) -> list[Difference]:
    """Return what a stored fact says otherwise than the one read now.

    >>> stored, read = {"unit": "%", "period": {"end": "2020"}}, {"unit": "%", "period": {"end": "2021"}}
    >>> [str(each) for each in differences(stored, read)]
    ["period.end stored '2020', read '2021'"]
    """
    return [each for name in read if name in READ for each in _parts(name, stored.get(name), read[name])]


def _parts(name: str, stored: Any, read: Any) -> list[Difference]:
    if stored == read:
        return []
    if isinstance(stored, dict) and isinstance(read, dict):
        return [each for part in read for each in _parts(f"{name}.{part}", stored.get(part), read[part])]
    return [Difference(name, stored, read)]


def derived_differences(stored: Document, read: Document) -> list[Difference]:
    """Return what is derived from a fact, or repeated of its article, and stored otherwise than it follows now."""
    names = [name for name in read if name not in READ and name not in _VERSIONS]
    return [each for name in names for each in _parts(name, stored.get(name), read[name])]


def text_difference(stored: Document, body: str, title: str) -> str | None:
    """Return where the stored text and the text read now part; None when they are the same.

    >>> text_difference({"body": "甲乙丙", "title": "题"}, "甲丁丙", "题")
    "text differs at body[1]: stored '乙丙', read '丁丙'"
    """
    for name, now in (("title", title), ("body", body)):
        before = stored[name]
        if before != now:
            length = min(len(before), len(now))
            at = next((place for place in range(length) if before[place] != now[place]), length)
            return (
                f"text differs at {name}[{at}]: stored {before[at : at + 20]!r}, read {now[at : at + 20]!r}"
            )
    return None


Pair = tuple[Document | None, Document | None]


def paired(stored: list[Document], read: list[Document]) -> list[Pair]:
    """Return (stored, read) of each fact; None on the side that does not have it.

    The same ``_id`` is the same fact.  Of the others, those with one metric and the same piece of the same
    sentence are one fact that is read otherwise now.
    """
    now = {fact["_id"]: fact for fact in read}
    pairs: list[Pair] = []
    left: dict[tuple[Any, ...], list[Document]] = defaultdict(list)
    for fact in stored:
        if fact["_id"] in now:
            pairs.append((fact, now.pop(fact["_id"])))
        else:
            left[_place(fact)].append(fact)
    for fact in now.values():
        same = left[_place(fact)]
        pairs.append((same.pop(0) if same else None, fact))
    pairs += [(fact, None) for rest in left.values() for fact in rest]
    return pairs


def _place(fact: Document) -> tuple[Any, ...]:
    return fact["metric"], fact["raw"], fact["evidence"]["sentence"], fact["evidence"].get("where")
