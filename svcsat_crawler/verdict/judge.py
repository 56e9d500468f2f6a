"""The verdict of a run: the word, and every cause by its name."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from svcsat_crawler.verdict.causes import NAMES, Cause, Kind, classify
from svcsat_crawler.verdict.limits import MANY, MOST
from svcsat_crawler.verdict.signs import field_signs, history_signs, list_signs, rule_signs
from svcsat_crawler.verdict.tally import Tally
from svcsat_crawler.verdict.usual import Usual

Word = Literal["good", "no news", "incomplete", "broken"]
# What `scrapy crawl` ends with; 1 and 2 are Scrapy's own (crash, usage).
EXIT_CODES: dict[Word, int] = {"good": 0, "no news": 0, "incomplete": 3, "broken": 4}
# Scrapy's reason for the end when the store has stayed away for longer than it is waited for.
STORE_AWAY = "store away"
# The columns of the closing table, in order.
COUNTS = ("new", "changed", "unchanged", "known", "duplicate", "rescued", "gone", "quarantined", "facts")


class Verdict(NamedTuple):
    """The word, the causes in one line, and each by itself."""

    word: Word
    cause: str
    causes: tuple[Cause, ...] = ()


def counts(stats: dict[str, Any]) -> dict[str, int]:
    """Return the run's counts from Scrapy's statistics."""
    found = {name: int(stats.get(f"svcsat/{name}", 0)) for name in COUNTS}
    found["pages"] = int(stats.get("downloader/response_status_count/200", 0))
    found["requests"] = int(stats.get("downloader/request_count", 0))
    found["errors"] = int(stats.get("svcsat/item_errors", 0)) + int(stats.get("spider_exceptions/count", 0))
    found["generic"] = int(stats.get("svcsat/read/generic", 0))
    found["rows_guessed"] = int(stats.get("svcsat/list_read/links", 0))
    found["pages_missing"] = int(stats.get("svcsat/pages_missing", 0))
    found["telling"] = int(stats.get("svcsat/telling", 0))
    found["warc_cut"] = int(stats.get("svcsat/warc/cut", 0))
    found["damaged"] = int(stats.get("svcsat/charset/damaged", 0))
    return found


def judge(
    found: dict[str, int],
    lists: list[dict[str, Any]],
    reason: str,
    tally: Tally | None = None,
    usual: Usual | None = None,
) -> Verdict:
    """Return the verdict of a run.

    *found* are its ``counts``, *lists* the records of its walks, *reason* Scrapy's reason for the end,
    *tally* its failures and fields, *usual* what its earlier runs were like.
    """
    tally, usual = tally or Tally(), usual or Usual()
    if reason == STORE_AWAY:
        text = "the store stayed away; what it had acknowledged is there, run again"
        return _verdict("broken", [Cause("store_away", text)])
    broken = [*_all_lists_failed(lists), *_most_articles_failed(found, tally)]
    broken += [*list_signs(lists, usual), *field_signs(found, tally, usual)]
    if broken:
        return _verdict("broken", broken)
    causes = [*_incomplete(found, lists, reason, tally), *rule_signs(lists, usual)]
    causes += history_signs(found, lists, tally, usual)
    if causes:
        return _verdict("incomplete", causes)
    read = _read(found)
    if not read:
        quiet = [walk for walk in lists if walk["stopped"] == "quiet"]
        return Verdict("no news", quiet[0]["why"] if quiet else "every listed article is stored already")
    return Verdict("good", f"{read} articles read")


def _read(found: dict[str, int]) -> int:
    return found["new"] + found["changed"] + found["duplicate"]


def _verdict(word: Word, causes: list[Cause]) -> Verdict:
    return Verdict(word, "; ".join(cause.text for cause in causes), tuple(causes))


def _failed(lists: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [walk for walk in lists if walk["stopped"] == "failed"]


def _all_lists_failed(lists: list[dict[str, Any]]) -> list[Cause]:
    failed = _failed(lists)
    if not lists or len(failed) < len(lists) or any(walk["pages"] for walk in failed):
        return []
    kind = classify(failed[0]["why"])
    return [Cause(kind, f"no list could be read: {failed[0]['name']}: {failed[0]['why']}")]


def _most_articles_failed(found: dict[str, int], tally: Tally) -> list[Cause]:
    """Return the kind that most of the articles asked for have failed by."""
    read = _read(found)
    asked = read + found["unchanged"] + tally.failures.total()
    causes = []
    for kind, number in tally.failures.items():
        if kind == "gone" and read:
            continue  # old lists may name more articles that are gone than others
        if number >= MANY and number > MOST * asked:
            example = tally.examples.get(kind)
            said = f"{NAMES[kind]}: {number} of {asked} articles" + (f", first {example}" if example else "")
            causes.append(Cause(kind, said))
    return causes


def _incomplete(found: dict[str, int], lists: list[dict[str, Any]], reason: str, tally: Tally) -> list[Cause]:
    causes: list[Cause] = []
    failed = _failed(lists)
    if reason != "finished":
        causes.append(Cause("stopped", f"stopped before the end ({reason})"))
    if failed:
        said = f"{len(failed)} of {len(lists)} lists failed: {failed[0]['name']}: {failed[0]['why']}"
        causes.append(Cause(classify(failed[0]["why"]), said))
    repeated = [walk for walk in lists if walk["stopped"] == "repeat"]
    if repeated:
        said = f"the pager repeats a page: {repeated[0]['last_url']}"
        causes.append(Cause("pager_loops", said))
    unfinished = [walk for walk in lists if walk["stopped"] == "not finished"]
    if unfinished and reason == "finished":
        causes.append(Cause("program_error", f"list {unfinished[0]['name']} was not walked to its end"))
    if found["rows_guessed"]:
        said = f"layout: on {found['rows_guessed']} list pages rows were found by their links alone"
        causes.append(Cause("layout", said))
    if found["quarantined"] > len(failed):
        said = f"{found['quarantined'] - len(failed)} pages or rows in quarantine"
        kind: Kind = next((kind for kind, _ in tally.failures.most_common(1)), "layout")
        example = tally.examples.get(kind)
        causes.append(Cause(kind, f"{said}, first: {example}" if example else said))
    if found["warc_cut"]:
        causes.append(Cause("stopped", f"WARC files cut off or damaged: {found['warc_cut']}, see the log"))
    if found["pages_missing"]:
        causes.append(Cause("gone", f"{found['pages_missing']} further pages of articles missing"))
    if found["gone"] > _read(found) and found["gone"] >= MANY:
        asked = found["gone"] + _read(found)
        causes.append(Cause("gone", f"{found['gone']} of {asked} listed articles are gone"))
    if found["damaged"]:
        causes.append(Cause("charset", f"charset: {found['damaged']} pages hold bytes that fit none"))
    if found["errors"]:
        causes.append(Cause("program_error", f"{found['errors']} errors in the program, see the log"))
    return causes
