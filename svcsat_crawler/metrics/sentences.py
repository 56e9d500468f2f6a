"""Sentences and clauses of a folded text, with their tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from svcsat_crawler.metrics.token import Token

_END = re.compile(r"[。!?;]+[”\"’」)\]]*|\n")
_SEPARATOR = re.compile(r"[,:]|--+")
# Characters that say nothing between a name and its number.
# No sentence is longer; longer runs are lists or junk.
_LONGEST = 600
_LIGHT = frozenset(
    "的为是达到至约近超过了在有仅只共计已则较高等年度、()%“”·户均也各就而且并又再以居位列得逾首据中里内期上下间将从由"
)


@dataclass(slots=True)
class Clause:
    """A piece between commas; ``start`` and ``end`` count in the squeezed text."""

    start: int
    end: int
    tokens: list[Token]


@dataclass(slots=True)
class Sentence:
    """A piece between full stops or semicolons, inside one paragraph."""

    text: str
    start: int
    end: int
    paragraph: int
    tokens: list[Token] = field(default_factory=list)
    _clauses: list[Clause] | None = None

    @property
    def clauses(self) -> list[Clause]:
        """The clauses, cut when they are first asked for; a comma inside a token cuts nothing."""
        if self._clauses is None:
            self._clauses = _cut(self)
        return self._clauses

    def clause_of(self, token: Token) -> int:
        """Return the index of the clause that holds *token*."""
        for index, clause in enumerate(self.clauses):
            if token.start < clause.end:
                return index
        return len(self.clauses) - 1

    def heavy(self, start: int, end: int) -> int:
        """Count the characters between two places that no token and no light word explains."""
        if end <= start:
            return 0
        free = ""
        at = start
        for token in self.tokens:
            if token.end <= start:
                continue
            if token.start >= end:
                break
            if token.start > at:
                free += self.text[at : token.start]
            at = max(at, token.end)
        if at < end:
            free += self.text[at:end]
        return len([char for char in free if char not in _LIGHT]) if free else 0


def split_sentences(text: str) -> Iterator[Sentence]:
    """Yield the sentences of a folded, squeezed text, without tokens.

    >>> [s.text[s.start:s.end] for s in split_sentences("排名第一。\\n得分80分;停电1小时!")]
    ['排名第一。', '得分80分;', '停电1小时!']
    """
    start = paragraph = 0
    for match in _END.finditer(text):
        newline = match[0] == "\n"
        end = match.start() if newline else match.end()
        for first, last in _short(text, start, end):
            yield Sentence(text, first, last, paragraph)
        start = match.end()
        paragraph += newline
    for first, last in _short(text, start, len(text)):
        yield Sentence(text, first, last, paragraph)


def _short(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut what is longer than any sentence, at a comma when there is one: binding looks back far."""
    while end - start > _LONGEST:
        cut = text.rfind(",", start + 1, start + _LONGEST) + 1 or start + _LONGEST
        yield start, cut
        start = cut
    if end > start and not text[start:end].isspace():
        yield start, end


def deal(sentences: list[Sentence], tokens: list[Token]) -> None:
    """Give every sentence its tokens; a token across an end belongs to nobody."""
    at = 0
    for sentence in sentences:
        while at < len(tokens) and tokens[at].start < sentence.start:
            at += 1
        first = at
        while at < len(tokens) and tokens[at].end <= sentence.end:
            at += 1
        sentence.tokens = tokens[first:at]


def _cut(sentence: Sentence) -> list[Clause]:
    tokens = sentence.tokens
    text = sentence.text
    inside = {
        place
        for token in tokens
        if token.kind in ("quantity", "time") and _SEPARATOR.search(text, token.start, token.end)
        for place in range(token.start, token.end)
    }
    clauses: list[Clause] = []
    at = 0
    start = sentence.start
    cuts = [m.span() for m in _SEPARATOR.finditer(text, start, sentence.end) if m.start() not in inside]
    for end, following in (*cuts, (sentence.end, sentence.end)):
        first = at
        while at < len(tokens) and tokens[at].start < end:
            at += 1
        if end > start:
            clauses.append(Clause(start, end, tokens[first:at]))
        start = following
    return clauses
