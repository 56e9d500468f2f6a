"""Facts as one reads them: shared by every command that prints some."""

from __future__ import annotations

from typing import Any

from rich.text import Text

from svcsat_crawler.terminal.quote import one_line


def figure(said: dict[str, Any]) -> str:
    """Return a value as one reads it; *said* has ``value``, ``unit``, ``qualifier``, and ``of`` how many there are.

    >>> figure({"value": 9.0, "unit": "rank", "qualifier": "eq", "of": 20})
    '9/20'
    >>> figure({"value": 80.0, "unit": "points", "qualifier": "at_least", "of": None})
    'at least 80 points'
    >>> figure({"value": 18.0, "unit": "years", "qualifier": "eq", "of": 37})
    '18 years'
    """
    value, unit = said["value"], said["unit"]
    if value is None:
        return "change only"
    shown = f"{value:,.0f}" if abs(value) >= 1e9 else f"{value:,.10g}"
    if unit not in ("rank", "count"):
        shown += f" {unit}"
    elif said.get("of"):
        shown += f"/{said['of']}"
    return shown if said["qualifier"] == "eq" else f"{said['qualifier'].replace('_', ' ')} {shown}"


def change(fact: dict[str, Any]) -> str:
    """Return the change that a fact states, in brackets after a blank; nothing when it states none.

    >>> change({"unit": "rank", "comparison": {"direction": "up", "value": 4.0, "unit": "rank", "base": 13.0}})
    ' (+4, from 13)'
    """
    compared, unit = fact["comparison"], fact["unit"]
    if not compared or compared.get("value") is None:
        return ""
    sign = {"up": "+", "down": "−", "flat": "±"}[compared["direction"]]
    shown = {"percent": "%", "percentage_points": " pp", unit: ""}.get(
        compared["unit"], f" {compared['unit']}"
    )
    base = f", from {compared['base']:g}" if unit == "rank" and compared.get("base") is not None else ""
    return f" ({sign}{compared['value']:g}{shown}{base})"


def number(fact: dict[str, Any]) -> str:
    """Return a fact's value as one reads it, with its change.

    >>> number({"value": 1.0, "unit": "rank", "rank": {"of": 20}, "comparison": None, "qualifier": "eq"})
    '1/20'
    >>> compared = {"direction": "up", "value": 1.57, "unit": "points", "base": 2015}
    >>> number({"value": 81.57, "unit": "points", "rank": None, "comparison": compared, "qualifier": "eq"})
    '81.57 points (+1.57)'
    """
    return figure({**fact, "of": (fact.get("rank") or {}).get("of")}) + change(fact)


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
    metric = f"{fact['metric']} ({fact['head']})" if "head" in fact else fact["metric"]
    head = Text.assemble(
        (subject, "bold"), "  ", metric, "  ", (number(fact), "bold green"), "  ", (when, "cyan")
    )
    if fact["status"] != "measured":
        head.append(f"  {fact['status']}", "yellow")
    if fact["evidence"].get("where") == "title":
        head.append("  only in the title", "yellow")
    for flag in fact.get("flags", ()):
        head.append(f"  ! {flag}", "red")
    sentence = Text(f"\n  “{one_line(fact['evidence']['sentence'])}”", "dim")
    sentence.highlight_words([one_line(fact["raw"])], "bold not dim")
    page = Text(f"\n  {fact['url']}", "blue dim") if "url" in fact else Text()
    return Text.assemble(head, sentence, page, "\n")
