"""How many were asked and how many answered: 派出2.6万张调查表, 其中有效30,126份, 访问居民1,200名."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

from svcsat_crawler.metrics.sentences import Sentence
from svcsat_crawler.metrics.token import Token

_SHEETS = frozenset(("份", "张", "封", "条", "套", "票", "卷"))
_PEOPLE = frozenset(("名", "位", "人", "人次", "户", "次", "家", "名市民", "位市民"))
# Fewer are kinds of sheets, or surveys: 两份问卷都提到.
_LEAST = 10
_ANY = frozenset(("个", "样本", ""))
_PAPERS = "问卷 评价卡 评议卡 意见卡 调查卡 意见表 答卷 答题 调查表 测评表 评议表 评价表 调查卷 测评卷 评议票 测评票 样本 有效卷 有效表 有效票 合格卷 选票".split()
_PAPER = f"(?:{'|'.join(_PAPERS)})"
# One of these stands in every sentence with sheets or heads of a survey.
CUES = frozenset(
    (
        *_PAPERS,
        *"访问 访谈 面访 电访 拨通 打通 电话调查 电话测评 电话抽样 入户调查 入户测评 受访 拦访 抽取 抽样 投票 打分".split(),
        *("".join(parts) for parts in product(("参与",), ("测评", "评议", "评价", "调查"))),
        *("".join(parts) for parts in product(("接受", "接受了"), ("访问", "访谈", "调查", "测评"))),
    )
)
_SOFT = (
    r"(?:了|约|近|超过|超|逾|达到|达|为|共计|共|余|有|计|数量|数|总数|总量|量|的|合计|累计|分别|是|到|在)*$"
)
# What stands before a number of sheets, nearest first.
_SOUND = re.compile(
    rf"(?:有效|合格|成功)(?!率)(?:回收|收回|完成|作答|填答|答复)?(?:的?(?:调查|评价|测评)?(?:{_PAPER}|访问|数据|卷|表|票|卡))?{_SOFT}"
)
_LEFT = re.compile(rf"(?:剔除|去除|扣除|除去)[^;。0-9]{{0,14}}?(?:余|剩|得到|保留|采用){_SOFT}")
_BACK = re.compile(
    rf"(?:收回|回收|收集|收到|回笼|录入|采集|完成|获得|获取|取得|填写|填报|采用)(?:来)?(?:的?(?:调查|评价|测评|有效|企业|客户|用户|居民|市民|群众|网络|纸质|电子|线上|线下)*(?:{_PAPER}))?{_SOFT}"
)
_SENT = re.compile(
    rf"(?:发放|发出|派发|派出|投放|送出|下发|寄出|寄发|寄送|印发|分发|发送|推送|发了|投递)(?:了|纸质|电子|短信|调查|测评|满意度|客户)*(?:{_PAPER})?{_SOFT}"
    rf"|{_PAPER}[^,;。0-9]{{0,6}}?(?:发放|发出|派发|派到|投放|寄出|发送){_SOFT}"
)
_SIZE = re.compile(rf"样本(?:总数|总量|数量|量|数|规模)?{_SOFT}")
# What stands behind a number of sheets: 份有效答卷.
_BEHIND = re.compile(
    rf"的?(?P<sound>有效|合格|成功)?(?:调查|满意度|测评|评议|评价|电子|纸质|短信|有效|客户)*{_PAPER}(?!中|显示)"
)
# Who was asked, before and behind the number of heads.
_ASKED = re.compile(
    rf"(?:(?<!走)访问|(?<=[拨打])通|面访|电访|拦访|抽取|抽样|调查|抽样调查|访谈)(?:了|[0-9]+个(?:城市|地市|市|县区|县|市州)的?|全[市省县区州]|当地|本地|城乡|常住|居民|市民|客户|用户|群众|受访者|人数|电力|用电|用电客户|企业|公众)*{_SOFT}"
    rf"|(?<=共)访问了?[\u4e00-\u9fff]{{2,4}}(?:居民|市民|城乡居民|用户|客户){_SOFT}"
    rf"|(?:受访|样本|被访)(?:者|市民|群众|居民|客户|人数|人|覆盖|城乡|全省|全市|涉及)*{_SOFT}"
)
_ANSWERED = re.compile(
    r"[^,;。0-9]{0,8}?(?:接受(?:了|过)?(?:本次|此次)?(?:访问|面访|电访|访谈|调查|测评|问卷|评议)|(?:参与|参加)了?(?:本次|此次)?(?:问卷|测评|评议|评价|网上|网络|满意度|民意)*(?:调查|测评|评议|评价|打分|投票)|投票|打分|填写了?问卷|受访|(?:进行|开展|实施|作|做)了?(?:随机|匿名|实地|街头|现场|集中|抽样)*(?:电话|入户|面对面|问卷|网络|短信|微信|拦截|随机|面)+(?:访问|访谈|调查|调研|测评|抽样|访))"
)
# 受访的118家企业中,有117家…: whom a share is taken of.
_PART = re.compile(r"[^,;。0-9]{0,6}中,?(?:有|就有|其中)")
# 办理过新装的|820名受访者, 有过投诉的|96位受访者: only some of those who were asked
_OF_THOSE = re.compile(r"(?:办|用|打|投诉|咨询|遇到|经历|使用|参加|申请|反映)[^,;。]{0,3}过[^,;。]{0,12}?的$")
# 有效问卷25806份,其中江门1212份
_ITS_PART = re.compile(
    r"[份个],(?:其中)?(?![城农乡男女]|有效|高压|低压|企业|居民|工商)(?:(?<=其中)[^,;。0-9]{2,8}(?<!各)|[\u4e00-\u9fff]{2,5}有)$"
)
_STAFF = ("员工", "职工", "干部", "党员", "青年员工", "一线员工")
_PERSONS = re.compile(r"(?:居民|市民|客户|用户|群众|受访|公众|常住|城乡|百姓|消费者|企业|服务对象)")


def survey_answers(sentence: Sentence) -> Iterator[tuple[str, float, Token]]:
    """Yield (metric, value, token) for the sheets and heads of a survey, of a sentence with one of :data:`CUES`.

    What came back counts as answers only where the sentence does not say how many were valid.
    """
    text = sentence.text
    back: list[Token] = []
    sound = False
    for token in sentence.tokens:
        if token.kind != "quantity" or token.value.value < _LEAST:
            continue
        kind = _kind(sentence, token) or (
            "survey_valid" if sound and _ITS_PART.search(text, sentence.start, token.start) else None
        )
        if kind == "back":
            back.append(token)
        elif kind:
            sound = sound or kind == "survey_valid"
            yield kind, token.value.value, token
    for token in back if not sound else ():
        yield "survey_valid", token.value.value, token


def _kind(sentence: Sentence, token: Token) -> str | None:
    """Return the metric of a number, or ``back`` for sheets that are not said to be valid."""
    text, unit = sentence.text, token.value.unit
    low = max(sentence.start, text.rfind(",", 0, token.start) + 1, text.rfind(":", 0, token.start) + 1)
    part = text[low : token.start]
    if "每" in part or part.endswith("各") or ("其中" in part and not _SOUND.search(part)):
        return None  # 每市600个样本, 其中城镇样本1.4万个
    if unit in _PEOPLE or (not unit and text.startswith("位居民", token.end)):
        return _heads(sentence, token, low)
    if unit not in _SHEETS and unit not in _ANY:
        return None
    behind = _BEHIND.match(text, token.end, sentence.end)
    if unit in _ANY and behind is None and not _SIZE.search(text, low, token.start):
        return "survey_valid" if _SOUND.search(text, low, token.start) else None
    if (
        (behind and behind["sound"])
        or _SOUND.search(text, low, token.start)
        or _LEFT.search(text, low, token.start)
    ):
        return "survey_valid"
    if _SENT.search(text, low, token.start):
        return "survey_issued"
    if _BACK.search(text, low, token.start):
        return "back"
    return "back" if _SIZE.search(text, low, token.start) else None


def _heads(sentence: Sentence, token: Token, low: int) -> str | None:
    """Return the metric of a number of persons or companies, or ``back`` where the sentence may count better."""
    text = sentence.text
    if (
        text.startswith(_STAFF, token.end)
        or _PART.match(text, token.end, sentence.end)
        or _OF_THOSE.search(text, low, token.start)
        or "计划" in text[low : token.start]
    ):
        return None
    if _ANSWERED.match(text, token.end, sentence.end) or _SOUND.search(text, low, token.start):
        return "survey_valid"
    asked = _ASKED.search(text, low, token.start)
    if asked is None:
        return None
    persons = _PERSONS.search(text, asked.start(), token.start) or _PERSONS.match(
        text, token.end, sentence.end
    )
    return "back" if persons or asked[0].startswith(("访问", "通", "电访", "面访", "受访", "拦访")) else None
