"""Lists: "城镇、农村…分别下降6.0小时和15.28小时", one key for each number."""

from __future__ import annotations

import re
from itertools import pairwise

from msgspec.structs import replace

from svcsat_crawler.metrics.sentences import Clause, Sentence
from svcsat_crawler.metrics.token import Token
from svcsat_crawler.text.figures import UNITS, Quantity

_JOINERS = frozenset(("、", "和", "及", "与", "以及", "、和"))
# A row of numbers with a unit behind the last one only: what stands before each, and between.
_LENDING = frozenset(("org", "place", "scope", "segment"))
_DAYS = frozenset(("days", "working_days"))
_IS = frozenset(("", "为", "约", "仅", "是"))
# 10千伏高压客户: what belongs to a key and is none.
_MODIFIER = re.compile(r"[“”的]|\d+千伏(?:及以上)?")
# 从2018年的9.4到2021年的5.2小时: what stands between a bare number and the one it has become.
_BECOMES = re.compile(r",?[^,;。、\d]{0,6}?[到至为成](?:了|约|近)*(?:(?:19|20)\d\d年[度底]?的?)?(?:约|近)?")
_CLASSES = {
    "segment": "part", "scope": "part", "org": "party", "place": "party", "time": "time", "metric": "name", "noun": "name", "sat": "name",
    "power": "service", "service": "service",
}  # fmt: skip


def chain(sentence: Sentence, clause: Clause, index: int) -> list[Token]:
    """Return the quantities of a list that starts with token *index*: 6.0、15.28小时.

    An item without a unit, or with 个 before 工作日, takes the unit of the last one.
    """
    tokens = clause.tokens
    found = [tokens[index]]
    if index + 1 == len(tokens) or tokens[index + 1].kind != "quantity":
        return found
    for token in tokens[index + 1 :]:
        if token.kind != "quantity" or sentence.text[found[-1].end : token.start] not in _JOINERS:
            break
        found.append(token)
    if len(found) == 1:
        return found
    last = found[-1].value
    for position, token in enumerate(found):
        item = token.value
        bare = item.dimension in ("", "count") and item.unit in ("", "个")
        if bare and item.dimension != last.dimension and last.dimension:
            whole = replace(
                item, value=item.value * _scale(sentence, found[-1], item), dimension=last.dimension
            )
            found[position] = Token(token.start, token.end, "quantity", whole)
    same = [token for token in found if token.value.dimension == last.dimension]
    if len(same) < len(found) and all(token.value.dimension in _DAYS for token in found):
        return found  # 1.1天和3.6个工作日
    return same if len(same) == len(found) else found[:1]


def _scale(sentence: Sentence, last: Token, item: Quantity) -> float:
    """Return 10000 for 3.5 in "3.5、4.2万千瓦": the scale of the last item holds for all that print none."""
    if item.unit:
        return 1.0
    if sentence.text[item.end - 1] in "十百千万亿":
        return float(10 ** UNITS[last.value.unit][1])
    printed = sentence.text[last.start : last.end]
    digits = printed.rstrip("".join(char for char in printed if not char.isdecimal()))
    number = (
        float(digits.replace(",", "")) if digits.replace(",", "").replace(".", "", 1).isdecimal() else 0.0
    )
    return last.value.value / number if number else 1.0


def _each_year(token: Token) -> list[Token]:
    """Return a key for each year of 2016年至2018年."""
    word = token.value
    return [
        Token(token.start, token.end, "time", replace(word, year=year, years_to=None, label=f"{year}年"))
        for year in range(word.year, word.years_to + 1)
    ]


def years_before(sentence: Sentence, first: Token, count: int) -> list[int]:
    """Return the years of 2016年、2017年、2018年 or 2016年至2018年 before a token, when there are *count*."""
    words = [t.value for t in sentence.tokens if t.kind == "time" and t.end <= first.start]
    if len(words) == 1 and words[0].years_to and words[0].year:
        years = list(range(words[0].year, words[0].years_to + 1))
    else:
        years = [word.year for word in words if word.year and not word.years_to]
    return years if len(years) == len(set(years)) == count else []


def _run(sentence: Sentence, words: list[Token], count: int) -> list[Token]:
    """Return the last *count* words of one class that are joined by 、 or 和, or an empty list."""
    run: list[Token] = []
    runs: list[list[Token]] = []
    for token in words:
        gap = sentence.text[run[-1].end : token.start] if run else ""
        joined = run and _MODIFIER.sub("", gap) in _JOINERS
        if joined and _CLASSES[run[-1].kind] == _CLASSES[token.kind]:
            run.append(token)
        else:
            run = [token]
            runs.append(run)
    return next((run for run in reversed(runs) if len(run) == count), [])


def _with_parts(words: list[Token]) -> list[Token]:
    """Make one word of 工业用电量, a part and a name, in a list of names."""
    whole: list[Token] = []
    for token in words:
        part = whole[-1] if whole else None
        if part and token.kind == "metric" and part.kind in ("scope", "segment") and part.end == token.start:
            whole[-1] = Token(part.start, token.end, "metric", token.value, token.weak)
        else:
            whole.append(token)
    return whole


def keys(sentence: Sentence, clause_index: int, first: Token, count: int) -> list[Token]:
    """Return the *count* keys of a list of numbers, or an empty list.

    They stand before the numbers in the clause, or before 分别 in one of the two clauses before.
    """
    for index in range(clause_index, max(-1, clause_index - 3), -1):
        clause = sentence.clauses[index]
        before = [t for t in clause.tokens if t.end <= first.start and t.kind in _CLASSES]
        found = _run(sentence, before, count) or _run(sentence, _with_parts(before), count)
        if found:
            return found
        spread = [
            t for t in clause.tokens if t.kind == "scopes" and t.end <= first.start and len(t.value) == count
        ]
        years = [t for t in clause.tokens if t.kind == "time" and t.end <= first.start and t.value.years_to]
        if years and years[-1].value.years_to - (years[-1].value.year or 0) + 1 == count:
            return _each_year(years[-1])
        if spread:
            return [Token(spread[-1].start, spread[-1].end, "scope", name) for name in spread[-1].value]
        own = sentence.clauses[clause_index]
        # 无锡、南京紧随其后,为1592万和1467万千瓦
        bare = first.start - own.start <= 2 and not any(t.end <= first.start for t in own.tokens)
        if not bare and not any(t.kind == "resp" for t in own.tokens):
            break
        if index < clause_index and any(t.kind == "quantity" for t in clause.tokens):
            break
    return []


def lend_units(sentence: Sentence) -> None:
    """Give the bare numbers of 西宁8.07、呼和浩特8.95、拉萨13.2小时 the unit of the last one, in place."""
    row: list[Token] = []
    for before, token in pairwise(sentence.tokens):
        if token.kind != "quantity":
            continue
        keyed = before.kind in _LENDING and sentence.text[before.end : token.start] in _IS
        if not keyed or (row and sentence.text[row[-1].end : before.start] not in _JOINERS):
            row = []
        elif token.value.unit:
            for bare in row:
                scale = _scale(sentence, token, bare.value)
                bare.value = replace(
                    bare.value, value=bare.value.value * scale, dimension=token.value.dimension
                )
            row = []
        if keyed and not token.value.unit and not token.value.dimension:
            row.append(token)


def lend_to_start(sentence: Sentence) -> None:
    """Give the bare number of 从2018年的9.4到2021年的5.2小时 the unit of what it has become, in place."""
    text = sentence.text
    for before, token in pairwise([t for t in sentence.tokens if t.kind == "quantity"]):
        bare = before.value
        if bare.unit or bare.dimension or not token.value.unit:
            continue
        clause = sentence.clause_at(before)
        lead = text[clause.start : before.start]
        if ("从" in lead or "由" in lead) and _BECOMES.fullmatch(text, before.end, token.start):
            scale = _scale(sentence, token, bare)
            before.value = replace(bare, value=bare.value * scale, dimension=token.value.dimension)
