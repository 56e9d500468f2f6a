"""Reads changes: which level a change belongs to, or that it stands alone."""

from __future__ import annotations

import re

from svcsat_crawler.metrics import changes
from svcsat_crawler.metrics.found import Found
from svcsat_crawler.metrics.lexicon import metrics
from svcsat_crawler.metrics.lists import keys
from svcsat_crawler.metrics.names import BLOCKED, Name, has_key, takes
from svcsat_crawler.metrics.paired import PAIR
from svcsat_crawler.metrics.parts import parts_of
from svcsat_crawler.metrics.records import against_peak
from svcsat_crawler.metrics.role import Role
from svcsat_crawler.metrics.sentences import Clause
from svcsat_crawler.metrics.token import Token
from svcsat_crawler.metrics.told import ToldReader
from svcsat_crawler.metrics.trends import EVERYBODY

# 较2021年历史最大负荷: unknown characters inside what is compared with.
_GAP = 2
# 其中大连公司降幅最大,为61.2%
_EXTREME = re.compile(
    "[降增升涨减]幅(?:最[大小高低]|居首|第一)|(?:下降|增长|减少|压降|降|降得|减得)最[多快大]"
)
# 比上一个冬季的最大负荷增长4.5%, 较此前历史最高负荷增长3%
_EARLIER_NAME = re.compile(
    "(?:[比较]|超[出过]?)(?:上[一个次轮年季]|去[年冬夏]|前[一次年]|此前|之前|以往|往年|历史|原来?)[^,;。比较]{0,8}$"
)
# 比冰灾前的历史最高值还多出|3.1万千瓦
_THAN_RECORD = re.compile(
    "(?:这|也|又)?[比较][^,;。\\d]{0,12}?(?:历史|以往|此前|往年|[去上]年)[^,;。\\d]{0,8}?(?:值|[纪记]录|水平|峰|同期|最高)[^,;。\\d]{0,4}?(?:[多高增少低降减]|下|上)"
)
_YEAR = 8760
# No supplier's average moves by as many hours.
_MOST_HOURS = 120
# 拉动全社会用电量增长4.8个百分点: a part of its growth.
_DRIVEN = ("拉动", "带动", "拉低", "推动")
_LISTED = frozenset(("place", "org", "resp", "up", "down", "fill"))
_PARTIES = frozenset(("org", "place"))


class ChangeReader(ToldReader):
    """Reads the changes of one sentence."""

    def _change(self, clause_index: int, listed: list[Token], role: Role) -> None:
        token = listed[0]
        sentence = self.sentence
        if len(listed) > 1 and not self.made and self._of_list_told(clause_index, listed, role):
            return
        name = self._change_name(clause_index, token)
        if name is BLOCKED:
            return
        fresh = name is not None and not any(
            fact.metric == name.metric and name.token is not None and fact.start > name.token.start
            for fact in self.group
        )
        if self.unread and not fresh:
            return
        if self.group and not fresh:
            name = self._next_of_row(clause_index, token) or self._planned(clause_index, token)
            if name is None:
                self._attach(clause_index, listed, role)
                return
        if name is None or not changes.fits(name.metric, token.value.dimension):
            return
        if name.metric == "saidi" and token.value.dimension == "hours" and token.value.value > _YEAR:
            return  # 减少用户停电时间12.8万小时: a sum
        against = self.ahead is not None or self.pending is not None
        if against and self._compare_last(clause_index, token, name, role):
            return
        found_keys = keys(sentence, clause_index, token, len(listed)) if len(listed) > 1 else []
        if len(listed) > 1 and not found_keys:
            listed = listed[:1]
        facts = []
        for position, item in enumerate(listed):
            key = found_keys[position] if found_keys else None
            if key is not None and key.kind == "noun":
                continue
            own = Name(key.value, key, "same") if key is not None and key.kind == "metric" else name
            found = self._changed(clause_index, item, own, role)
            facts.append(self._keyed(found, key) if key is not None else found)
        if facts:
            self._add(facts)

    def _changed(self, clause_index: int, token: Token, name: Name, role: Role) -> Found:
        """Return the fact of one change: a cut is a metric of its own, else there is a comparison alone."""
        sentence, clause = self.sentence, self.clauses[clause_index]
        cut = changes.is_cut(name.metric, sentence, clause, token)
        metric = changes.REDUCTION_OF[name.metric] if cut else name.metric
        value, rule, confidence = (
            (token.value.value, metric, 0.97) if cut else (None, f"{metric}:change", 0.93)
        )
        found = self.state.make(
            metric, value, token, sentence, clause_index, rule=rule, confidence=confidence
        )
        found.segment, found.scope = parts_of(sentence, clause_index, token, name, metric)
        if not cut:
            year = found.span.year if found.span else None
            found.comparison = changes.comparison(metric, sentence, clause, token, role.direction, year)
        return found

    def _next_of_row(self, clause_index: int, token: Token) -> Name | None:
        """Return the name of 高压用时压减21%,低压压降33%: changes alone, each with a key of its own."""
        last = self.group[-1]
        text = self.sentence.text
        own = self.clauses[max(0, clause_index - 1)].start
        if last.value is not None and last.metric not in changes.LEVEL_OF:
            extreme = last.end <= own and _EXTREME.search(text, own, token.start)
            if not extreme:
                return None
        inside = last.start >= self.clauses[clause_index].start
        if inside or not has_key(self.sentence, clause_index, token):
            return None
        return Name(changes.LEVEL_OF.get(last.metric, last.metric), None, "carried")

    def _change_name(self, clause_index: int, token: Token) -> Name | None:
        """Return the metric whose change *token* is, when its name stands in the sentence."""
        power = self._power(clause_index, token)
        for index in range(clause_index, -1, -1):
            clause = self.clauses[index]
            for item in reversed([t for t in clause.tokens if t.end <= token.start]):
                if item.kind == "noun" and item.value:
                    return Name(item.value, item, "same")  # 百万客户投诉量下降31%
                if item.kind == "noun":
                    return BLOCKED if index == clause_index or not self.group else None
                if (
                    item.kind == "down"
                    and item.end - item.start > 2
                    and "停电" in self.sentence.text[item.start : item.end]
                ):
                    return self._outage_cut(clause_index, item, token)
                if item.kind == "metric":
                    if self.sentence.text.endswith(_DRIVEN, self.sentence.start, item.start):
                        return BLOCKED
                    if self._in_base(item):
                        continue
                    if item.weak and not self._is_named(item, clause):
                        continue
                    if self.state.of_other_trade(item.value, self.sentence, token.start, power):
                        return BLOCKED
                    return Name(item.value, item, "same" if index == clause_index else "earlier")
                if item.kind == "sat":
                    dimension = "points" if token.value.dimension == "points" else "percent"
                    id = takes(item, dimension, self.sentence, clause, power=power)
                    return Name(id, item, "same") if id else BLOCKED
                if item.kind in ("service", "rank", "streak") and not self.group:
                    return BLOCKED
            if self.group or (index == clause_index and self.sentence.heavy(clause.start, token.start) > 4):
                return None if self.group else self._carried_change(clause_index, token)
        return self._carried_change(clause_index, token)

    def _is_named(self, weak: Token, clause: Clause) -> bool:
        metric = metrics()[weak.value]
        start = self.sentence.start if metric.wide and not metric.instead else clause.start
        return metric.needed(self.sentence.text, start, clause.end)

    def _in_base(self, name: Token) -> bool:
        """Whether a name only says what is compared with: 较去年最高负荷增长3.2%."""
        if _EARLIER_NAME.search(self.sentence.text, self.sentence.start, name.start):
            return True
        before = [t for t in self.sentence.tokens if t.end <= name.start and t.kind != "status"]
        return (
            bool(before)
            and before[-1].kind in ("base", "time")
            and self.sentence.heavy(before[-1].end, name.start) <= _GAP
            and any(
                word in self.sentence.text[max(0, before[-1].start - 1) : before[-1].start + 1]
                for word in "比较"
            )
        )

    def _outage_cut(self, clause_index: int, verb: Token, token: Token) -> Name | None:
        """Read 减少停电时间7.64小时; a sum over customers (累计) or one event is not the average."""
        if token.value.value > _MOST_HOURS and token.value.dimension == "hours":
            return BLOCKED  # 带电作业321次,减少停电时间1820小时
        if self.group and self.group[-1].metric == "saidi":
            return None
        text = self.sentence.text[self.sentence.start : self.sentence.end]
        if token.value.dimension not in ("hours", "minutes") or "累计" in text or "时户" in text:
            return BLOCKED
        cut = self.sentence.text[verb.start : verb.end]
        average = "时间" in cut or "每户" in cut or "户均" in text or "平均" in text
        carried = self.state.carried is not None and self.state.carried[0] == "saidi"
        return Name("saidi", None, "carried") if average or carried else BLOCKED

    def _carried_change(self, clause_index: int, token: Token) -> Name | None:
        """Rows like "东莞同比降幅最大,为78.8%" and "减少停电17小时" go on with the last metric."""
        if self.state.carried is None:
            return None
        metric = self.state.carried[0]
        noun = any(
            t.kind in ("up", "down") and self.sentence.text[t.end - 1] == "幅" for t in self.sentence.tokens
        )
        noun = noun or _EXTREME.search(self.sentence.text, self.sentence.start, token.start) is not None
        noun = noun or self._compared(clause_index, token) or self._listed_change(clause_index, token)
        return Name(metric, None, "carried") if noun and has_key(self.sentence, clause_index, token) else None

    def _compared(self, clause_index: int, token: Token) -> bool:
        """Whether a clause of nothing else says how names changed: 南京、合肥较上年分别减少22%和31%."""
        clause = self.clauses[clause_index]
        before = [t for t in clause.tokens if t.end <= token.start]
        return (
            bool(before)
            and before[0].kind in ("place", "org")
            and any(
                t.kind == "base" or (t.kind == "time" and self.sentence.text[t.start - 1] in "比较")
                for t in before
            )
        )

    def _listed_change(self, clause_index: int, token: Token) -> bool:
        """Whether a clause of nothing else says how each of several parties changed: 临清、茌平分别下降31%、22%."""
        kinds = [t.kind for t in self.clauses[clause_index].tokens if t.end <= token.start]
        parties = sum(kind in ("place", "org") for kind in kinds)
        return parties > 1 and "resp" in kinds and set(kinds) <= _LISTED

    def _attach(self, clause_index: int, listed: list[Token], role: Role) -> None:
        """Give a change to the level before it, or a list of changes to as many levels."""
        token = listed[0]
        clause = self.clauses[clause_index]
        if len(listed) > 1:
            told = [found for found in self.made if not self._in_brackets(found.start)]
            if len(told) >= len(listed):
                for found, item in zip(told[-len(listed) :], listed, strict=True):
                    self._compare([found], clause, item, role)
                return
        far = self.sentence.heavy(clause.start, token.start) > 4 and not self._level_in(clause_index)
        if far and _THAN_RECORD.match(self.sentence.text, clause.start, token.start):
            far = any(t.kind in _PARTIES and t.end <= token.start for t in clause.tokens)
        if far and not (
            any(t.kind == "metric" and self._in_base(t) for t in clause.tokens)
            or against_peak(self.sentence, clause, token.start)
        ):
            return
        paired = next(
            (
                t.value
                for t in clause.tokens
                if t.kind == "reference" and t.value in PAIR and t.end <= token.start
            ),
            None,
        )
        if paired is not None and len(self.made) >= len(PAIR):
            # 前者同比降25%,后者同比升3%
            self._compare([self.made[-2 if paired == "former" else -1]], clause, token, role)
            return
        everybody = EVERYBODY.search(self.sentence.text, clause.start, token.start) is not None
        targets = self.made if everybody else self._of_now(role)
        self._compare(targets, clause, token, role)

    def _take_pending_change(self, found: Found, clause_index: int) -> None:
        """Join "同比增长5%,达到400.2亿千瓦时": the change stood before its level."""
        last = self.group[-1] if self.group else None
        if last is None or last.value is not None or last.metric != found.metric or len(self.group) > 1:
            return
        parted = any(
            t.kind in ("segment", "scope") and last.end <= t.start < found.start for t in self.sentence.tokens
        )
        if parted and (found.segment, found.scope) != (last.segment, last.scope):
            return  # 客户平均停电时间同比下降41.5%,中心城区为0.86小时
        clause = self.clauses[clause_index]
        named = any(t.kind in ("metric", "sat") and last.end <= t.start < found.start for t in clause.tokens)
        if not named:
            found.comparison = last.comparison
            found.segment, found.scope = found.segment or last.segment, found.scope or last.scope
            self.made.remove(last)
