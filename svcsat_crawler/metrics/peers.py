"""Among whom a rank counts: the city's services, the province's bureaus, the nation."""

from __future__ import annotations

from typing import Literal

from svcsat_crawler.items import Rank
from svcsat_crawler.metrics.sentences import Sentence
from svcsat_crawler.metrics.subjects import Bound
from svcsat_crawler.metrics.token import Token

Kind = Literal["local_services", "province_bureaus", "nation", "other"]
_COUNTING = ("共", "共有", "一共", "总共", "有", "共计", "达", "为")
# Words that say, somewhere in the sentence, that services were compared.
_SERVICES = ("公共服务", "行业", "行风", "评议", "窗口")


def rank_of(sentence: Sentence, clause_index: int, token: Token, bound: Bound | None) -> Rank:
    """Return the peer group of the rank *token*: from its clause, else from the clauses before."""
    for index in range(clause_index, -1, -1):
        limit = token.start
        found = _in_clause(sentence, index, limit)
        if found is not None:
            return found
        if any(
            t.kind in ("rank", "quantity") and t.value != 1
            for t in sentence.clauses[index].tokens
            if t.end <= limit
        ):
            break
    return Rank(kind=_by_region(sentence, clause_index, token, bound))


def _in_clause(sentence: Sentence, index: int, limit: int) -> Rank | None:
    clause = sentence.clauses[index]
    tokens = [t for t in clause.tokens if t.end <= limit]
    for position in range(len(tokens) - 1, -1, -1):
        peer = tokens[position]
        if peer.kind != "peer":
            continue
        start, of, kind = peer.start, None, peer.value
        for before in reversed(tokens[:position]):
            gap = sentence.text[before.end : start]
            if before.kind == "quantity" and len(gap) <= 3 and before.value.dimension in ("count", ""):
                of, start = int(before.value.value), before.start
            elif before.kind in ("place", "reference", "fill", "power", "scope") and not gap.strip("的"):
                if before.kind == "fill" and sentence.text[before.start : before.end] not in ("当地", "辖区"):
                    break
                if before.kind == "place" and before.value.name == "全国" and kind == "province_bureaus":
                    kind = "nation"
                start = before.start
            else:
                break
        if of is None:
            of = _counted_after(sentence, clause.tokens, peer)
        return Rank(kind=kind, of=of, scope=sentence.text[start : peer.end])
    return None


def _counted_after(sentence: Sentence, tokens: list[Token], peer: Token) -> int | None:
    """Return 38 of "参评的公共服务共38项"."""
    for token in tokens:
        if token.start >= peer.end:
            between = sentence.text[peer.end : token.start]
            counted = token.kind == "quantity" and token.value.unit in ("项", "个", "类", "家", "种")
            return int(token.value.value) if counted and between in _COUNTING else None
    return None


def _by_region(sentence: Sentence, clause_index: int, token: Token, bound: Bound | None) -> Kind:
    """Guess the peers of a bare 全省第四 or 全市第一 from the region and the subject."""
    text = sentence.text
    clause = sentence.clauses[clause_index]
    level = bound.parties[0].level if bound else ""
    for item in reversed([t for t in clause.tokens if t.end <= token.start]):
        if item.kind == "place" and item.value.name == "全国":
            return "nation"
        if item.kind == "reference" and item.value == "region":
            word = text[item.start : item.end]
            if word in ("全省", "全自治区", "我省"):
                return "other" if level in ("province", "group") else "province_bureaus"
            return "local_services"
    if any(t.kind == "place" and t.value.name == "全国" and t.start < token.start for t in sentence.tokens):
        return "nation"
    whole = text[sentence.start : sentence.end]
    return "local_services" if any(word in whole for word in _SERVICES) else "other"
