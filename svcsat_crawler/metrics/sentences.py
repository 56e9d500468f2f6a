"""Sentences and clauses of a folded text, with their tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass, field

from svcsat_crawler.metrics.token import Token

_END = re.compile(r"[。!?;]+[”\"’」)\]]*|\n")
_SEPARATOR = re.compile(r"[,:]|--+")
# No sentence is longer; longer runs are lists or junk.
_LONGEST = 600
# Characters that say nothing between a name and its number.
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
    """A piece between full stops or semicolons, inside one paragraph.

    ``kinds`` are those of its tokens; ``times`` its times once :class:`Periods` has looked at them.
    """

    text: str
    start: int
    end: int
    paragraph: int
    tokens: list[Token] = field(default_factory=list)
    kinds: Set[str] = frozenset()
    times: list[tuple[Token, bool]] | None = None
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
        text = self.text
        count = 0
        at = start
        for token in self.tokens:
            if token.end <= start:
                continue
            if token.start >= end:
                break
            if token.start > at:
                for char in text[at : token.start]:
                    count += char not in _LIGHT
            at = max(at, token.end)
        if at < end:
            for char in text[at:end]:
                count += char not in _LIGHT
        return count


def split_sentences(text: str) -> list[Sentence]:
    """Return the sentences of a folded, squeezed text, without tokens.

    >>> [s.text[s.start:s.end] for s in split_sentences("排名第一。\\n得分80分;停电1小时!")]
    ['排名第一。', '得分80分;', '停电1小时!']
    """
    sentences: list[Sentence] = []
    start = paragraph = 0
    for match in _END.finditer(text):
        at, after = match.span()
        newline = text[at] == "\n"
        end = at if newline else after
        if end - start > _LONGEST:
            sentences += [Sentence(text, *piece, paragraph) for piece in _short(text, start, end)]
        elif end > start and not (text[start].isspace() and text[start:end].isspace()):
            sentences.append(Sentence(text, start, end, paragraph))
        start = after
        paragraph += newline
    sentences += [Sentence(text, *piece, paragraph) for piece in _short(text, start, len(text))]
    return sentences


def _short(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut what is longer than any sentence, at a comma when there is one: binding looks back far."""
    while end - start > _LONGEST:
        cut = text.rfind(",", start + 1, start + _LONGEST) + 1 or start + _LONGEST
        yield start, cut
        start = cut
    if end > start and not text[start:end].isspace():
        yield start, end


def deal(sentences: list[Sentence], tokens: list[Token]) -> None:
    """Give every sentence its tokens and their kinds; a token across an end belongs to nobody."""
    at = 0
    count = len(tokens)
    for sentence in sentences:
        start, end = sentence.start, sentence.end
        while at < count and tokens[at].start < start:
            at += 1
        first = at
        while at < count and tokens[at].end <= end:
            at += 1
        if at > first:
            sentence.tokens = tokens[first:at]
            sentence.kinds = {token.kind for token in sentence.tokens}


def _cut(sentence: Sentence) -> list[Clause]:
    text, tokens = sentence.text, sentence.tokens
    clauses: list[Clause] = []
    at = first = 0
    count = len(tokens)
    start = sentence.start
    for match in _SEPARATOR.finditer(text, start, sentence.end):
        end, following = match.span()
        while at < count and tokens[at].start < end:
            at += 1
        # 1,234 and 10:30
        if at and tokens[at - 1].end > end and tokens[at - 1].kind in ("quantity", "time"):
            continue
        if end > start:
            clauses.append(Clause(start, end, tokens[first:at]))
            first = at
        start = following
    if sentence.end > start:
        clauses.append(Clause(start, sentence.end, tokens[first:]))
    return clauses
