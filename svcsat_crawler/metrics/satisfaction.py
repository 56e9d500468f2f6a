"""Whose satisfaction a 满意度 is: with power supply, with another service, or not said."""

from __future__ import annotations

import re
from typing import Literal

from svcsat_crawler.metrics.sentences import Sentence
from svcsat_crawler.metrics.token import Token

Owner = Literal["power", "other", "neutral", "unknown"]

SATISFACTION = frozenset(("sat", "eval", "score"))
_TRANSPARENT = frozenset(("neutral", "segment", "scope", "eval", "average", "score", "all"))
_OTHER = frozenset(("service", "peer", "authority"))
# 在全市公共服务满意度调查中: names the survey, not what it found.
_FRAME = ("中", "里", "结果", "显示", "活动")
_AMONG = ("中", "里", "内", "之中", "之内")
_COMPARED = re.compile(r"(?:[比较]|仅次于|低于|高于|超过|领先|落后于|不及|优于)[^,;。]{0,8}$")
_GLUE = frozenset("以的对“”'\"()、与和在中里内之")


def owner_of(sentence: Sentence, token: Token) -> Owner:
    """Return what the words right before 满意度 (or 得分, or 评价) say it is about.

    ``unknown`` means that words stand there which the lexicon does not know (新能源汽车满意度).
    """
    text = sentence.text
    if token.kind == "eval" and "公共服务" in text[token.start : token.end]:
        return "neutral"
    position = token.start
    clause = sentence.clauses[sentence.clause_of(token)]
    for item in reversed([t for t in clause.tokens if t.end <= token.start]):
        if any(char not in _GLUE for char in text[item.end : position]):
            return "unknown"
        if item.kind == "power" or (item.kind == "org" and item.value.power):
            return "power"
        if item.kind == "peer" and text.startswith(_AMONG, item.end):
            return "neutral"  # 在46个部门和行业里综合得分97.2分
        if item.kind in _OTHER or item.kind == "noun":
            return "other"
        if item.kind in ("eval", "sat") and text.startswith(_FRAME, item.end):
            return "neutral"
        if item.kind not in _TRANSPARENT:
            return "neutral"
        position = item.start
    gap = text[clause.start : position]
    return "neutral" if all(char in _GLUE for char in gap) else "unknown"


def nearest_service(sentence: Sentence, position: int) -> str | None:
    """Return "power" or "service" for the nearest word of a service before *position*."""
    for item in reversed(sentence.tokens):
        if item.end > position:
            continue
        if item.kind == "service" and _elsewhere(sentence, item):
            continue
        if item.kind in ("power", "service"):
            return item.kind
        if item.kind == "org" and item.value.power:
            return "power"
    return None


def _elsewhere(sentence: Sentence, service: Token) -> bool:
    """Whether a service is only compared with, or part of a survey's name: 比气象服务少0.3分, 城市状况公众评价."""
    text = sentence.text
    if any(t.kind == "eval" and t.start == service.end for t in sentence.tokens):
        return True
    return _COMPARED.search(text, max(sentence.start, service.start - 10), service.start) is not None


def _is_frame(sentence: Sentence, token: Token) -> bool:
    """Whether the word names a survey of all services within which ours is rated."""
    if not sentence.text.startswith(_FRAME, token.end):
        return False
    for item in reversed([t for t in sentence.tokens if t.end <= token.start]):
        if item.kind not in _TRANSPARENT:
            return item.kind == "peer"
    return False


def _power_only(sentence: Sentence) -> bool:
    services = [t for t in sentence.tokens if t.kind == "service"]
    supplier = any(t.kind == "power" or (t.kind == "org" and t.value.power) for t in sentence.tokens)
    return supplier and not services


def is_ours(sentence: Sentence, token: Token, *, power_subject: bool) -> bool:
    """Say whether a satisfaction word is about the supply of power.

    *power_subject*: the sentence is about a supplier, which settles the neutral 客户满意度.
    """
    owner = owner_of(sentence, token)
    if owner == "power":
        return True
    if owner == "other":
        return _is_frame(sentence, token) and _power_only(sentence)
    near = nearest_service(sentence, token.start)
    if near == "service":
        return False
    if owner == "neutral":
        return power_subject or near == "power"
    return power_subject and token.kind != "score"
