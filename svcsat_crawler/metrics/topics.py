"""Whether what is ranked is satisfaction with the supply of power."""

from __future__ import annotations

import re

from svcsat_crawler.metrics.asides import BESIDE
from svcsat_crawler.metrics.bound import Bound
from svcsat_crawler.metrics.satisfaction import elsewhere, is_ours, owner_of
from svcsat_crawler.metrics.sentences import Clause, Sentence
from svcsat_crawler.metrics.state import State
from svcsat_crawler.metrics.token import Token

# Confidence in a supplier that shares its rank with other trades.
IN_LIST = 0.9
# Unknown characters before a rank whose topic comes from an earlier sentence.
_UNKNOWN = 4
# Shares and peer groups between a topic and its rank do not make another topic.
_NO_TOPIC = frozenset(("占比", "比例", "比重", "建议", "意见", "诉求", "缴费", "电压", "清洁能源", "容量"))
# A number of these right before a rank says what is ranked: 交易电量超4700亿千瓦时,位居第一.
_ORDER = re.compile(r"位次|名次|排位|(?:全省|全市|全区|全网)排名|供电局|地市局")
_PARTIES = frozenset(("power", "service", "org"))
# Unknown characters before another trade: 市, 县.
_LEAD = 2
_PAIR = 2
_HOME = re.compile(
    "(?:则|也|仅|只)?在(?:当地|本地|所在[县区市地]|本[县区市])(?:的?(?:公共|公用)服务)?中?(?:则|也|仅|只)?(?:排名|名列|位列|位居|排在|排|列|居)*"
)
_TRADE = re.compile(
    r"(?:\(|集团|有限|责任|分?公司|服务|行业|企业|[分支]?[局所行]|系统|部门|中心|大厅|领域|方面|类|[则仅])*(?:\d|[以得获拿为排列位居,:]|综合|满意|名列|第)"
)
# Between a name and its place: 连平、紫金分居第五、第六.
_SHARED = "分别依次列居获位排名为在"
# A clause that only tells how far the others are.
_APART = ("高出", "高于", "超出", "低于", "领先于", "优于")
_SINCE = "以来"
# 进位幅度居全市首位
_BY_STEP = re.compile("(?:进位|升位|前移|进步|晋位|提升|上升|增长|改善)(?:的)?幅度?[^,;。]{0,6}$")
_VOLUMES = frozenset(("kWh", "kW", "CNY"))


def ours(state: State, sentence: Sentence, index: int, position: int, bound: Bound | None) -> float:
    """Return the confidence that the rank at *position* is one of satisfaction; 0.0 when it is not.

    The nearest topic before the rank decides; without one in the sentence, the paragraph must be
    about a survey and the sentence must name a supplier.
    """
    clauses = sentence.clauses
    clause = clauses[index]
    if "幅" in sentence.text[clause.start : position] and _BY_STEP.search(
        sentence.text, clause.start, position
    ):
        return 0.0
    if index and sentence.text[clause.start] in "与同和" and BESIDE.match(sentence.text, clause.start):
        return ours(state, sentence, index - 1, clauses[index - 1].end, bound)
    stated = bound is not None and bound.power
    skipped = False
    for place in range(index, -1, -1):
        if 0 < place < index and sentence.text.startswith(_APART, clauses[place].start):
            continue  # 高出全市公共服务总体满意度(62.08分)近10分,连续四年排名第一
        for token in reversed(clauses[place].tokens):
            if token.end > position:
                continue
            if token.kind in ("metric", "noun"):
                if sentence.text[token.start : token.end] in _NO_TOPIC:
                    continue
                return 0.0
            if token.kind == "quantity" and token.value.dimension in _VOLUMES:
                return 0.0
            if place == index and token.kind in ("up", "down") and sentence.text[token.end - 1] in "幅度率":
                return 0.0  # 提升幅度居全省第一
            if token.kind not in ("sat", "eval", "score"):
                continue
            owner = owner_of(sentence, token)
            if owner == "other" and _peer_before(sentence, token):
                skipped = True
            elif owner in ("other", "unknown") and in_list(sentence, token) is not None:
                return IN_LIST
            elif owner != "neutral" or token.kind != "score":
                return 0.97 if is_ours(sentence, token, power_subject=state.power_subject(bound)) else 0.0
        if skipped:
            return 0.95 if stated else 0.9 if _only_power(sentence, position) else 0.0
        if place == index and _rated(state, sentence, position) and _names_power(sentence, index, position):
            return 0.9
    if _of_other_trade(sentence, index, position):
        return 0.0
    if index and state.rated and _behind_its_score(sentence, index, position):
        return 0.88
    if stated and _scored_among(sentence, clause, position):
        return 0.88
    seen = state.satisfaction_seen or (state.levels and state.levels[-1].metric == "satisfaction_score")
    named = seen and any(
        t.kind in ("place", "org")
        and t.end <= position
        and not _said(sentence, _behind_score(sentence, t.end), position)
        for t in clause.tokens
    )
    if named or (
        stated
        and _surveyed(state, sentence, position)
        and sentence.heavy(_since_when(sentence, clause, position), position) <= _UNKNOWN
    ):
        return 0.88
    if index and state.rated and _at_home(sentence, index, position):
        return 0.88
    # 湛江:得分81.37分,全省排名由第19位升至第17位
    scored = state.rating and any(t.kind == "score" and t.end <= position for t in sentence.tokens)
    if not (state.rated or scored) or bound is None or not _among_peers(sentence, position):
        return 0.0
    ranked = any(party.power or party.id or party.level == "prefecture" for party in bound.parties)
    return 0.85 if ranked else 0.0


def _since_when(sentence: Sentence, clause: Clause, position: int) -> int:
    """Return where what a clause says of a place begins, behind since when: 自2006年该项测评开展以来|连续第八年夺得第一."""
    since = sentence.text.rfind(_SINCE, clause.start, position)
    return since + len(_SINCE) if since >= 0 else clause.start


def _said(sentence: Sentence, start: int, end: int) -> bool:
    """Whether more is said between a name and its place than how long it has held it: 威海|已连续三年|领跑."""
    passed = [t for t in sentence.tokens if t.kind == "streak" and start <= t.start and t.end <= end]
    if passed:
        start = passed[-1].end if not sentence.text[start : passed[0].start].strip("已") else start
    return bool(sentence.text[start:end].strip(_SHARED))


def _behind_its_score(sentence: Sentence, index: int, position: int) -> bool:
    """Whether a place follows right behind the score of a place or supplier that begins its sentence: 台州87.1分,列第6."""
    text, before = sentence.text, sentence.clauses[index - 1]
    if text[sentence.clauses[index].start : position].strip(_SHARED):
        return False
    told = before.tokens
    if len(told) != _PAIR or told[0].kind not in ("place", "org") or told[1].kind != "quantity":
        return False
    begins = index == 1 and told[0].start == before.start and told[0].end == told[1].start
    return begins and told[1].value.dimension == "points" and text[sentence.start - 1] == ";"


def _at_home(sentence: Sentence, index: int, position: int) -> bool:
    """Whether a place where it is follows the score of a place or supplier: 最低的怀集,只有76.9分,|在当地排名|第四."""
    text, before = sentence.text, sentence.clauses[index - 1]
    if not _HOME.fullmatch(text, sentence.clauses[index].start, position):
        return False
    scored = any(t.kind == "quantity" and t.value.dimension == "points" for t in before.tokens)
    first = sentence.clauses[max(0, index - 2)].start
    named = {t.kind for t in sentence.tokens if first <= t.start < position}
    return (
        scored and not named.isdisjoint(("place", "org")) and named.isdisjoint(("service", "metric", "noun"))
    )


def _scored_among(sentence: Sentence, clause: Clause, position: int) -> bool:
    """Whether a clause gives a score among public services: 以98.32分在全市53家公共服务单位中排名第1."""
    before = [t for t in clause.tokens if t.end <= position]
    scored = any(t.kind == "quantity" and t.value.dimension == "points" for t in before)
    return scored and any(t.kind == "peer" and t.value == "local_services" for t in before)


def _surveyed(state: State, sentence: Sentence, position: int) -> bool:
    """Whether a survey has been named, or that something took part in one."""
    find = sentence.text.find
    return (
        state.survey_seen
        or find("参评", sentence.start, position) >= 0
        or find("满意", sentence.start, position) >= 0
    )


def _rated(state: State, sentence: Sentence, position: int) -> bool:
    """Whether a survey has been named, or what it rates."""
    return state.survey_seen or "公共服务" in sentence.text[sentence.start : position]


def _behind_score(sentence: Sentence, position: int) -> int:
    """Return the end of the score at *position*, or *position*: 广东85.9分排第一."""
    behind = sentence.following(position)[:1]
    scored = behind and behind[0].start == position and behind[0].kind == "quantity"
    return behind[0].end if scored and behind[0].value.dimension == "points" else position


def _of_other_trade(sentence: Sentence, index: int, position: int) -> bool:
    """Whether another trade is what the rank is about: 市自来水公司90.26分,列第七; 县邮政局排第三."""
    for place in (index, index - 1) if index else (index,):
        clause = sentence.clauses[place]
        named = [t for t in clause.tokens if t.end <= position and t.kind in _PARTIES]
        if named:
            first = named[0]
            return (
                first.kind == "service"
                and not any(t.kind in ("power", "org") for t in named)
                and sentence.heavy(clause.start, first.start) <= _LEAD
                and _TRADE.match(sentence.text, first.end, position) is not None
            )
    return False


def _among_peers(sentence: Sentence, position: int) -> bool:
    """Whether a sentence without a topic goes on about the ranks of an article about satisfaction."""
    if any(t.kind in ("metric", "noun", "service") for t in sentence.tokens):
        return False
    named = any(t.kind == "peer" and t.end <= position for t in sentence.tokens)
    return named or _ORDER.search(sentence.text, sentence.start, position) is not None


def _only_power(sentence: Sentence, position: int) -> bool:
    """Whether power is the one service that a sentence names before a place."""
    named = {
        t.kind
        for t in sentence.tokens
        if t.end <= position and (t.kind == "power" or (t.kind == "service" and not elsewhere(sentence, t)))
    }
    return named == {"power"}


def _names_power(sentence: Sentence, index: int, position: int) -> bool:
    """Whether the clause is about the service itself: 供电服务以87.3分位居榜首."""
    listed = False
    for token in reversed([t for t in sentence.clauses[index].tokens if t.end <= position]):
        if token.kind == "peer" and sentence.text.startswith(("中", "里"), token.end):
            listed = True
        if listed and token.kind == "service":
            break  # 在水、电、气、公交等7个行业中居首
        if token.kind in ("power", "service"):
            return token.kind == "power" and sentence.heavy(token.end, position) <= _UNKNOWN
    # 供电服务依旧是公共服务的亮点,连续七年位居…第一
    before = sentence.clauses[index - 1].tokens if index else []
    named = [t.kind for t in before if t.kind in ("power", "service", "org", "metric", "noun")]
    return bool(named) and set(named) == {"power"}


def _peer_before(sentence: Sentence, token: Token) -> bool:
    """Whether the 满意度 only names the peers: 在清远市政府公共服务满意度排名第一位."""
    for item in reversed([t for t in sentence.tokens if t.end <= token.start]):
        if item.kind != "neutral":
            return item.kind == "peer"
    return False


def in_list(sentence: Sentence, token: Token) -> Token | None:
    """Return the supplier in "镇江燃气、镇江供电公司、镇江自来水公司的满意评价": one name of a list."""
    text = sentence.text
    for item in reversed([t for t in sentence.tokens if t.end <= token.start and t.kind == "org"]):
        if "、" in (text[item.end : item.end + 1], text[item.start - 1 : item.start]):
            return item
    return None


_WITH = (
    "领先",
    "比",
    "较",
    "超过",
    "落后",
    "与",
    "高出",
    "高于",
    "低于",
    "优于",
    "超出",
    "追平",
    "距",
    "离",
    "距离",
)
# 第一的|市|自来水公司
_LOCAL = frozenset("市县区州旗省")
# One of these characters stands in what says that a place was not reached.
_LOST_BY = frozenset("未没无痛错丢不并让")
# 没能守住冠军, 无缘榜首; but 从未让出榜首
_LOST = re.compile(
    r"(?:没能|未能|无缘|(?:未|未能|没有|没能)(?:进入|跻身|挤进|拿到|拿下|拔得|夺得?|取得|获得?|摘得?|排在?|位居|居|登)|痛失|错失|丢掉|丢了|不再是|并非|(?<![未没不曾])让出)[^,;。]{0,10}$|(?<![从尚])未$"
)


def of_somebody_else(sentence: Sentence, token: Token) -> bool:
    """Whether a rank is that of the one we are compared with: 领先第二名4.66分."""
    before = sentence.text[max(sentence.start, token.start - 2) : token.start]
    if before.endswith(_WITH):
        return True
    bracketed = sentence.text[token.start - 1] == "("  # 没有排第一的是揭阳(第3)
    said = sentence.text[max(sentence.start, token.start - 14) : token.start]
    if not (bracketed or _LOST_BY.isdisjoint(said)) and _LOST.search(said):
        return True
    if sentence.text[token.end : token.end + 1] != "的":
        return False
    # 第二名的银行服务为81.2分
    behind = next((t for t in sentence.tokens if t.start >= token.end), None)
    if behind is None or behind.kind != "service":
        return False
    said = sentence.text[token.end + 1 : behind.start].strip("“")
    return not said or said in _LOCAL
