"""What a number is limited to: the segment (高压, 居民) and the scope (中心城区, 全口径)."""

from __future__ import annotations

from svcsat_crawler.metrics.names import Name
from svcsat_crawler.metrics.sentences import Clause, Sentence
from svcsat_crawler.metrics.token import Token

# Only these have segments; for the others 居民 and 高压 are a scope.
_SEGMENTED = frozenset(
    (
        "connection_time",
        "connection_time_reduction",
        "connection_cost",
        "connection_cost_reduction",
        "saidi",
        "saifi",
    )
)
_CONNECTED = frozenset(
    ("connection_time", "connection_time_reduction", "connection_cost", "connection_cost_reduction")
)
# 对高压客户, 低压方面: whom the whole sentence is about.
_HEADS = ("方面", "来说", "而言", "客户", "用户", "企业", "上", "这边", "领域", "业务", "压")
_PLAIN = frozenset(("segment", "neutral", "fill", "time", "org", "place", "reference"))
# 大工业售电增长16.1%: the name begins with whom it is about.
_SECTORED = frozenset(("energy_sold", "energy_consumed"))
_NO_SECTOR = frozenset(("", "全社会", "全部", "总"))
_HIGH = 1
_LINES = ("线路", "及以上", "母线", "变电", "配电", "电网", "配网")
_CUTS = frozenset(("quantity", "metric", "noun", "sat"))


def parts_of(
    sentence: Sentence, clause_index: int, token: Token, name: Name, metric: str
) -> tuple[str | None, str | None]:
    """Return (segment, scope) of the number *token*, each None when not printed.

    They stand before the number, after the number before it; a name in an earlier clause brings
    its own unless the number's clause has one.
    """
    clauses = sentence.clauses
    segment, scope = _scan(sentence, clauses[clause_index], token.start, name.token)
    if name.token is not None and name.how == "earlier":
        own = sentence.clause_of(name.token)
        if own != clause_index:
            far_segment, far_scope = _scan(sentence, clauses[own], name.token.end, name.token)
            if far_scope and _elsewhere(sentence, clause_index, token, own):
                far_scope = None
            segment, scope = segment or far_segment, scope or far_scope
    if name.token is None and segment is None and clause_index and _averaged(sentence, clause_index):
        segment, scope = _scan(sentence, clauses[clause_index - 1], token.start, None)
        segment = segment or _only_segment(sentence, clause_index - 1)
    if segment is None and clause_index and metric in _CONNECTED and "segment" in sentence.kinds:
        segment = _head_segment(sentence)
    if segment is None and scope is None and name.token is not None and metric in _SECTORED:
        return None, _sector(sentence.text[name.token.start : name.token.end])
    if metric not in _SEGMENTED and segment is not None:
        return None, scope or _word(sentence, clause_index, token.start)
    return segment, scope


def _sector(name: str) -> str | None:
    """Return 大工业 of 大工业售电."""
    sector = name[:-2] if name.endswith(("售电", "用电")) else ""
    return None if sector in _NO_SECTOR else sector


def _elsewhere(sentence: Sentence, clause_index: int, token: Token, own: int) -> bool:
    """Whether a scope belongs to the place before it, and the number to another: 西宁城区…1小时,海东2.9小时."""
    placed = any(t.kind == "place" and t.end <= token.start for t in sentence.clauses[clause_index].tokens)
    ends = {t.end for t in sentence.clauses[own].tokens if t.kind == "place"}
    return placed and any(t.kind == "scope" and t.start in ends for t in sentence.clauses[own].tokens)


def _averaged(sentence: Sentence, clause_index: int) -> bool:
    """Whether a clause goes on with the key of the one before: 高压报装63宗,平均18.7天."""
    return sentence.text.startswith(("平均", "户均"), sentence.clauses[clause_index].start)


def _only_segment(sentence: Sentence, clause_index: int) -> str | None:
    """Return the one segment of a clause that counts: 低压报装2.6万户,平均2.1天."""
    segments = [t.value for t in sentence.clauses[clause_index].tokens if t.kind == "segment"]
    return segments[0] if len(segments) == 1 else None


def _head_segment(sentence: Sentence) -> str | None:
    """Return the segment that alone heads a sentence: 对高压客户,…把办电时间从58天压到31天."""
    head = sentence.clauses[0]
    if not sentence.text.endswith(_HEADS, head.start, head.end) or any(
        t.kind not in _PLAIN for t in head.tokens
    ):
        return None
    later = [t for t in sentence.tokens if t.kind == "segment" and t.start >= head.end]
    return None if later else _only_segment(sentence, 0)


def _scan(
    sentence: Sentence, clause: Clause, position: int, name: Token | None
) -> tuple[str | None, str | None]:
    segment = scope = None
    for item in reversed(clause.tokens):
        if item.end > position:
            continue
        if item.kind == "quantity" and item.value.dimension == "kV":
            # 10千伏业扩平均62个工作日
            if segment is None and not sentence.text.startswith(_LINES, item.end):
                segment = "high_voltage" if item.value.value >= _HIGH else "low_voltage"
            continue
        if (
            item.kind in _CUTS
            and item is not name
            and not (name is not None and item.kind == name.kind and item.value == name.value)
            and (name is None or item.end <= name.start or item.kind == "quantity")
        ):
            if item.kind == "quantity" and sentence.text[item.end] in "至到" and item.end + 1 == position:
                continue  # 低压客户接电时间压减60%|至2.1天
            break
        if item.kind == "segment" and segment is None:
            segment = item.value
        elif item.kind == "scope" and scope is None:
            scope = sentence.text[item.start : item.end]
    return segment, scope


def _word(sentence: Sentence, clause_index: int, position: int) -> str | None:
    for item in reversed(sentence.clauses[clause_index].tokens):
        if item.kind == "segment" and item.end <= position:
            return sentence.text[item.start : item.end]
    return None
