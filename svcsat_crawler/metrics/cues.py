"""Where what the rules read can start: the words of all of them, found in one pass."""

from __future__ import annotations

from functools import cache

from svcsat_crawler.metrics.answers import CUES as ANSWERS
from svcsat_crawler.metrics.areas import QUARTERS
from svcsat_crawler.metrics.counted import STARTS as BUREAUS_STARTS
from svcsat_crawler.metrics.coverage import CUES as ASKED
from svcsat_crawler.metrics.districts import DISTRICT_STARTS, EVERYDAY_STARTS
from svcsat_crawler.metrics.islands import CUES as ISLANDS
from svcsat_crawler.metrics.lexicon import name_heads
from svcsat_crawler.metrics.orders import CUES as ORDERS
from svcsat_crawler.metrics.paired import CUES as PAIRED
from svcsat_crawler.metrics.parties import ENDING_STARTS
from svcsat_crawler.metrics.runs import END_STARTS as STREAK_ENDS
from svcsat_crawler.metrics.runs import NUMERALS
from svcsat_crawler.metrics.runs import STARTS as STREAK_STARTS
from svcsat_crawler.metrics.status import AHEAD, PROMISING
from svcsat_crawler.metrics.surveys import ENDINGS as SURVEY_ENDINGS
from svcsat_crawler.metrics.surveys import QUOTES
from svcsat_crawler.metrics.zeros import CUES as ZEROS
from svcsat_crawler.organisations.index import Places, pairs
from svcsat_crawler.text.dates import STARTS as TIME_STARTS

# Where a list of ranks, a rank or 前三 can start.
_LIST_STARTS = (
    pairs("分", "列居别获占")
    | pairs("排列", "名在次第全当本各公同行供电系")
    | {"位列", "位居", "名列", "依次", "依序"}
)
_RANK_STARTS = pairs("第", NUMERALS) | pairs("Nn", "Oo")
_TOP_STARTS = pairs("前", NUMERALS)
_VOLTAGE_STARTS = pairs("高低", "、和及与")
# The regulator's hotline counts complaints about everybody.
_REGULATOR = ("12398", "监管热线", "投诉举报处理情况")


@cache
def cues() -> Places:
    """Return the index of where what the expressions read can start: one pass for all of them."""
    return Places(
        {
            "name": name_heads(),
            "time": TIME_STARTS,
            "list": _LIST_STARTS,
            "voltage": _VOLTAGE_STARTS,
            "rank": _RANK_STARTS,
            "top": _TOP_STARTS,
            "streak": STREAK_STARTS,
            "streak_end": STREAK_ENDS,
            "bureaus": BUREAUS_STARTS,
            "district": DISTRICT_STARTS,
            "city": EVERYDAY_STARTS,
            "quarter": QUARTERS,
            "supplier": ENDING_STARTS,
            "island": ISLANDS,
            "ahead": AHEAD,
            "promise": PROMISING,
            "survey": SURVEY_ENDINGS,
            "quote": QUOTES,
            "asked": ASKED,
            "answer": ANSWERS,
            "zero": ZEROS,
            "order": ORDERS,
            "pair": PAIRED,
            "regulator": _REGULATOR,
        }
    )
