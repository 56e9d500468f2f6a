"""Finds the metric that a quantity belongs to: the nearest name that takes its unit."""

from __future__ import annotations

import re
from collections.abc import Callable

from msgspec import Struct

from svcsat_crawler.metrics.lexicon import Metric, metrics
from svcsat_crawler.metrics.satisfaction import SATISFACTION, is_ours
from svcsat_crawler.metrics.sentences import Clause, Sentence
from svcsat_crawler.metrics.token import Token

# Unexplained characters allowed between a name and its number, and before a number whose name
# stands in an earlier clause.
_GAP = 6
_LEAD = 3
_SATISFACTION_OF = {"points": "satisfaction_score", "percent": "satisfaction_rate"}
# A count or a sum of money without its noun in the clause is somebody else's.
_NEAR_ONLY = frozenset(("count", "CNY", "times", "places"))
# Counted is what stands behind its number.
_COUNTED = frozenset(("count", "times", "km", "kVA"))
_NAMING = SATISFACTION | {"metric"}
_EXTREME = re.compile(r"(?:排名)?(?:最[高低]|居末|垫底|靠后)的")
# 2018年停电11.3小时;如今只有2.9小时
_TODAY = ("如今", "而今", "现如今", "目前", "现在", "眼下")
# 大连供电公司受理2237件
_TAKEN_IN = re.compile("(?:受理|收到|接到|接获|接报|办理|发生)了?(?:共|约|近|达)?$")
# 1至5月累计完成9.57亿千瓦时
_DONE = re.compile("(?:累计|共|合计|总计)?(?:完成|实现)了?$")
_REACHED = ("至", "到", "后为", "后达", "达到")
_KEYS = frozenset(("org", "place", "segment", "scope", "time", "reference"))


class Name(Struct, gc=False):
    """A metric with the token that names it; ``how`` is same, earlier or carried."""

    metric: str
    token: Token | None
    how: str


BLOCKED = Name("", None, "blocked")


def takes(
    token: Token, dimension: str, sentence: Sentence, clause: Clause, *, power: Callable[[], bool]
) -> str | None:
    """Return the id of the metric that *token* names for a number of *dimension*, or None."""
    if token.kind == "metric":
        metric = metrics()[token.value]
        if dimension == "times" and metric.id == "saidi" and sentence.text[token.end - 1] == "电":
            return "saifi"
        if dimension not in metric.accepts:
            return None
        start = sentence.start if metric.wide else clause.start
        if token.weak and not metric.needed(sentence.text, start, clause.end):
            return None
        return _meant(metric, sentence, clause) if metric.instead else metric.id
    if token.kind in SATISFACTION and dimension in _SATISFACTION_OF:
        if (
            token.kind != "sat"
            and dimension == "percent"
            and not sentence.text.startswith("满意度", token.start)
        ):
            return None
        return _SATISFACTION_OF[dimension] if is_ours(sentence, token, power_subject=power()) else ""
    return None


def _meant(metric: Metric, sentence: Sentence, clause: Clause) -> str:
    """Return the metric that the words around a name make of it: 投资界面延伸,为客户节省…, unless they are of two kinds."""
    for start in (clause.start, sentence.start):
        found = [
            id
            for id, cue in metric.instead.items()
            if re.compile(cue).search(sentence.text, start, clause.end)
        ]
        if len(found) == 1:
            return found[0]
    return metric.id


def _foreign(token: Token) -> bool:
    """Whether a word keeps numbers it does not take from the names before it: a noun, a metric beside ours."""
    return token.kind == "noun" or (token.kind == "metric" and not metrics()[token.value].core)


def _counted(clause: Clause, quantity: Token) -> Name | None:
    """Return the name right behind its number: 1200个充电桩; the core metrics stand before theirs."""
    for token in clause.tokens:
        if token.start >= quantity.end:
            named = token.start == quantity.end and token.kind == "metric" and _foreign(token)
            fits = named and quantity.value.dimension in metrics()[token.value].accepts
            return Name(token.value, token, "same") if fits else None
    return None


def _taken(sentence: Sentence, clause: Clause, name: Token, quantity: Token) -> bool:
    """Whether another number of the same dimension stands between name and quantity, with no key."""
    for token in reversed(clause.tokens):
        if token.start >= quantity.start:
            continue
        if token.start < name.end or token.kind in _KEYS:
            return False
        if token.kind == "quantity" and token.value.dimension == quantity.value.dimension:
            return not _changed_to(sentence, clause, token, quantity)
    return False


def _changed_to(sentence: Sentence, clause: Clause, change: Token, reached: Token) -> bool:
    """Whether a number is how far another one has moved: 满意度提升1.3分|至82.16分."""
    if sentence.text[change.end : reached.start] not in _REACHED:
        return False
    return any(t.kind in ("up", "down") and t.end == change.start for t in clause.tokens)


def _is_average(sentence: Sentence, token: Token, quantity: Token) -> bool:
    """Whether 平均 stands right before a score and right after a region or group: 全省平均81.2分."""
    if sentence.text[token.start : token.end] != "平均" or token.end != quantity.start:
        return False
    before = [t for t in sentence.tokens if t.end == token.start]
    if not before and sentence.text[token.start - 1] in ",:":
        # 参评单位共11家,平均82.6分
        earlier = [t.kind for t in sentence.tokens if t.end <= token.start]
        return "peer" in earlier and "power" not in earlier and "org" not in earlier
    return bool(before) and before[0].kind in ("org", "place", "reference", "peer")


def name_in_clause(
    sentence: Sentence,
    clause: Clause,
    quantity: Token,
    dimension: str,
    *,
    power: Callable[[], bool],
    free: bool = False,
) -> Name | None:
    """Return the name before *quantity* in its clause; BLOCKED when a foreign noun has the number.

    *free* leaves out the check that no other number has taken the name (for from and to).
    """
    followed = sentence.text[quantity.end : quantity.end + 1] == "的"
    if followed:
        behind = next((t for t in clause.tokens if t.start == quantity.end + 1), None)
        id = (
            takes(behind, dimension, sentence, clause, power=power)
            if behind is not None and behind.kind == "metric"
            else None
        )
        if id:
            return Name(id, behind, "same")
    if followed and dimension == "points" and sentence.text.startswith("平均", quantity.end + 1):
        return BLOCKED
    if dimension in _COUNTED and (counted := _counted(clause, quantity)):
        return counted
    for token in reversed(clause.tokens):
        if token.end > quantity.start:
            continue
        if dimension == "points" and _is_average(sentence, token, quantity):
            return BLOCKED
        if token.kind in ("noun", "share", "average"):
            if sentence.heavy(token.end, quantity.start) <= _GAP and (
                token.kind != "average" or dimension == "points"
            ):
                return BLOCKED
            continue
        if token.kind not in _NAMING:
            continue
        id = takes(token, dimension, sentence, clause, power=power)
        near = sentence.heavy(token.end, quantity.start) <= _GAP
        if id is None and not (near and _foreign(token)):
            continue
        if not id or not near:
            return BLOCKED
        if token.kind != "metric" and _of_another(sentence, token, quantity):
            return BLOCKED
        if not free and _taken(sentence, clause, token, quantity):
            return BLOCKED
        return Name(id, token, "same")
    return _name_after(sentence, clause, quantity, dimension, power=power) if followed else None


def _of_another(sentence: Sentence, name: Token, quantity: Token) -> bool:
    """Whether a score goes to whom the words behind its name say: 得分最高的是社会治安(89.27分)."""
    served = False
    for token in sentence.tokens:
        if token.start >= name.end and token.end <= quantity.start:
            if token.kind == "power" or (token.kind == "org" and token.value.power):
                return False
            served = served or token.kind == "service"
    if served:
        return True
    return _EXTREME.match(sentence.text, name.end, quantity.start) is not None


def _name_after(
    sentence: Sentence, clause: Clause, quantity: Token, dimension: str, *, power: Callable[[], bool]
) -> Name | None:
    """Return the name of "84.61分的供电服务满意度": right after the number and 的."""
    for token in clause.tokens:
        if token.start > quantity.end and sentence.heavy(quantity.end, token.start) <= _LEAD:
            id = takes(token, dimension, sentence, clause, power=power)
            if id:
                return Name(id, token, "same")
            if token.kind in ("noun", "metric"):
                return None
    return None


def name_before(
    sentence: Sentence, clause_index: int, quantity: Token, dimension: str, *, power: Callable[[], bool]
) -> Name | None:
    """Return the name in an earlier clause, for "…负荷屡创新高,最高达到1357.7万千瓦"."""
    clause = sentence.clauses[clause_index]
    allowed = 1 if dimension in ("percent", *_NEAR_ONLY) else _LEAD
    if dimension in _NEAR_ONLY and not _right_before(sentence, clause_index):
        return None
    unknown = sentence.heavy(clause.start, quantity.start)
    if unknown > max(allowed, _GAP):
        return None
    if dimension in _SATISFACTION_OF and _served(clause, quantity) == "service":
        return BLOCKED  # 满意度最高,得分79.9分,对供水(78.1分)…
    first = clause_index - 1 if dimension in _NEAR_ONLY else 0
    for earlier in reversed(sentence.clauses[first:clause_index]):
        for token in reversed(earlier.tokens):
            id = takes(token, dimension, sentence, earlier, power=power) if token.kind in _NAMING else None
            if id is None and token.weak and token.kind == "metric":
                id = takes(token, dimension, sentence, clause, power=power)  # 停电时间少了,户均只有1.4小时
            if id is None and _foreign(token) and sentence.heavy(token.end, earlier.end) <= _LEAD:
                return BLOCKED
            if id and unknown > max(allowed, metrics()[id].reach):
                return None
            if id is not None:
                return Name(id, token, "earlier") if id else BLOCKED
            if token.kind == "service" and dimension in _SATISFACTION_OF:
                return BLOCKED
    return None


def _served(clause: Clause, quantity: Token) -> str | None:
    """Return "power" or "service" for the nearest service named in the clause before the number."""
    named = [t.kind for t in clause.tokens if t.end <= quantity.start and t.kind in ("power", "service")]
    return named[-1] if named else None


def _right_before(sentence: Sentence, clause_index: int) -> bool:
    """Whether the clause before names a metric and holds no number of its own."""
    tokens = sentence.clauses[clause_index - 1].tokens if clause_index else []
    named = any(t.kind == "metric" for t in tokens)
    return named and not any(
        t.kind == "noun" or (t.kind == "quantity" and t.value.dimension != "percent") for t in tokens
    )


def _is_voltage(token: Token) -> bool:
    """Whether a number is the voltage of customers: 10千伏客户平均19.8个工作日."""
    return token.kind == "quantity" and token.value.dimension == "kV"


# 东川、禄劝|两个供电局: what counts the suppliers of a list.
_WHOLE = re.compile(
    r"(?:[2-9]|[两二三四五六七八九十])[个家]?(?:县|区|市|县区|县市|县级|地市|山区)?(?:供电)?分?局"
)
_GAP_OF_SEVERAL = 2


def has_key(sentence: Sentence, clause_index: int, quantity: Token) -> bool:
    """Whether the number of a row (上海1.47小时) has its key in the clause or alone in the one before."""
    clause = sentence.clauses[clause_index]
    here = [t for t in clause.tokens if t.end <= quantity.start and (t.kind in _KEYS or _is_voltage(t))]
    if here:
        whole = _WHOLE.match(sentence.text, here[-1].end, quantity.start) if here[-1].kind == "org" else None
        if whole is not None:
            # 而东川、禄劝两个供电局仍分别达到17.3小时、15.6小时
            lead = sentence.heavy(clause.start, here[-1].end)
            return lead + sentence.heavy(whole.end(), quantity.start) <= _GAP_OF_SEVERAL
        verbs = _TAKEN_IN if quantity.value.dimension == "count" else _DONE
        taken_in = verbs.search(sentence.text, here[-1].end, quantity.start)
        return sentence.heavy(clause.start, taken_in.start() if taken_in else quantity.start) <= 1
    today = next((word for word in _TODAY if sentence.text.startswith(word, clause.start)), "")
    if today and sentence.heavy(clause.start + len(today), quantity.start) <= 1:
        return True
    if clause_index == 0 or sentence.heavy(clause.start, quantity.start):
        return False
    before = sentence.clauses[clause_index - 1]
    averaged = sentence.text.startswith(("平均", "户均"), clause.start)  # 高压报装63宗,平均18.7天
    return any(t.kind in _KEYS for t in before.tokens) and not any(
        t.kind == "quantity" and not (averaged and t.value.dimension == "count") for t in before.tokens
    )
