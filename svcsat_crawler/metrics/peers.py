"""Among whom a rank counts: the city's services, the province's bureaus, the nation."""

from __future__ import annotations

import re
from typing import Literal

from svcsat_crawler.items import Rank
from svcsat_crawler.metrics.bound import Bound
from svcsat_crawler.metrics.sentences import Sentence
from svcsat_crawler.metrics.token import Token
from svcsat_crawler.text.figures import whole_number

Kind = Literal["local_services", "province_bureaus", "nation", "other"]
_INSIDE = ("中", "里", "内", "之中", "当中", "满意度排名中", "排名中")
_RATED_ALL = re.compile(
    r"(?:开展|进行|组织|实施)的?|的?(?:\d{4}年度?|年度|上半年|下半年)?(?:群众|社会|公众|客户|用户|市民|服务|综合)*(?:满意度|行风|作风)(?:测评|评议|评价|调查)"
)
_REGIONS = frozenset(("广西", "内蒙古", "宁夏", "新疆", "西藏"))
# 在17个市州中排名第13位, 全省21个供电局的队列里
_BUREAUS = re.compile(
    r"(?P<n>\d{1,2}|[一二三四五六七八九十]{1,3})[个家](?:地级以上)?(?:省会(?:及|和|、)?(?:计划单列市|城市)?|市州|市\(州\)|州市|地市州|地州市|设区市|地级市|地市|市|供电局|供电公司|供电企业|市局|兄弟局|市级|地市级)(?:供电局|供电公司|供电企业|公司|局)?的?(?:中|里|内|之中|当中|队列|排名|排行|行列|$)"
)
# 在湛江9个县区局中, 18个市县局里
_UNITS = re.compile(
    r"(?P<n>\d{1,3}|[一二三四五六七八九十]{1,3})[个家](?:所属|基层|直属|参评|下属|下辖)?(?:(?:县区|区县|市县|县市区|县市|县级|县域|县|区|分|基层|省级|省|镇街|镇区|乡镇|镇)(?:供电分?局|供电分?公司|供电企业|供电所|供电单位|电力公司|电力局|子公司|分公司|电网公司|公司|企业|单位|局)|供电分局|供电所|供电站)(?:的排名|排名|之中|当中|中|里|内|名列|排|位列|位居|列|居)"
)
# 位居40项服务之首
_SERVICES_BEFORE = re.compile(
    r"(?P<n>\d{1,3}|[二两三四五六七八九十]{1,3})[项类个种]?大?类?(?:具体|政府|地方|要素|民生|保障)*(?:公共|公用)?服务(?:项目|领域|事项|行业)?(?:中|里|之|的)?(?:排名|排|居|位居|位列|第)?$"
)
_WHO = "(?:单位|部门|行业|企业|服务|窗口|公共|公用|科室|站所)"
_RATED = "(?:参评|参测|被评|受评|(?:参加|接受)[^,;。]{0,6}?(?:评议|测评|评价|评选|考评))"
# 26个单位参评, 31个部门参加评议; 参评的26家单位
_TAKING_PART = re.compile(
    rf"(?P<n>\d{{1,3}})[家个项类]{_WHO}*{_RATED}|{_RATED}的?(?P<of>\d{{1,3}})[家个项类]{_WHO}"
)
# 在12项服务中,供电…居首; 六行业综合得分76.4分,供电…排名第一
_KINDS = r"(?<![\d.第])(?P<n>\d{1,3}|[二两三四五六七八九十]{1,3})[个项类大种]*(?:公共|公用|民生|窗口|市政)*(?:服务|行业)(?:项目|行业|类别|领域)?"
_AMONG = re.compile(f"{_KINDS}(?:(?:当|之)?中|里|的?(?:平均|综合|总体|整体))")
_ALL_OF = re.compile(f"{_KINDS}的?(?:平均|综合|总体|整体)")
_ELSEWHERE = ("全省", "全区", "全国", "省内", "地市", "同行业", "全网")
# A count, which each of these has, and what can stand behind it: 40项, 四大要素保障服务.
_COUNTED = re.compile(r"[项类个种家大具政地要民保公服行](?<=[\d一二两三四五六七八九十].)")
_COUNTING = ("共", "共有", "一共", "总共", "有", "共计", "达", "为")
_NETWORK = re.compile(r"(?P<all>全网|全集团|全系统)(?!省|各)[^,;。\d全]{0,6}$")
_HOME = ("全市", "全州", "当地", "本地", "全市的", "当地的")
# Words that say, somewhere in the sentence, that services were compared.
_SERVICES = ("公共服务", "行业", "行风", "评议", "窗口")


def rank_of(
    sentence: Sentence, clause_index: int, token: Token, bound: Bound | None, *, own: bool = False
) -> Rank:
    """Return the peer group of the rank *token*: from its clause, else (not *own*) from the clauses before."""
    named = _named(sentence, clause_index, token.start, own=own) if "peer" in sentence.kinds else None
    if named is not None and named.kind == "province_bureaus" and _at_home(sentence, token, bound):
        return Rank(kind="local_services")
    if named is not None and named.kind == "local_services" and not own:
        start = sentence.clauses[clause_index].start
        bureaus = _BUREAUS.search(sentence.text, start, token.start)
        named = None if bureaus else named  # 21个行业的测评,供电…第二,在全省9个设区市中排第三
    if named is not None:
        return named
    counted = None if own else _counted_before(sentence, token)
    counted = counted or (None if own else _among_kinds(sentence, token))
    if counted is not None:
        return counted
    start = sentence.clauses[clause_index].start
    far = sentence.text.find("全", start, token.start) >= 0
    if far and (whole := _NETWORK.search(sentence.text, start, token.start)):
        return Rank(kind="other", scope=whole["all"])  # 在全网名列第一
    return Rank(kind=_by_region(sentence, clause_index, token, bound))


def _counted_before(sentence: Sentence, token: Token) -> Rank | None:
    """Return the peers that no token names, by the words before a rank that say of how many it is one."""
    text, start, end = sentence.text, sentence.start, token.start
    if _COUNTED.search(text, start, end) is None:
        return None
    if services := _SERVICES_BEFORE.search(text, start, end):
        return Rank(kind="local_services", of=whole_number(services["n"]), scope=services[0])
    if taking := _TAKING_PART.search(text, start, end):
        return Rank(kind="local_services", of=whole_number(taking["n"] or taking["of"]), scope=taking[0])
    if bureaus := _BUREAUS.search(text, start, end):
        kind: Kind = "nation" if "省会" in bureaus[0] else "province_bureaus"
        return Rank(kind=kind, of=whole_number(bureaus["n"]), scope=bureaus[0])
    if units := _UNITS.search(text, start, end):
        return Rank(kind="other", of=whole_number(units["n"]), scope=units[0])
    return None


def _among_kinds(sentence: Sentence, token: Token) -> Rank | None:
    """Return the services that the sentence, or what the one before says of all of them, frames a rank of power with."""
    text, start, end = sentence.text, sentence.start, token.start
    if "power" not in sentence.kinds:
        return None
    framed = _AMONG.search(text, start, end) if _COUNTED.search(text, start, end) else None
    if framed is None:
        before = max(text.rfind("。", 0, start - 1), text.rfind("\n", 0, start - 1)) + 1
        if text[start - 1] != "。" or not _COUNTED.search(text, before, start):
            return None
        framed = _ALL_OF.search(text, before, start)
    if framed is None or any(text.find(word, framed.end(), end) >= 0 for word in _ELSEWHERE):
        return None
    return Rank(kind="local_services", of=whole_number(framed["n"].replace("两", "二")), scope=framed[0])


def _at_home(sentence: Sentence, token: Token, bound: Bound | None) -> bool:
    """Whether a place is one in the supplier's own city: 升幅在全省20个地市局中排第一,连续十一年排名全市第一."""
    level = bound.parties[0].level if bound else ""
    return level != "county" and sentence.text.endswith(_HOME, sentence.start, token.start)


def _named(sentence: Sentence, clause_index: int, limit: int, *, own: bool) -> Rank | None:
    """Return the peers named before *limit*: nearest first up to the number before, else those that frame all."""
    for index in range(clause_index, clause_index - 1 if own else -1, -1):
        found = _in_clause(sentence, index, limit)
        if found is not None:
            return found
        if any(
            t.kind in ("rank", "quantity") and t.value != 1
            for t in sentence.clauses[index].tokens
            if t.end <= limit
        ):
            break
    for index in range(0 if own else clause_index):
        framed = _in_clause(sentence, index, limit, frame=True)
        if framed is not None:
            return framed
    return None


def _in_clause(sentence: Sentence, index: int, limit: int, *, frame: bool = False) -> Rank | None:
    """Return the peers that a clause names; *frame*: only such as hold for what follows (52项公共服务中)."""
    clause = sentence.clauses[index]
    tokens = [t for t in clause.tokens if t.end <= limit]
    for position in range(len(tokens) - 1, -1, -1):
        peer = tokens[position]
        if peer.kind != "peer" or (frame and not _frames(sentence.text, tokens[max(0, position - 1)], peer)):
            continue
        start, of, kind = peer.start, None, peer.value
        for before in reversed(tokens[:position]):
            gap = sentence.text[before.end : start]
            if before.kind == "quantity" and len(gap) <= 3 and before.value.dimension in ("count", ""):
                of, start = int(before.value.value), before.start
            elif before.kind in ("place", "reference", "fill", "power", "scope") and not gap.strip("的"):
                if before.kind == "fill" and sentence.text[before.start : before.end] not in ("当地", "辖区"):
                    break
                if before.kind == "place" and before.value.name == "全国" and kind == "province_bureaus":
                    kind = "nation"
                start = before.start
            else:
                break
        if of is None:
            of = _counted_after(sentence, clause.tokens, peer)
        return Rank(kind=kind, of=of, scope=sentence.text[start : peer.end])
    return None


def _frames(text: str, before: Token, peer: Token) -> bool:
    """Whether peers are those of all that follows: 52项公共服务中, 对22个窗口行业开展的测评; *before*: the token before."""
    if text.startswith(_INSIDE, peer.end):
        return True
    counted = before.kind == "quantity" and before.end == peer.start
    return counted and _RATED_ALL.match(text, peer.end) is not None


def _in_region(bound: Bound | None) -> bool:
    """Whether a supplier lies in an autonomous region, whose 全区 is 全省 elsewhere."""
    place = bound.parties[0].place if bound else None
    return place is not None and place.kind != "county" and place.province in _REGIONS


def _counted_after(sentence: Sentence, tokens: list[Token], peer: Token) -> int | None:
    """Return 38 of "参评的公共服务共38项"."""
    for token in tokens:
        if token.start >= peer.end:
            between = sentence.text[peer.end : token.start]
            counted = token.kind == "quantity" and token.value.unit in ("项", "个", "类", "家", "种")
            return int(token.value.value) if counted and between in _COUNTING else None
    return None


def _by_region(sentence: Sentence, clause_index: int, token: Token, bound: Bound | None) -> Kind:
    """Guess the peers of a bare 全省第四 or 全市第一 from the region and the subject."""
    text = sentence.text
    clause = sentence.clauses[clause_index]
    level = bound.parties[0].level if bound else ""
    for item in reversed([t for t in clause.tokens if t.end <= token.start]):
        if item.kind == "place" and item.value.name == "全国":
            return "nation"
        if item.kind == "fill" and text[item.start : item.end] in ("当地", "辖区", "本地"):
            return "local_services"
        if item.kind == "reference" and item.value == "region":
            word = text[item.start : item.end]
            if word in ("全省", "全自治区", "我省") or (word == "全区" and _in_region(bound)):
                return "other" if level in ("province", "group") else "province_bureaus"
            return "local_services"
    if any(t.kind == "place" and t.value.name == "全国" and t.start < token.start for t in sentence.tokens):
        return "nation"
    whole = text[sentence.start : token.start]
    if level not in ("province", "group") and (
        "全省位次" in whole or "全省名次" in whole or "全省排名" in whole
    ):
        return "province_bureaus"
    whole = text[sentence.start : sentence.end]
    return "local_services" if any(word in whole for word in _SERVICES) else "other"
