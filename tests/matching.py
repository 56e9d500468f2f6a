"""When a fact that was read is the fact that was labelled.

A hit is the same metric and the same value or, where the text prints only a change, the same change,
one to one within an article.  All fields are right when subject, year, status, comparison, ``of`` and,
where labelled, segment, peer group and survey are right as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

Fact = dict[str, Any]
CLOSE = 1e-4
# Sets that write one label for several metrics.
FAMILIES = {
    "energy": ("energy_consumed", "energy_supplied", "energy_sold", "energy_traded", "energy_generated"),
    "savings": ("bill_saved", "investment_saved", "customer_savings"),
}


@dataclass(slots=True)
class Score:
    """Counts over the articles of a set; ``metrics`` has those of each metric."""

    hits: int = 0
    missed: int = 0
    false: int = 0
    complete: int = 0
    predicted: int = 0
    evident: int = 0
    measured_wrongly: int = 0
    errors: list[str] = field(default_factory=list)
    metrics: dict[str, Score] = field(default_factory=dict)

    @property
    def precision(self) -> float:
        return _share(self.hits, self.hits + self.false)

    @property
    def recall(self) -> float:
        return _share(self.hits, self.hits + self.missed)

    @property
    def all_fields(self) -> float:
        return _share(self.complete, self.hits)

    @property
    def evidence(self) -> float:
        return _share(self.evident, self.predicted)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def score(read: Iterable[tuple[dict[str, Any], list[Fact]]]) -> Score:
    """Score articles with the facts read from them (dictionaries, as ``scrapy extract`` writes them)."""
    pairs = list(read)
    labels = [label for article, _ in pairs for label in article["facts"] if _core(label)]
    scored = {label["metric"] for label in labels}
    statuses = any("status" in label for label in labels)
    total, per = Score(), defaultdict[str, Score](Score)
    for article, facts in pairs:
        kept = [dict(fact, metric=_family(fact["metric"], scored)) for fact in facts]
        kept = [
            fact for fact in kept if fact["metric"] in scored and (statuses or fact["status"] == "measured")
        ]
        total.predicted += len(kept)
        total.evident += sum(_evident(article, fact) for fact in kept)
        _match(article, kept, total, per)
    for part in per.values():
        total.hits += part.hits
        total.missed += part.missed
        total.false += part.false
        total.complete += part.complete
    total.metrics = dict(sorted(per.items()))
    return total


def _match(article: dict[str, Any], facts: list[Fact], total: Score, per: dict[str, Score]) -> None:
    free = list(facts)
    for label in filter(_core, article["facts"]):
        metric = label["metric"]
        if metric == "other":
            continue
        same = [fact for fact in free if fact["metric"] == metric and same_value(label, fact)]
        if not same:
            per[metric].missed += 1
            total.errors.append(f"missed {article['id']} {_told(label)}")
            continue
        best = min(same, key=lambda fact: len(wrong_fields(label, fact)))
        free.remove(best)
        per[metric].hits += 1
        wrong = wrong_fields(label, best)
        per[metric].complete += not wrong
        total.measured_wrongly += label.get("status", "measured") != "measured" == best["status"]
        if wrong:
            total.errors.append(f"field  {article['id']} {_told(label)}: {', '.join(wrong)}")
    for fact in free:
        if any(fact["metric"] == label["metric"] and same_value(label, fact) for label in article["facts"]):
            continue  # the same again, or what a reader may or may not count
        per[fact["metric"]].false += 1
        total.errors.append(f"false  {article['id']} {_told(fact)}")


def _core(label: Fact) -> bool:
    return bool(label.get("core", True)) and label["metric"] != "other"


def _family(metric: str, scored: set[str]) -> str:
    for family, members in FAMILIES.items():
        if family in scored and metric in members:
            return family
    return metric


def _change(fact: Fact) -> tuple[str | None, float | None]:
    change = fact.get("comparison") or {}
    value = change.get("value")
    return change.get("direction"), None if value is None else round(float(value), 6)


def same_value(label: Fact, fact: Fact) -> bool:
    """Whether both state the same number, or the same change where the label has no value."""
    if label.get("value") is None:
        return _change(label)[1] is not None and _change(label) == _change(fact)
    wanted, got = float(label["value"]), fact.get("value")
    return got is not None and abs(wanted - got) <= CLOSE * max(1.0, abs(wanted))


def wrong_fields(label: Fact, fact: Fact) -> list[str]:
    """Return what differs beside metric and value, each with what was wanted and what was read."""
    end = (fact.get("period") or {}).get("end")
    rank, survey = fact.get("rank") or {}, fact.get("survey") or {}
    read = {
        "year": int(end[:4]) if end else None,
        "of": rank.get("of"),
        "segment": fact.get("segment"),
        "rank": rank.get("kind"),
        "survey": survey.get("id"),
    }
    wrong = [
        f"{name} {label[name]} read as {got}"
        for name, got in read.items()
        if label.get(name, got) not in (got, None)
    ]
    status = label.get("status")
    if status and fact["status"] != status:
        wrong.append(f"status {status} read as {fact['status']}")
    subject = (fact.get("subject") or {}).get("name") or ""
    if label.get("subject") and not same_subject(label["subject"], subject):
        wrong.append(f"subject {label['subject']} read as {subject or 'nobody'}")
    if label.get("value") is not None and _change(label)[1] is not None and _change(label) != _change(fact):
        wrong.append(f"change {_change(label)} read as {_change(fact)}")
    return wrong


def same_subject(wanted: str, got: str) -> bool:
    """Whether two names mean one supplier: one holds the other, or they differ in its forms only.

    >>> same_subject("清远供电局", "广东电网公司清远供电局"), same_subject("清远市", "清远供电局")
    (True, True)
    >>> same_subject("清远供电局", "河源供电局"), same_subject("清远供电局", "")
    (False, False)
    """
    if not got:
        return False
    return wanted in got or got in wanted or _bare(wanted) == _bare(got)


def _bare(name: str) -> str:
    for prefix in ("广东电网公司", "南方电网"):
        name = name.replace(prefix, "")
    return name.removesuffix("供电局").removesuffix("市")


def _evident(article: dict[str, Any], fact: Fact) -> bool:
    """Whether the sentence stands where the fact says and holds the number as printed."""
    proof = fact["evidence"]
    source = article["text"] if proof["where"] == "body" else article.get("title") or ""
    return source[proof["start"] : proof["end"]] == proof["sentence"] and fact["raw"] in proof["sentence"]


def _told(fact: Fact) -> str:
    """Return a label or a fact in one line, a fact with its sentence.

    >>> _told({"metric": "saidi", "value": 3.5, "subject": "梅州供电局"})
    'saidi 3.5 梅州供电局'
    """
    subject = fact.get("subject") or "nobody"
    name = subject["name"] if isinstance(subject, dict) else subject
    value = _change(fact) if fact.get("value") is None else f"{fact['value']:.10g}"
    sentence = (fact.get("evidence") or {}).get("sentence")
    return f"{fact['metric']} {value} {name}" + (f" | {sentence.strip()}" if sentence else "")
