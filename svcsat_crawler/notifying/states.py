"""The state of a spider, as far as people are told of it: pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, cast

from svcsat_crawler.verdict.causes import Kind

GOOD = "good"


class State(NamedTuple):
    """``good``, ``incomplete`` or ``broken``, and the kinds of its causes in a fixed order."""

    word: str
    kinds: tuple[Kind, ...] = ()

    @property
    def key(self) -> str:
        """The state as it is stored.

        >>> State("broken", ("charset", "layout")).key, State("good").key
        ('broken: charset, layout', 'good')
        """
        return f"{self.word}: {', '.join(self.kinds)}" if self.kinds else self.word

    @classmethod
    def from_key(cls, key: str) -> State:
        """Return the state of a stored ``key``.

        >>> State.from_key("broken: charset, layout").kinds
        ('charset', 'layout')
        """
        word, _, kinds = key.partition(": ")
        return cls(word, cast("tuple[Kind, ...]", tuple(kinds.split(", ")) if kinds else ()))


def tells(run: Mapping[str, Any]) -> bool:
    """Whether a run says something about its site: it walked lists, or ended before it could.

    A replay, single posts and WARC files do not.
    """
    return run["verdict"] != "running" and run.get("lists") != []


def state_of(run: Mapping[str, Any]) -> State:
    """Return the state that a finished run shows.

    >>> state_of({"verdict": "no news", "causes": []}).key
    'good'
    >>> state_of({"verdict": "incomplete", "cause": "the process ended without a word (killed?)"}).key
    'incomplete: stopped'
    """
    if run["verdict"] in ("good", "no news"):
        return State(GOOD)
    kinds = {cause["kind"] for cause in run.get("causes") or ()}
    return State(run["verdict"], tuple(sorted(kinds or {"stopped"})))
