"""Changes since the year before, as articles state them."""

from __future__ import annotations

import re

from svcsat_crawler.ledger.keys import RANK, Document
from svcsat_crawler.metrics.changes import TOLD_IN

# Figures of a year that are told with their change since the last one; in others "from … to" and "before" mean
# anything (before a reform, at the start of the plan).
SURVEYED = frozenset(("satisfaction_score", "satisfaction_rate", RANK, "first_place_share_rank"))
# A change of a share that is told in percent may be one of its size: only points of it count.
_SAME_UNIT = {"percent": (1, "percentage_points")}
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?=年)")


def signed(change: Document, unit: str) -> float | None:
    """Return a change as value less earlier value, in the metric's own unit; None when it is told in no such unit.

    >>> signed({"direction": "down", "value": 1.5, "unit": "points"}, "points")
    -1.5
    >>> signed({"direction": "up", "value": 4, "unit": "rank"}, "rank")  # up is towards the first
    -4.0
    >>> signed({"direction": "up", "value": 3.0, "unit": "亿千瓦时"}, "kWh")
    300000000.0
    >>> signed({"direction": "up", "value": 50, "unit": "percent"}, "points") is None
    True
    """
    factor, own = _SAME_UNIT.get(unit) or TOLD_IN.get(unit, (1, unit))
    if change["unit"] != own:
        return None
    if change["direction"] == "flat":
        return 0.0
    if change["value"] is None:
        return None
    rises = (change["direction"] == "up") != (unit == "rank")
    return float(change["value"] * factor) if rises else -float(change["value"] * factor)


def since_last_year(row: Document) -> float | None:
    """Return the change since the year before that the shown statement of a row tells, signed as ``delta`` is."""
    change = row["comparison"]
    if change is None or not _from_last_year(row, change):
        return None
    return signed(change, row["unit"])


def _from_last_year(row: Document, change: Document) -> bool:
    if change["kind"] == "yoy":
        return change["base"] is None or change["base"] == row["year"] - 1
    if change["kind"] != "from_to":
        return False
    earlier = {int(year) for year in _YEAR.findall(row["sentence"])} - {row["year"]}
    return earlier == {row["year"] - 1} or (not earlier and row["metric"] in SURVEYED)
