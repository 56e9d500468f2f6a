"""How a story prints figures: each printer returns the printed form and notes the fact."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.replica.stories.world import Figures

if TYPE_CHECKING:
    from tests.replica.stories.draft import Draft

Printer = Callable[["Draft"], str]
PRINTERS: dict[str, Printer] = {}
HAN = "零一二三四五六七八九"
RISE = ("提高", "上升", "增加")
FALL = ("下降", "回落")


def printer(function: Printer) -> Printer:
    PRINTERS[function.__name__.rstrip("_")] = function
    return function


def han(number: int) -> str:
    """Write a number below 100 in Chinese numerals.

    >>> han(13), han(6), han(20)
    ('十三', '六', '二十')
    """
    tens, ones = divmod(number, 10)
    return ("" if not tens else "十" if tens == 1 else HAN[tens] + "十") + (
        HAN[ones] if ones or not tens else ""
    )


def now(d: Draft) -> Figures:
    return d.bureau.of(d.year)


def before(d: Draft) -> Figures:
    return d.bureau.of(d.year - 1)


def percent_change(new: float, old: float) -> float:
    return round((new - old) / old * 100, 1)


def change(d: Draft, size: float, unit: str, text: str, kind: str = "yoy") -> tuple[dict[str, Any], str]:
    """Return the comparison and its printed form, e.g. 下降12.5%."""
    up = size > 0
    comparison = {"kind": kind, "direction": "up" if up else "down", "value": abs(size), "unit": unit}
    verb = d.rng.choice(RISE if up else FALL)
    return comparison, verb + text.format(f"{abs(size):g}")


@printer
def b(d: Draft) -> str:
    return d.bureau.name


@printer
def city(d: Draft) -> str:
    return d.bureau.city


@printer
def parent(d: Draft) -> str:
    return d.bureau.parent or "广东电网公司"


@printer
def y(d: Draft) -> str:
    return str(d.year)


@printer
def ly(d: Draft) -> str:
    return str(d.year - 1)


@printer
def ny(d: Draft) -> str:
    return str(d.year + 1)
