"""Lists: "城镇、农村…分别下降6.0小时和15.28小时", one key for each number."""

from __future__ import annotations

from dataclasses import replace

from svcsat_crawler.metrics.sentences import Clause, Sentence
from svcsat_crawler.metrics.token import Token

_JOINERS = frozenset(("、", "和", "及", "与", "以及", "、和"))
_CLASSES = {
    "segment": "part", "scope": "part", "org": "party", "place": "party", "time": "time", "metric": "name", "noun": "name", "sat": "name",
    "power": "service", "service": "service",
}  # fmt: skip


def chain(sentence: Sentence, clause: Clause, index: int) -> list[Token]:
    """Return the quantities of a list that starts with token *index*: 6.0、15.28小时.

    An item without a unit, or with 个 before 工作日, takes the unit of the last one.
    """
    found = [clause.tokens[index]]
    for token in clause.tokens[index + 1 :]:
        if token.kind != "quantity" or sentence.text[found[-1].end : token.start] not in _JOINERS:
            break
        found.append(token)
    last = found[-1].value
    for position, token in enumerate(found):
        item = token.value
        bare = item.dimension in ("", "count") and item.unit in ("", "个")
        if bare and item.dimension != last.dimension and last.dimension:
            whole = replace(
                item, value=item.value * _scale(sentence, found[-1], item.unit), dimension=last.dimension
            )
            found[position] = Token(token.start, token.end, "quantity", whole)
    same = [token for token in found if token.value.dimension == last.dimension]
    return same if len(same) == len(found) else found[:1]


def _scale(sentence: Sentence, last: Token, unit: str) -> float:
    """Return 10000 for 3.5 in "3.5、4.2万千瓦": the scale of the last item holds for all."""
    if unit:
        return 1.0
    printed = sentence.text[last.start : last.end]
    digits = printed.rstrip("".join(char for char in printed if not char.isdecimal()))
    number = (
        float(digits.replace(",", "")) if digits.replace(",", "").replace(".", "", 1).isdecimal() else 0.0
    )
    return last.value.value / number if number else 1.0


def keys(sentence: Sentence, clause_index: int, first: Token, count: int) -> list[Token]:
    """Return the *count* keys of a list of numbers, or an empty list.

    They stand before the numbers in the clause, or in the clause before 分别.
    """
    for index in range(clause_index, max(-1, clause_index - 2), -1):
        clause = sentence.clauses[index]
        before = [t for t in clause.tokens if t.end <= first.start and t.kind in _CLASSES]
        run: list[Token] = []
        runs: list[list[Token]] = []
        for token in before:
            joined = run and sentence.text[run[-1].end : token.start].strip("“”的") in _JOINERS
            if joined and _CLASSES[run[-1].kind] == _CLASSES[token.kind]:
                run.append(token)
            else:
                run = [token]
                runs.append(run)
        for run in reversed(runs):
            if len(run) == count:
                return run
        spread = [
            t for t in clause.tokens if t.kind == "scopes" and t.end <= first.start and len(t.value) == count
        ]
        if spread:
            return [Token(spread[-1].start, spread[-1].end, "scope", name) for name in spread[-1].value]
        if not any(t.kind == "resp" for t in sentence.clauses[clause_index].tokens):
            break
    return []
