"""Whether a number that no word of the lexicon calls a plan is one to come: what can be, or is proposed."""

from __future__ import annotations

import re

from svcsat_crawler.items import Status
from svcsat_crawler.metrics.sentences import Clause, Sentence
from svcsat_crawler.metrics.token import Token

_ADVERBS = "还|也|都|均|再|又|进一步|大幅度?|有效|显著|明显|平均|全年|每年|一年|同比|全部|至少|预计|快速|同步|继续|直接"
_REACHES = "缩短|缩减|压|降|减|提高|提升|上升|升|增|达|节约|节省|省|少|多|控制|保持|稳定|维持|超|突破|实现|满足|缩|冲|回落"
_OBJECT = "(?:由|从|把|将|让|使|为|向|帮|帮助|替|给)[^,;。]{1,20}?"
# 能|缩短到2小时, 便可由12小时|降到6小时: not 智能, 节能, 功能, 供电可靠率, 社会, 大会.
_MAY = re.compile(
    rf"[能可会](?:(?<=能)(?<![智节功性效职潜动势电热产储机技本新源用供核风光氢赋万不只异阳]能)够?|(?<=可)(?<![认许不只]可)以?|(?<=会)(?<![社协工大开议员机委晚]会))"
    rf"(?![源量力效耗靠])(?:{_ADVERBS}|{_OBJECT})*(?:{_REACHES})"
)
_NOW = re.compile("已|如今|现在|目前|眼下|(?<!实)现(?:能|可)|(?<![为除])了")
# 应达99.95%, 须控制在5小时: a duty.
_DUTY = re.compile(rf"[应须需](?<![响供对适相反效]应)[当要]?(?:{_ADVERBS}|{_OBJECT})*(?:{_REACHES})")
# What both of them start with.
_MODAL = re.compile("[能可会应须需](?!靠)")
# 公司提出户均停电时间压到3小时, and behind a comma or a colon right after it.
_PROPOSED = re.compile(
    "(?:提出|约定|立下军令状|定下)[,:]?(?![^,;。]*(?:建议|举措|意见|措施|问题|办法|要求))[^,;。]*$"
)
# 公司提出:年底前户均停电时间压到4小时,满意度进入前五: what is aimed at goes on to the end of the sentence.
_PROPOSED_ALL = re.compile(
    rf"提出[,:]?(?![^,;。:]*(?:建议|举措|意见|措施|问题|办法|要求|理念|口号|思路|后[,;]))(?:“[^”]{{1,12}}”[,:])?[^,;。]*?(?:{_REACHES})[^;。]*$"
)
# 三年行动计划提出: a paper plans, a supplier aims.
_PAPERS = re.compile("(?:计划|规划|方案|文件|意见|纲要|通知|》)[^,;。]{0,4}提出")
# 今年有什么目标? 2022年怎么干? 明年有哪些新举措?
_ASKS = re.compile(
    "(?:目标|打算|举措|安排|计划|规划|动作|设想|期待|部署|思路|考虑|重点|新招|任务)(?:呢|是什么|有哪些|是多少|又是什么)?\\?|(?:怎么|如何|怎样)(?:干|做|打算|走|部署|发力)\\?"
)
_ASKED_OF = re.compile(
    "今年|明年|下一步|下半年|下一年|下阶段|新的一年|未来|接下来|今后|年内|年底|后续|有(?:什么|哪些|何)|20[12]\\d年"
)
_ASKED_BACK = re.compile("去年|上年|过去|以来|了|已|取得|成效|成绩")
# 按照三年行动方案,高压办电时间压减到20天.
_ORDERED = re.compile("(?:按照?|根据|依照)[^,;。]{0,18}(?:方案|部署|工作安排|意见|《[^》]*》),[^,;。]*$")
# 今年还将高压办电时间压减至20天: 还将 as in 还将把.
_WILL = re.compile(
    rf"[还也便就将会要拟有着全正期](?:(?<=[还也便就])将|(?<=将)(?:{_ADVERBS}|首次|提前|再次|逐步)*(?:{_REACHES})|(?<=[会要])(?:把|将|让|使|再|继续|进一步)"
    "|(?<=拟)(?:[把将使让在于用]|(?<!日拟)[^,;。]{0,8}[降压缩减提])|(?<=有)(?:能力|信心|底气|把握)[把将使让]|(?<=[着全])力[把将使让]|(?<=正)在?[把将使让]|(?<=期)[望盼](?![值,的]))"
)
# 户均停电6小时以内、可靠率99.93%,这是今年的目标; 以户均停电4小时为目标; …、户均停电4小时的奋斗目标
_AIM_BEHIND = re.compile(
    "[^;。]*,(?:这|此)(?:就|也|正)?是[^,;。]{0,16}目标|[^,;。]{0,4}为(?:奋斗|年度|工作)?目标|[、和][^,;。]{0,36}的(?:[奋年工总预既改考全今][^,;。、的]{1,3})?目标"
)
# 投运后,停电时间降到2小时: nothing says that it has happened.
_AFTER_WORK = re.compile(
    "(?:投运|投产|投用|建成|竣工|完工|改造|实施|落地|执行|达产|铺开|投入使用|投入运行|整治|完成|完毕)(?:完成|完毕|使用|运行)?(?:以|之)?后(?![的续勤台期])"
)
_CHANGED = re.compile("降|压|缩|减|升|提|达|增[至到长]|少|省")
# A class of characters first: the scan skips the rest of the text.
_HAPPENED = re.compile(
    "[已以如现目眼实累仅只当次首了](?:(?<=[已仅])|(?<=以)来|(?<=如)今|(?<=现)在|(?<=目)前|(?<=眼)下|(?<=实)际|(?<=累)计|(?<=只)(?!要)|(?<=[当次首])年|(?<=了)(?<![为除]了))"
)
# 年内,低压办电时间压缩至3天以内
_BY_THEN = ("以内", "之内", "内", "以下", "以上")
# 提前实现供电可靠率99.8%的目标
_REACHED = re.compile(
    "(?:提前|如期|圆满|顺利|成功|已|已经|均|全面|一举)(?:实现|完成|达成|达到)|(?:实现|完成|达成|达到)了"
)
_TO_REACH = re.compile("(?:力争|争取|确保|为了?|将|要|以|朝着?|向着?|努力|有望|能|会|计划|未)[^,;。]{0,6}$")
_REACHED_BEHIND = re.compile("(?:均|都)?(?:已经?|如期|提前|全部|圆满|顺利)(?:完成|实现|达成|达到)")
# 优于年度目标, 较目标值少0.3小时, 超额完成全年目标: an aim that a level is held against.
_MET = re.compile(
    "(?<!不)(?:[优好高低]于|超过了?|较|(?<![占同环对])比|(?:超额|提前|全面|圆满|如期)?(?:完成|实现|达成|达到)了?)"
    "(?:全年|年度|年初|既定|预定|预期|考核|公司|上级|省公司|南网|国网|当年|下达|制定|确定|设定|定下|计划|管控|控制|奋斗|工作|任务|[的省市局])*$"
)
_KEPT = ("兑现", "兑现了", "履行", "践行", "兑现服务", "兑现供电", "落实")


def to_come(sentence: Sentence, clause: Clause, token: Token, *, over: bool) -> Status | None:
    """Return the status of the number *token* when the words before it make it one to come; *over*: its time is past."""
    text = sentence.text
    start, end = clause.start, token.start
    if _MODAL.search(text, start, end):
        if _MAY.search(text, start, end) and not _NOW.search(text, max(sentence.start, start - 4), end):
            return "hypothetical"
        if _DUTY.search(text, start, end):
            return "standard"
    if "目标" in text[token.end : sentence.end] and (aim := _AIM_BEHIND.match(text, token.end, sentence.end)):
        return None if fulfilled(sentence, clause, token, aim.end()) else "target"
    if over or _HAPPENED.search(text, start, token.end + 1):
        return None
    said = text[sentence.start : end]
    if _is_proposed(said):
        return "planned" if _PAPERS.search(text, sentence.start, end) else "target"
    ordered = "按" in said or "根据" in said or "依照" in said
    if _WILL.search(text, start, end) or (ordered and _ORDERED.search(text, sentence.start, end)):
        return "planned"
    if "年内" in said and text.startswith(_BY_THEN, token.end):
        return "planned"
    work = _AFTER_WORK.search(text, sentence.start, end) if "后" in said else None
    if work is None or not _CHANGED.search(text, work.end(), end):
        return None
    return None if _HAPPENED.search(text, work.end(), end) else "planned"


def _is_proposed(said: str) -> bool:
    """Whether a number is one that is proposed or agreed on in what its sentence has *said* before it."""
    proposed = "提出" in said
    if proposed and _PROPOSED_ALL.search(said):
        return True
    cued = proposed or "定" in said or "军令状" in said
    return cued and _PROPOSED.search(said) is not None


def fulfilled(sentence: Sentence, clause: Clause, token: Token, behind: int) -> bool:
    """Whether the aim that *token* is the size of was reached: 提前实现99.8%的目标, 99.81%的目标已完成."""
    text = sentence.text
    if _REACHED_BEHIND.match(text, behind, sentence.end):
        return True
    reached = _REACHED.search(text, clause.start, token.start)
    return reached is not None and not _TO_REACH.search(text, clause.start, reached.start())


def asks_what_comes(text: str, start: int, end: int) -> bool:
    """Whether a piece of the text asks for aims: 今年有什么目标? 2022年怎么干?"""
    asked = _ASKS.search(text, start, end) and _ASKED_OF.search(text, start, end)
    return asked is not None and _ASKED_BACK.search(text, start, end) is None


def is_kept(text: str, position: int) -> bool:
    """Whether a promise at *position* is one that was kept: 兑现承诺."""
    return text.endswith(_KEPT, 0, position)


def is_met(text: str, start: int, end: int) -> bool:
    """Whether the aim whose name begins at *end* was met or missed, as the words before it tell."""
    met = _MET.search(text, start, end)
    return met is not None and not _TO_REACH.search(text, start, met.start())
