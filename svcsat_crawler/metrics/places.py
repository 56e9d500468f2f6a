"""Reads ranks in lists, one for each party, service or year, for :class:`~svcsat_crawler.metrics.ranks.RankReader`."""

from __future__ import annotations

import re
from itertools import pairwise

from svcsat_crawler.items import Rank
from svcsat_crawler.metrics.bound import Bound
from svcsat_crawler.metrics.lists import keys
from svcsat_crawler.metrics.orders import first_in_order
from svcsat_crawler.metrics.parties import Party
from svcsat_crawler.metrics.spans import whole_year
from svcsat_crawler.metrics.streaks import StreakReader
from svcsat_crawler.metrics.token import Token
from svcsat_crawler.metrics.topics import ours
from svcsat_crawler.metrics.yearly import years_told
from svcsat_crawler.text.figures import whole_number

_TRADES = frozenset(("power", "service"))
_AND = ("、", "和", "及")
_JOINED = re.compile("[、和及]")
# 第一、二、三位
_MORE_PLACES = re.compile(r"(?P<places>(?:[、和及](?:\d{1,2}|[一二三四五六七八九十]{1,2})){1,9})[位名]")
_SCORES = frozenset(("points", "percent"))
# What says that a place is that of each: 均居第一, 双双排第一.
_EACH = ("均", "都", "双双", "皆", "全部", "同居", "同列", "同获", "也均", "并均")


class PlaceReader(StreakReader):
    """Reads the lists of ranks of one sentence."""

    def _list(self, index: int, token: Token) -> None:
        bound = self._bound(index, token.start)
        trust = ours(self.state, self.sentence, index, token.start, bound)
        services = [t for t in keys(self.sentence, index, token, len(token.value)) if t.kind in _TRADES]
        services = services or self._clauses_of_trades(index, len(token.value))
        services = services or self._trades_told(index, len(token.value))
        if services and (trust or self.state.survey_seen):
            for service, value in zip(services, token.value, strict=True):
                if service.kind == "power":
                    self._add(self._make(index, token, value, bound, trust or 0.9), bound)
            return
        if not trust or bound is None:
            return
        if self._by_year(index, token, bound, trust):
            return
        parties = bound.parties
        if len(parties) != len(token.value):
            parties = self._scored_parties(index, token, len(token.value))
        for party, value in zip(parties, token.value, strict=bool(parties)):
            own = Bound((party,), bound.how)
            self._add(self._make(index, token, value, own, trust), own)

    def _row(self, index: int, ranks: list[Token]) -> Token | None:
        """Return the places of 昆明、玉溪、楚雄供电局各居第一、第二、第三 or 各列第一、二、三位 as one list: one for each."""
        text, first = self.sentence.text, ranks[0]
        if text[first.end : first.end + 1] not in _AND:
            return None
        places, end = [int(first.value)], first.end
        for rank in ranks[1:]:
            if text[end : rank.start] not in _AND:
                break
            places.append(int(rank.value))
            end = rank.end
        more = _MORE_PLACES.match(text, end) if len(ranks) == 1 else None
        if more is not None:
            places += [whole_number(place) or 0 for place in _JOINED.split(more["places"])[1:]]
            end = more.end()
        if len(places) == 1:
            return None
        bound = self._bound(index, first.start)
        each = bound is not None and len(bound.parties) == len(places)
        trades = "service" in self.sentence.kinds and self._trades_told(index, len(places))
        if not (each or trades) and not years_told(self.state, self.sentence, first, len(places)):
            return None
        return Token(first.start, end, "ranklist", tuple(places))

    def _by_year(self, index: int, token: Token, bound: Bound, trust: float) -> bool:
        """Read "2016年、2017年、2018年…,分列全省第十二、第九和第七": one place for each year."""
        if len(bound.parties) > 1:
            return False
        years = years_told(self.state, self.sentence, token, len(token.value))
        if not years:
            return False
        for year, value in zip(years, token.value, strict=True):
            found = self._make(index, token, value, bound, trust)
            found.span, found.period_how = whole_year(year.value.year, year.value.label), "stated"
            self._add(found, bound)
        return True

    def _scored_parties(self, index: int, token: Token, count: int) -> tuple[Party, ...]:
        """Return the parties of "濮阳88.5分、焦作88.4分分列第二、第三": each with its number behind it."""
        clauses = self.clauses
        before = [t for t in clauses[index].tokens if t.end <= token.start] or clauses[index - 1].tokens
        before = before[-2 * count :]
        named, numbers = before[::2], before[1::2]
        paired = len(before) == 2 * count and all(
            who.kind in ("org", "place") and number.kind == "quantity" and number.start == who.end
            for who, number in zip(named, numbers, strict=True)
        )
        return tuple(who.value for who in named) if paired else self._clauses_of_parties(index, count)

    def _clauses_of_trades(self, index: int, count: int) -> list[Token]:
        """Return the services of "供电服务94.8分,供水90.1分,分列第一和第四"."""
        named: list[Token] = []
        for clause in self.clauses[:index]:
            trades = [t for t in clause.tokens if t.kind in _TRADES]
            if len(trades) == 1 and any(
                t.kind == "quantity" and t.start >= trades[0].end for t in clause.tokens
            ):
                named += trades
        both = any(t.kind == "service" for t in named)
        return named if both and len(named) == count else []

    def _trades_told(self, index: int, count: int) -> list[Token]:
        """Return the services of "供电、供水分别得到80.9分和73.1分,位居第1和第14", named together in the clause before."""
        if not index:
            return []
        told = self.clauses[index - 1].tokens
        named = [t for t in told if t.kind in _TRADES]
        points = [t for t in told if t.kind == "quantity" and t.value.dimension in _SCORES]
        joined = all(self.sentence.text[a.end : b.start] in _AND for a, b in pairwise(named))
        return named if joined and len(named) == len(points) == count else []

    def _clauses_of_parties(self, index: int, count: int) -> tuple[Party, ...]:
        """Return the parties of "綦江供电公司98.2%,万州供电公司98.5%,分列第三、第一": each begins a clause with its number."""
        found: list[Party] = []
        for clause in self.clauses[:index]:
            named = [t for t in clause.tokens if t.kind in ("org", "place")]
            if named and any(t.kind == "quantity" and t.start >= named[-1].end for t in clause.tokens):
                found.append(named[-1].value)
        return tuple(found) if len(found) == count else ()

    def _all_scored(self, index: int) -> Bound | None:
        """Read "斗门供电局为84.3分,香洲供电局为83.8分,均居当地第一": the place of each that has just been scored."""
        start = self.clauses[index].start
        if index == 0 or not self.sentence.text.startswith(_EACH, start):
            return None
        named: list[Party] = []
        for clause in reversed(self.clauses[:index]):
            here = [t for t in clause.tokens if t.kind == "org" or self._is_key(t)]
            scored = any(t.kind == "quantity" and t.value.dimension in _SCORES for t in clause.tokens)
            if not here or not scored or not all(t.value.power or t.kind == "place" for t in here):
                break
            named += [t.value for t in reversed(here)]
        return Bound(tuple(reversed(named)), "stated") if len(named) > 1 else None

    def _is_key(self, token: Token) -> bool:
        """Whether a place stands right before a number of its own: 广州82.35分、深圳82.11分."""
        behind = self.sentence.following(token.end)[:1] if token.kind == "place" else []
        return bool(behind) and behind[0].kind == "quantity" and behind[0].start == token.end

    def _first_named(self) -> None:
        """Read "排在前三的依次是佛山、东莞和中山供电局": a rank for each."""
        for place, token in first_in_order(self.sentence):
            index = self.sentence.clause_of(token)
            bound = Bound((token.value,), "stated")
            trust = ours(self.state, self.sentence, index, token.start, bound)
            if trust or self.state.satisfaction_seen:
                self._add(self._make(index, token, place, bound, trust or 0.85), bound)

    def _in_order(self, token: Token, places: int | None) -> None:
        """Take the place of power in "由高到低依次为供气、供电、通信" as its rank."""
        index = self.sentence.clause_of(token)
        bound = self._bound(index, token.start)
        found = self._make(index, token, token.value, bound, 0.9)
        found.rule, found.rank = "satisfaction_rank:order", Rank(kind="local_services", of=places)
        self._add(found, bound)
