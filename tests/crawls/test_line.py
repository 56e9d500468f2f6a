"""The whole line against the stand-in sites: what is stored is what was written there."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest

from svcsat_crawler.storage import embedded
from svcsat_crawler.storage.documents import beijing, page_from_document
from tests.crawls.conftest import EP18_LISTS, NANFANG_COLUMNS, Line
from tests.fields_page import PAGE, documented
from tests.replica.server import Replica
from tests.replica.truth import fold, never_stored, truth

ARGUMENTS = {
    "ep18": f"lists={EP18_LISTS}",
    "nanfangplus": f"columns={NANFANG_COLUMNS}",
    "finews": "categories=nanfangPlus",
}
PREFIXES = {"ep18": "ep18", "nanfangplus": "nfplus", "finews": "finews"}


class Crawled:
    """The stores and logs after two rounds of crawls of all three sites."""

    def __init__(self, line: Line, replica: Replica) -> None:
        self.line = line
        self.requests: list[dict[str, list[tuple[str, str, int]]]] = []
        self.results: list[dict[str, Any]] = []
        for _ in range(2):
            requests, results = {}, {}
            for spider, argument in ARGUMENTS.items():
                before = len(replica.requests)
                results[spider] = line.crawl(spider, argument)
                requests[spider] = [tuple(seen) for seen in replica.requests[before:]]
            self.requests.append(requests)
            self.results.append(results)
        self.counted = replica.counted()
        self.articles = {document["_id"]: document for document in line.documents("articles")}
        self.facts = line.documents("metrics")


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory, replica: Replica) -> Iterator[Crawled]:
    replica.reset()
    line = Line(tmp_path_factory.mktemp("line") / "data", replica.url, answers=True)
    yield Crawled(line, replica)
    embedded.stop(line.data)


def expected(spider: str) -> dict[str, dict[str, Any]]:
    """Return the truth of the lists that were walked, by key; what the keyword filter drops left out."""
    prefix = PREFIXES[spider]
    return {record["key"]: record for record in truth() if record["key"].startswith(f"{prefix}:")}


# What the stand-in plants for good: one page without any text; two posts that are nowhere.
VERDICTS = {"ep18": ("incomplete", 3), "nanfangplus": ("good", 0), "finews": ("good", 0)}


@pytest.mark.parametrize("spider", ARGUMENTS)
def test_the_run_is_judged(crawled: Crawled, spider: str) -> None:
    result = crawled.results[0][spider]
    word, code = VERDICTS[spider]
    assert f"verdict: {word}" in result.stdout, result.stdout + result.stderr[-3000:]
    assert result.returncode == code
    run = next(run for run in crawled.line.documents("runs") if run["spider"] == spider)
    assert {walk["stopped"] for walk in run["lists"]} == {"end"}


@pytest.mark.parametrize("spider", ARGUMENTS)
def test_every_article_is_stored_and_no_other(crawled: Crawled, spider: str) -> None:
    stored = {key for key, document in crawled.articles.items() if document["source"] == spider}
    listed = {
        key
        for key, record in expected(spider).items()
        if not all(place.startswith("m.nfnews.com") for place in record["listed_in"])
    }
    assert sorted(stored - listed) == []
    assert sorted(listed - stored) == []
    assert not stored & set(never_stored())


@pytest.mark.parametrize("spider", ARGUMENTS)
def test_articles_read_as_they_were_written(crawled: Crawled, spider: str) -> None:
    wrong = []
    for key, record in expected(spider).items():
        if (stored := crawled.articles.get(key)) is None:
            continue
        want = {
            "title": fold(record["title"]),
            "body": [fold(text) for text in record["body_paragraphs"]],
            "published": record["published"],
            "url": record["url"],
            "byline": record["byline"] and fold(record["byline"]),
            "editor": record["editor"],
            "origin": record["origin"],
            "credits": [fold(credit) for credit in record["credits"]],
        }
        moment = beijing(stored["published"])
        got = {
            "title": fold(stored["title"]),
            "body": [fold(text) for text in stored["body"].split("\n")],
            "published": moment and f"{moment:%Y-%m-%d %H:%M:%S}",
            "url": stored["url"],
            "byline": stored["byline"] and fold(stored["byline"]),
            "editor": stored["editor"],
            "origin": stored["origin"],
            "credits": [fold(credit) for credit in stored["credits"]],
        }
        if "table" in record["quirks"]:  # its rows are stored too, after the text
            got["body"] = got["body"][: len(want["body"])]
        names = ["title", "body", "published", "url"] + (
            ["byline", "editor", "origin"] if spider == "ep18" else ["credits"]
        )
        wrong += [f"{key} {record['quirks']} {n}: {got[n]} != {want[n]}" for n in names if got[n] != want[n]]
    assert not wrong, f"{len(wrong)} differ:\n" + "\n".join(wrong[:10])


def test_the_page_without_text_is_in_quarantine_with_its_bytes(crawled: Crawled) -> None:
    (failure,) = (doc for doc in crawled.line.documents("quarantine") if doc["kind"] == "page")
    assert never_stored()[failure["key"]] == "empty"
    assert failure["reason"].startswith("no article text")
    assert failure["attempts"] == 2
    assert [doc["url"] for doc in crawled.line.documents("pages", {"_id": failure["page"]})] == [
        failure["url"]
    ]


def test_no_replacement_character_is_stored(crawled: Crawled) -> None:
    assert [key for key, doc in crawled.articles.items() if "�" in doc["title"] + doc["body"]] == []


def test_reprints_are_known_and_templates_are_not_merged(crawled: Crawled) -> None:
    stories = {record["key"]: record["story"] for record in truth()}
    merged = [
        (key, doc["duplicate_of"])
        for key, doc in crawled.articles.items()
        if doc["duplicate_of"] and stories[key] != stories[doc["duplicate_of"]]
    ]
    assert merged == []
    groups = defaultdict(set)
    for key, document in crawled.articles.items():
        groups[stories[key]].add(fold(document["body"]))
    reprints = [key for key, doc in crawled.articles.items() if doc["duplicate_of"]]
    copies = sum(
        sum(stories[key] == story for key in crawled.articles) - len(bodies)
        for story, bodies in groups.items()
    )
    assert len(reprints) == copies > 0


def test_known_facts_are_found_with_their_sentences(crawled: Crawled) -> None:
    """The five metrics of the first engine: found where they are printed, and only there."""
    core = {"satisfaction_score", "satisfaction_rank", "satisfaction_streak", "saidi", "saifi"}
    found = defaultdict(set)
    for fact in crawled.facts:
        article = crawled.articles[fact["article"]]
        text = article["body" if fact["evidence"]["where"] == "body" else "title"]
        evidence = fact["evidence"]
        assert text[evidence["start"] : evidence["end"]] == evidence["sentence"]
        assert fact["raw"] in evidence["sentence"]
        if fact["metric"] in core and fact["status"] == "measured" and fact["value"] is not None:
            found[fact["article"]].add((fact["metric"], round(fact["value"], 4)))
    wanted = missed = false = 0
    for record in truth():
        stored = crawled.articles.get(record["key"])
        if stored is None or stored["duplicate_of"]:
            continue
        sure = {
            (f["metric"], round(f["value"], 4))
            for f in record["facts"]
            if f["metric"] in core and f["value"] is not None and not f.get("optional")
        }
        possible = {(f["metric"], round(f["value"], 4)) for f in record["facts"] if f["value"] is not None}
        wanted += len(sure)
        missed += len(sure - found[record["key"]])
        false += len(found[record["key"]] - possible)
    assert wanted > 100
    assert missed / wanted <= 0.1, f"{missed} of {wanted} missed"
    assert false / wanted <= 0.05, f"{false} false beside {wanted}"


def test_the_archive_holds_the_pages_as_sent(crawled: Crawled) -> None:
    pages = {document["_id"]: document for document in crawled.line.documents("pages")}
    for article in crawled.articles.values():
        for page in article["pages"]:
            assert page["sha256"] in pages
    for document in list(pages.values())[:50]:
        assert page_from_document(document).sha256 == document["_id"]


@pytest.mark.parametrize("spider", ARGUMENTS)
def test_a_second_run_stores_nothing_and_asks_for_lists_only(crawled: Crawled, spider: str) -> None:
    result = crawled.results[1][spider]
    assert result.returncode == VERDICTS[spider][1]
    runs = sorted(
        (run for run in crawled.line.documents("runs") if run["spider"] == spider),
        key=lambda run: run["started"],
    )
    counts = runs[1]["counts"]
    assert (counts["new"], counts["changed"], counts["duplicate"]) == (0, 0, 0)
    asked = [path for _, path, _ in crawled.requests[1][spider] if path != "/robots.txt"]
    articles = [path for path in asked if re.search(r"\d{5,}(_\d+)?\.(html|md)", path)]
    assert len(articles) == runs[0]["counts"]["quarantined"]
    assert len(asked) - len(articles) <= sum(walk["pages"] for walk in runs[0]["lists"])


def test_no_counter_and_no_comment_was_asked_for(crawled: Crawled) -> None:
    assert crawled.counted == []


def test_links_that_are_no_articles_are_recorded_and_not_crawled(crawled: Crawled) -> None:
    kinds = defaultdict(int)
    for event in crawled.line.documents("events"):
        kinds[event["kind"]] += 1
    assert {"external_link", "jump_link", "video", "live", "advertisement", "unknown_type"} <= set(kinds)
    assert not [path for spider in ARGUMENTS for _, path, _ in crawled.requests[0][spider] if "jump" in path]


@pytest.mark.parametrize(
    "collection",
    ["articles", "metrics", "ledger", "gaps", "sketches", "pages", "runs", "quarantine", "events", "meta"],
)
def test_the_documentation_names_every_stored_field(crawled: Crawled, collection: str) -> None:
    described = documented(PAGE.read_text("utf-8"), collection)
    stored = {name for document in crawled.line.documents(collection) for name in document}
    assert sorted(stored - described) == []
    assert sorted(described - stored - {"name", "changed"}) == []
