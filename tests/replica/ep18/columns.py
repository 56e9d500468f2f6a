"""The columns of ep18 that exist here, and the addresses of what is in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from tests.replica.plan import Entry

HOST = "ep18.cn"


@dataclass(frozen=True, slots=True)
class Column:
    """A list: ``pager`` is A (links), B (a table with a select) or dynamic (``ListInfo``)."""

    folder: str
    name: str
    classid: int
    pager: str

    @property
    def path(self) -> str:
        return f"/web/dianwang/{self.folder}/"


COLUMNS = {
    "qiye": Column("qiye", "企业风采", 87, "A"),
    "fuwu": Column("fuwu", "优质服务", 88, "B"),
    "kehu": Column("kehu", "客户之声", 96, "dynamic"),
    "bench": Column("bench", "负荷测试", 99, "A"),
    "everyday": Column("everyday", "日常负荷", 98, "A"),
}
LOAD = frozenset(("bench", "everyday"))
"""The load lists: long, without the quirks of the others."""


def entered(entry: Entry) -> str:
    """The day in the address: when the item was entered, at times a day after the printed date."""
    days = entry.rng.choice([0, 0, 1, 1, 2])
    return f"{entry.published + timedelta(days=days):%Y-%m-%d}"


def address(entry: Entry, page: int = 1) -> str:
    suffix = f"_{page}" if page > 1 else ""
    return f"{COLUMNS[entry.folder].path}{entered(entry)}/{entry.number}{suffix}.html"
