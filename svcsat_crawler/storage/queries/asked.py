"""What is asked for: typed values, never text that could become an operator."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, NamedTuple

from svcsat_crawler.storage.documents import now
from svcsat_crawler.text.times import BEIJING

FIRST_YEAR = 1990
LAST_YEAR = 2100


class Years(NamedTuple):
    """Years from *first* to *last*, both within."""

    first: int
    last: int

    @property
    def one(self) -> int | None:
        """The year, when it is only one."""
        return self.first if self.first == self.last else None


class Bureau(NamedTuple):
    """Whose numbers: *key* is the ``subject_key`` of documents."""

    key: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The filters of a question; None and () mean anything.  "Latest" is looked for from *at* backwards,
    "missing" is what is due by then.
    """

    bureau: Bureau | None = None
    province: str | None = None
    years: Years | None = None
    metrics: tuple[str, ...] = ()
    survey: str | None = None  # the ``survey_key`` of documents
    source: str | None = None
    at: datetime = field(default_factory=now)

    @property
    def day(self) -> str:
        """The day of *at* in Beijing, as documents write days."""
        return self.at.astimezone(BEIJING).date().isoformat()

    def without(self, *names: str) -> Asked:
        """The same question with some filters left out."""
        emptied: dict[str, Any] = {name: () if name == "metrics" else None for name in names}
        return replace(self, **emptied)

    def given(self) -> list[str]:
        """The names of the filters that are set."""
        return [name for name in self.__slots__ if name != "at" and getattr(self, name)]


def printed_between(years: Years) -> tuple[datetime, datetime]:
    """The time in which articles of *years* were printed, in UTC; the end is not within.

    >>> printed_between(Years(2021, 2021))[0].isoformat()
    '2020-12-31T16:00:00+00:00'
    """
    first = datetime(years.first, 1, 1, tzinfo=BEIJING)
    return first.astimezone(UTC), datetime(years.last + 1, 1, 1, tzinfo=BEIJING).astimezone(UTC)
