"""What the numbers of a clause can be about: the parties that it names, and which one of several."""

from __future__ import annotations

from svcsat_crawler.metrics.asides import is_aside
from svcsat_crawler.metrics.named import COUNTY_WORDS, JOINERS, inside, of_city
from svcsat_crawler.metrics.parties import Party
from svcsat_crawler.metrics.sentences import Clause, Sentence
from svcsat_crawler.metrics.token import Token

KINDS = frozenset(("org", "place", "reference"))
_JOINER_ENDS = frozenset("、和及与其")


def candidates(sentence: Sentence, clause: Clause) -> list[Token]:
    """Return what the numbers of a clause can be about."""
    fit = sentence.parties.get(clause.start)
    if fit is None:
        sentence.parties[clause.start] = fit = []
        for token in clause.tokens:
            if token.kind in KINDS and not is_aside(sentence, token, token.start <= clause.start + 1):
                fit.append(token)
    return fit


def choose(sentence: Sentence, fit: list[Token]) -> Token:
    """Return the one of several parties of a clause that its numbers are about."""
    last = fit[-1]
    if last.kind == "reference" and fit[-2].kind == "place" and fit[-2].end == last.start:
        last = fit[-2]  # 湖南全省, 东莞全市
    if last.kind == "place" or (last.kind == "reference" and last.value == "region"):
        # 东莞供电局…东莞全市…: the supplier, not the place it serves.
        for token in reversed(fit[:-1]):
            if token.kind == "org" and token.value.power and sentence.heavy(token.end, last.start) <= 20:
                if sentence.text[last.start : last.end] in COUNTY_WORDS and of_city(token.value):
                    return last
                same = last.kind == "reference" or (
                    last.value.level != "county" and inside(last.value, token.value)
                )
                return token if same else last
    return last


def listed_with(sentence: Sentence, tokens: list[Token], chosen: Token) -> tuple[Party, ...]:
    """Return every party of the list that ends with *chosen*: A、B及C."""
    if sentence.text[chosen.start - 1 : chosen.start] not in _JOINER_ENDS:
        return (chosen.value,)
    parties = [chosen.value]
    right = chosen
    for token in reversed([t for t in tokens if t.kind in KINDS and t.end <= chosen.start]):
        if sentence.text[token.end : right.start] not in JOINERS or token.kind == "reference":
            break
        parties.append(token.value)
        right = token
    return tuple(reversed(parties))
