"""Reads how many of a supplier's bureaus are first, and the rank of that share: for RankReader."""

from __future__ import annotations

from svcsat_crawler.items import Rank
from svcsat_crawler.metrics.bound import Bound
from svcsat_crawler.metrics.firsts import count_of_firsts
from svcsat_crawler.metrics.peers import rank_of
from svcsat_crawler.metrics.places import PlaceReader
from svcsat_crawler.metrics.sentences import Clause
from svcsat_crawler.metrics.token import Token
from svcsat_crawler.metrics.topics import of_somebody_else, ours


class ShareReader(PlaceReader):
    """Reads the counts of first places of one sentence, and their shares."""

    def _first_places(self, index: int, clause: Clause, wins: list[Token]) -> bool:
        counted = count_of_firsts(self.sentence, index, wins)
        if counted is None or of_somebody_else(self.sentence, wins[-1]):
            return False
        bound = self._supplier(index, counted.token)
        trust = ours(self.state, self.sentence, index, wins[-1].start, bound)
        if not trust and any(
            t.kind in ("metric", "noun") and counted.token.end <= t.start < wins[-1].start
            for t in clause.tokens
        ):
            return False  # 2个局安全生产考核排名第一
        seen = self.state.satisfaction_seen or self.state.rated or self._of_services()
        if not trust and not (self.state.power_subject(bound) and seen):
            return False
        found = self.state.make(
            "first_place_count", counted.count, counted.token, self.sentence, index,
            rule="first_place_count", bound=bound, confidence=trust or 0.88,
        )  # fmt: skip
        found.rank = Rank(kind="local_services", of=counted.of, scope=counted.scope)
        self._add(found, bound)
        return True

    def _of_services(self) -> bool:
        return "公共服务" in self.sentence.text[self.sentence.start : self.sentence.end]

    def _supplier(self, index: int, token: Token) -> Bound | None:
        """Return whose bureaus are counted: no county and no list, which are some of them."""
        bound = self._bound(index, token.start)
        if bound is None:
            return bound
        one = bound.parties[0]
        if any(
            t.kind == "org" and t.end == token.start and t.value.level == "county"
            for t in self.clauses[index].tokens
        ):
            return self._above_listed(token)
        named = one.power and (bound.how == "stated" or one.level != "county")
        if len(bound.parties) == 1 and (named or one.level != "county"):
            return bound
        return self.state.subjects.fallback(self.sentence)

    def _above_listed(self, token: Token) -> Bound | None:
        """Return whose bureaus are listed before their count: 揭阳五个供电局中,榕城、揭东、普宁三个局在当地排第一."""
        first = next((t for t in self.sentence.tokens if t.kind in ("org", "place")), token)
        if first.kind == "place" and first.value.level != "county":
            return Bound((first.value,), "stated")
        return self.state.subjects.fallback(self.sentence)

    def _share_of(self, index: int, clause: Clause) -> Token | None:
        """Return the share that a rank of the clause is one of, or None."""
        return next((t for t in clause.tokens if t.kind == "share"), None) or self._share_before(index)

    def _share_before(self, index: int) -> Token | None:
        """Return the 占比 of "10个获得第一,占比83.3%,居全省第二" for the clause after it."""
        here = next((t for t in self.clauses[index].tokens if self._is_share(t)), None)
        if here is not None:
            won = index and any(t.kind == "first" for t in self.clauses[index - 1].tokens)
            if won or any(found.metric == "first_place_count" for found in self.made):
                return here
        if index == 0:
            return None
        tokens = self.clauses[index - 1].tokens
        # 第一名占比,梅州在全省排第6位
        named = next((t for t in tokens if t.kind == "share"), None)
        if named is not None and all(t.kind == "quantity" for t in tokens if t.start > named.start):
            return named
        if not any(found.metric == "first_place_count" for found in self.made):
            return None
        return next((t for t in tokens if self._is_share(t)), None)

    def _is_share(self, token: Token) -> bool:
        return token.kind == "noun" and self.sentence.text[token.start : token.end] in ("占比", "比例")

    def _share(self, index: int, token: Token) -> None:
        bound = self._supplier(index, token)
        found = self.state.make(
            "first_place_share_rank",
            token.value,
            token,
            self.sentence,
            index,
            rule="first_place_share_rank",
            bound=bound,
        )
        found.rank = rank_of(self.sentence, index, token, bound, own=True)
        self._add(found, bound)
