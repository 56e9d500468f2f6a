"""Scores and shares of satisfaction that stand without the word 满意度 before them."""

from __future__ import annotations

import re
from collections.abc import Callable

from svcsat_crawler.metrics.found import Found
from svcsat_crawler.metrics.items_of import named_item
from svcsat_crawler.metrics.satisfaction import nearest_service
from svcsat_crawler.metrics.sentences import Clause, Sentence
from svcsat_crawler.metrics.token import Token

# 供电分项78.2分, 老百姓给供电打了83.96分: what may stand between the service and its score.
_GIVEN = re.compile(
    r"(?:服务|行业|类|项目|分项|单项|一项|板块|部分|质量|企业|方面|公司|,|\([^)]{0,12}\)|以|得|获|拿到|拿|打出|打|收获|斩获|取得|评分|评|录得|交出|考出|为|达|是|约|了|的|:|\()*"
)
_TAKEN = re.compile(r"(?:以|得|获|拿到|拿下|拿了|收获|斩获|取得|录得|打出|交出|考出)(?:了|到|约)?$")
_BESIDE = frozenset(("", "(", "服务", "服务(", "行业", "行业(", "服务为", "为"))
# No score of a survey lies below; smaller numbers are changes and distances.
_LEAST = 40
# 98.6%的客户对供电服务表示满意; 满意和比较满意的占96.8%
_SATISFIED = re.compile(
    r"的?(?:受访|被访|城乡|居民|工商业|城市|农村|参评|被调查)*(?:客户|用户|受访者|被访者|群众|市民|居民|企业|百姓|村民|人)[^,;。\d]{0,18}?(?<![不])(?:满意|给予好评|给出好评)(?!度|率)"
)
_ITEM = re.compile(
    r"[^,;。]{2,12}(?:一项|单项|这项|这一项|分项)(?:的)?(?:得分|评分|为|得|达|是|有|仅|最高|最低)*$"
)
_OF_OTHERS = frozenset(("service", "noun", "metric"))
_KEYS = frozenset(("org", "place", "scope", "segment"))
# 三地居民评价较高,分别为
_GROUP = re.compile(
    "(?:[两三四五六七八九][地市县区])?(?:居民|群众|市民|客户|用户|百姓|村民)?的?(?:综合|总体|平均)?(?:评价|得分|评分|满意度|打分)(?:相对)?[较最偏]?[高低]?,?(?:分别|依次)?[为是达]?(?:约|仅|只有)?"
    "|(?:则|也)?(?:分别|依次)?(?:也有|打出|打了|给出|给了|考出|录得)了?(?:约|近)?"
)
# 最高的是四会,|81.73分; 英德最高,达83.2分
_BEST = ("最高的是", "最高的为", "最高的", "最低的是", "最低的为", "最低的")
_HIGHEST = ("最高", "最低")
_AS_MUCH = re.compile("(?:最[高低])?,?(?:则|也)?(?:[为达得是有仅]|只有|仅为|仅有|达到|得到)?约?")
# The highest score of a short scale; a score of 100 points is higher.
FULL_MARKS = 10
_MARKS = re.compile(r"满分(?:为|是|值为)?(?:5|10|五|十)分|(?<![\d一二三四五六七八九十百])(?:5|10|五|十)分制")
_SHARE = re.compile(
    r"(?:(?<!不)满意[”\"]?[或和及、与]*[“\"]?(?:比较|基本|较|非常|很|十分)满意[”\"]?|(?:非常|很|十分)满意[”\"]?[或和及、与]*[“\"]?(?:比较|基本|较)?满意[”\"]?|(?<![不很])(?<!非常)(?<!比较)(?<!基本)(?<!十分)满意)(?:以上)?的?(?:客户|用户|受访者|居民|企业|群众|市民|人数|比例|比率)*(?:占比|占|比例|达|为|达到|超过|有|超|约|合计|共计|共|总计|一共)+$"
)


def score_of_power(sentence: Sentence, clause: Clause, quantity: Token) -> bool:
    """Whether a bare score is that of power supply: 供电(南方电网公司)得89.48分, 供电质量94.08分."""
    before = [t for t in clause.tokens if t.end <= quantity.start]
    if not before and not sentence.text[clause.start : quantity.start].strip("为达是得以"):
        return _of_power_before(sentence, clause)
    for token in reversed(before):
        if token.kind == "service":
            return False
        if token.kind == "power" or (token.kind == "org" and token.value.power):
            given = _GIVEN.fullmatch(sentence.text, token.end, quantity.start) is not None
            return given or sentence.heavy(token.end, quantity.start) <= 1
        if token.kind in ("noun", "metric", "quantity"):
            return False
    return False


def _of_power_before(sentence: Sentence, clause: Clause) -> bool:
    """Whether the clause before leaves its score to this one: 供电服务得分最高,为84.5分; 高出3.1分,为83.6分."""
    index = sentence.clauses.index(clause)
    tokens = sentence.clauses[index - 1].tokens if index else []
    ends = tokens and tokens[-1].kind in ("first", "highest", "rank", "quantity", "up")
    if not ends or any(t.kind in ("service", "noun", "metric", "average") for t in tokens):
        return False
    if any(t.kind == "quantity" and t.value.value >= _LEAST for t in tokens):
        return False
    return any(t.kind == "power" or (t.kind == "org" and t.value.power) for t in tokens)


def score_beside_power(sentence: Sentence, quantity: Token) -> bool:
    """Whether a score stands right behind the service or the supplier: 得分前三的是供电(84.5分)、供水(79.3分)."""
    before = next((t for t in reversed(sentence.tokens) if t.end <= quantity.start), None)
    if before is None or not (before.kind == "power" or (before.kind == "org" and before.value.power)):
        return False
    return sentence.text[before.end : quantity.start] in _BESIDE


def score_of_subject(sentence: Sentence, clause: Clause, quantity: Token) -> bool:
    """Whether a score is given to the subject: 以84.12分的成绩位列满意度第一, 获85.3分."""
    if not _TAKEN.search(sentence.text, clause.start, quantity.start):
        return False
    if nearest_service(sentence, quantity.start) == "service":
        return False
    return not any(t.kind in ("noun", "metric", "place") and t.end <= quantity.start for t in clause.tokens)


def score_of_item(sentence: Sentence, clause: Clause, quantity: Token) -> bool:
    """Whether a score is that of one item of a survey: “服务态度”一项94.3分."""
    if named_item(sentence, clause, quantity) is not None:
        return True
    if any(t.kind in ("service", "noun", "metric", "average", "place") for t in clause.tokens):
        return False
    return _ITEM.search(sentence.text, clause.start, quantity.start) is not None


def score_of_group(sentence: Sentence, clause_index: int, quantity: Token) -> bool:
    """Whether a score is that of places or of a part of the customers: 婺源、玉山两地居民评价较高,分别为93.2分; 农村居民评价89.4分."""
    first = max(0, clause_index - 1)
    key = None
    for clause in sentence.clauses[first : clause_index + 1]:
        for token in clause.tokens:
            if token.end > quantity.start:
                break
            if token.kind in _KEYS:
                key = token
            elif token.kind in ("service", "noun", "metric", "quantity", "average", "base"):
                key = None
    if key is None or (key.kind == "org" and not key.value.power):
        return False
    if _GROUP.fullmatch(sentence.text, key.end, quantity.start):
        return True
    text = sentence.text
    best = text.endswith(_BEST, sentence.start, key.start) or text.startswith(_HIGHEST, key.end)
    return best and _AS_MUCH.fullmatch(text, key.end, quantity.start) is not None


def of_few_points(sentence: Sentence) -> bool:
    """Whether the scores of a sentence are of five or ten points and not of a hundred: 4.8分(满分5分)."""
    find = sentence.text.find
    if find("满分", sentence.start, sentence.end) < 0 and find("分制", sentence.start, sentence.end) < 0:
        return False
    return _MARKS.search(sentence.text, sentence.start, sentence.end) is not None


def other_since(rated: Found) -> bool:
    """Whether another service has been named behind a score in its sentence, so that what follows may be its score."""
    return any(t.kind == "service" and t.start > rated.end for t in rated.sentence.tokens)


def share_of_satisfied(
    sentence: Sentence, clause: Clause, quantity: Token, *, power: Callable[[], bool]
) -> bool:
    """Whether a percentage is the share of customers who are satisfied with power supply.

    *power*: whether the sentence is about a supplier of it, for a clause that does not say with what.
    """
    kinds = {t.kind for t in clause.tokens}
    if not kinds.isdisjoint(_OF_OTHERS):
        return False
    before = _SHARE.search(sentence.text, clause.start, quantity.start)
    told = before is not None or _SATISFIED.match(sentence.text, quantity.end, clause.end) is not None
    return told and ("power" in kinds or power())
