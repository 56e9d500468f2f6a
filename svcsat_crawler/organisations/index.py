"""Longest-match look-up of many words in one pass, linear in the text."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Generic, TypeVar

from daachorse import MATCH_KIND_LEFTMOST_LONGEST, CharwiseDoubleArrayAhoCorasick

T = TypeVar("T")

# The automaton reads UTF-8, which has no lone surrogates.
_SURROGATE = re.compile("[\ud800-\udfff]")


# Where words of one kind start, left to right, and which word does.
Starts = Mapping[int, str]


class Places:
    """Where words of several kinds start, in one pass; of two of a kind that start at one place one is named.

    >>> Places({"name": ["办电", "电费", "少"], "rank": ["第一"]}).scan("少交电费")
    {'name': {0: '少', 2: '电费'}, 'rank': {}}
    """

    def __init__(self, kinds: Mapping[str, Collection[str]]) -> None:
        words: dict[str, list[str]] = {}
        for kind, own in kinds.items():
            for word in own:
                words.setdefault(word, []).append(kind)
        self._kinds = tuple(kinds)
        # The automaton tells of what ends first: that is no order where a word stands inside another one.
        self._nested = [kind for kind, own in kinds.items() if _are_nested(own)]
        self._words = [(word, kinds[0], kinds[1:]) for word, kinds in words.items()]
        self._automaton = CharwiseDoubleArrayAhoCorasick(list(words))

    def scan(self, text: str) -> Mapping[str, Starts]:
        """Return, for each kind, where its words start."""
        try:
            found = self._automaton.find_overlapping(text)
        except UnicodeEncodeError:
            found = self._automaton.find_overlapping(_SURROGATE.sub("\ufffd", text))
        places: dict[str, dict[int, str]] = {kind: {} for kind in self._kinds}
        words = self._words
        for start, _, number in found:
            word, kind, others = words[number]
            places[kind][start] = word
            if others:
                for kind in others:
                    places[kind][start] = word
        for kind in self._nested:
            own = places[kind]
            if len(own) > 1:
                places[kind] = {start: own[start] for start in sorted(own)}
        return places


def _are_nested(words: Collection[str]) -> bool:
    """Whether one of the words stands inside another one, not at its start."""
    shortest = min(map(len, words))
    return any(word.find(other, 1) > 0 for word in words if len(word) > shortest for other in words)


def pairs(first: str, second: str) -> frozenset[str]:
    """Return every pair of a character of *first* and one of *second*."""
    return frozenset(one + other for one in first for other in second)


def matches_at(pattern: re.Pattern[str], text: str, starts: Starts) -> Iterator[re.Match[str]]:
    """Yield what ``finditer`` would, given all places where the pattern can match."""
    free = 0
    for start in starts:
        match = pattern.match(text, start) if start >= free else None
        if match is not None:
            free = match.end()
            yield match


class WordIndex(Generic[T]):
    """Words of two or more characters with a payload each; at one place the longest word wins.

    >>> index = WordIndex([("供电局", 1), ("东莞供电局", 2), ("供电", 3)])
    >>> index.scan("东莞供电局的供电"), index.longest_at("东莞供电局", 2)
    ([(2, 0, 5), (3, 6, 8)], (1, 5))
    """

    def __init__(self, words: Iterable[tuple[str, T]]) -> None:
        self._words = known = dict(words)
        for word in known:
            if len(word) < 2:
                raise ValueError(f"word too short for the index: {word!r}")
        self._payloads = list(known.values())
        lengths: dict[str, set[int]] = {}
        for word in known:
            lengths.setdefault(word[:2], set()).add(len(word))
        self._lengths = {head: tuple(sorted(own, reverse=True)) for head, own in lengths.items()}
        self._automaton = CharwiseDoubleArrayAhoCorasick(list(known), MATCH_KIND_LEFTMOST_LONGEST)

    def scan(self, text: str) -> list[tuple[T, int, int]]:
        """Return (payload, start, end), left to right, without overlaps."""
        try:
            found = self._automaton.find(text)
        except UnicodeEncodeError:
            found = self._automaton.find(_SURROGATE.sub("\ufffd", text))
        payloads = self._payloads
        return [(payloads[number], start, end) for start, end, number in found]

    def longest_at(self, text: str, start: int) -> tuple[T, int] | None:
        """Return payload and end of the longest word that starts at *start*, or None."""
        for length in self._lengths.get(text[start : start + 2], ()):
            word = text[start : start + length]
            if word in self._words:
                return self._words[word], start + length
        return None
