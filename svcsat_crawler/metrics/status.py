"""Whether a number was measured, or is planned, promised, forecast or only possible."""

from __future__ import annotations

import re
from itertools import product

from svcsat_crawler.items import Status
from svcsat_crawler.metrics.possible import asks_what_comes, fulfilled, is_kept, is_met, to_come
from svcsat_crawler.metrics.roles import STOPS
from svcsat_crawler.metrics.sentences import Clause, Sentence
from svcsat_crawler.metrics.token import Token
from svcsat_crawler.organisations.index import Starts, matches_at

_SAID = frozenset(("要求", "规划", "安排"))
_TO_COME = frozenset(("target", "planned", "forecast"))
# 确保迎峰度夏…,可靠率达99.99%: these reach to the next comma only.
_LOCAL = frozenset(
    (
        "确保",
        "要求",
        "瞄准",
        "安排",
        "奋力",
        "迈向",
        "致力于",
        "冲刺",
        "规划",
        "标准",
        "规定",
        "目标",
        "上限",
        "测算",
    )
)
# What was made or followed in a year that is over.
_DONE = frozenset(("计划", "规划", "要求"))
_TO_COLON = 6
_ENDS_AIM = re.compile("[,已完]")
# The condition of a sentence: 如果全部停电检修,全年停电时间将增加2.6小时.
_IF = frozenset(("如果", "假如", "假设", "若按", "如按", "倘若"))
# What is to come, where it begins a sentence or what is said in it.
AHEAD = frozenset(
    (
        *("下一步", "下阶段", "下一阶段", "接下来", "今后", "未来", "展望", "届时", "明年", "后续", "十五五", "“十五五"),
        *("".join(parts) for parts in product("一二三四五两", ("年",), ("后", "之后", "以后"))),
    )
)  # fmt: skip
# 五年后,数字变了; 三年后的今天: the years behind are told of, not ahead.
_TOLD_OF = re.compile("后(?:的今天|[^。;!?\\n将会要]{0,20}(?<![为除])了)")
_BEGUN_BEHIND = frozenset('。!?;\n”"’」)]')
_OUGHT_AFTER = re.compile(
    r"[”\"]?(?:以[上内下])?的?(?:国家|行业|考核|规定|承诺|服务|计划|年度|奋斗|工作|总体|预定|既定|全年|规划|改进)?(?P<word>标准|目标|愿望|梦想|期望|总目标|承诺|要求|限值|指标值|任务|时限|上限|门槛)"
)
# 按月用电量300千瓦时测算,每户…: what is reckoned with was not measured.
_RECKONED = re.compile(r"(?<!数)[^,;。]{0,12}?(?:测|计|推|估|折|来)算(?:,|的?话|下来)")
_AIMS = frozenset(("目标", "总目标", "任务", "愿望", "梦想", "期望"))
_AIM_NAMES = ("目标", "总目标", "任务", "计划")
# How far before 目标 it stands that it is met.
_TO_AIM = 14
_NOT = ("不低于", "不超过", "不高于", "不少于", "不得超过", "不大于", "不小于", "不多于")
_PROMISED = re.compile("承诺|服务标准|管理办法|实施细则")
PROMISING = ("承诺", "服务标准", "规定")
_PROMISE = re.compile(
    r"(?<=[十六八]项)承诺|(?<!兑现)(?<!履行)承诺[^,;。!?\n]{0,12}:|服务标准[^,;。!?\n]{0,6}:|规定[^,;。!?\n]{0,4}:"
)


def _is_local(sentence: Sentence, word: Token) -> bool:
    """Whether a cue ends with its clause: 确保, but not 目标是 or 《方案》要求,."""
    name = sentence.text[word.start : word.end]
    if name not in _LOCAL:
        return False
    behind = sentence.text[word.end : word.end + 1]
    said = behind == "," and name in _SAID and sentence.text[word.start - 1] != "的"
    colon = sentence.text.find(":", word.end, word.end + _TO_COLON)
    if colon >= 0 and not _ENDS_AIM.search(sentence.text, word.end, colon):
        return False  # 目标很明确:停电时间不超过3小时,满意度90分
    if behind == "," and sentence.text.startswith(("是", "就是"), word.end + 1):
        return False  # 下一个目标,是把停电时间降到1小时
    return not (behind in ("是", "为") or said)


def _past(sentence: Sentence, token: Token) -> int:
    """Return where the time before *token* begins, which is over; -1 when it is a day to be reached."""
    times = [t for t in sentence.tokens if t.kind == "time" and t.start < token.start]
    if (
        not times
        or not times[-1].value.has_year
        or times[-1].value.towards
        or sentence.text.startswith("前", times[-1].end)
    ):
        return -1
    return times[-1].start


def _years_on(sentence: Sentence, token: Token) -> bool:
    """Whether a number is of some years after one that is told: 2018年11小时;三年后4小时."""
    return any(t.kind == "time" and t.value.later and t.end <= token.start for t in sentence.tokens)


def _are_over(text: str, place: int) -> bool:
    """Whether the years that a text says have gone by at *place*: 五年后,数字变了."""
    behind = text.find("后", place, place + 4)
    return behind >= 0 and _TOLD_OF.match(text, behind) is not None


class Statuses:
    """Reads the status of a number from the cues before and after it."""

    def __init__(self, title: str) -> None:
        self._promised_title = _PROMISED.search(title) is not None and "兑现" not in title
        self._promised = False
        # Where the promises of the paragraph begin.
        self._promised_at = 0
        self._ahead = False
        # Whether any paragraph ends with a question.
        self.asked = False
        # Whether the paragraph answers the question for aims: 记者:今年有什么目标?
        self.answers = False
        # The plan that goes on behind a semicolon.
        self.held: Status | None = None
        # Places from which on the rest of a paragraph is promised or planned: (place, promised), the next one last.
        self.cues: list[tuple[int, bool]] = []

    def begin(self, text: str, ahead: Starts, promising: Starts) -> None:
        """Look once through a squeezed text for what holds for the rest of a paragraph.

        *ahead*, *promising*: where :data:`AHEAD` and :data:`PROMISING` are.
        """
        cues = [(match.start(), True) for match in matches_at(_PROMISE, text, promising)]
        cues += [
            (place, False)
            for place in ahead
            if (not place or text[place - 1] in _BEGUN_BEHIND) and not _are_over(text, place)
        ]
        self.cues = sorted(cues, reverse=True)
        self.asked = "?\n" in text

    def new_paragraph(self) -> None:
        self._promised = self._ahead = False
        self.held = None
        self.answers = False

    def ask(self, text: str, start: int, end: int) -> None:
        """Take note of a question for aims: the rest of its paragraph answers it, or the next one in an interview."""
        self.answers = self.answers or asks_what_comes(text, start, end)

    def reply(self, sentence: Sentence) -> None:
        """Take note of the question that the paragraph before the one of *sentence* ends with."""
        text = sentence.text
        end = text.rfind("\n", 0, sentence.start)
        if end > 0 and text[end - 1] == "?":
            self.ask(text, text.rfind("\n", 0, end) + 1, end)

    def enter(self, sentence: Sentence) -> None:
        """Take note of the cues, of which some are left, in *sentence* and in those before it in its paragraph."""
        if self.cues[-1][0] >= sentence.end:
            return
        first = sentence.text.rfind("\n", 0, sentence.start) + 1
        while self.cues and self.cues[-1][0] < sentence.end:
            place, promised = self.cues.pop()
            if place >= first:
                if promised and not self._promised:
                    self._promised_at = place
                self._promised = self._promised or promised
                self._ahead = self._ahead or not promised

    def of(self, sentence: Sentence, clause: Clause, token: Token, *, ahead: bool, over: bool) -> Status:
        """Return the status of the number *token*; its time is *ahead* of the day of publication, or *over*."""
        text = sentence.text
        alone = text[token.end : token.end + 1] in STOPS
        if not alone:
            after = _OUGHT_AFTER.match(text, token.end, sentence.end)
            if after and after["word"] in _AIMS:
                return "measured" if fulfilled(sentence, clause, token, after.end()) else "target"
            if after:
                return "standard"
            if "算" in text[token.end : sentence.end] and _RECKONED.match(text, token.end, sentence.end):
                return "hypothetical"
        done = False
        if "status" in sentence.kinds:
            cue = self._cue(sentence, clause.start, token, since=_past(sentence, token) if over else -1)
            if cue is not None:
                return cue
            done = any(
                t.kind == "status" and t.value == "measured" and t.start < token.start
                for t in sentence.tokens
            )
        elif self.held is not None and "time" not in sentence.kinds:
            return self.held
        maybe = to_come(sentence, clause, token, over=over)
        if maybe is not None:
            return maybe
        if self.answers and not (over or done):
            return "target"
        if "qualifier_before" in sentence.kinds and not done:
            limit = any(
                t.kind == "qualifier_before" and t.end <= token.start and text.startswith(_NOT, t.start)
                for t in clause.tokens
            )
            if limit and "已" not in text[clause.start : token.start]:
                return "planned" if ahead or self._ahead else "standard"
        if (self._promised and not self._is_kept(sentence, over=over)) or self._promised_title:
            return "measured" if done else "standard"
        if ahead or (self._ahead and not (over and _years_on(sentence, token))):
            return "planned"
        soon = not alone and text.startswith(("前将", "前实现", "前达到", "前完成"), token.end)
        return "planned" if soon else "measured"

    def _is_kept(self, sentence: Sentence, *, over: bool) -> bool:
        """Whether a sentence behind the one that promises tells what came of it in a year that is over."""
        if not over or sentence.start <= self._promised_at:
            return False
        return any(t.kind == "time" and t.value.has_year for t in sentence.tokens)

    def hold(self, sentence: Sentence) -> None:
        """Take note of plans that go on behind a semicolon: 力争售电量94亿千瓦时;可靠率99.96%."""
        if "status" in sentence.kinds:
            end = Token(sentence.end, sentence.end, "end")
            held = self._cue(sentence, sentence.clauses[-1].start, end)
            self.held = held if held in _TO_COME else None
        elif "time" in sentence.kinds:
            self.held = None

    @staticmethod
    def _cue(sentence: Sentence, own: int, token: Token, since: int = -1) -> Status | None:
        """Return what the cues before *token* say, whose clause starts at *own*; *since*: where a time begins that is over."""
        found: Status | None = None
        inside = True
        for word in sentence.tokens:
            if word.start >= token.start:
                break
            if word.kind != "status":
                continue
            same = word.start >= own
            if word.start < since and not same:
                continue  # 预计今夏突破700万千瓦,去年为652万千瓦
            name = sentence.text[word.start : word.end]
            if since >= 0 and not same and name in _DONE and sentence.text[word.end] in ",项管":
                continue  # 2018年落实三年行动计划,停电时间降至18.2小时
            if name == "承诺" and is_kept(sentence.text, word.start):
                found = None
            elif (
                name.startswith(_AIM_NAMES)
                and token.start > word.end
                and sentence.text[word.end] not in "(:为是"
                and is_met(sentence.text, max(sentence.start, word.start - _TO_AIM), word.start)
            ):
                continue  # 优于年度目标;客户投诉12件
            elif word.value == "measured":
                # 将由目前的5.2小时降到2小时: measured is only the number behind it.
                if same and sentence.text[word.start - 1] not in "由从较比":
                    found = None
            elif (
                word.value in ("planned", "hypothetical")
                and (same or found == "forecast")
                and found in ("forecast", "target")
                or found == "hypothetical"
                and word.value == "planned"
            ):
                continue
            elif (
                same
                or name in _IF
                or (name == "承诺" and sentence.text[word.end] in ",:")
                or not (_is_local(sentence, word) or word.value in ("hypothetical", "standard"))
            ):
                found = word.value
                inside = same
        if found in _TO_COME and not inside and "已" in sentence.text[own : token.start]:
            return None  # 预计全年节省900万元,前10个月已节省763万元
        return found
