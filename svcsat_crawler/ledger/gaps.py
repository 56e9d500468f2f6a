"""Which result is expected and not found, why, where it would stand and when it would have been printed."""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from svcsat_crawler.ledger.keys import RANK, STREAK, Document, province_of, sisters, under
from svcsat_crawler.organisations import get
from svcsat_crawler.text.digest import digest
from svcsat_crawler.text.times import BEIJING

# Results that come out every year.
METRICS = frozenset(
    ("satisfaction_score", "satisfaction_rate", RANK, STREAK, "first_place_count", "saidi", "saifi", "asai")
)
# So many bureaus with a year's result say that it was told, and no fewer than half of those that ever had it.
SISTERS = 3
# Lists that are named as places to look.
PLACES = 5
# A result printed later than this after its year began is a look back.
_LOOK_BACK = timedelta(days=730)


class Result(NamedTuple):
    """What is published every year: one survey's figure, among which peers, of which scope."""

    survey: str
    peers: str
    segment: str
    scope: str


@dataclass(slots=True)
class Told:
    """The rows of one subject and result by year, and the years that its streaks speak of."""

    rows: dict[int, Document] = field(default_factory=dict)
    streaks: dict[int, Document] = field(default_factory=dict)


def gaps_of(unit: str, rows: Iterable[Document], ranks: Iterable[Document] = ()) -> list[Document]:
    """Return the gaps of one group: the series of the bureaus under one parent, or of one subject.

    *ranks*: of a group of streaks, its rows of ranks; a first place that is told fills the gap of a streak.
    """
    table = _table(rows)
    firsts = _firsts(ranks)
    parent, _, metric = unit.rpartition("|")
    found = []
    for result, subjects in sorted(table.items()):
        every = [row for told in subjects.values() for row in told.rows.values()]
        where, lag = _where(every), _lag(every)
        known = {row["survey_key"]: row["survey"] for row in every}
        for key, subject, year, why in _missing(parent, metric, result, subjects):
            if _elsewhere(table, result, key, year) or _first(firsts, result, key, year):
                continue
            found.append(
                {
                    "_id": digest(unit, key, *result, year),
                    "unit": unit,
                    "subject_key": key,
                    "subject": subject,
                    "province": province_of(subject["id"], subject["name"]) if subject else None,
                    "survey_key": result.survey,
                    "survey": known.get(result.survey),
                    "metric": metric,
                    "rank_kind": result.peers or None,
                    "segment": result.segment or None,
                    "scope": result.scope or None,
                    "year": year,
                    "why": why,
                    "where": where,
                    "usual": _usual(lag, year),
                }
            )
    return found


def _table(rows: Iterable[Document]) -> dict[Result, dict[str, Told]]:
    table: dict[Result, dict[str, Told]] = defaultdict(lambda: defaultdict(Told))
    for row in sorted(rows, key=lambda row: (-row["clusters"], row["_id"])):
        if not _whole_year(row) or row["value"] is None:
            continue
        result = Result(row["survey_key"], row["rank_kind"] or "", row["segment"] or "", row["scope"] or "")
        told = table[result][row["subject_key"]]
        told.rows.setdefault(row["year"], row)
        if row["metric"] == STREAK and row["qualifier"] == "eq":
            for year in range(row["year"] - int(row["value"]) + 1, row["year"]):
                told.streaks.setdefault(year, row)
    return table


def _firsts(ranks: Iterable[Document]) -> dict[tuple[str, str, int], set[str]]:
    """The surveys in which a subject came first among its peers, by year."""
    found: dict[tuple[str, str, int], set[str]] = defaultdict(set)
    for row in ranks:
        if row["value"] == 1:
            found[row["subject_key"], row["rank_kind"] or "", row["year"]].add(row["survey_key"])
    return found


def _first(firsts: dict[tuple[str, str, int], set[str]], result: Result, key: str, year: int) -> bool:
    surveys = firsts.get((key, result.peers, year), set())
    return bool(surveys) and (not result.survey or not surveys.isdisjoint((result.survey, "")))


def _whole_year(row: Document) -> bool:
    year = row["year"]
    return bool((row["period"]["start"], row["period"]["end"]) == (f"{year}-01-01", f"{year}-12-31"))


Missing = tuple[str, Document | None, int, str]


def _missing(parent: str, metric: str, result: Result, subjects: dict[str, Told]) -> Iterator[Missing]:
    """Yield (subject key, subject, year, why) for every result that is expected and not there."""
    bureaus = {bureau.id: bureau for bureau in sisters(parent)}
    years: dict[int, int] = defaultdict(int)
    for key, told in subjects.items():
        for year in told.rows:
            years[year] += key in bureaus
    enough = max(SISTERS, len(bureaus.keys() & subjects.keys()) / 2)
    # That many bureaus have a rank says that the others have one; of a streak it says nothing.
    told_years = {year for year, count in years.items() if count >= enough and metric != STREAK}
    for key in sorted({*subjects, *(bureaus if told_years and result.survey else ())}):
        told = subjects.get(key, Told())
        row = next(iter(told.rows.values()), None)
        known = get(key)
        subject = row["subject"] if row else {"id": key, "name": known.name} if known else None
        for year in sorted({*_between(told), *told.streaks, *told_years} - told.rows.keys()):
            if key not in bureaus or under(bureaus[key], parent, year):
                yield key, subject, year, _why(told, year, years[year])


def _between(told: Told) -> range:
    return range(min(told.rows, default=0), max(told.rows, default=0))


def _why(told: Told, year: int, bureaus: int) -> str:
    """Say why a year is expected: the strongest reason first."""
    if (row := told.streaks.get(year)) is not None:
        return f"{int(row['value'])} years in a row are told for {row['year']}"
    if year in _between(told):
        before = max(other for other in told.rows if other < year)
        after = min(other for other in told.rows if other > year)
        return f"told for {before} and {after}"
    return f"told for {bureaus} sister bureaus"


def _elsewhere(table: dict[Result, dict[str, Told]], result: Result, key: str, year: int) -> bool:
    """Whether the year is told without a survey, or with one where it was expected without."""
    same = [
        other
        for other in table
        if other[1:] == result[1:] and other.survey != result.survey and key in table[other]
    ]
    if result.survey:
        named = [other for other in same if other.survey]
        return not named and any(year in table[other][key].rows for other in same)
    return any(year in table[other][key].rows for other in same)


def _where(rows: Iterable[Document]) -> list[Document]:
    """The lists that carried such results, the busiest first; no counts, so that a gap stays as it is."""
    count: dict[tuple[str, str], int] = defaultdict(int)
    for row in rows:
        count[row["source"], row["column"] or ""] += 1
    order = sorted(count.items(), key=lambda item: (-item[1], item[0]))
    return [{"source": source, "column": column or None} for (source, column), _ in order[:PLACES]]


def _lag(rows: Iterable[Document]) -> list[timedelta]:
    """How long after the first of January of its year each result was first printed."""
    found = []
    for row in rows:
        if (printed := row["printed"]["first"]) is not None:
            after = printed.astimezone(BEIJING).date() - date(row["year"], 1, 1)
            if timedelta() <= after <= _LOOK_BACK:
                found.append(after)
    return sorted(found)


def _usual(lag: list[timedelta], year: int) -> Document | None:
    """The days between which such a result of *year* would be printed, in thirds of months: the middle 80 of 100."""
    if not lag:
        return None
    tenth = len(lag) // 10
    first, last = (date(year, 1, 1) + lag[place] for place in (tenth, -1 - tenth))
    until = calendar.monthrange(last.year, last.month)[1] if last.day > 20 else 10 if last.day <= 10 else 20
    return {
        "from": first.replace(day=1 + 10 * min((first.day - 1) // 10, 2)).isoformat(),
        "to": last.replace(day=until).isoformat(),
    }
