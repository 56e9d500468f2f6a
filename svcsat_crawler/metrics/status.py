"""Whether a number was measured, or is planned, promised, forecast or only possible."""

from __future__ import annotations

import re

from svcsat_crawler.items import Status
from svcsat_crawler.metrics.sentences import Sentence
from svcsat_crawler.metrics.token import Token

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
_AHEAD = re.compile(r"(?:下一步|下阶段|下一阶段|接下来|今后|未来|展望|明年|后续|“十五五|十五五)")
_SENTENCE_ENDS = frozenset('。!?;\n”"’」)]')
_OUGHT_AFTER = re.compile(
    r"[”\"]?(?:以[上内下])?的?(?:国家|行业|考核|规定|承诺|服务|计划|年度)?(?P<word>标准|目标|承诺|要求|限值|指标值|任务|时限|上限|门槛)"
)
_NOT = ("不低于", "不超过", "不高于", "不少于", "不得超过", "不大于", "不小于", "不多于")
_PROMISE = re.compile(
    r"承诺[^,;。!?\n]{0,12}:|十项承诺|六项承诺|八项承诺|服务标准[^,;。!?\n]{0,6}:|规定[^,;。!?\n]{0,4}:"
)


class Statuses:
    """Reads the status of a number from the cues before and after it."""

    def __init__(self, title: str) -> None:
        self._promised_title = (
            bool(re.search(r"承诺|服务标准|管理办法|实施细则", title)) and "兑现" not in title
        )
        self._promised = False
        self._ahead = False
        # Places from which on the rest of a paragraph is promised or planned: (place, promised), the next one last.
        self.cues: list[tuple[int, bool]] = []

    def begin(self, text: str) -> None:
        """Look once through a squeezed text for what holds for the rest of a paragraph."""
        cues = [(match.start(), True) for match in _PROMISE.finditer(text)]
        for match in _AHEAD.finditer(text):
            place = match.start()
            if place == 0 or text[place - 1] in _SENTENCE_ENDS:
                cues.append((place, False))
        self.cues = sorted(cues, reverse=True)

    def new_paragraph(self) -> None:
        self._promised = self._ahead = False

    def enter(self, sentence: Sentence) -> None:
        """Take note of cues in *sentence* and in those before it in its paragraph."""
        first = sentence.text.rfind("\n", 0, sentence.start) + 1
        while self.cues and self.cues[-1][0] < sentence.end:
            place, promised = self.cues.pop()
            if place >= first:
                self._promised = self._promised or promised
                self._ahead = self._ahead or not promised

    def of(
        self, sentence: Sentence, clause_index: int, token: Token, year: int | None, latest: int | None
    ) -> Status:
        """Return the status of the number *token*; *latest* is the year of publication."""
        text = sentence.text
        clause = sentence.clauses[clause_index]
        after = _OUGHT_AFTER.match(text, token.end, sentence.end)
        if after:
            return "target" if after["word"] in ("目标", "任务") else "standard"
        done = False
        if "status" in sentence.kinds:
            cue = self._cue(sentence, clause_index, token)
            if cue is not None:
                return cue
            done = any(
                t.kind == "status" and t.value == "measured" and t.start < token.start
                for t in sentence.tokens
            )
        if "qualifier_before" in sentence.kinds and not done:
            limit = any(
                t.kind == "qualifier_before" and t.end <= token.start and text.startswith(_NOT, t.start)
                for t in clause.tokens
            )
            if limit and "已" not in text[clause.start : token.start]:
                return "standard"
        if self._promised or self._promised_title:
            return "measured" if done else "standard"
        if self._ahead or (year is not None and latest is not None and year > latest):
            return "planned"
        if text.startswith(("前将", "前实现", "前达到", "前完成"), token.end):
            return "planned"
        return "measured"

    @staticmethod
    def _cue(sentence: Sentence, clause_index: int, token: Token) -> Status | None:
        found: Status | None = None
        clause = sentence.clauses[clause_index]
        for word in sentence.tokens:
            if word.start >= token.start:
                break
            if word.kind != "status":
                continue
            same = word.start >= clause.start
            name = sentence.text[word.start : word.end]
            if word.value == "measured":
                if same:
                    found = None
            elif word.value in ("planned", "hypothetical") and same and found in ("forecast", "target"):
                continue
            elif same or not (name in _LOCAL or word.value in ("hypothetical", "standard")):
                found = word.value
        return found
