"""How exact a number is meant: about, over, at most."""

from __future__ import annotations

from svcsat_crawler.items import Qualifier
from svcsat_crawler.metrics.lexicon import metrics
from svcsat_crawler.metrics.roles import STOPS
from svcsat_crawler.metrics.sentences import Clause, Sentence
from svcsat_crawler.metrics.token import Token

# 好于3小时: on which side that is, the metric says.
_BETTER = ("好于", "优于")
_ABOUT = ("约", "近", "左右", "上下", "大约")


def qualifier_of(sentence: Sentence, clause: Clause, token: Token) -> Qualifier:
    """Return how exact the number of a quantity is meant.

    ``近`` and ``约`` are about, ``超`` and ``余`` over, ``以内`` at most; ``达`` is exact.
    """
    text = sentence.text
    after = text[token.end : token.end + 3]
    if after[:1] in STOPS:
        after = ""
    elif after.startswith(("以内", "之内", "以下", "及以下", "内")) and not after.startswith("内部"):
        return "at_most"
    elif after.startswith(("以上", "及以上")):
        return "at_least"
    found = _said_before(sentence, clause, token) if "qualifier_before" in sentence.kinds else None
    if found is not None:
        return found
    before = text[token.start - 1] if token.start > clause.start else ""
    if before in ("近", "约") and text[token.start - 2 : token.start] != "节约":
        return "about"
    if before in ("超", "逾", "破") or token.value.more:
        return "over"
    return "about" if after and after.startswith(_ABOUT) else "eq"


def _said_before(sentence: Sentence, clause: Clause, token: Token) -> Qualifier | None:
    """Return what a word right before a number says of how exact it is: 不低于, 超过."""
    found: Qualifier | None = None
    for word in clause.tokens:
        if (
            word.kind == "qualifier_before"
            and word.end <= token.start
            and sentence.heavy(word.end, token.start) == 0
            and not any(word.end <= t.start < token.start for t in clause.tokens)
        ):
            found = word.value
    return found


def better_than(sentence: Sentence, clause: Clause, token: Token, metric: str) -> Qualifier | None:
    """Return what 好于, 优于 or 高于 right before a number of *metric* says: at most where less is better."""
    text = sentence.text
    if text[token.start - 1] != "于":
        return None
    if not text.endswith(_BETTER, clause.start, token.start):
        over = text.endswith("高于", clause.start, token.start) and text[token.start - 3] not in "不应须需"
        return "over" if over else None
    known = metrics().get(metric)
    if known is None or known.better is None:
        return None  # a number that no metric claims
    return "at_most" if known.better == "low" else "at_least"
