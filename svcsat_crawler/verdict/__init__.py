"""Whether a run was good: pure judgement over its counts, its lists, its failures and earlier runs."""

from svcsat_crawler.verdict.arrivals import Arrivals
from svcsat_crawler.verdict.causes import Cause
from svcsat_crawler.verdict.judge import COUNTS, EXIT_CODES, STORE_AWAY, Verdict, counts, judge
from svcsat_crawler.verdict.past import Past
from svcsat_crawler.verdict.tally import Tally
from svcsat_crawler.verdict.usual import Usual

__all__ = [
    "COUNTS",
    "EXIT_CODES",
    "STORE_AWAY",
    "Arrivals",
    "Cause",
    "Past",
    "Tally",
    "Usual",
    "Verdict",
    "counts",
    "judge",
]
