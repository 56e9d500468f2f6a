"""How wide a survey is and how long it has been held: 21个地市, 10大类40项服务, 连续开展12年."""

from __future__ import annotations

import re
from collections.abc import Iterator

from svcsat_crawler.metrics.sentences import Sentence
from svcsat_crawler.metrics.token import Token
from svcsat_crawler.text.figures import whole_number

# Words of a survey.
CUES = "调查 受访 调研 测评 评价 评议 问卷 访问 民调 监测 样本 考评 考核评".split()
_N = r"(?:[0-9]{1,3}|[一二三四五六七八九十]{1,3})"
_POLL = r"(?:评价|调查|调研|课题|测评|评议|民调|监测|考评)"
# The same behind its first character.
_POLLED = "(?<=评)[价议]|(?<=调)[查研]|(?<=课)题|(?<=[测考])评|(?<=民)调|(?<=监)测"
_HELD = r"(?:开展|进行|举办|实施|组织|发布|做|坚持|持续|公布|委托|承担|执行|推出|聘请|邀请|主持|编制|参与)"
# A count of services that names the peers of a rank: 40项公共服务中排名第一.
_RANKED = r"(?![^,;。]{0,10}(?:第[一二三四五六七八九十0-9]|首|榜|排名|居|摘|夺|拔|垫底))"
_SERVICES = r"(?:具体|细分|单项|政府|地方|类|个)*(?:公共)?(?:服务(?:事项|项目|内容)?)"
_KINDS = "个?大?(?:类别|类|门类|领域|板块|大项)"
_GLUE = "(?:公共|政府|地方)?(?:服务)?(?:、|和|共|共计|及|与|,|的|下的|下设|细分为|细化为|包含|包括|合计|总计|涵盖|涉及)*"
# Nobody wins a survey by holding it: 在评价中第9年夺冠 is a streak.
_NOT_WON = r"(?![^,;。]{0,8}(?:夺|获|蝉联|居|排|名列|第一|摘|登|荣|站|拿|冠|首))"
# Words between a survey and its years, none of them about who won it: 评议中名列第一,已是连续第八年.
_FREE = "(?:(?!第一|名列|[夺冠首居])[^;。])"
# A number that one of the expressions can be about, and its counter: most sentences have none, years (2021年) are none.
# A class of characters first: the scan skips the rest of the text. 个 counts bureaus as often: 8个县区局.
_COUNTED = re.compile(
    r"[0-9一二三四五六七八九十](?<![0-9.].)(?:(?<=[0-9])[0-9]{0,2}|(?<![0-9])[一二三四五六七八九十]{0,2})(?P<counter>[大类项种年次届门领板小子细分]|个(?=[地城设市州省大类门领板具细单政个公服小子分项种年春]))"
)
_COUNTERS = {
    "survey_cities": frozenset("个"),
    "survey_service_categories": frozenset("个大类门领板"),
    "survey_service_items": frozenset("个大小项种子细分"),
    "survey_years_running": frozenset("个年次届"),
}
# metric -> expressions; the group of a number is called n and a letter.  What they can start with comes first, so that
# the scan skips the rest.  Source: press releases of provincial surveys.
_COUNTS = {
    "survey_cities": re.compile(
        rf"(?<![列居位])(?:全省|全国|省内|覆盖|涉及|涵盖|对)?(?:全省|全国)?(?P<na>{_N})个(?:地级以上|地级)?(?:地级市|地市|城市|设区市|市州|州市|地州市|地州|市(?![区场民县])|省区市|省份)(?![级供局公第首排前电]|中排|排名)"
    ),
    "survey_service_categories": re.compile(
        "(?=[0-9一二三四五六七八九十])(?:"
        rf"(?P<na>{_N}){_KINDS}{_GLUE}(?={_N}[个大]?(?:小项|子项|项|种|个){_SERVICES}?)(?![^,;。]{{0,6}}第)"
        rf"|(?P<nb>{_N})个?大?(?:类|门类)(?:地方)?(?:政府)?(?:公共|公用|窗口|民生)?(?:服务|行业|部门)(?!事项|举措|措施|承诺){_RANKED})"
    ),
    "survey_service_items": re.compile(
        "(?=[0-9一二三四五六七八九十个大类门领板])(?:"
        rf"(?P<na>{_N})(?:大?项|种|个){_SERVICES}(?!举措|措施|承诺|活动|工作|的?平均|总体|整体){_RANKED}"
        rf"|{_KINDS}{_GLUE}(?P<nb>{_N})个?(?:小项|子项|细项|分项|项|种)(?:指标|具体指标|评价指标)?(?!举措|措施|承诺|活动|工作|任务|问题|便民|惠企){_RANKED})"
    ),
    "survey_years_running": re.compile(
        "[评调课测民监考连第](?:"
        rf"(?:{_POLLED})(?:{_FREE}{{0,30}}?连续{_HELD}了?(?P<na>{_N})(?:年|届|次)"
        rf"|[^;。0-9]{{0,20}}?(?:已|已经|至今|一共|共|累计|连续)+(?:历时)?{_HELD}了?(?P<nb>{_N})(?:年|届|个年头)(?!前)"
        rf"|[^;。0-9]{{0,16}}?(?:走过|坚持|历经|持续|延续)了?(?P<ng>{_N})(?:个年头|个春秋|年|届)"
        rf"|[^;。0-9]{{0,12}}?连续第?(?P<nh>{_N})(?:年|次|届)(?:组织|{_HELD})"
        rf"|[^;。]{{0,30}}?至今已?(?:经)?连续(?P<nk>{_N})(?:年|次|届)(?=[,;。])"
        rf"|(?:活动|工作|项目)?{_HELD}了?(?P<nc>{_N})年(?!前)"
        rf"|{_FREE}{{0,30}}?(?:是|为|走过|走到|做到|迎来|进入|步入|以来的)(?:了)?(?:连续)?第(?P<nf>{_N})(?:次|年|届|个年头|个年份)(?:{_HELD})?{_NOT_WON})"
        rf"|(?<=连)续(?:第)?(?P<nd>{_N})(?:年|次|届)(?:[^,;。]{{0,20}}?){_HELD}[^,;。]{{0,16}}?{_POLL}"
        rf"|(?<=第)(?P<ne>{_N})(?:年|次|届)(?:对[^,;。]{{0,16}}?)?{_HELD}[^,;。]{{0,16}}?{_POLL})"
    ),
}
_RATED = frozenset(("survey_service_categories", "survey_service_items"))
_COVERS = re.compile(
    r"开展|进行|覆盖|涉及|涵盖|访问|实施|组织|抽取|深入|遍及|走进|走遍|派到|铺开|回收|收回|范围|启动|同步|面向"
)


def survey_counts(sentence: Sentence, *, asked: bool) -> Iterator[tuple[str, int, Token]]:
    """Yield (metric, value, token) for the figures about a survey: cities, kinds, items, years.

    *asked*: the sentence has one of :data:`CUES`; without it only what a survey rates is told, in a paragraph about one.
    """
    counters = {match["counter"] for match in _COUNTED.finditer(sentence.text, sentence.start, sentence.end)}
    if not counters:
        return
    text = sentence.text[sentence.start : sentence.end]
    for metric, pattern in _COUNTS.items():
        if counters.isdisjoint(_COUNTERS[metric]) or (not asked and metric not in _RATED):
            continue
        if metric == "survey_cities" and not _COVERS.search(text):
            continue
        match = pattern.search(text)
        group = match.lastgroup if match else None
        value = whole_number(match[group]) if match and group else None
        if match is None or group is None or value is None:
            continue
        start = sentence.start + match.start(group)
        yield metric, value, Token(start, start + len(match[group]) + 1, "count", value)
