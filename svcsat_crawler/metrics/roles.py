"""What a quantity does in its clause: a level, a change, the value before, or something else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from svcsat_crawler.items import Qualifier
from svcsat_crawler.metrics.sentences import Clause, Sentence
from svcsat_crawler.metrics.token import Token

Direction = Literal["up", "down", "flat"]
# level: the value itself; to: the value reached; start: the value before; change: the difference;
# distance: how far from somebody else; none: no statement of ours
Kind = Literal["level", "to", "start", "change", "distance", "none"]


@dataclass(slots=True)
class Role:
    """The part a quantity plays, with the direction of the change it belongs to."""

    kind: Kind
    direction: Direction | None = None


# Between a verb and its number: 下降了约0.5小时, 增长近50%.
_SOFT = "了约近超逾达为过再又均也各将仅就到-"
_UP = frozenset("升增多涨高")
_DOWN = frozenset("降减少低跌")
_AFTER_CHANGE = re.compile(r"的?(?:增长|增幅|涨幅|提升|增速|升幅)|的?(?P<down>下降|降幅|降低|减幅|压缩)")
# “1小时圈”, 千亿俱乐部: a class, not a value; 0.05元/千瓦时 is a price.
_CIRCLE = re.compile(r"[”\"]?(?:生活|抢修|缴费|服务)?(?:圈|时代|俱乐部|行列|梯队|门槛)")
_FROM = ("由", "从", "原来的", "原先的", "此前的", "原来", "上年的", "去年的")
_THAN = ("比", "较", "于", "同比")
_ABOUT = ("约", "近", "左右", "上下", "大约")


_TRANSPARENT = frozenset(("qualifier_before", "resp", "average"))


def _soft_start(text: str, low: int, position: int) -> int:
    while position > low and text[position - 1] in _SOFT:
        position -= 1
    return position


def _has_base(clause: Clause, position: int) -> bool:
    return any(token.kind == "base" and token.start < position for token in clause.tokens)


def role_of(sentence: Sentence, clause: Clause, index: int) -> Role:
    """Return the role of the quantity that is token *index* of *clause*."""
    text = sentence.text
    token = clause.tokens[index]
    dimension = token.value.dimension
    at = _soft_start(text, clause.start, token.start)
    before = [t for t in clause.tokens[:index] if t.kind not in _TRANSPARENT]
    near = before[-1] if before else None
    if near is not None and near.kind != "quantity":
        gap = sentence.heavy(near.end, token.start)
        if near.kind in ("up", "down") and gap == 0:
            return Role("change", near.kind)  # type: ignore[arg-type]
        if near.kind == "to" and gap <= 1:
            return Role("to", near.value)
        if dimension in ("points", "percentage_points") and any(t.kind == "lead" for t in before):
            return Role("distance")
        if near.kind == "lead" and gap <= 1 and dimension in ("points", "percent", "percentage_points"):
            return Role("distance")
        if (
            near.kind == "fill"
            and len(before) > 1
            and before[-2].kind in ("up", "down")
            and near.start == before[-2].end
        ):
            return Role("change", before[-2].kind)  # type: ignore[arg-type]
        if (
            near.kind == "metric"
            and len(before) > 1
            and text[near.end : token.start] in ("", "约", "近", "了", "超")
        ):
            verb = before[-2]
            changes = verb.kind == "down" or (
                verb.kind == "up" and dimension not in ("percent", "CNY", "count")
            )
            if changes and sentence.heavy(verb.end, near.start) == 0:
                return Role("change", verb.kind)  # type: ignore[arg-type]
        if near.kind == "time" and gap == 0:
            lead = text[max(clause.start, near.start - 2) : near.start] + text[near.start : near.start + 1]
            if text[near.start] in "从由自" or lead[:-1].endswith(("由", "从")):
                return Role("start")
            if lead[:-1].endswith(_THAN):
                return _single_verb(text, clause, at, token) or Role("start")
    if text[max(clause.start, at - 3) : at].endswith(_FROM) and near is not None:
        return Role("start")
    found = _single_verb(text, clause, at, token)
    if found is not None:
        return found
    if _CIRCLE.match(text, token.end, sentence.end) or (
        dimension == "CNY" and text.startswith("/", token.end)
    ):
        return Role("none")
    after = _AFTER_CHANGE.match(text, token.end, sentence.end)
    if after and dimension in ("percent", "percentage_points", "fold"):
        return Role("change", "down" if after["down"] else "up")
    if dimension in ("percentage_points", "fold"):
        verbs = [t for t in clause.tokens if t.kind in ("up", "down")]
        return Role("change", verbs[-1].kind) if verbs else Role("none")  # type: ignore[arg-type]
    if text[clause.start] in "为达约" and not any(t.kind in ("metric", "sat", "quantity") for t in before):
        previous = _change_noun(sentence, clause)
        if previous:
            return Role("change", previous)
    return Role("level")


def _single_verb(text: str, clause: Clause, at: int, token: Token) -> Role | None:
    """同比升0.021, 比上年高9: one-character verbs count only after a base of comparison."""
    if at <= clause.start:
        return None
    sign = text[token.start - 1]
    char = text[at - 1]
    if sign not in "+-" and char not in _UP and char not in _DOWN:
        return None
    if not _has_base(clause, token.start) and not any(
        t.kind == "time" and text[t.start - 1] in "比较" for t in clause.tokens
    ):
        return None
    if sign == "-" and not text[token.start - 2 : token.start - 1].isdecimal():
        return Role("change", "down")
    if sign == "+" or char in _UP:
        return Role("change", "up")
    if char in _DOWN:
        return Role("change", "down")
    return None


def _change_noun(sentence: Sentence, clause: Clause) -> Direction | None:
    """Return the direction of 降幅 or 增幅 when the clause before *clause* ends with it."""
    place = sentence.clauses.index(clause)
    if place == 0:
        return None
    tokens = sentence.clauses[place - 1].tokens
    if any(t.kind == "quantity" for t in tokens):
        return None
    for token in reversed(tokens):
        if token.kind in ("up", "down") and sentence.text[token.end - 1] in "幅速":
            return token.kind  # type: ignore[return-value]
    return None


def qualifier_of(sentence: Sentence, clause: Clause, token: Token) -> Qualifier:
    """Return how exact the number of a quantity is meant.

    ``近`` and ``约`` are about, ``超`` and ``余`` over, ``以内`` at most; ``达`` is exact.
    """
    text = sentence.text
    after = text[token.end : token.end + 3]
    if after.startswith(("以内", "之内", "以下", "及以下", "内")) and not after.startswith("内部"):
        return "at_most"
    if after.startswith(("以上", "及以上")):
        return "at_least"
    found: Qualifier | None = None
    for word in clause.tokens if "qualifier_before" in sentence.kinds else ():
        if (
            word.kind == "qualifier_before"
            and word.end <= token.start
            and sentence.heavy(word.end, token.start) == 0
        ):
            between = [t for t in clause.tokens if word.end <= t.start < token.start]
            if not between:
                found = word.value
    if found is not None:
        return found
    before = text[max(clause.start, token.start - 1) : token.start]
    if before in ("近", "约"):
        return "about"
    if before in ("超", "逾", "破") or token.value.more:
        return "over"
    return "about" if after.startswith(_ABOUT) else "eq"
