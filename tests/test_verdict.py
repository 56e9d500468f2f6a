"""The verdict of a run, from its counts and lists."""

import pytest

from svcsat_crawler.verdict import EXIT_CODES, counts, judge

WALKED = {
    "name": "甲",
    "url": "http://x/",
    "stopped": "end",
    "why": "no next page",
    "pages": 3,
    "last_url": "",
}
FAILED = {**WALKED, "stopped": "failed", "why": "HTTP 503"}


def found(**changes: int) -> dict[str, int]:
    return {**counts({}), **changes}


@pytest.mark.parametrize(
    ("counted", "lists", "reason", "word", "cause"),
    [
        ({"new": 5}, [WALKED], "finished", "good", "5 articles read"),
        ({}, [WALKED], "finished", "no news", "every listed article is stored already"),
        ({}, [{**WALKED, "stopped": "quiet", "why": "no posts"}], "finished", "no news", "no posts"),
        ({"new": 5}, [WALKED], "shutdown", "incomplete", "stopped before the end (shutdown)"),
        ({"new": 5}, [WALKED, FAILED], "finished", "incomplete", "1 of 2 lists failed: 甲: HTTP 503"),
        ({"new": 5}, [FAILED], "finished", "incomplete", "1 of 1 lists failed"),
        ({}, [{**FAILED, "pages": 0}], "finished", "broken", "no list could be read: 甲: HTTP 503"),
        ({"new": 5, "quarantined": 2}, [WALKED], "finished", "incomplete", "2 pages or rows in quarantine"),
        ({"new": 5, "errors": 1}, [WALKED], "finished", "incomplete", "1 errors in the program"),
        ({"new": 5, "pages_missing": 1}, [WALKED], "finished", "incomplete", "1 further pages of articles"),
        ({"new": 5, "gone": 2}, [WALKED], "finished", "good", "5 articles read"),
        ({"new": 5, "gone": 9}, [WALKED], "finished", "incomplete", "9 of 14 listed articles are gone"),
        ({"new": 5, "generic": 4}, [WALKED], "finished", "broken", "layout: no selector fits 4 of 5"),
        ({"new": 5, "rows_guessed": 1}, [WALKED], "finished", "incomplete", "rows were found by their links"),
        ({"new": 5}, [{**WALKED, "stopped": "repeat"}], "finished", "incomplete", "the pager repeats a page"),
        (
            {"new": 5},
            [{**WALKED, "stopped": "not finished"}],
            "finished",
            "incomplete",
            "not walked to its end",
        ),
    ],
)
def test_each_state_has_its_word_and_cause(counted, lists, reason, word, cause) -> None:
    verdict = judge(found(**counted), lists, reason)
    assert verdict.word == word
    assert cause in verdict.cause


def test_only_good_runs_end_with_zero() -> None:
    assert [word for word, code in EXIT_CODES.items() if code == 0] == ["good", "no news"]
    assert not set(EXIT_CODES.values()) & {1, 2}
