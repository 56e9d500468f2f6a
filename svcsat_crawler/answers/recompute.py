"""Makes rows, findings and gaps anew from the stored facts, and stores what differs.

Series first: their rows and what is found within them.  Then the groups of these, from the stored rows: what is
found among sister bureaus, and what is missing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from pymongo import UpdateOne
from pymongo.database import Database

from svcsat_crawler.answers import reconcile
from svcsat_crawler.answers.changes import Changes
from svcsat_crawler.answers.finding import chunks, find_in
from svcsat_crawler.ledger import audit, gaps, peers
from svcsat_crawler.ledger.keys import RANK, STREAK, group_of, series_of, year_of
from svcsat_crawler.ledger.rows import rows_of
from svcsat_crawler.ledger.series import Series
from svcsat_crawler.ledger.unsound import is_sound, unsound_findings

Document = dict[str, Any]
# What is done, how much of it, of how much.
Progress = Callable[[str, int, int], None]

# So many in memory at once.
SERIES = 100
GROUPS = 8
# What groups are judged by: no support, no conflicts.
_LIGHT = dict.fromkeys(
    "group subject subject_key province survey survey_key metric rank_kind segment scope year period value "
    "qualifier of fact article url sentence clusters printed source column flags".split(),
    1,
)


def silent(what: str, done: int, total: int) -> None:
    """Tell nobody."""


def recompute(
    database: Database[Document],
    cells: Iterable[str],
    seen: datetime,
    progress: Progress = silent,
    series: Iterable[str] = (),
    groups: Iterable[str] = (),
) -> Changes:
    """Make everything anew that depends on these cells, and what is stored of further *series* and *groups*."""
    by_series: dict[str, set[str]] = defaultdict(set, {one: set() for one in series})
    for cell in cells:
        by_series[series_of(cell)].add(cell)
    done, count = Changes(), 0
    for some in chunks(by_series, SERIES):
        done.add(_series(database, {series: by_series[series] for series in some}, seen))
        progress("series", count := count + len(some), len(by_series))
    of_these, count = _groups_of(by_series).union(groups), 0
    for some in chunks(of_these, GROUPS):
        done.add(_groups(database, some, seen))
        progress("groups", count := count + len(some), len(of_these))
    return done


def _series(database: Database[Document], cells: Mapping[str, set[str]], seen: datetime) -> Changes:
    """Make the rows of some cells (by series) anew, and what hangs on them in their series."""
    facts = _by(find_in(database, "metrics", "cell", set().union(*cells.values())), "cell")
    copies = _copies(database, {fact["article"] for some in facts.values() for fact in some})
    stored = _stored(database, cells)
    rows: list[Document] = []
    findings: list[Document] = []
    units: list[str] = []
    for series, touched in sorted(cells.items()):
        before = stored.get(series, [])
        made = [dict(row) for row in before if row["cell"] not in touched]
        for cell in sorted(touched):
            sound = [fact for fact in facts.get(cell, ()) if is_sound(fact)]
            made += rows_of(cell, sound, copies)
            findings += unsound_findings(cell, facts.get(cell, ()))
            units.append(f"facts:{cell}")
        years = {year_of(cell) + later for cell in touched for later in (0, 1)}
        if series.endswith(f"|{STREAK}"):
            years |= {row["year"] for row in made}
        whole = Series(made)
        whole.link(years)
        found = audit.series_findings(whole, years)
        judged = [row for row in made if row["year"] in years]
        _flag(judged, found, audit.KINDS, {row["_id"]: row["flags"] for row in before})
        rows += made
        findings += found
        units += audit.units_of(series, years)
    ledger = reconcile.replacing(_by_id(row for some in stored.values() for row in some), rows, seen)
    closing = reconcile.closing(_by_id(find_in(database, "audit", "unit", units)), findings, seen)
    reconcile.write(database, "ledger", ledger.operations)
    reconcile.write(database, "audit", closing.operations)
    return Changes(
        rows=ledger.written,
        rows_gone=ledger.gone,
        findings=closing.written,
        findings_closed=closing.gone,
    )


def _stored(database: Database[Document], cells: Mapping[str, set[str]]) -> dict[str, list[Document]]:
    """The rows of the years around these cells, by series; of streaks, those of all years."""
    streaks = [series for series in cells if series.endswith(f"|{STREAK}")]
    around = {
        f"{series}|{year_of(cell) + other}"
        for series, touched in cells.items()
        for cell in touched
        for other in (-1, 0, 1)
    }
    found = [*find_in(database, "ledger", "series", streaks), *find_in(database, "ledger", "cell", around)]
    return _by(_by_id(found).values(), "series")


def _groups_of(series: Iterable[str]) -> set[str]:
    """The groups in which something yearly is told; ranks tell of streaks, too."""
    found = set()
    for one in series:
        whose, _, metric = group_of(one).rpartition("|")
        if metric in gaps.METRICS:
            found.add(f"{whose}|{metric}")
        if metric == RANK:
            found.add(f"{whose}|{STREAK}")
    return found


def _groups(database: Database[Document], groups: list[str], seen: datetime) -> Changes:
    ranks = {group: f"{group.rpartition('|')[0]}|{RANK}" for group in groups if group.endswith(f"|{STREAK}")}
    rows = _by(find_in(database, "ledger", "group", {*groups, *ranks.values()}, _LIGHT), "group")
    missing: list[Document] = []
    findings: list[Document] = []
    flags: list[reconcile.Operation] = []
    for group in groups:
        ours = rows.get(group, [])
        missing += gaps.gaps_of(group, ours, rows.get(ranks.get(group, ""), ()))
        found = peers.peer_findings(f"group:{group}", ours)
        before = {row["_id"]: row["flags"] for row in ours}
        _flag(ours, found, peers.KINDS, {})
        flags += [
            UpdateOne({"_id": row["_id"]}, {"$set": {"flags": row["flags"], "updated": seen}})
            for row in ours
            if row["flags"] != before[row["_id"]]
        ]
        findings += found
    units = [f"group:{group}" for group in groups]
    closing = reconcile.closing(_by_id(find_in(database, "audit", "unit", units)), findings, seen)
    filling = reconcile.replacing(_by_id(find_in(database, "gaps", "unit", groups)), missing, seen)
    reconcile.write(database, "ledger", flags)
    reconcile.write(database, "audit", closing.operations)
    reconcile.write(database, "gaps", filling.operations)
    return Changes(
        findings=closing.written,
        findings_closed=closing.gone,
        gaps=filling.written,
        gaps_filled=filling.gone,
    )


def _flag(
    rows: list[Document], findings: Iterable[Document], kinds: frozenset[str], before: Mapping[str, list[str]]
) -> None:
    """Set the flags of *kinds* by the findings; those of the other audit are kept from *before*."""
    found = defaultdict(set)
    for finding in findings:
        found[finding["sides"][0]["row"]].add(finding["kind"])
    others = (audit.KINDS | peers.KINDS) - kinds
    for row in rows:
        kept = {flag for flag in row["flags"] if flag not in kinds}
        kept |= others.intersection(before.get(row["_id"], ()))
        row["flags"] = sorted(kept | found[row["_id"]])


def _copies(database: Database[Document], originals: Iterable[str]) -> dict[str, list[str]]:
    found = _by(find_in(database, "articles", "duplicate_of", originals, {"duplicate_of": 1}), "duplicate_of")
    return {original: [copy["_id"] for copy in some] for original, some in found.items()}


def _by(documents: Iterable[Document], name: str) -> dict[str, list[Document]]:
    found: dict[str, list[Document]] = defaultdict(list)
    for document in documents:
        found[document[name]].append(document)
    return found


def _by_id(documents: Iterable[Document]) -> dict[str, Document]:
    return {document["_id"]: document for document in documents}
