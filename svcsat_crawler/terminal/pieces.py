"""The pieces that answers in the terminal are put together from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.text import Text

from svcsat_crawler.metrics.labels import label
from svcsat_crawler.organisations import survey_houses
from svcsat_crawler.terminal.facts import figure
from svcsat_crawler.terminal.quote import one_line, padded
from svcsat_crawler.terminal.tables import counted

Document = dict[str, Any]
STATES = {
    "single": ("1 source", "dim"),
    "agreed": ("agreed", "green"),
    "conflict": ("conflict", "bold red"),
    "several": ("one of more", "dim"),
}
LEVELS = {
    "prefecture": "city bureaus",
    "county": "county bureaus",
    "province": "provincial suppliers",
    "region": "regional grids",
    "group": "grid groups",
}


def joined(parts: Iterable[Text | None], width: int) -> Text:
    """Return the parts in a line, two blanks between them; what does not fit goes on, indented.

    >>> joined([Text("清远供电局"), Text("saidi"), None, Text("2021")], 18).plain
    '清远供电局  saidi\\n  2021'
    """
    text, room = Text(), width
    for part in parts:
        if part is None or not part.plain:
            continue
        if room < width:
            fits = part.cell_len + 2 <= room
            text.append("  " if fits else "\n  ")
            room = (room if fits else width) - 2
        text.append_text(part)
        room -= part.cell_len
    return text


def whose(row: Document) -> str:
    """Return the name of the organisation."""
    return one_line((row.get("subject") or {}).get("name") or "unknown organisation")


def survey(row: Document) -> str:
    """Return who asked the customers, in the words there are; empty when none is told."""
    told = row.get("survey") or {}
    key = row.get("survey_key") or ""
    return one_line(told.get("org") or told.get("name") or told.get("id") or key.partition(":")[2] or key)


def streak_survey(row: Document) -> str:
    """Return who asked the customers in the years of a streak; the row itself may not tell.

    >>> row = {"survey": None, "survey_key": "", "streak": {"began": 2008, "survey_key": "gd-province-conditions"}}
    >>> streak_survey(row)
    '广东省省情调查研究中心, as told for other years'
    """
    key = row["streak"]["survey_key"]
    if survey(row) or not key:
        return survey(row)
    houses = {house.id: house.name for house in survey_houses()}
    return f"{houses.get(key) or survey({'survey_key': key})}, as told for other years"


def named(metric: str) -> Text:
    """Return a metric's id and its Chinese name."""
    return Text.assemble((metric, "bold"), f" {label(metric)}" if label(metric) != metric else "")


def head(row: Document) -> list[Text]:
    """Return whose and what: the parts with which each line above a number starts."""
    return [Text(whose(row), "bold"), named(row["metric"])]


def year(number: int | None) -> Text:
    return Text(str(number or "no year"), "cyan")


def faint(*parts: str | None) -> list[Text]:
    """Return what tells a number from others of its kind."""
    return [Text(one_line(part), "dim") for part in parts if part]


def value(row: Document, width: int) -> Text:
    """Return the value in a column of its own."""
    return Text(padded(figure(row), width), "bold green")


def moved(row: Document) -> str:
    """Return the change since the year before; of a rank with an arrow, as a smaller one is better.

    One that is only told, as there is no value of the year before, says so.

    >>> moved({"delta": -3.0, "unit": "rank"}), moved({"delta": -1.5, "unit": "points"}), moved({"delta": None})
    ('↑3', '−1.5', '')
    >>> moved({"delta": 0.43, "delta_by": "stated", "unit": "points"})
    '+0.43 told'
    """
    delta = row.get("delta")
    if delta is None:
        return ""
    told = " told" if row.get("delta_by") == "stated" else ""
    size = f"{abs(delta):,.10g}{told}"
    if not delta:
        return f"±0{told}"
    if row["unit"] == "rank":
        return f"{'↑' if delta < 0 else '↓'}{size}"
    return f"{'−' if delta < 0 else '+'}{size}"


def state(row: Document) -> Text:
    """Return how far the sources agree."""
    word, style = STATES[row["state"]]
    return Text(f"{word} ×{row['clusters']}" if row["state"] == "agreed" else word, style)


def level(row: Document) -> str:
    """Return who stands beside each other in a league."""
    many = LEVELS.get(row["level"], "others")
    return many if row["listed"] > 1 else many.removesuffix("s")


def stories(count: int) -> str:
    return counted(count, "story")


def notes(row: Document, indent: int) -> list[Text]:
    """Return what limits a number (part of a year, segment, scope), what contradicts it, what the audit says."""
    printed, this = (row.get("period") or {}).get("label") or "", str(row.get("year"))
    period = "" if printed.strip("年度 ") == this else printed
    limits = " · ".join(one_line(note) for note in (period, row.get("segment"), row.get("scope")) if note)
    lines = [Text(" " * indent + limits, "dim")] if limits else []
    for words, field, style in (("! others say", "conflicts", "red"), ("further", "others", "dim")):
        others = [figure({"unit": row["unit"], "of": None, **other}) for other in row.get(field) or ()]
        if others:
            lines.append(Text(f"{' ' * indent}{words} {', '.join(others)}", style))
    return lines + [Text(f"{' ' * indent}! {one_line(flag)}", "red") for flag in row.get("flags") or ()]


def listed(places: Iterable[Document]) -> str:
    """Return where figures usually stand.

    >>> listed([{"source": "ep18", "column": "企业风采"}, {"source": "finews", "column": None}])
    'ep18 企业风采, finews'
    """
    return one_line(", ".join(f"{place['source']} {place['column'] or ''}".strip() for place in places))
