"""Sentences and clauses of a folded text, with their tokens."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence, Set
from operator import attrgetter
from typing import Literal

from msgspec import Struct, field

from svcsat_crawler.metrics.token import Token
from svcsat_crawler.organisations.index import Starts

# One class first: the scan is twice as fast as with two alternatives.
_END = re.compile(r"[。!?;\n](?:(?<!\n)[。!?;]*[”\"’」)\]]*)?")
_SEPARATOR = re.compile(r"[,:-](?:(?<!-)|-+)")
_START = attrgetter("start")
_END_OF = attrgetter("end")
_KIND = attrgetter("kind")
# What a word of satisfaction is about.
Owner = Literal["power", "other", "neutral", "unknown"]
# No comma cuts one of these: 1,234 and 10:30 and 今天申请,明天通电.
_WHOLE = frozenset(("quantity", "time", "metric"))
# No sentence is longer; longer runs are lists or junk.
_LONGEST = 600
# Characters that say nothing between a name and its number.
_LIGHT = frozenset(
    "的为是达到至约近超过了在有仅只共计已则较高等年度、()%“”·户均也各就而且并又再以居位列得逾首据中里内期上下间将从由"
)


class Clause(Struct, eq=False, gc=False):
    """A piece between commas; ``start`` and ``end`` count in the squeezed text."""

    start: int
    end: int
    tokens: list[Token]


class Sentence(Struct, eq=False, gc=False):
    """A piece between full stops or semicolons, inside one paragraph.

    ``kinds`` are those of its tokens; ``times`` are those that :class:`Periods` has found in them, each
    with whether it is an aside; ``parties`` are what :func:`candidates` has found in its clauses, by where
    these start; ``asides`` and ``owners`` are what :func:`is_aside` has said of the parties, and
    :func:`owner_of` of the words of satisfaction.
    """

    text: str
    start: int
    end: int
    paragraph: int
    tokens: list[Token]
    kinds: Set[str]
    times: Sequence[tuple[Token, bool]] = ()
    parties: dict[int, list[Token]] = field(default_factory=dict)
    asides: dict[tuple[int, bool], bool] = field(default_factory=dict)
    owners: dict[int, Owner] = field(default_factory=dict)
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

    def clause_at(self, token: Token) -> Clause:
        """Return the clause that holds *token*."""
        clauses = self.clauses
        for clause in clauses:
            if token.start < clause.end:
                return clause
        return clauses[-1]

    def following(self, position: int) -> list[Token]:
        """Return the first two tokens from *position* on."""
        first = bisect_left(self.tokens, position, key=_START)
        return self.tokens[first : first + 2]

    def heavy(self, start: int, end: int) -> int:
        """Count the characters between two places that no token and no light word explains."""
        if end <= start:
            return 0
        text = self.text
        count = 0
        at = start
        for token in self.tokens:
            if token.end <= at:
                continue
            if token.start >= end:
                break
            if token.start > at:
                for char in text[at : token.start]:
                    count += char not in _LIGHT
            at = token.end
        if at < end:
            for char in text[at:end]:
                count += char not in _LIGHT
        return count


def holding(sentences: list[Sentence], starts: Starts) -> set[int]:
    """Return where the sentences begin in which a word starts, by where words do."""
    if not starts:
        return set()
    begins = [sentence.start for sentence in sentences]
    held: set[int] = set()
    for place in starts:
        number = bisect_right(begins, place) - 1
        if number >= 0 and place < sentences[number].end:
            held.add(begins[number])
    return held


def split_sentences(text: str, tokens: list[Token]) -> list[Sentence]:
    """Return the sentences of a folded, squeezed text that hold a token; one across an end is dropped.

    >>> tokens = [Token(2, 4, "rank", 1), Token(7, 10, "quantity")]
    >>> [s.text[s.start:s.end] for s in split_sentences("排名第一。\\n得分80分;停电了!", tokens)]
    ['排名第一。', '得分80分;']
    """
    sentences: list[Sentence] = []
    ends = list(map(_END_OF, tokens))
    count = len(tokens)
    start = paragraph = at = 0
    while at < count:
        following = tokens[at].start
        line = text.rfind("\n", start, following) + 1
        if line:  # every line begins a sentence: none of those before it holds a token
            paragraph += text.count("\n", start, line)
            start = line
        match = _END.search(text, start)
        end, after = match.span() if match is not None else (len(text), len(text))
        newline = match is not None and text[end] == "\n"
        if following < after:
            stop = end if newline else after
            for first, last in ((start, stop),) if stop - start <= _LONGEST else _short(text, start, stop):
                begin, at = at, bisect_right(ends, last, at)
                if at > begin:
                    own = tokens[begin:at]
                    sentences.append(Sentence(text, first, last, paragraph, own, set(map(_KIND, own))))
                while at < count and tokens[at].start < last:
                    at += 1
        start = after
        paragraph += newline
    return sentences


def _short(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut what is longer than any sentence, at a comma when there is one: binding looks back far."""
    while end - start > _LONGEST:
        cut = text.rfind(",", start + 1, start + _LONGEST) + 1 or start + _LONGEST
        yield start, cut
        start = cut
    if end > start:
        yield start, end


def _cut(sentence: Sentence) -> list[Clause]:
    tokens = sentence.tokens
    clauses: list[Clause] = []
    at = first = 0
    count = len(tokens)
    start = sentence.start
    for match in _SEPARATOR.finditer(sentence.text, start, sentence.end):
        end, following = match.span()
        while at < count and tokens[at].start < end:
            at += 1
        before = tokens[at - 1] if at else None
        if before is not None and before.end > end and before.kind in _WHOLE:
            continue
        if end > start:
            clauses.append(Clause(start, end, tokens[first:at]))
            first = at
        start = following
    if sentence.end > start:
        clauses.append(Clause(start, sentence.end, tokens[first:]))
    return clauses
