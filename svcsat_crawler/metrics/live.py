"""Finds the paragraphs in which a number can matter; the others are hardly read.

Most paragraphs of an article name no metric, no supplier, no place and no rank.  Only their times are
read, and their numbers in figures where unclaimed ones are asked for; their trades count for what the
article is about as a whole.  A question, or a heading, is read with the paragraph below that answers it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import NamedTuple

from svcsat_crawler.metrics.lexicon import Word
from svcsat_crawler.organisations.index import Starts

Hit = tuple[Word, int, int]

# A reference (该局), a score or 最高 matters only beside one of these or one of the cues.
_KINDS = frozenset(
    "metric sat eval org place authority first keep fullhouse honour share survey house pointer".split()
)
# As long as this is a line that names what stands below it: (一)办电时间.
LONGEST_HEADING = 14
# Ranks, streaks, suppliers by pattern, surveys, zeros and scores.  Every alternative starts with a
# character of its own, so that the scan skips the rest of the text.
_CUE = re.compile(
    r"第[0-9一二两三四五六七八九十]{1,3}(?![个次遍批天步道层处条件回家号篇段轮节章步方把通])|连[续冠霸年0-9一二两三四五六七八九十]"
    r"|前[0-9一二两三四五六七八九十]{1,3}[位名强甲,;:.。!?、)”\n]|分[列居获别]|分(?<=[0-9一二三四五六七八九十]分)(?![钟之公支局段类])"
    "|供电(?:局|公司|分|所|有限|服务中心|中心|部|营业厅)|电业局|电力(?:局|有限|集团|公司)|电网(?:有限|公司)|国网|减少停电|压减停电"
    r"|停电[仅只约近不到足]{0,2}[0-9]|满意的?占"
    "|零(?:成本|投资|费用|投诉)|高到低|调研|调查|问卷|访问|民调|测评|评价|评议"
)
_NUMBER = re.compile(
    "[0-9]|[一二两三四五六七八九十百千万亿半](?:个|天|小时|分|万|千|百|成|元|亿|份|次|度|工|户|名|位|家|条|笔|宗)|百分之"
)
# Or a number in figures: its paragraph is read for numbers and times.
_CUE_OR_FIGURE = re.compile(f"{_CUE.pattern}|{'|'.join('0123456789')}")


class Live(NamedTuple):
    """The parts of a text that are read; what is not is blanked by newlines, so that offsets stay.

    ``text`` keeps the paragraphs in which a fact can stand, ``counted`` besides those with a number
    in figures.
    """

    text: str
    counted: str


def live_text(text: str, hits: list[Hit], names: Starts) -> Live:
    """Return the parts of a squeezed text that are read, given its words.

    *names* are the places where a name with a gap can start.

    >>> word = Word("metric", "saidi")
    >>> live_text("风停了。\\n停电时间3小时。", [(word, 5, 9)], {}).text
    '\\n\\n\\n\\n\\n停电时间3小时。'
    """
    first, cue, number = _CUE_OR_FIGURE.search, _CUE.search, _NUMBER.search
    behind = len(text) + 1
    marks = [start for word, start, _ in hits if word.kind in _KINDS] + [behind]
    places = [*names, behind]
    pieces: list[str] = []
    counted: list[str] = []
    start = 0
    question: str | None = None  # the paragraph before, when it only asks what this one answers
    asked = False  # whether the paragraph before is a question or a heading that can name a metric
    for piece in text.split("\n"):
        end = start + len(piece) + 1
        figure = False
        live = marks[bisect_left(marks, start)] < end
        if not live and (match := first(text, start, end)):
            figure = match[0].isdecimal()
            live = not figure or cue(text, match.end(), end) is not None
        if live or ((asked or places[bisect_left(places, start)] < end) and (figure or number(piece))):
            if question is not None:
                pieces[-1] = counted[-1] = question
            pieces.append(piece)
            counted.append(piece)
            question = None
            asked = piece[-1:] == "?"
        else:
            asks = piece[-1:] == "?" or 0 < len(piece) <= LONGEST_HEADING
            asked = asks and places[bisect_left(places, start)] < end
            question = piece if asked or piece[-1:] == "?" else None
            blank = "\n" * len(piece)
            pieces.append(blank)
            counted.append(piece if figure else blank)
        start = end
    return Live("\n".join(pieces), "\n".join(counted))
