"""Numbers whose name or number of customers only the text around them tells."""

from __future__ import annotations

import re
from collections.abc import Collection

from svcsat_crawler.metrics.names import Name
from svcsat_crawler.metrics.sentences import Clause, Sentence
from svcsat_crawler.metrics.token import Token

OUTAGE = frozenset(("hours", "minutes", "times"))
_SOME = re.compile(r"有\d{1,3}[个座家](?:主要|重点|县级)?(?:城市|市|县|区|供电)")
# A class of characters first, here and below: the scan skips the rest of the text.
_ONE = re.compile(
    r"[他她我老女先店户厂小一某该这那最\d](?:(?<=[他她我])[的家们]|(?<=我)[厂店]|(?<=老)板|(?<=女)士|(?<=先)生|(?<=[店户])主|(?<=厂)长|(?<=小)店|(?<=一)[家座处栋幢条间]"
    r"|(?<=某)[^,;。\d]{0,6}?(?:企业|公司|厂|业主|商户|店|小区)"
    r"|(?:(?<=一)个|(?<=该)|(?<=[这那])[个座家处条])[^,;。\d]{0,12}?(?:项目|企业|厂|车间|基地|工程|中心|养殖场|站|园|产线)|(?<=最)大的|(?<=\d)万?千伏安(?![及以]))"
)
# 部分台区一年停电次数在10次以上, 有的村停电时间超过20小时, 最长一次停电4小时: the worst of them is no average.
_OF_FEW = re.compile(
    r"[部个少有一某单最其极每](?:(?:(?<=部)分|(?<=个)别|(?<=少)数|(?<=有)[的些]|(?<=[一某])些|(?<=单)个|(?<=最)(?:差|严重)的|(?<=其)余|(?<=极)端)"
    r"[^,;。\d户平]{0,5}?(?:台区|线路|馈线|配变|公变|村|社区|小区|用户|客户|乡镇|镇街|片区)"
    r"|(?<=最)[长短久多]的?一?[次回户]|(?<=最)[长久](?:停电|单次)|(?<=[单每])次)"
)
# 满分100分: the scale.
_MARKS = ("满分", "满分为", "满分是", "满分值")
# 满意度进入80分以后, 得分低于80分的行业将被约谈: a bar, nobody's score.
_BARS = ("以后", "之后", "这道坎", "的行业", "的单位", "的部门", "的企业", "的窗口")
# Where something is done is no customer.
_WHERE = (
    "镇",
    "乡",
    "村",
    "街道",
    "社区",
    "县",
    "区",
    "城市",
    "供电所",
    "营业厅",
    "所",
    "台区",
    "网点",
    "班组",
    "单位",
    "部门",
)
_WITHOUT = re.compile(
    "(?:其中|但|若|如果?|而)?(?:在)?(?:剔除|扣除|不计|不含|不算|排除|除去|去除|刨除|抛开)了?[^,;。\\d]{1,16}?[则仅只]?[为是达]到?"
)
# 今年我们的目标是降到5小时以内, 明年公司将把它再压到4小时
_AIMED = re.compile(
    "(?:[今明后]年|下一年|20\\d\\d年|到20\\d\\d年|新的一年|下一步|接下来|年底前?|未来)?,?(?:我们|公司|该局|该公司|全局|局里|他们|大家)?(?:的|自?己|给|定的|定下的|新的|下一个|奋斗|工作)*"
    "(?:目标|任务|打算|想法|计划)?(?:就?[是为])?(?:要|力争|争取|计划|努力|确保|将)?(?:把|将)?(?:它|这个数字|这一数字|这个时间)?(?:再|进一步|继续)?"
    "(?:压缩|缩短|提高|提升|控制|下降|降低|压减|压降|减少|降|压|提|达|冲)[到至在破进]"
)
# 节约接电成本5.4亿元,户均节省1.5万元: what each of them has saved.
_SAVED = frozenset(("bill_saved", "investment_saved", "customer_savings"))
_EACH = re.compile("(?:户均|每户|平均每[户家年月个]|每家|每个|单户)[^,;。\\d]{0,8}$")
# 城区抢修45分钟,农村90分钟到达现场; 平均23分钟恢复供电: how soon help comes.
_ARRIVING = re.compile(
    r"(?:[,、][城农郊乡市山远偏县][^,;。\d]{0,4}\d[\d.]*(?:分钟|个?小时))*(?:以内|之内|内|左右)?(?:便|就|即|可|能|均)*(?:全部|到位)?"
    "(?:[到抵]达?(?:故障|抢修|事故)?(?:现场|场|位)|赶[到赴往]|到达(?=[,;。、])|恢复[供送]电|修复|复电)"
)
_CALLED_OUT = re.compile(
    "[抢到赶出](?:(?<=抢)修|(?<=到)(?:场|达现场)|(?<=赶)到|(?<=出)动)(?:时间|人员)?(?:[城农市郊][区村市网镇]|承诺|平均|不超过|[为是达在])*$"
)
# 重复投诉2次以上的, 发生投诉1起的: a case that is provided for.
_IN_CASE = re.compile(
    r"(?:及?以上|\([^)]{1,3}\))+(?:的(?!投诉|记录|水平)|者|,?(?:扣|罚|约谈|通报|取消))"
    "|的(?=[,;。、)]|(?:员工|人员|单位|部门|客户|用户|班组|班站|供电所|责任|个人|县|所)(?!投诉))|者(?=[,;。、])|,?(?:扣|罚|约谈)"
)
# 张先生先后投诉2次
_BY_ONE = re.compile("先生|女士|大[爷妈娘叔]|阿姨|老[板人]|村民|同一|一位|这位|某")
# 有序用电方案…参与企业980户: not those of a market, the last word of the two decides.
_SHEDDING = re.compile(
    "有序用电|需求响应|错避?峰|避峰|压限|削峰|负荷管理|轮停|让电|交易|直购|市场|绿电|绿证|入市|(?<!收)购电|售电公司"
)
_MARKET = frozenset("交直市绿入购售")
_MANY = re.compile("平均|户均|客户|用户|高压|低压|小微|企业接电|企业办电|压缩|压减|缩短|时限")


def stated_before(
    sentence: Sentence, clause_index: int, token: Token, stated: Collection[str]
) -> Name | None:
    """Return the metric of a weak name where the paragraph has *stated* one: 户均停电3小时;…停电时间分别达到5小时."""
    for clause in reversed(sentence.clauses[max(0, clause_index - 1) : clause_index + 1]):
        for item in reversed([t for t in clause.tokens if t.end <= token.start]):
            if item.kind in ("quantity", "noun"):
                return None
            if item.kind == "metric" and item.weak:
                return Name(item.value, item, "carried") if item.value in stated else None
    return None


def is_no_level(sentence: Sentence, clause: Clause, token: Token, metric: str) -> bool:
    """Whether a number behind the name of a metric is none of its levels: a limit, one man's, places that are counted."""
    text, dimension = sentence.text, token.value.dimension
    if _counts_places(sentence, clause, token):
        return True
    if dimension == "points" and text.endswith(_MARKS, clause.start, token.start):
        return True
    if dimension == "CNY" and metric in _SAVED and _EACH.search(text, clause.start, token.start):
        return any(
            t.kind == "quantity" and t.value.dimension == "CNY" and t.end < token.start
            for t in sentence.tokens
        )
    if dimension in OUTAGE and _OF_FEW.search(text, clause.start, token.start):
        return True
    if metric == "saidi" and _is_of_repairs(text, clause, token):
        return True
    if metric == "complaints" and _is_case(sentence, token):
        return True
    if metric == "market_users" and _is_shedding(text, token.start):
        return True
    if metric == "connection_time" and _of_one_customer(sentence, clause):
        return True
    if dimension == "count" and text.startswith(_WHERE, token.end):
        return True  # 次日送电扩大到38个镇
    return dimension == "points" and text.startswith(_BARS, token.end)


def _is_of_repairs(text: str, clause: Clause, token: Token) -> bool:
    """Whether a time is that until a repair crew is there or has done its work: 农村90分钟到场."""
    if _ARRIVING.match(text, token.end):
        return True
    return _CALLED_OUT.search(text, clause.start, token.start) is not None


def _is_case(sentence: Sentence, token: Token) -> bool:
    """Whether complaints are those that a rule provides for, or one man's: 对同一事件重复投诉2次以上的,…."""
    text = sentence.text
    if _IN_CASE.match(text, token.end, sentence.end):
        return True
    return token.value.unit == "次" and _BY_ONE.search(text, sentence.start, token.start) is not None


def _is_shedding(text: str, position: int) -> bool:
    """Whether the paragraph has last spoken of whose load is shed, not of a market."""
    said = _SHEDDING.findall(text, text.rfind("\n", 0, position) + 1, position)
    return bool(said) and said[-1][0] not in _MARKET


def _counts_places(sentence: Sentence, clause: Clause, token: Token) -> bool:
    """Whether a number is the limit by which places are counted: 有8个城市户均停电时间低于2小时."""
    if token.value.dimension not in OUTAGE or "有" not in sentence.text[clause.start : token.start]:
        return False
    return _SOME.search(sentence.text, clause.start, token.start) is not None


def without_some(sentence: Sentence, clause: Clause, token: Token) -> bool:
    """Whether a number is the last level told without what a storm or a feast did: 剔除重大事件日后为11.3小时."""
    return _WITHOUT.fullmatch(sentence.text, clause.start, token.start) is not None


def is_aim(sentence: Sentence, clause: Clause, token: Token) -> bool:
    """Whether a number is what the last level told is to become: 今年我们的目标是降到5小时以内."""
    if "status" not in sentence.kinds:
        return False
    return _AIMED.fullmatch(sentence.text, clause.start, token.start) is not None


def _of_one_customer(sentence: Sentence, clause: Clause) -> bool:
    """Whether a time to get connected is that of one man's shop, which is no average: 他的厂房…只花了9天."""
    return (
        _ONE.search(sentence.text, sentence.start, clause.end) is not None
        and _MANY.search(sentence.text, sentence.start, sentence.end) is None
    )
