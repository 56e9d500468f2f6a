"""What flows through the line: an article with its pages, and the facts read from it.

Every field is described once, in its ``doc`` metadata; ``docs/fields.md`` is held true to it by a
test.  Times are aware and in Beijing time (+08:00); the store turns them into UTC.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Precision = Literal["day", "minute", "second"]
Qualifier = Literal["eq", "about", "over", "under", "at_least", "at_most"]
Status = Literal["measured", "planned", "forecast", "target", "standard", "hypothetical"]
How = Literal["stated", "inherited", "publication"]


def doc(text: str, **options: Any) -> Any:
    """Declare a dataclass field with its one description."""
    return field(metadata={"doc": text}, **options)


@dataclass(slots=True, kw_only=True)
class Rescue:
    """Where a page was read when its site had it no more."""

    url: str = doc("address of the web archive's snapshot")
    timestamp: datetime = doc("when the web archive took it")


@dataclass(slots=True, kw_only=True)
class Page:
    """The raw bytes of one fetched page, as the site sent them."""

    url: str = doc("address as requested, before any canonical form")
    fetched: datetime = doc("when it was fetched")
    status: int = doc("HTTP status")
    headers: dict[str, str] = doc("response headers that matter: type, date, etag, last-modified")
    body: bytes = doc("raw bytes after content decoding")
    encoding: str = doc("charset that the bytes were read with")
    rescued: Rescue | None = doc("the web archive's snapshot that it is, if any", default=None)
    sha256: str = doc("sha256 of the bytes, hexadecimal", init=False)

    def __post_init__(self) -> None:
        self.sha256 = hashlib.sha256(self.body).hexdigest()


@dataclass(slots=True, kw_only=True)
class Image:
    """A picture of an article; its caption and credit stay out of the body."""

    url: str = doc("absolute address of the largest form")
    caption: str = doc("caption, empty when none is printed", default="")
    credit: str = doc("who took or supplied it, empty when not printed", default="")


@dataclass(slots=True, kw_only=True, frozen=True)
class Subject:
    """The organisation or place that a fact is about."""

    id: str | None = doc("id in the organisation table; null when unknown or ambiguous")
    name: str = doc("name as the table writes it, else as printed")
    how: How = doc("stated, inherited (from an earlier clause) or publication (guessed)")


@dataclass(slots=True, kw_only=True, frozen=True)
class Period:
    """The time that a fact covers, first to last day."""

    start: str | None = doc("first day, YYYY-MM-DD")
    end: str | None = doc("last day, YYYY-MM-DD")
    label: str = doc("words of the text, e.g. 2021年1-11月")
    how: How = doc("stated, inherited or publication (guessed from the date)")


@dataclass(slots=True, kw_only=True)
class Comparison:
    """What a value is compared with, as printed."""

    kind: Literal["yoy", "previous", "from_to", "cumulative"] = doc("what it is compared with")
    direction: Literal["up", "down", "flat"] = doc("direction of the change")
    value: float | None = doc("size of the change; null when only the direction is printed")
    unit: str | None = doc("unit of the change: percent, percentage_points, points, rank …")
    base: float | None = doc("the earlier value or year, when printed", default=None)


@dataclass(slots=True, kw_only=True)
class Rank:
    """Among what a rank counts."""

    kind: Literal["local_services", "province_bureaus", "nation", "other"] = doc("peer group")
    of: int | None = doc("how many there are, when printed", default=None)
    scope: str | None = doc("the peer group in the text's words", default=None)


@dataclass(slots=True, kw_only=True)
class Survey:
    """The survey that a figure comes from."""

    id: str | None = doc("id in the table of survey houses; null when not named", default=None)
    org: str | None = doc("who ran it", default=None)
    name: str | None = doc("its name as printed", default=None)
    year: int | None = doc("the year it rates", default=None)


@dataclass(slots=True, kw_only=True)
class Evidence:
    """Where a fact stands: ``body[start:end] == sentence``, and the sentence holds ``raw``."""

    sentence: str = doc("the sentence as printed, an exact piece of the text")
    start: int = doc("offset of its first character in the text")
    end: int = doc("offset after its last character")
    rule: str = doc("which rule of the lexicon read it")
    mentions: int = doc("how often the article states it, title and summary included", default=1)
    where: Literal["body", "title"] = doc("which text the offsets count in", default="body")


@dataclass(slots=True, kw_only=True)
class Fact:
    """One number that an article states about an organisation, with its proof."""

    metric: str = doc("metric id, see docs/metrics.md")
    value: float | None = doc("the number in the metric's unit; null when only a change is printed")
    unit: str = doc("unit of the value")
    raw: str = doc("number and unit as printed")
    subject: Subject | None = doc("whose number it is")
    period: Period | None = doc("the time it covers")
    evidence: Evidence = doc("sentence, offsets, rule")
    qualifier: Qualifier = doc("eq about over under at_least at_most", default="eq")
    segment: str | None = doc("high_voltage, low_voltage, residential …", default=None)
    scope: str | None = doc("what it is limited to, e.g. 全口径, 中心城区", default=None)
    comparison: Comparison | None = doc("change against an earlier value", default=None)
    rank: Rank | None = doc("peer group, for ranks and counts of first places", default=None)
    survey: Survey | None = doc("the survey behind it", default=None)
    status: Status = doc("only measured facts enter a series", default="measured")
    confidence: float = doc("0 to 1, from the rule and how its parts were bound", default=1.0)
    flags: list[str] = doc("what the audit found odd; never a repair", default_factory=list)


@dataclass(slots=True, kw_only=True)
class OtherQuantity(Fact):
    """A number with a unit that no metric claims; its ``metric`` is ``other_quantity``."""

    head: str = doc("the noun it is about, as printed: 充电桩, 线路长度")


@dataclass(slots=True, kw_only=True)
class Unclaimed:
    """How often an article prints numbers of one noun that no metric claims."""

    head: str = doc("the noun that the numbers are about, as printed")
    unit: str = doc("their unit: kW, CNY, percent …, a counter as printed (座, 户)")
    n: int = doc("how many such numbers the article prints")
    example: str = doc("the first sentence with one, 160 characters at most")


@dataclass(slots=True, kw_only=True)
class Article:
    """One article of one site; the unit that is stored."""

    key: str = doc("site key: ep18:<id>, nfplus:<articleId>, finews:<infoCode>")
    source: str = doc("spider that read it")
    url: str = doc("canonical address")
    title: str = doc("whole title, without markup")
    body: str = doc("text, one paragraph a line; clean after the clean step", default="")
    published: datetime | None = doc("printed time of publication", default=None)
    published_precision: Precision = doc("how exact the printed time is", default="second")
    url_date: str | None = doc("date in the address, YYYY-MM-DD", default=None)
    updated: datetime | None = doc("time of the last change, when the site tells", default=None)
    origin: str | None = doc("来源 as printed; null when empty", default=None)
    byline: str | None = doc("reporters as printed", default=None)
    editor: str | None = doc("editor as printed at the end", default=None)
    credits: list[str] = doc("credit lines taken out of the body", default_factory=list)
    summary: str | None = doc("summary of the list, when it is one", default=None)
    breadcrumb: list[str] = doc("columns from the top down", default_factory=list)
    column: str | None = doc("list or column it was found in", default=None)
    column_id: str | None = doc("the site's id of its own column", default=None)
    images: list[Image] = doc("pictures of the article", default_factory=list)
    pages: list[Page] = doc("raw pages it was read from", default_factory=list)
    pages_missing: list[str] = doc("further pages that could not be had", default_factory=list)
    row: dict[str, Any] | None = doc(
        "what the list said of it; with the pages all that reading needs", default=None
    )
    rescued: Rescue | None = doc("set when the site had it no more and a web archive had", default=None)
    read_by: str = doc("selectors that fitted, or 'generic' for the fallback", default="")
    replaced_characters: int = doc("U+FFFD in title and body: bytes no charset fits", default=0)
    listed_as: str | None = doc("signature of its list row, for change detection", default=None)
    text_hash: str = doc("sha256 of the folded text", default="")
    duplicate_of: str | None = doc("key of the article with the same text", default=None)
    change: Literal["new", "changed", "unchanged"] = doc("against the store", default="new")
    facts: list[Fact] = doc("facts read from it", default_factory=list)
    unclaimed: list[Unclaimed] = doc("numbers that no metric claims, counted", default_factory=list)
    rules_version: str = doc("version of the rules that read the facts", default="")

    def __str__(self) -> str:
        """Return what a log line needs of it; the body and the raw pages are none of that."""
        return f"{self.key} {self.title!r} {self.url}"
