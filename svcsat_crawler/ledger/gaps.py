"""Which result is expected and not found, why, where it would stand and when it would have been printed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from svcsat_crawler.ledger.keys import RANK, STREAK, Document, province_of, sisters, under
from svcsat_crawler.ledger.usual import due_day, lags, usual_days
from svcsat_crawler.organisations import get
from svcsat_crawler.text.digest import digest

# Results that come out every year.
METRICS = frozenset(
    ("satisfaction_score", "satisfaction_rate", RANK, STREAK, "first_place_count", "saidi", "saifi", "asai")
)
# So many bureaus with a year's result say that it was told, and no fewer than half of those that ever had it.
SISTERS = 3
# Lists that are named as places to look.
PLACES = 5
# What was told in two of the last three years in which it could be is expected for so many years more.
RECENT = 3
AFTER = 2


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

    A gap is missing only after its ``due`` day: there is no clock in here.  *ranks*: of a group of streaks, its
    rows of ranks; a first place that is told fills the gap of a streak.
    """
    table = _table(rows)
    firsts = _firsts(ranks)
    parent, _, metric = unit.rpartition("|")
    found = []
    for result, subjects in sorted(table.items()):
        every = [row for told in subjects.values() for row in told.rows.values()]
        where, lag = _where(every), lags(every)
        known = {row["survey_key"]: row["survey"] for row in every}
        for key, subject, year, why in _missing(parent, metric, result, subjects):
            if _elsewhere(table, result, key, year) or _first(firsts, result, key, year):
                continue
            usual = usual_days(lag, year)
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
                    "why": "; ".join((why, *_told_by_others(table, result, key, year))),
                    "where": where,
                    "usual": usual,
                    "due": due_day(usual, year),
                }
            )
    return _of_known_surveys(found)


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
        expected = {*_between(told), *told.streaks, *told_years, *_after(told)} - told.rows.keys()
        for year in sorted(expected):
            if key not in bureaus or under(bureaus[key], parent, year):
                yield key, subject, year, _why(told, year, years[year] if year in told_years else 0)


def _between(told: Told) -> range:
    return range(min(told.rows, default=0), max(told.rows, default=0))


def _after(told: Told) -> range:
    """The years after the last one, of what was told lately as well."""
    last = max(told.rows, default=0)
    return range(last + 1, last + 1 + AFTER) if len(_lately(told)) > 1 else range(0)


def _lately(told: Told) -> list[int]:
    """The years told among the last ones."""
    last = max(told.rows, default=0)
    return sorted(year for year in told.rows if year > last - RECENT)


def _why(told: Told, year: int, bureaus: int) -> str:
    """Say why a year is expected: the strongest reason first; *bureaus* is 0 when too few sisters have it."""
    if (row := told.streaks.get(year)) is not None:
        return f"{int(row['value'])} years in a row are told for {row['year']}"
    if year in _between(told):
        before = max(other for other in told.rows if other < year)
        after = min(other for other in told.rows if other > year)
        return f"told for {before} and {after}"
    if bureaus:
        return f"told for {bureaus} sister bureaus"
    *years, last = _lately(told)
    return f"told for {', '.join(map(str, years))} and {last}, not since"


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


def _told_by_others(
    table: dict[Result, dict[str, Told]], result: Result, key: str, year: int
) -> Iterator[str]:
    """Say who else tells the same of that year, under another survey or without a name of one."""
    for other, subjects in sorted(table.items()):
        if other[1:] == result[1:] and other.survey != result.survey and key in subjects:
            row = subjects[key].rows.get(year)
            if row is not None:
                survey = row["survey"] or {}
                name = next((survey[part] for part in ("org", "name", "id") if survey.get(part)), None)
                yield f"that year is told by {name}" if name else "that year is told without a survey's name"


def _of_known_surveys(gaps: list[Document]) -> list[Document]:
    """Leave out what is missing without a survey where it is missing in a survey as well."""

    def place(gap: Document) -> tuple[object, ...]:
        return tuple(gap[name] for name in ("subject_key", "rank_kind", "segment", "scope", "year"))

    named = {place(gap) for gap in gaps if gap["survey_key"]}
    return [gap for gap in gaps if gap["survey_key"] or place(gap) not in named]


def _where(rows: Iterable[Document]) -> list[Document]:
    """The lists that carried such results, the busiest first; no counts, so that a gap stays as it is."""
    count: dict[tuple[str, str], int] = defaultdict(int)
    for row in rows:
        count[row["source"], row["column"] or ""] += 1
    order = sorted(count.items(), key=lambda item: (-item[1], item[0]))
    return [{"source": source, "column": column or None} for (source, column), _ in order[:PLACES]]
