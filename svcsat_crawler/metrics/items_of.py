"""The items of one survey that are scored by themselves: “服务态度”85.1分, 抄表收费82.1分、停电通知80.2分."""

from __future__ import annotations

import re

from svcsat_crawler.metrics.sentences import Clause, Sentence
from svcsat_crawler.metrics.token import Token

_QUOTED = re.compile(r"“([^“”,;。]{2,14})”")
# What suppliers are asked about; a name that holds one of these is an item, whatever stands around it.
_ASKED = re.compile(
    "态度|效率|质量|抢修|抄表|缴费|交费|收费|报装|办电|业扩|停电|来电|通知|公告|电压|稳定|可靠|营业|大厅|环境|窗口|热线|投诉|咨询|信息|公开|透明|诚信|形象"
    "|规范|便利|便捷|渠道|响应|宣传|电费|账单|电价|计量|网点|线上|维修|检修|办理|业务|时限|沟通|专业|素质|流程|抄核|故障|抢险|热线|安全|用电|体验|感知|品牌|期望|忠诚|创新"
)
# 服务态度得分为84.2分, 其中抢修速度83.1分
_END = re.compile(
    r"(?:一项|单项|这项|分项|指标|方面|项目)?(?:的)?(?:满意度|满意指数|得分|评分|打分|评价)?(?:相对|明显|比较)?(?:最高|最低|较高|较低|偏低|偏高|靠前|靠后|领先|为|得|达|达到|是|有|仅|只有|约|到|以|:|\()*$"
)
_NAME = re.compile(
    r"(?:其中|力争|争取|确保|使|(?:其次|再次|然后|最后)(?:是|为|则是)?|而|但|对|在|和|及|、|(?:得分|评分|分数)?(?:最高|最低|较高|较低|靠前|靠后)的(?:是|为)|^)*“?(?P<item>[\u4e00-\u9fffA-Z0-9]{2,12}?)”?$"
)
_LISTED = re.compile(r"[、和及与]|(?<=”)(?=“)")
_IS = re.compile("的(?:是|为|[^,;。]{0,6}项)")
_WHOSE = frozenset(("org", "place", "power"))
_WHO = frozenset(("org", "power", "service"))
_HEAD = re.compile(r"(?:的)?(?:[^,;。、的]{0,4})(?:满意度|满意率|得分|评分|评价|分别|依次)")
# What is rated by others than customers: 窗口规范检查得分98.5分.
_INSPECTED = re.compile(
    "检查|建设|考核|考评|竞赛|大赛|达标|对标|绩效|考试|培训|评审|验收|管理|文化|演练|创建|党建|目标"
)
# What announces the items: 在五个二级指标中, 分项看.
_BY_ITEM = re.compile("分为?[两三四五六七八九]类|[级项个大体]指标|分项|维度|要素|环节|单项")
_BY_KIND = re.compile(
    "[从按分][^,;。\\d]{0,6}(?:业务|环节|类型|项目|渠道|指标|专业|分项)[^,;。\\d]{0,4}看|分项(?:指标)?(?:中|里|,)|[级项个大体]指标(?:中|里|,)"
)
_MOVES = frozenset(("up", "down"))
_FOREIGN = frozenset(("service", "place", "org", "average", "quantity"))


def named_item(sentence: Sentence, clause: Clause, quantity: Token) -> str | None:
    """Return the item whose score *quantity* is, or None; it stands right before the number."""
    low = clause.start
    for token in clause.tokens:
        if token.kind == "quantity" and token.end <= quantity.start:
            low = token.end
    if quantity.start - low > 24:
        return None
    if low == clause.start and not sentence.text[low : quantity.start].strip("为达是得有仅只:"):
        # “业务办理”得分最高,为85.6分
        index = sentence.clauses.index(clause)
        earlier = sentence.clauses[index - 1] if index else clause
        return _item(sentence, earlier.start, earlier.end)
    return _item(sentence, low, quantity.start)


def announces_items(sentence: Sentence) -> bool:
    """Whether a sentence says that the items of a survey follow: 在五个二级指标中."""
    return _BY_ITEM.search(sentence.text, sentence.start, sentence.end) is not None


def follows_items(sentence: Sentence) -> bool:
    """Whether a paragraph has said, up to the end of a sentence, that items follow: 下设五个分项。停电通知91.9分."""
    begin = sentence.text.rfind("\n", 0, sentence.start) + 1
    return _BY_ITEM.search(sentence.text, begin, sentence.end) is not None


def rated_item(sentence: Sentence, clause: Clause, quantity: Token) -> str | None:
    """Return the item of a share in "从业务类型看,…95.7%;故障抢修90.2%", or None; 办结率 is no item."""
    begin = sentence.text.rfind("\n", 0, quantity.start) + 1
    if _BY_KIND.search(sentence.text, begin, quantity.start) is None:
        return None
    item = named_item(sentence, clause, quantity)
    if item is None or item.endswith("效率"):
        return item
    return None if item.endswith(("率", "比", "比例", "占比", "量")) else item


def changed_item(sentence: Sentence, clause: Clause, quantity: Token) -> str | None:
    """Return the item whose score changes by *quantity* in 电费透明度下降0.36分 or 供电稳定性提高最多, or None."""
    verb = next((t for t in clause.tokens if t.kind in _MOVES and t.end <= quantity.start), None)
    return None if verb is None else _item(sentence, clause.start, verb.start)


def best_item(sentence: Sentence, token: Token) -> bool:
    """Whether 得分最高 is said of one item of the survey and not of a supplier among others."""
    clause = sentence.clause_at(token)
    if _IS.match(sentence.text, token.end, clause.end):
        return _ASKED.search(sentence.text, token.end, clause.end) is not None and not any(
            t.kind in _WHOSE and t.start >= token.end for t in clause.tokens
        )
    whose = [t for t in clause.tokens if t.kind in _WHOSE and t.end <= token.start]
    if whose and whose[-1].kind == "power" and announces_items(sentence):
        return _item(sentence, whose[-1].end, token.start) is not None  # 供电服务|效率得分最高
    if whose:
        return sentence.text[token.start - 1] == "”"
    start = max(clause.start, sentence.text.rfind("、", clause.start, token.start) + 1)
    return _item(sentence, start, token.start) is not None


def _item(sentence: Sentence, low: int, end: int) -> str | None:
    match = _END.search(sentence.text, low, end)
    end = match.start() if match else end
    end -= sentence.text[end - 1] in "则也却略又均"  # 电费透明度则|下降0.36分
    name = _NAME.fullmatch(sentence.text[low:end])
    if name is None or not _ASKED.search(name["item"]) or _INSPECTED.search(name["item"]):
        return None
    foreign = any(t.kind in _FOREIGN and low <= t.start < end for t in sentence.tokens)
    return None if foreign else name["item"]


def items_before(sentence: Sentence, clause_index: int, first: Token, count: int) -> list[str]:
    """Return the *count* items of a list of scores, in quotes or joined by 、, or an empty list."""
    for index in range(clause_index, max(-1, clause_index - 2), -1):
        clause = sentence.clauses[index]
        text = sentence.text[clause.start : min(clause.end, first.start)]
        quoted = _QUOTED.findall(text) if "“" in text else []
        if len(quoted) == count:
            return quoted
        plain = _plain(text)
        if len(plain) == count:
            return plain
        if not any(t.kind == "resp" for t in sentence.clauses[clause_index].tokens):
            break
    return []


def _plain(text: str) -> list[str]:
    head = re.split("满意度|得分|评分|打分|分别|依次", text, maxsplit=1)[0]
    pieces = [piece.strip("“”") for piece in _LISTED.split(head)]
    names = [_NAME.fullmatch(piece) for piece in pieces]
    if not all(name is not None and _ASKED.search(name["item"]) for name in names):
        return []
    return [name["item"] for name in names if name is not None]


def companies_before(sentence: Sentence, clause: Clause, first: Token, count: int) -> list[Token]:
    """Return one word for each of "宿迁供电公司、宿迁水务集团、新奥燃气的得分分别为…", whoever they are."""
    found: list[Token] = []
    start = clause.start
    head = _HEAD.search(sentence.text, clause.start, first.start)
    for end in (
        [match.start() for match in _LISTED.finditer(sentence.text, start, head.start())] if head else []
    ):
        found += _who(sentence, start, end)
        start = end + 1
    found += _who(sentence, start, head.start()) if head else []
    return found if len(found) == count else []


def _who(sentence: Sentence, start: int, end: int) -> list[Token]:
    """Return who a piece of a list names, the last word that says it; other companies are a service."""
    named = [t for t in sentence.tokens if start <= t.start and t.end <= end and t.kind in _WHO]
    return named[-1:]
