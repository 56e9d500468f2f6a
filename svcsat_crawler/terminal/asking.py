"""The options of ``scrapy query`` read into typed filters; what is wrong is told in one line, with what is right."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

from pymongo.database import Database

from svcsat_crawler.export import FORMATS
from svcsat_crawler.metrics import labels
from svcsat_crawler.organisations import search, survey_houses
from svcsat_crawler.storage.queries import Asked, Bureau, Years, holdings
from svcsat_crawler.storage.queries.asked import FIRST_YEAR, LAST_YEAR
from svcsat_crawler.storage.queries.metric_order import CHIEF, in_order
from svcsat_crawler.storage.queries.plan import Range, Read
from svcsat_crawler.storage.queries.reading import Document, counted

# What is printed around the short name of a supplier or place.
AROUND = (
    "{}供电局", "{}供电公司", "国网{}供电公司", "{}市供电局", "{}市供电公司", "国网{}市供电公司", "{}县供电局", "{}县供电公司",
    "国网{}县供电公司", "{}市", "{}县", "{}区",
)  # fmt: skip

# What a question cannot be narrowed by, and why.
OPEN: dict[str, tuple[tuple[str, ...], str]] = {
    "audit": (("source",), "a finding stands between the articles of several sources"),
    "streaks": (("metric",), "streaks are one metric"),
    "watch": (("survey",), "a change of a number is kept without the survey"),
    "runs": (("bureau", "province", "metric", "survey"), "a run is of a source and a year"),
}
SURVEYS = 8  # of those that are stored, named in a refusal
FILTERS = ("bureau", "province", "year", "metric", "survey", "source")

_YEARS = re.compile(r"(?P<first>\d{4})?(?P<to>\s*[-–—~至]\s*)?(?P<last>\d{4})?")


class AskingError(ValueError):
    """An option that cannot be read; the message is one line."""


def years(text: str) -> Years:
    """Read one year or a range of years, open at one end if need be.

    >>> years("2021"), years("2016-2021"), years("2016-").first, years("-2016").last
    (Years(first=2021, last=2021), Years(first=2016, last=2021), 2016, 2016)
    """
    match = _YEARS.fullmatch(text.strip())
    if match is None or not (match["first"] or match["last"]):
        raise AskingError(f"--year {text!r} is no year: right is e.g. 2021, 2016-2021 or 2016-")
    first = int(match["first"] or FIRST_YEAR)
    last = int(match["last"] or (date.today().year + 1 if match["to"] else first))  # noqa: DTZ011
    if not FIRST_YEAR <= first <= last <= LAST_YEAR:
        raise AskingError(
            f"--year {text!r} is no year: right is e.g. 2021, or 2016-2021 with the earlier first"
        )
    return Years(first, last)


def metrics(text: str) -> tuple[str, ...]:
    """Read metrics by ids or Chinese names, separated by commas.

    >>> metrics("停电时间,saifi")
    ('saidi', 'saifi')
    """
    found: list[str] = []
    for word in re.split(r"[,，、]", text):
        meant = labels.named(word)
        if not meant:
            raise AskingError(f"--metric {word!r} is unknown: {_right_metrics(word.strip())}")
        found += meant
    return tuple(dict.fromkeys(found))


def _right_metrics(word: str) -> str:
    """Say what was perhaps meant and what there is; everything when nothing is near."""
    near = labels.near(word)
    told = CHIEF if near else in_order()
    hint = f"did you mean {', '.join(near)}? " if near else ""
    more = f" and {len(in_order()) - len(told)} more in docs/metrics.md" if near else ""
    return f"{hint}there are {', '.join(f'{id} {labels.label(id)}' for id in told)}{more}"


def limit(text: str) -> int:
    if not re.fullmatch(r"0*[1-9]\d{0,8}", text):
        raise AskingError(f"--limit {text!r} is no whole number from 1")
    return int(text)


def source(text: str, sources: Sequence[str]) -> str:
    if text not in sources:
        raise AskingError(f"--source {text!r} is unknown: there are {', '.join(sources)}")
    return text


def province(text: str) -> str:
    found = search.province(text)
    if found is None:
        raise AskingError(f"--province {text!r} is unknown: there are {', '.join(search.provinces())}")
    return found


def form(chosen: str | None, output: Path | None) -> str:
    """Return the format: the one that is chosen, else the one that the file is named after, else a table."""
    suffix = output.suffix.removeprefix(".").lower() if output else ""
    found = chosen or (suffix if output else "table")
    if found not in ("table", *FORMATS):
        what = f"--format {chosen!r}" if chosen else f"-o {str(output)!r}"
        raise AskingError(f"{what} tells no format: there are {', '.join(FORMATS)}")
    if found == "table" and output:
        raise AskingError(f"a table is for the screen; for a file there are --format {', '.join(FORMATS)}")
    if found in ("xlsx", "parquet") and not output:
        raise AskingError(f"--format {found} needs -o FILE.{found}")
    return found


class Options(NamedTuple):
    """The options that need no store, and those that do, as typed."""

    filters: Asked
    limit: int | None
    format: str
    output: Path | None
    bureau: str | None
    survey: str | None


def checked(opts: argparse.Namespace, sources: Sequence[str]) -> Options:
    """Read all options that need no store; one without a value is none that was left out."""
    for name in (*FILTERS, "limit", "format", "output"):
        value = getattr(opts, name)
        if value is not None and not value.strip():
            raise AskingError(f"--{name} is empty: give a value or leave the option out")
    output = None if opts.output is None else Path(opts.output)
    return Options(
        filters=Asked(
            province=None if opts.province is None else province(opts.province),
            years=None if opts.year is None else years(opts.year),
            metrics=() if opts.metric is None else metrics(opts.metric),
            source=None if opts.source is None else source(opts.source, sources),
        ),
        limit=None if opts.limit is None else limit(opts.limit),
        format=form(opts.format, output),
        output=output,
        bureau=opts.bureau,
        survey=opts.survey,
    )


def suited(question: str, opts: argparse.Namespace) -> None:
    """Refuse an option that this question would have to ignore."""
    without, why = OPEN.get(question, ((), ""))
    for name in without:
        if getattr(opts, name) is not None:
            right = ", ".join(f"--{each}" for each in FILTERS if each not in without)
            raise AskingError(f"{question} takes no --{name}: {why}; right are {right}")


def bureau(database: Database[Document], text: str) -> Bureau:
    """Find an organisation in the table, else by its exact or short name among those the store knows."""
    known = search.organisation(text)
    if known is not None:
        return Bureau(known.id, known.name)
    word = text.strip()
    exact = holdings.bureaus(database, [word])
    meant = exact or holdings.bureaus(database, [around.format(word) for around in AROUND])
    if len(meant) == 1:
        return meant[0]
    if meant:
        names = ", ".join(one.name for one in meant)
        raise AskingError(f"--bureau {text!r} may be {names}: name one of them")
    near = [*search.near(word), *(one.name for one in holdings.bureaus_starting(database, word) if word)]
    hint = (
        f": did you mean {', '.join(dict.fromkeys(near[:6]))}?" if near else "; try e.g. 清远供电局 or 清远"
    )
    raise AskingError(f"--bureau {text!r} is unknown{hint}")


def survey(database: Database[Document], text: str) -> str:
    """Find a survey house in the table, else a survey by the name that articles print."""
    known = search.survey(text)
    if known is not None:
        return known
    keys = holdings.survey_keys(database, text.strip())
    if keys:
        return keys[0]
    stored = stored_surveys(database)
    word = text.strip().casefold()
    named = [f"{house.id} {house.name}" for house in survey_houses()]
    near = [name for name in (*named, *stored) if word in name.casefold()]
    near += get_close_matches(word, stored, n=3, cutoff=0.5)
    hint = f"did you mean {', '.join(dict.fromkeys(near[:6]))}? " if near else ""
    more = f" and {len(stored) - SURVEYS} more" if len(stored) > SURVEYS else ""
    held = f"; by other names the store holds {', '.join(stored[:SURVEYS])}{more}" if stored else ""
    raise AskingError(f"--survey {text!r} is unknown: {hint}there are {', '.join(named)}{held}")


def stored_surveys(database: Database[Document]) -> list[str]:
    """Return the names of surveys in the ledger that the table does not know, those with most rows first."""
    found: list[Document] = []
    for kind in ("org:", "name:"):
        read = Read("ledger", between=("survey_key", Range(kind, f"{kind}{holdings.AFTER_LAST}")))
        found += counted(database, read, "survey_key")
    found.sort(key=lambda one: (-one["n"], one["survey_key"]))
    return [one["survey_key"].partition(":")[2] for one in found]


def asked(options: Options, database: Database[Document]) -> Asked:
    """Return all filters, those that need the store too."""
    return replace(
        options.filters,
        bureau=None if options.bureau is None else bureau(database, options.bureau),
        survey=None if options.survey is None else survey(database, options.survey),
    )
