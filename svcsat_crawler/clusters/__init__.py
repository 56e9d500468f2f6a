"""Which articles tell one story: shared rare phrases propose, bureau, year and figures decide."""

from svcsat_crawler.clusters.decide import Verdict, contradiction, decide
from svcsat_crawler.clusters.features import VERSION, Features, features
from svcsat_crawler.clusters.group import Member, group

__all__ = ["VERSION", "Features", "Member", "Verdict", "contradiction", "decide", "features", "group"]
