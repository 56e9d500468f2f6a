"""Longest-match look-up of many words in one pass, linear in the text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Generic, TypeVar

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

T = TypeVar("T")

# The automaton reads UTF-8, which has no lone surrogates.
_SURROGATE = re.compile("[\ud800-\udfff]")


class Places:
    """Where any of some words starts, in one pass; of two words that start at one place one is named.

    >>> Places(["办电", "电费", "少"]).scan("少交电费")
    [(0, '少'), (2, '电费')]
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._words = sorted(words)
        # The fastest of the automata and the largest: for a few hundred words that is nothing.
        self._automaton = AhoCorasick(
            self._words, matchkind=MatchKind.Standard, implementation=Implementation.DFA
        )

    def scan(self, text: str) -> list[tuple[int, str]]:
        """Return (start, word), left to right."""
        try:
            found = self._automaton.find_matches_as_indexes(text, overlapping=True)
        except UnicodeEncodeError:
            found = self._automaton.find_matches_as_indexes(_SURROGATE.sub("\ufffd", text), overlapping=True)
        return sorted({start: self._words[number] for number, start, _ in found}.items())


class WordIndex(Generic[T]):
    """Words of two or more characters with a payload each; at one place the longest word wins.

    >>> index = WordIndex([("供电局", 1), ("东莞供电局", 2), ("供电", 3)])
    >>> index.scan("东莞供电局的供电")
    [(2, 0, 5), (3, 6, 8)]
    """

    def __init__(self, words: Iterable[tuple[str, T]]) -> None:
        self.words = known = dict(words)
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
