"""Whether a run was good: pure, from its counts and its lists."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

Word = Literal["good", "no news", "incomplete", "broken"]
# What `scrapy crawl` ends with; 1 and 2 are Scrapy's own (crash, usage).
EXIT_CODES: dict[Word, int] = {"good": 0, "no news": 0, "incomplete": 3, "broken": 4}
# Scrapy's reason for the end when the store has stayed away for longer than it is waited for.
STORE_AWAY = "store away"
# The columns of the closing table, in order.
COUNTS = ("new", "changed", "unchanged", "known", "duplicate", "gone", "quarantined", "facts")


class Verdict(NamedTuple):
    """The word and its cause."""

    word: Word
    cause: str


def counts(stats: dict[str, Any]) -> dict[str, int]:
    """Return the run's counts from Scrapy's statistics."""
    found = {name: int(stats.get(f"svcsat/{name}", 0)) for name in COUNTS}
    found["pages"] = int(stats.get("downloader/response_status_count/200", 0))
    found["requests"] = int(stats.get("downloader/request_count", 0))
    found["errors"] = int(stats.get("svcsat/item_errors", 0)) + int(stats.get("spider_exceptions/count", 0))
    found["generic"] = int(stats.get("svcsat/read/generic", 0))
    found["rows_guessed"] = int(stats.get("svcsat/list_read/links", 0))
    found["pages_missing"] = int(stats.get("svcsat/pages_missing", 0))
    return found


def judge(found: dict[str, int], lists: list[dict[str, Any]], reason: str) -> Verdict:
    """Return the verdict of a run.

    *found* are its ``counts``, *lists* the records of its walks, *reason* Scrapy's reason for the end.
    """
    if reason == STORE_AWAY:
        return Verdict("broken", "the store stayed away; what it had acknowledged is there, run again")
    failed = [walk for walk in lists if walk["stopped"] == "failed"]
    read = found["new"] + found["changed"] + found["duplicate"]
    if lists and len(failed) == len(lists) and not any(walk["pages"] for walk in failed):
        return Verdict("broken", f"no list could be read: {failed[0]['name']}: {failed[0]['why']}")
    if found["generic"] > 2 and found["generic"] * 2 > read:
        return Verdict("broken", f"layout: no selector fits {found['generic']} of {read} articles read")
    causes = []
    if reason != "finished":
        causes.append(f"stopped before the end ({reason})")
    if failed:
        causes.append(f"{len(failed)} of {len(lists)} lists failed: {failed[0]['name']}: {failed[0]['why']}")
    repeated = [walk for walk in lists if walk["stopped"] == "repeat"]
    if repeated:
        causes.append(f"the pager repeats a page: {repeated[0]['last_url']}")
    unfinished = [walk for walk in lists if walk["stopped"] == "not finished"]
    if unfinished and reason == "finished":
        causes.append(f"list {unfinished[0]['name']} was not walked to its end")
    if found["rows_guessed"]:
        causes.append(f"layout: on {found['rows_guessed']} list pages rows were found by their links alone")
    if found["quarantined"] > len(failed):
        causes.append(f"{found['quarantined'] - len(failed)} pages or rows in quarantine")
    if found["pages_missing"]:
        causes.append(f"{found['pages_missing']} further pages of articles missing")
    if found["errors"]:
        causes.append(f"{found['errors']} errors in the program, see the log")
    if found["gone"] > 2 and found["gone"] > read:
        causes.append(f"{found['gone']} of {found['gone'] + read} listed articles are gone")
    if causes:
        return Verdict("incomplete", "; ".join(causes))
    if not read:
        quiet = [walk for walk in lists if walk["stopped"] == "quiet"]
        return Verdict("no news", quiet[0]["why"] if quiet else "every listed article is stored already")
    return Verdict("good", f"{read} articles read")
