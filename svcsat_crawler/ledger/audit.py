"""Where articles contradict each other: flags, never repairs.  Each finding shows both sentences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator

from svcsat_crawler.ledger.claims import finding, side, statements, step, step_of
from svcsat_crawler.ledger.impossible import impossible
from svcsat_crawler.ledger.keys import RANK, STREAK, Document
from svcsat_crawler.ledger.series import Series
from svcsat_crawler.ledger.stated import SURVEYED, signed
from svcsat_crawler.ledger.statements import trust
from svcsat_crawler.ledger.streaks import streak_findings

# What a finding of one series flags its row with; those of peers are in ledger/peers.py.
KINDS = frozenset(("streak_start", "score_change", "from_rank", "denominator", "impossible"))

_YEARLY = SURVEYED | {"saidi", "saifi", "asai"}
_EARLIEST_YEAR = 1990


def series_findings(series: Series, years: Container[int]) -> list[Document]:
    """Return the findings about the rows of these years, each once.

    To judge a year takes the rows of that year and the one before; streaks take the whole series.
    """
    found: list[Document] = []
    for row in series.rows:
        if row["year"] in years:
            unit = f"cell:{row['cell']}"
            found += (*_changes(unit, series, row), *_denominators(unit, row), *impossible(unit, row))
    if series.rows and series.rows[0]["metric"] == STREAK:
        found += streak_findings(f"series:{series.rows[0]['series']}", series)
    return list({one["_id"]: one for one in reversed(found)}.values())[::-1]


def units_of(series: str, years: Iterable[int]) -> Iterator[str]:
    """Yield the units of all findings that :func:`series_findings` can have."""
    yield from (f"cell:{series}|{year}" for year in years)
    if series.endswith(f"|{STREAK}"):
        yield f"series:{series}"


def _changes(unit: str, series: Series, row: Document) -> Iterator[Document]:
    """Compare each change, or earlier value, that is told for a year with what was told for the year before."""
    if row["metric"] not in _YEARLY:
        return
    for said in statements(row):
        change = said["comparison"]
        if change is not None and change["kind"] != "yoy" and row["metric"] not in SURVEYED:
            continue
        level = said["value"] if said["value"] is not None else row["value"]
        if change is None or said["qualifier"] != "eq" or row["qualifier"] != "eq" or level is None:
            continue
        before = series.before(row)
        expected = _expected(change, level, row["unit"], row["year"])
        if expected is None or before is None or before["value"] is None or before["qualifier"] != "eq":
            continue
        was = before["support"][0]
        allowed = 0.0
        if row["metric"] != RANK:
            allowed = step(was, row["unit"]) + step(said, row["unit"]) + step_of(change["value"] or 0.0)
        if abs(expected - was["value"]) > allowed + 1e-6:
            kind = "from_rank" if row["metric"] == RANK else "score_change"
            message = (
                f"{row['year']}: {_told(change, level)} means {expected:g} in {before['year']}, "
                f"where {was['value']:g} is told"
            )
            told = [level, change["direction"], change["value"], change["base"]]
            yield finding(kind, unit, row, told, message, [side(row, said), side(before, was)])


def _expected(change: Document, level: float, unit: str, year: int) -> float | None:
    """What the value of the year before must have been; None when the change does not tell."""
    base = change["base"]
    if change["kind"] == "from_to" and base is not None:
        return float(base)
    if base is not None and _EARLIEST_YEAR <= base < year - 1:  # 同比2015年, told for 2018
        return None
    amount = signed(change, unit)
    return None if amount is None or change["kind"] == "cumulative" else round(level - amount, 9)


def _told(change: Document, level: float) -> str:
    if change["kind"] == "from_to" and change["base"] is not None:
        return f"from {change['base']:g} to {level:g}"
    amount = "" if change["value"] is None else f" by {change['value']:g}"
    return f"{level:g}, {change['direction']}{amount},"


def _denominators(unit: str, row: Document) -> Iterator[Document]:
    """Several numbers of peers for one rank, or of units for one count.

    Among a city's services it depends on how they are counted (10 kinds, 40 items): that is no contradiction.
    """
    if row["metric"] == RANK and row["rank_kind"] == "local_services":
        return
    told = defaultdict(list)
    for said in statements(row):
        if said["of"] is not None:
            told[said["of"]].append(said)
    main, *others = sorted(told.values(), key=_most_told) if told else [[]]
    for group in others:
        said, usual = min(group, key=trust), min(main, key=trust)
        message = f"{row['year']}: among {said['of']}, elsewhere among {usual['of']}"
        yield finding("denominator", unit, row, said["of"], message, [side(row, said), side(row, usual)])


def _most_told(group: Iterable[Document]) -> tuple[int, int]:
    group = list(group)
    return -len({said["cluster"] for said in group}), -int(group[0]["of"])
