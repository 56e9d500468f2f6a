"""Whose satisfaction a 满意度 is: with power supply, with another service, or not said."""

from __future__ import annotations

import re

from svcsat_crawler.metrics.sentences import Clause, Owner, Sentence
from svcsat_crawler.metrics.token import Token

SATISFACTION = frozenset(("sat", "eval", "score"))
_TRANSPARENT = frozenset(("neutral", "segment", "scope", "eval", "average", "score", "all"))
_OTHER = frozenset(("service", "peer", "authority"))
# 在全市公共服务满意度调查中: names the survey, not what it found.
_FRAME = ("中", "里", "结果", "显示", "活动")
_FRAMED = re.compile("(?:测评|调查|评价|评议|监测|民调|排名|排行)*(?:中|里|结果|显示|活动)")
_AMONG = ("中", "里", "内", "之中", "之内")
_COMPARED = re.compile(r"(?:[比较]|仅次于|低于|高于|超过|领先|落后于|不及|优于)[^,;。]{0,8}$")
_OPENED, _CLOSED = "“‘\"'", frozenset("”’\"'")
_BETWEEN = frozenset("、和及与")
# 排在工商银行之后
_AFTER = re.compile(r"[^,;。、]{0,8}?(?:之[后前]|后面|前面)")
# 个别职工服务意识淡薄: staff are rated only where they are asked.
_STAFF = ("职工", "员工")
_OF_STAFF = (
    "满意",
    "的满意",
    "幸福",
    "对",
    "评价",
    "测评",
    "评议",
    "代表",
    "群众",
    "民主",
    "食堂",
    "队伍",
    "思想",
    "问卷",
    "调查",
)
# 与联通公司共建基站,客户满意度92分
_WITH = re.compile("(?:[与同]|联合|携手|会同|走访)[市县区]?$")
_RATED = frozenset(("sat", "eval", "score", "quantity"))
# 市政务|和大数据局组织的评议: who holds a survey
_HOLDS = re.compile(
    "(?:服务)?(?:[和与][\u4e00-\u9fff]{2,6})?(?:服务)?(?:管理|监督|监管)?(?:局|委|办|厅|办公室|中心)(?:组织|开展|公布|发布|牵头|主办|通报|实施)"
)
# 遵义、铜仁|两地供电局|得分: what counts the suppliers that are named.
_COUNTED = re.compile(
    r"(?:\d|[两二三四五六七八九])[个家地县市区]?(?:民族自治|自治)?[县区市地分]*(?:供电)?(?:局|公司)的?$"
)
# How far before its last score a row of the business climate may begin.
_ROW = 120
# 在营商环境评价中, “获得电力”指标得分; but 优化营商环境,…
_CLIMATE = re.compile(
    r"(?:获得电力|电力接入|营商环境)[”\"]?(?:[^,;。:]{0,6}?(?:评价|测评|评估|评比|评议|考核|指标|指数|得分|评分|排名|水平|成绩)"
    r"|(?:由|从|再|又|也|已)*(?:第|上升|下降|提升|前移|跃|[升降排位列居得获以为]|\d))"
)
# 在集团业绩考核中,公司得分93.6分: how well it works is no customer's word.
_WORK = re.compile(
    "(?:安全|业绩|绩效|党建|党风|信用|运维|运检|配网|基建|调度|财务|审计|综治|平安|法治|消防|节能|帮扶|扶贫|乡村振兴"
    "|成果|QC|文明|党员|篮球|创新|科技|技能|技术|劳动|物资|数字化|信息化|档案|宣传|廉政|责任制|目标责任|经营|线损|应急|保密|同业)"
    "[^,;。:满]{0,12}?(?:考核|考评|评价|评比|对标|竞赛|比武|评估|评审|检查|督查|测评)"
)
# 村民对驻村工作的满意度: with what, and what of it is ours.
_WITH_WHAT = re.compile("对([^,;。、对]{2,12}?)的(?:综合|总体|整体|平均)?$")
_FAR = 18
_SERVED = re.compile(
    "\\d|电|抢修|抢险|服务|营业|窗口|大厅|热线|客户|收费|缴费|交费|抄表|报装|业扩|投诉|工单|办理|处理|公司|局|所|其|他们|我们|企业|行业|单位|部门|单|班|队|员|坐席|座席|话务"
)
# 8类服务|综合满意度, 12个行业|平均得分: all of them together; but 8类服务|中,供电满意度
_ALL_KINDS = re.compile(
    r"(?<=[个类项大])(?:门类|类)?(?:公共|公用|民生|窗口)*(?:服务|行业)(?:项目|行业)?的?(?:综合|平均|总体|整体|总)+(?:满意|得分|评分|指数)"
)
_GLUE = "其以的对“”'\"()、与和在中里内之"
# 公司得分93.6分: the one that the article is about.
_OURSELVES = frozenset(
    ("自身", "自己", "本身", "公司", "我公司", "本公司", "我局", "本局", "公司整体", "公司服务", "公司系统")
)
# How the name of a survey of our service begins: 供电服务评价.
_OURS = "供电"


def owner_of(sentence: Sentence, token: Token) -> Owner:
    """Return what the words right before 满意度 (or 得分, or 评价) say it is about.

    ``unknown`` means that words stand there which the lexicon does not know (新能源汽车满意度).
    """
    owner = sentence.owners.get(token.start)
    if owner is None:  # asked for the paragraph, for each number of the name and for each rank
        sentence.owners[token.start] = owner = _owner_of(sentence, token)
    return owner


def _owner_of(sentence: Sentence, token: Token) -> Owner:
    text = sentence.text
    if (
        text.startswith("满意", token.start)
        and "对" in text[max(sentence.start, token.start - _FAR) : token.start]
    ):
        about = _WITH_WHAT.search(text, max(sentence.start, token.start - _FAR), token.start)
        if about and not _SERVED.search(about[1]):
            return "other"
    if token.kind == "eval" and text.startswith(_OURS, token.start):
        return "power"  # 供电服务评价
    if token.kind == "eval" and "公共服务" in text[token.start : token.end]:
        return "neutral"
    clause = sentence.clause_at(token)
    position = before_quotes(text, clause.start, token.start)
    for item in reversed([t for t in clause.tokens if t.end <= position]):
        said = text[item.end : position].strip(_GLUE)
        if said and said not in _OURSELVES:
            if _of_counted(sentence, clause, position):
                return "power"
            if text.startswith("热线", item.start):
                return "other"  # 对热线办理的回访满意率
            return "neutral" if _among(text, position) else "unknown"
        if item.kind == "power" or (item.kind == "org" and item.value.power):
            return "power"
        if item.kind == "eval" and text.startswith(_OURS, item.start):
            return "power"
        if item.kind == "peer" and text.startswith(_AMONG, item.end):
            return "neutral"  # 在46个部门和行业里综合得分97.2分
        if item.kind == "peer" and item.value == "province_bureaus":
            return "power"  # 所属11个市公司客户满意度
        if item.kind in _OTHER or item.kind == "noun":
            return "other"
        if item.kind in ("eval", "sat") and text.startswith(_FRAME, item.end):
            return "neutral"
        indicator = item.kind == "fill" and text[item.start : item.end] == "指标"  # “获得电力”指标得分
        all_kinds = item.kind == "quantity" and _ALL_KINDS.match(text, item.end, token.end)
        if all_kinds or (item.kind == "quantity" and text.startswith("行业", item.end - 2)):
            return "other"  # 8类服务综合满意度80.94分, 六行业综合得分76.42分
        if item.kind not in _TRANSPARENT and not indicator:
            return "neutral"
        position = item.start
    said = text[clause.start : position].strip(_GLUE)
    return "unknown" if said and said not in _OURSELVES else "neutral"


def before_quotes(text: str, low: int, position: int) -> int:
    """Return where the items that stand in quotes right before *position* begin: “服务诚信”“营业厅环境”得分."""
    while position > low and text[position - 1] in _CLOSED:
        opened = max(text.rfind(mark, low, position - 1) for mark in _OPENED)
        if opened < 0:
            break
        position = opened
        while position > low and text[position - 1] in _BETWEEN:
            position -= 1
    return position


def _of_counted(sentence: Sentence, clause: Clause, position: int) -> bool:
    """Whether 两地供电局 counts the suppliers named right before it: 遵义、铜仁两地供电局得分."""
    match = _COUNTED.search(sentence.text, max(clause.start, position - 16), position)
    return match is not None and any(
        t.kind == "org" and t.value.power and t.end == match.start() for t in clause.tokens
    )


def _among(text: str, position: int) -> bool:
    """Whether unknown words only say among whom: 在25个上线部门中综合得分第二."""
    return text[position - 1] in "中里" and text[position - 2] != "其"


def nearest_service(sentence: Sentence, position: int) -> str | None:
    """Return "power" or "service" for the nearest word of a service before *position*."""
    for item in reversed(sentence.tokens):
        if item.end > position:
            continue
        if item.kind == "service" and elsewhere(sentence, item):
            continue
        if item.kind in ("power", "service"):
            return item.kind
        if item.kind == "org" and item.value.power:
            return "power"
        if item.kind == "eval" and sentence.text.startswith(_OURS, item.start):
            return "power"
    return None


def elsewhere(sentence: Sentence, service: Token) -> bool:
    """Whether a service is only compared with, or part of a name: 比气象服务少0.3分, 城市状况公众评价, “营业环境”."""
    text = sentence.text
    if text.startswith(_STAFF, service.start) and not text.startswith(_OF_STAFF, service.end):
        return True
    if _HOLDS.match(text, service.end, sentence.end):
        return True
    if _AFTER.match(text, service.end, sentence.end) or _in_quotes(text, sentence.start, service.start):
        return True
    if any(t.kind == "eval" and t.start == service.end for t in sentence.tokens):
        return True
    if _WITH.search(text, max(sentence.start, service.start - 8), service.start) and not any(
        t.kind in _RATED and t.start >= service.end for t in sentence.clause_at(service).tokens
    ):
        return True
    return _COMPARED.search(text, max(sentence.start, service.start - 10), service.start) is not None


def _in_quotes(text: str, low: int, position: int) -> bool:
    return text.rfind("“", low, position) > text.rfind("”", low, position)


def _is_frame(sentence: Sentence, token: Token) -> bool:
    """Whether the word names a survey of all services within which ours is rated."""
    if _FRAMED.match(sentence.text, token.end, sentence.end) is None:
        return False
    for item in reversed([t for t in sentence.tokens if t.end <= token.start]):
        if item.kind not in _TRANSPARENT:
            return item.kind == "peer"
    return False


def _power_only(sentence: Sentence) -> bool:
    services = [t for t in sentence.tokens if t.kind == "service"]
    supplier = any(
        t.kind == "power"
        or (t.kind == "org" and t.value.power)
        or (t.kind == "reference" and t.value != "region")
        for t in sentence.tokens
    )
    return supplier and not services


def rates_other(sentence: Sentence, token: Token) -> bool:
    """Whether a score is one of a city's business climate or of work: 在“获得电力”评价中,成都得分93.6分."""
    text, start, end = sentence.text, sentence.start, token.end
    if text[start - 1 : start] == ";":  # 我区“获得电力”得86.2分;马龙区89.5分
        low = max(start - _ROW, 0)
        start = max(text.rfind("。", low, start), text.rfind("\n", low, start), low - 1) + 1
    said = text[start:end]
    if "满意" in said:
        return False
    if "获得电力" in said or "电力接入" in said or "营商环境" in said:
        return _CLIMATE.search(text, start, end) is not None
    return _WORK.search(text, start, end) is not None


def is_ours(sentence: Sentence, token: Token, *, power_subject: bool) -> bool:
    """Say whether a satisfaction word is about the supply of power.

    *power_subject*: the sentence is about a supplier, which settles the neutral 客户满意度.
    """
    if token.kind != "sat" and rates_other(sentence, token):
        return False
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
