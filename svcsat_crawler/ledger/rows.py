"""The facts of one cell become rows: one a survey, peer group, segment, scope and period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from svcsat_crawler.ledger.folding import Said, fold_surveys, fold_unknown_peers
from svcsat_crawler.ledger.keys import Document, group_of, province_of, series_of, slot_of, subject_key
from svcsat_crawler.ledger.statements import agree, number, statement, trust
from svcsat_crawler.metrics.lexicon import metrics
from svcsat_crawler.organisations import get
from svcsat_crawler.text.digest import digest

# Keys of the articles with exactly the text of another one, by its key.
Copies = Mapping[str, Sequence[str]]


def rows_of(cell: str, facts: Iterable[Document], copies: Copies) -> list[Document]:
    """Return the rows of one cell from all of its facts; in whatever order these come, the same rows.

    What depends on other years (``previous``, ``delta``, ``delta_by``, ``streak``, findings among the ``flags``) is added by
    :mod:`svcsat_crawler.ledger.series`.
    """
    slots = defaultdict(list)
    for fact in sorted(facts, key=lambda fact: fact["_id"]):
        slots[slot_of(fact)].append(Said(fact, statement(fact)))
    made = []
    for slot, said in sorted(slots.items()):
        fold_unknown_peers(said)
        fold_surveys(said)
        keyed = defaultdict(list)
        for one in said:
            keyed[one.survey, one.peers].append(one)
        for (survey, peers), group in sorted(keyed.items()):
            identity = digest(cell, *slot, survey, peers)
            made.append({"_id": identity, **_row(cell, survey, peers, group, copies)})
    return made


def _row(cell: str, survey: str, peers: str, said: list[Said], copies: Copies) -> Document:
    facts = {one.said["fact"]: one.fact for one in said}
    valued = [one.said for one in said if one.said["value"] is not None]
    changes = [one.said for one in said if one.said["value"] is None] if valued else []
    statements = valued or [one.said for one in said]
    groups = _groups(statements)
    shown = min((trust(each, _clusters(group)), each) for group in groups for each in group)[1]
    support = sorted((each for each in statements if agree(shown, each)), key=trust)
    support.remove(shown)
    support.insert(0, shown)
    others = _others(shown, statements)
    several = bool(others) and _several(facts[shown["fact"]]["metric"])
    everything = [*statements, *changes]
    printers = {each["article"] for each in support}
    articles = {each["article"] for each in everything}
    dates = [each["published"] for each in support if each["published"]]
    return {
        **who(cell, facts[shown["fact"]]),
        "survey": _survey(survey, [facts[each["fact"]] for each in (*support, *changes)]),
        "survey_key": survey,
        "rank_kind": peers or None,
        **_shown(facts[shown["fact"]], shown),
        "state": _state(others, support, several=several),
        "clusters": _clusters(support),
        "printings": len(printers) + sum(len(copies.get(key, ())) for key in printers),
        "printed": {"first": min(dates, default=None), "last": max(dates, default=None)},
        "support": support,
        "conflicts": [] if several else others,
        "others": others if several else [],
        "changes": sorted(changes, key=trust),
        "articles": sorted(articles.union(*(copies.get(key, ()) for key in articles))),
        "previous": None,
        "delta": None,
        "delta_by": None,
        "streak": None,
        "flags": sorted({flag for each in everything for flag in each["flags"]}),
    }


def _others(shown: Document, statements: Iterable[Document]) -> list[Document]:
    """The values that do not agree with the shown one, most told first."""
    groups = _groups([each for each in statements if not agree(shown, each)])
    return [
        {**_value(group[0]), "clusters": _clusters(group), "support": sorted(group, key=trust)}
        for group in sorted(groups, key=lambda group: (-_clusters(group), min(map(trust, group))))
    ]


def _several(metric: str) -> bool:
    """Whether two numbers of a metric are of two pieces of work, not of two opinions."""
    known = metrics().get(metric)
    return known is not None and known.several


def _state(others: list[Document], support: list[Document], *, several: bool) -> str:
    if others:
        return "several" if several else "conflict"
    return "agreed" if _clusters(support) > 1 else "single"


def _groups(statements: Iterable[Document]) -> list[list[Document]]:
    """Statements that say the same number, each group's best first."""
    groups = defaultdict(list)
    for each in statements:
        groups[number(each)].append(each)
    return [sorted(group, key=trust) for group in groups.values()]


def _clusters(statements: Iterable[Document]) -> int:
    return len({each["cluster"] for each in statements})


def _value(said: Document) -> Document:
    return {"value": said["value"], "qualifier": said["qualifier"]}


def who(cell: str, fact: Document) -> Document:
    """Return subject and place in the store; the table's name wins over a printed one."""
    key = cell.split("|", maxsplit=1)[0]
    known = get(key)
    subject = fact["subject"]
    name = known.name if known else subject["name"] if subject else None
    series = series_of(cell)
    return {
        "cell": cell,
        "series": series,
        "group": group_of(series),
        "subject": {"id": known.id if known else None, "name": name} if name else None,
        "subject_key": subject_key(subject) or "",
        "province": province_of(known.id if known else None, name) if name else None,
    }


def _survey(key: str, facts: list[Document]) -> Document | None:
    """The survey in the words of the best statement that tells each."""
    if not key:
        return None
    told: list[dict[str, Any]] = [fact["survey"] for fact in facts if fact["survey"]]
    return {
        part: next((survey[part] for survey in told if survey[part]), None) for part in ("id", "org", "name")
    }


def _shown(fact: Document, said: Document) -> Document:
    slot = slot_of(fact)
    return {
        "metric": fact["metric"],
        "unit": fact["unit"],
        "segment": fact["segment"],
        "scope": fact["scope"],
        "year": int(slot.end[:4]),
        "period": {"start": slot.start or None, "end": slot.end, "label": fact["period"]["label"]},
        **{name: said[name] for name in ("value", "qualifier", "of", "raw", "comparison")},
        "status": fact["status"],
        **{
            name: said[name]
            for name in ("sentence", "where", "article", "url", "published", "source", "fact")
        },
        "title": fact["title"],
        "column": fact.get("column"),
        "page": fact["page"],
    }
