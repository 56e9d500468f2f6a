"""Facts as one reads them: shared by every command that prints some."""

from __future__ import annotations

from typing import Any

from rich.text import Text


def number(fact: dict[str, Any]) -> str:
    """Return a fact's value as one reads it, with its change.

    >>> number({"value": 1.0, "unit": "rank", "rank": {"of": 20}, "comparison": None, "qualifier": "eq"})
    '1 of 20'
    >>> change = {"direction": "up", "value": 1.57, "unit": "points", "base": 2015}
    >>> number({"value": 81.57, "unit": "points", "rank": None, "comparison": change, "qualifier": "eq"})
    '81.57 points (+1.57)'
    """
    value, unit = fact["value"], fact["unit"]
    said = "change only" if value is None else f"{value:,.0f}" if value >= 1e9 else f"{value:,.10g}"
    of = (fact.get("rank") or {}).get("of")
    said += f" of {of}" if of else "" if unit in ("rank", "count") or value is None else f" {unit}"
    if fact["qualifier"] != "eq":
        said = f"{fact['qualifier'].replace('_', ' ')} {said}"
    change = fact.get("comparison")
    if change and change.get("value") is not None:
        sign = {"up": "+", "down": "−", "flat": "±"}[change["direction"]]
        shown = {"percent": "%", "percentage_points": " pp", unit: ""}.get(
            change["unit"], f" {change['unit']}"
        )
        base = f", from {change['base']:g}" if unit == "rank" and change.get("base") is not None else ""
        said += f" ({sign}{change['value']:g}{shown}{base})"
    return said


def fact_year(fact: dict[str, Any]) -> int | None:
    """Return the year that a fact covers: that of its last day.

    >>> fact_year({"period": {"end": "2021-11-30"}}), fact_year({"period": None})
    (2021, None)
    """
    end = (fact["period"] or {}).get("end")
    return int(end[:4]) if end else None


def fact_lines(fact: dict[str, Any]) -> Text:
    """Return one fact: what, whose, when; then its sentence with the number marked, and its page if any.

    *fact* is a stored document or a bare fact as dictionaries.
    """
    subject = (fact.get("subject") or {}).get("name") or "unknown organisation"
    label = (fact.get("period") or {}).get("label") or ""
    year = fact_year(fact)
    when = str(year or "no year") + (f" ({label})" if label.strip("年度") != str(year) and label else "")
    head = Text.assemble(
        (subject, "bold"), "  ", fact["metric"], "  ", (number(fact), "bold green"), "  ", (when, "cyan")
    )
    if fact["status"] != "measured":
        head.append(f"  {fact['status']}", "yellow")
    for flag in fact.get("flags", ()):
        head.append(f"  ! {flag}", "red")
    sentence = Text(f"\n  “{fact['evidence']['sentence'].strip()}”", "dim")
    sentence.highlight_words([fact["raw"]], "bold not dim")
    page = Text(f"\n  {fact['url']}", "blue dim") if "url" in fact else Text()
    return Text.assemble(head, sentence, page, "\n")
