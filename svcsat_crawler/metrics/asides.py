"""Names that a sentence is not about: among whom, with whom, where something came from."""

from __future__ import annotations

import re

from svcsat_crawler.metrics.sentences import Sentence
from svcsat_crawler.metrics.token import Token

# 在东莞全市公共服务中, 居全省首位, 来自青海, 据…: not what the sentence is about.
_BEFORE = frozenset("在居列据受对占自位向超到为获")
_AFTER = (
    "中",
    "里",
    "内",
    "政府",
    "委",
    "市委",
    "省委",
    "公共服务",
    "人民",
    "发改",
    "各界",
    "市民",
    "大道",
    "支行",
    "分行",
    "消",
)
_AFTER_STARTS = frozenset(word[0] for word in _AFTER)
_ABOUT_POWER = frozenset(("metric", "power", "sat", "scope", "segment", "neutral", "org", "noun", "eval"))
_RANKS = frozenset(("rank", "first", "top", "peer"))
# 最高的为佛冈县|,达|84.1分
_NUMBERED = re.compile(",?(?:[为达得有仅]|只有|仅为|仅有|达到)?")
_BEST = ("最少", "最低", "最短", "最优", "最好", "最多", "最快", "最高", "最长", "最大")
_CITIES = frozenset(("prefecture", "county"))
_LISTS = frozenset(",:;、和及(")
# 广西电网各地市供电局第二: a company only names among whom.
_ABOVE = frozenset(("province", "group", "region"))
_MEMBERS = re.compile(
    r"(?:公司)?(?:系统)?(?:(?<=系统)[内中里]?(?=[排名位居列第])|所属|下属|所辖|辖区|各|\d+个|\d+家|地市|市级|第三方)"
)
# 在河源全市政府公共服务中: among whom, too.
_AMONG = re.compile(
    r"(?:全?[省市区县州]|当地)?(?:政府|各类|各项|各|\d+[个项类])*(?:公共服务|公用|各?行业|窗口)"
)
# 在南方五省区电网公司中
_INSIDE = re.compile(r"[省区市]{0,2}(?:各|\d+家)?(?:电网|供电|电力)(?:公司|局|企业)[中里内]")
_THAN = ("仅次于", "次于", "低于", "高于", "优于", "落后于", "领先于", "不亚于", "排在", "之后")
# 夺得全市各县局第一名, 全省名次前移3位, 全省16个州市局排名第6
_EACH = re.compile(
    r"\d{1,3}[个家][^,;。\d]{0,6}?(?:局|公司)|各(?:县|区|局|地|供电|行业|单位|部门|公共)|名次|位次|排位|排名(?!第)"
)
# 洋浦是全省用电大户: one of all.
_ONE_OF_ALL = re.compile(
    r"[^,;。\d]{0,14}?(?:大户|首批|首家|试点|示范|第一批|大市|大县|大区|强市|强县|强区|基地|门户|中心|龙头|主力|之一|唯一|最[大多早快高]|重要|主要|首个|第一个)"
)
# 全省前三; but 全省前三季度
_TOP = re.compile("前[0-9一二两三四五六七八九十]{1,2}(?:[名位强甲]|[,、;。!”])")
_ITS = ("变化", "降幅", "升幅", "增幅", "进步", "改善", "提升", "压降", "成绩", "情况", "表现", "数据")
_SOMEBODY = (
    "一家", "某", "一所", "一位", "一名", "一户", "一对", "有位", "有户", "有个", "籍",
    "村民", "牧民", "渔民", "果农", "茶农", "菜农", "老人", "姑娘", "小伙", "老乡",
)  # fmt: skip
# The first characters of what stands behind a name: most names have none of it.
_SOMEBODY_STARTS = frozenset(word[0] for word in _SOMEBODY)
_FORMERLY, _ONCE = ("(原", "(原为", "(前身为", "(前身是", "原名", "原称", "曾用名"), frozenset("原为是名称")
_MARKETS, _OFFICES = frozenset("市电"), frozenset("的党关系印总")
# 与珠海、中山并列
BESIDE = re.compile(r"[与同和][^,;。与]{2,24}?(?:并列|同列|共列|齐列)")


def is_aside(sentence: Sentence, token: Token, first_in_clause: bool) -> bool:
    """Whether a party is not what its clause is about; *first_in_clause*: nothing stands before it."""
    question = token.start, first_in_clause
    answer = sentence.asides.get(question)
    if answer is None:  # asked when the party is a number's, and again for the sentences after it
        sentence.asides[question] = answer = _is_aside(sentence, token, first_in_clause)
    return answer


def _is_aside(sentence: Sentence, token: Token, first_in_clause: bool) -> bool:
    text = sentence.text
    before = text[token.start - 1 : token.start] if token.start > sentence.start else ""
    after = text[token.end : token.end + 4]
    behind = after[:1]
    if before and behind == "的" and before in "比较于过" and after[1:2].isdecimal():
        return False  # 远高于珠三角的3.9小时
    if before and before in "比较" and token.kind != "reference":
        return True  # 比云南电网公司平均分高1.5分
    if (
        token.kind == "org"
        and behind in _MARKETS
        and after.startswith(("市场", "电力市场"))
        and "市场部" not in after
    ):
        return True  # 蒙西电力市场政策调整
    if before in _ONCE and text.endswith(_FORMERLY, sentence.start, token.start):
        return True  # 巴彦淖尔供电公司(原巴彦淖尔电业局)
    if token.kind == "place" and behind in _SOMEBODY_STARTS and after.startswith(_SOMEBODY):
        return True  # 由北京一家调查公司承担, 玉树一位牧民打来电话
    if before and before in "于过后" and text.endswith(_THAN, sentence.start, token.start):
        return True  # 仅次于深圳,居全省第二
    if token.kind == "reference" and token.value == "region" and _EACH.match(text, token.end):
        return True
    if token.kind == "reference" and before and before in "是为" and _ONE_OF_ALL.match(text, token.end):
        return True  # 洋浦是全省工业用电大户
    if token.kind == "org" and token.value.level in _ABOVE and _MEMBERS.match(text, token.end):
        return True
    if behind == "内" and text[token.end - 1] in "省市区州县" and _begins(sentence, token.end + 1):
        return False  # 云南省内市场化交易电量
    if before == "在" and _INSIDE.match(text, token.end):
        return True
    if token.kind != "org" and (
        _is_peer(sentence, token)
        or (behind in _AFTER_STARTS and after.startswith(_AFTER) and not after.startswith("中心"))
    ):
        return True
    if "列" in text[token.end : sentence.end] and _beside(sentence, token):
        return True
    if before == "在" and _AMONG.match(text, token.end):
        return True
    if before == "在" and (
        after.startswith(("看到", "了解", "获悉", "采访", "见到"))
        or (first_in_clause and behind in ",地全电")
    ):
        return False
    if before in _BEFORE:
        # 最短的城市为佛山(0.54小时)
        return before != "为" or not (
            after.startswith("(")
            or any(
                t.kind == "quantity"
                and t.start >= token.end
                and _NUMBERED.fullmatch(text, token.end, t.start)
                for t in sentence.tokens
            )
        )
    return behind in _OFFICES and text.startswith(("的领导", "党", "关于", "系统", "印发", "总部"), token.end)


def _beside(sentence: Sentence, token: Token) -> bool:
    """Whether a name is only that of whom the subject shares its place with: 与珠海、中山并列全省第一."""
    clause = sentence.clause_at(token)
    if "列" not in sentence.text[token.end : clause.end]:
        return False
    match = BESIDE.search(sentence.text, clause.start, clause.end)
    if match is None or not match.start() < token.start < match.end():
        return False
    return not any(t.kind in ("org", "place") and t.end == match.start() for t in clause.tokens)


def _begins(sentence: Sentence, position: int) -> bool:
    return any(t.kind == "metric" and t.start == position for t in sentence.tokens)


def _is_peer(sentence: Sentence, token: Token) -> bool:
    """Whether a place only says among whom (全国第一, 全省40项服务), or where something came from (青海的光伏)."""
    following = sentence.following(token.end)
    if sentence.text[token.end : token.end + 1] == "的":
        if sentence.text.startswith(_ITS, token.end + 1):
            return False  # 赫章县的变化最大,户均停电时间…
        return not following or following[0].start > token.end + 1 or following[0].kind not in _ABOUT_POWER
    if token.kind == "reference" and _TOP.match(sentence.text, token.end):
        return True  # 确保全省前三、力争第一
    placed = following and token.kind == "reference" and following[0].kind in _RANKS
    if placed and sentence.text[token.end : following[0].start] in ("排", "列", "居", "位"):
        return True  # 全省排第6位
    if (
        sentence.text.startswith(_BEST, token.end)
        and sentence.text[token.start] == "全"
        and (not following or following[0].start > token.end or following[0].kind != "metric")
    ):
        return True  # 投诉总量全省最少,仅47件
    if not following or following[0].start != token.end:
        return False
    if following[0].kind in ("rank", "top") and token.kind == "place" and token.value.level in _CITIES:
        # 深圳第1,珠海第2; but 居东莞第一
        return sentence.text[token.start - 1 : token.start] not in _LISTS and token.start > sentence.start
    if following[0].kind in _RANKS:
        return True
    if following[0].kind == "fill" and len(following) > 1 and following[1].kind in _RANKS:
        if token.kind == "reference" and token.value != "region":
            return False  # 该局位列公共企事业单位第二名
        begins = sentence.text[token.start - 1] == "," and token.kind == "place"
        if begins and any(
            t.kind == "place" and t.end < token.start and t.value.level == token.value.level in _CITIES
            for t in sentence.tokens
        ):
            return False  # 台山市、开平市均排名第一,蓬江区排名第二
        # 广西、贵州位列第二: a list of subjects
        return not (token.kind == "place" and sentence.text[token.start - 1] in "、和及与")
    return following[0].kind == "quantity" and len(following) > 1 and following[1].kind in ("peer", "service")
