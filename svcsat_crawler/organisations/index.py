"""Longest-match look-up of many words in one pass, linear in the text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Generic, TypeVar

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

T = TypeVar("T")

# The automaton reads UTF-8, which has no lone surrogates.
_SURROGATE = re.compile("[\ud800-\udfff]")


class WordIndex(Generic[T]):
    """Words of two or more characters with a payload each; at one place the longest word wins.

    >>> index = WordIndex([("供电局", 1), ("东莞供电局", 2), ("供电", 3)])
    >>> index.scan("东莞供电局的供电")
    [(2, 0, 5), (3, 6, 8)]
    """

    def __init__(self, words: Iterable[tuple[str, T]]) -> None:
        known = dict(words)
        for word in known:
            if len(word) < 2:
                raise ValueError(f"word too short for the index: {word!r}")
        self._payloads = list(known.values())
        self._automaton = AhoCorasick(
            list(known), matchkind=MatchKind.LeftmostLongest, implementation=Implementation.ContiguousNFA
        )

    def scan(self, text: str) -> list[tuple[T, int, int]]:
        """Return (payload, start, end), left to right, without overlaps."""
        try:
            found = self._automaton.find_matches_as_indexes(text)
        except UnicodeEncodeError:
            found = self._automaton.find_matches_as_indexes(_SURROGATE.sub("\ufffd", text))
        payloads = self._payloads
        return [(payloads[number], start, end) for number, start, end in found]
