"""Which scores without the word 满意度 are ours, for :class:`~svcsat_crawler.metrics.levels.LevelReader`."""

from __future__ import annotations

from svcsat_crawler.metrics.items_of import named_item
from svcsat_crawler.metrics.pairs import PairReader
from svcsat_crawler.metrics.roles import Role
from svcsat_crawler.metrics.satisfaction import nearest_service
from svcsat_crawler.metrics.scores import score_of_item, score_of_power, score_of_subject
from svcsat_crawler.metrics.sentences import Clause
from svcsat_crawler.metrics.token import Token


class ScoreReader(PairReader):
    """Reads the scores of one sentence."""

    def _of_last_score(self, clause_index: int, token: Token, role: Role) -> bool:
        """Read "…得80.4分。与上年相比,得分提高1.1分": the change of the score of the sentence before."""
        last = self.state.levels[-1] if self.state.levels else None
        if token.value.dimension != "points" or last is None or last.metric != "satisfaction_score":
            return False
        named = any(
            t.kind in ("org", "place", "service", "metric", "noun")
            or (t.kind == "quantity" and t.value.dimension == "points" and t.start != token.start)
            for t in self.sentence.tokens
        )
        if named or last.comparison is not None or last.sentence is self.sentence:
            return False
        if sum(found.sentence is last.sentence for found in self.state.levels) != 1:
            return False  # which of them has changed is not told
        self._compare([last], self.sentence.clauses[clause_index], token, role)
        return True

    def _is_item(self, clause: Clause, token: Token) -> bool:
        """Whether a score is that of one item of the survey that has just given power supply its score."""
        rated = any(found.metric == "satisfaction_score" for found in (*self.state.levels, *self.made))
        return rated and named_item(self.sentence, clause, token) is not None

    def _scored(self, clause_index: int, token: Token) -> bool:
        """Whether a score without a name is one of power supply, in a paragraph about a survey."""
        clause = self.sentence.clauses[clause_index]
        rated = self.sentence.text.find("公共服务", self.sentence.start, token.start) >= 0
        if not self.state.survey_seen and not rated:
            return False
        if score_of_power(self.sentence, clause, token):
            return True
        rated = any(found.metric == "satisfaction_score" for found in (*self.state.levels, *self.made))
        if rated and score_of_item(self.sentence, clause, token):
            return True
        bound = self._bound(clause_index, token)
        if self.state.satisfaction_seen and any(
            t.end == token.start and t.kind in ("org", "place") for t in clause.tokens
        ):
            return nearest_service(self.sentence, token.start) != "service"  # 海口84.2、三亚83.6
        stated = bound is not None and all(party.power for party in bound.parties)
        return stated and self.state.satisfaction_seen and score_of_subject(self.sentence, clause, token)
