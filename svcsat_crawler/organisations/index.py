"""Longest-match look-up of many words in one pass, linear in the text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from operator import add
from typing import Generic, TypeVar

T = TypeVar("T")


class WordIndex(Generic[T]):
    """Words of two or more characters with a payload each; at one place the longest word wins.

    Words are kept by their first two characters, so a scan costs one dictionary probe a character.

    >>> index = WordIndex([("供电局", 1), ("东莞供电局", 2), ("供电", 3)])
    >>> list(index.scan("东莞供电局的供电"))
    [(0, 5, 2), (6, 8, 3)]
    """

    def __init__(self, words: Iterable[tuple[str, T]]) -> None:
        self._words = dict(words)
        lengths: dict[str, set[int]] = {}
        for word in self._words:
            if len(word) < 2:
                raise ValueError(f"word too short for the index: {word!r}")
            lengths.setdefault(word[:2], set()).add(len(word))
        self._lengths = {head: sorted(found, reverse=True) for head, found in lengths.items()}

    def scan(self, text: str) -> Iterator[tuple[int, int, T]]:
        """Yield (start, end, payload), left to right, without overlaps."""
        heads, words = self._lengths, self._words
        places = [(start, pair) for start, pair in enumerate(map(add, text, text[1:])) if pair in heads]
        free = 0
        for start, pair in places:
            if start < free:
                continue
            for length in heads[pair]:
                word = text[start : start + length]
                if word in words:
                    free = start + len(word)
                    yield start, free, words[word]
                    break
