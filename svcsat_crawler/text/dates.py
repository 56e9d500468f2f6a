"""Periods that a folded text names: 2021年1-11月, 今年前10个月, 截至11月23日, “十三五”期间.

:func:`find_times` reads what is printed; :func:`resolve` turns it into first and last day, given
the year of the context for what is printed without one.  There is no clock: "this year" is the
year of publication.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Collection, Iterator
from datetime import date

from msgspec import Struct

from svcsat_crawler.text.figures import whole_number

_HAN = "〇零一二三四五六七八九"
_RELATIVE = {
    "明年": 1, "明年度": 1, "今年": 0, "今夏": 0, "今冬": 0, "今春": 0, "今秋": 0, "去夏": -1, "去冬": -1, "本年度": 0, "本年": 0, "去年": -1, "上年度": -1, "上年": -1, "上一年": -1, "前年": -2, "前一年": -1,
    "过去一年": -1, "过去的一年": -1,
}  # fmt: skip
# What 三年前 begins with; 十三年前 and 二十三年前 begin with two numerals.
_AGO = "两 三 四 五 六 七 八 九 十 3 5 10 15 20".split()
# The year that the context is about.
_SAME = {"同年", "当年", "全年", "年内", "年度", "同期", "这一年", "该年", "那一年", "那年"}
# Years counted from the one that the context is about.
_LATER = {"次年": 1, "翌年": 1}
_PLANS = {"十一": 2006, "十二": 2011, "十三": 2016, "十四": 2021, "十五": 2026}
_HALF = 6
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_QUARTERS = {"一": 1, "二": 4, "三": 7, "四": 10, "1": 1, "2": 4, "3": 7, "4": 10}

# 监测报告(2018)显示: the year of a report stands in brackets.
_YEAR = rf"(?P<year>(?:19|20)[0-9][0-9]|[二一][{_HAN}]{{3}})(?:年(?!代)度?(?:全年)?|(?<=[\u4e00-\u9fff]\([0-9]{{4}})(?=\)))"
_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_PART = (
    rf"(?<![提以之此])前(?P<first_months>{_MONTH}|两(?=个月))个?月|(?P<from_month>{_MONTH})月?份?(?:-{{1,2}}|至|到|~)(?P<to_month>{_MONTH})月份?(?![0-9])"
    rf"|(?P<month>{_MONTH})月(?:(?P<day>3[01]|[12][0-9]|0?[1-9])[日号]|份)?(?P<third>[底末初]|上旬|中旬|下旬)?(?!薪|季|饼|球|租)"
    r"|(?P<half>[上下])半年|(?<![提以之此])前(?P<first_quarters>[二三两23])个?季度|第?(?P<quarter>[一二三四1-4])季度|(?P<edge>[底末初])"
)
_MONTHS = "一二三四五六七八九123456789"
_SEASONS = ("春节", "除夕", "国庆", "中秋", "元旦", "五一", "端午", "清明")
_WORDS = tuple(sorted([*_RELATIVE, *_SAME, *_LATER], key=len, reverse=True))
_NUMERAL = "[一二两三四五六七八九十]"
# 11月至次年3月 is no year after; 两三年前 is no year.
_GUARDED = {"次年": rf"(?<![至到])次年(?![0-9]|{_NUMERAL})"}
_SPELLED = "|".join(
    [
        *(_GUARDED.get(word, word) for word in _WORDS),
        rf"(?<![0-9.百几一二两三四五六七八九十])(?:{_NUMERAL}{{1,3}}|[0-9]{{1,2}})年[前后]",
    ]
)
# What every time without 截至 or 自 starts with: two characters or, where most numbers start so, three.
_PLAIN_STARTS = (
    {"19", "20", "“十", "上半", "下半", *_SEASONS}
    | {
        f"{one}{other}"
        for one in ("10", "11", "12", *(f"0{n}" for n in range(1, 10)))
        for other in "月份至到~-年"
    }
    | {word[:2] for word in _WORDS}
    | {one + other for one in "一二" for other in _HAN}
    | {one + other for one in _MONTHS for other in "月至到~-"}
    | {one + other for one in "一二三四1234" for other in "季"}
    | {"二十", "三十", *(f"{number}年" for number in _AGO)}
    | {"前" + other for other in _MONTHS}
    | {"十" + other for other in "一二三四五月至到~-"}
    | {f"第{other}季" for other in "一二三四1234"}
    | {"前" + other for other in "十0两"}
)
# What a time can start with: find_times looks at no other place.  到这一年, 从两年前: there the lead is no part of it.
STARTS = (
    _PLAIN_STARTS
    | {"截至", "截止"}
    | {
        lead + start[0]
        for lead in "到至自从"
        for start in ("目前", *_PLAIN_STARTS)
        if start[0] not in "这那该两"
    }
)
# 一、二、三季度, 7、8月, 2019、2020、2021年: the unit stands behind the last one only.
_LISTED = re.compile(
    rf"(?<![0-9.])(?P<items>(?:[一二三四1-4][、和])+[一二三四1-4])(?P<unit>季度)|(?<![0-9.])(?P<months>(?:{_MONTH}[、和])+{_MONTH})(?P<month_unit>月份?)(?![0-9月])"
    r"|(?<![0-9])(?P<years>(?:20[0-9][0-9][、和与])+20[0-9][0-9])(?P<year_unit>年度?|(?=[两三四五六]年))"
)
# 自2015年实施改造以来
_FROM = frozenset("自从")
_TO = frozenset("到至")
_SINCE = re.compile(r"[^,;。\n0-9]{1,12}?以来")
# The last time of a list stands behind one of these.
_AND = "、和与"
_LIST_END = re.compile("1?[0-9]月|[一二三四1-4]季度|20[0-9][0-9][年两三四五六]")
_TIME = re.compile(
    rf"(?!(?<=[镇村街乡])上一年)(?![0-9](?![0-9]{{0,3}}[年月季份至到~)-]))(?P<lead>截至|截止到|截止|到|至|自|从)?(?:目前)?"
    r"(?:"
    rf"(?:(?P<years>(?:19|20)[0-9][0-9])年?(?:-{{1,2}}|至|到|~)(?P<years_to>(?:19|20)[0-9][0-9])年度?)"
    rf"|(?:{_YEAR}的?|(?P<word>{_SPELLED})的?|(?<![0-9.年个]))(?:{_PART}|(?(year)|(?(word)|(?!))))"
    rf"|(?P<season>{'|'.join(_SEASONS)})(?:假期|期间|当天|当日|小长假|黄金周|长假)+"
    r"|“?(?P<plan>十[一二三四五])五(?!”?(?:规划)?的?(?:开局|起步|开篇|收官|首年|[头第][一二三四五]年|关键之年|攻坚之年|决胜之年))”?(?P<plan_edge>期间|末|时期|以来)?"
    r")(?P<open>以来|起|以后)?"
)

_TIME_PARTS = [
    _TIME.groupindex[name]
    for name in ("year", "word", "edge", "lead", "plan", "years", "season", "day", "open")
]
_MONTH_PARTS = [
    _TIME.groupindex[name]
    for name in ("first_months", "from_month", "month", "half", "first_quarters", "quarter")
]


class TimeWord(Struct, gc=False):
    """A time as printed; fields are None where nothing is printed.

    ``relative`` counts years from the year of publication; ``same`` points at the year of the
    context, ``later`` years on; ``until`` marks 截至 (from the first day of the year); ``since`` marks 以来 and 起.
    """

    start: int
    end: int
    label: str
    year: int | None = None
    relative: int | None = None
    same: bool = False
    later: int = 0
    years_to: int | None = None
    months: tuple[int, int] | None = None
    day: int | None = None
    until: bool = False
    since: bool = False
    towards: bool = False
    season: bool = False

    @property
    def has_year(self) -> bool:
        """Whether the words themselves fix the year (given the date of publication)."""
        return self.year is not None or self.relative is not None


def _months(match: re.Match[str]) -> tuple[int, int] | None:
    first_months, start, month, half, quarters, quarter = match.group(*_MONTH_PARTS)
    if month:
        number = whole_number(month) or 1
        return number, number
    if start:
        return whole_number(start) or 1, whole_number(match["to_month"]) or 1
    if first_months:
        return 1, whole_number(first_months) or 1
    if half:
        return (1, 6) if half == "上" else (7, 12)
    if quarters:
        return 1, 9 if quarters in "三3" else 6
    if quarter:
        first = _QUARTERS[quarter]
        return first, first + 2
    return None


def find_times(text: str, starts: Collection[int]) -> Iterator[TimeWord]:
    """Yield every time of a folded text, left to right; *starts*: where :data:`STARTS` are.

    >>> text = "2021年1-11月,全市;今年前10个月;截至2025年底"
    >>> [(t.label, t.year, t.months) for t in find_times(text, range(len(text)))]
    [('2021年1-11月', 2021, (1, 11)), ('今年前10个月', None, (1, 10)), ('截至2025年底', 2025, None)]
    >>> text = "停电1小时30分,连续13年,13连冠,220千伏"
    >>> [t.label for t in find_times(text, range(len(text)))]
    []
    """
    listed = list(_listed(text, starts))
    yield from listed
    read = {word.start for word in listed}
    free = 0
    for start in starts:
        match = _TIME.match(text, start) if start >= free else None
        if match is None:
            continue
        end = free = match.end()
        if start in read:
            continue
        year, word, edge, lead, plan, years, season, day, opened = match.group(*_TIME_PARTS)
        if edge and not (year or word):
            continue
        until = lead is not None and lead[0] == "截"
        label = text[start if until or not lead else start + len(lead) : end].removesuffix("的")
        if plan:
            first = _PLANS.get(plan)
            if first is not None:
                last = first + 4
                begin = last if match["plan_edge"] == "末" else first
                since = opened is not None or match["plan_edge"] == "以来"
                yield TimeWord(start, end, label, year=begin, years_to=last, since=since)
            continue
        if years:
            yield TimeWord(start, end, label, year=int(years), years_to=int(match["years_to"]))
            continue
        months = _months(match)
        if months and (months[0] > months[1] or months[1] > 12):
            continue
        time = TimeWord(start, end, label, whole_number(year) if year else None)
        if word:
            years = whole_number(word[:-2]) if word.endswith(("年前", "年后")) else None
            time.relative = -years if years and word.endswith("前") else _RELATIVE.get(word)
            time.later = years if years and word.endswith("后") else _LATER.get(word, 0)
            time.same = word in _SAME or time.later > 0
        time.season = season is not None
        time.months = months
        time.day = int(day) if day else None
        time.since = opened is not None
        if lead:
            time.until = until
            time.since |= lead in _FROM and _SINCE.match(text, end) is not None
            time.towards = lead in _TO
        yield time


def _lists(text: str, starts: Collection[int]) -> Iterator[re.Match[str]]:
    """Yield the lists of times; only lines with the end of one are read."""
    read = 0
    for start in starts:
        if start > read and text[start - 1] in _AND and _LIST_END.match(text, start):
            low, read = text.rfind("\n", 0, start) + 1, text.find("\n", start) + 1 or len(text)
            yield from _LISTED.finditer(text, low, read)


def _listed(text: str, starts: Collection[int]) -> Iterator[TimeWord]:
    for match in _lists(text, starts):
        quarters = match["items"] is not None
        unit = match["unit"] or match["month_unit"] or match["year_unit"] or ""
        start = match.start()
        for item in re.split("[、和与]", match[0].removesuffix(unit)):
            end = start + len(item)
            if match["years"]:
                last = end + len(unit) == match.end()
                yield TimeWord(start, match.end() if last else end, item + "年", int(item))
                start = end + 1
                continue
            first = _QUARTERS[item] if quarters else whole_number(item) or 1
            months = (first, first + 2) if quarters else (first, first)
            last = end + len(unit) == match.end()
            yield TimeWord(start, match.end() if last else end, item + unit, months=months)
            start = end + 1


def year_of(time: TimeWord, context: int | None, published: date | None) -> int | None:
    """Return the year that *time* lies in (its last year), or None when nothing tells.

    Months that end after the month of publication belong to the year before.

    >>> word = next(find_times("12月", [0]))
    >>> year_of(word, None, date(2022, 1, 8)), year_of(word, 2019, date(2022, 1, 8))
    (2021, 2019)
    """
    if time.years_to is not None:
        return time.years_to
    if time.year is not None:
        return time.year
    if time.relative is not None and context is not None and time.label.startswith(("上", "前一")):
        return context + time.relative
    if time.relative is not None and published and published.month > _HALF and time.label.startswith("过去"):
        return published.year  # 过去一年 in November ends in it
    if time.relative is not None:
        return published.year + time.relative if published else (context + time.relative if context else None)
    if context is not None or time.later:
        return context + time.later if context is not None else None
    if published is None:
        return None
    if time.months and time.months[1] > published.month:
        return published.year - 1
    return published.year


def resolve(time: TimeWord, context: int | None, published: date | None) -> tuple[date, date] | None:
    """Return first and last day of *time*, or None when its year is unknown.

    >>> resolve(next(find_times("2021年1-11月", [0])), None, None)
    (datetime.date(2021, 1, 1), datetime.date(2021, 11, 30))
    >>> resolve(next(find_times("自今年7月起", [0])), None, date(2016, 12, 21))
    (datetime.date(2016, 7, 1), datetime.date(2016, 12, 21))
    """
    year = year_of(time, context, published)
    if year is None or not 1900 <= year <= 2100:
        return None
    first_year = time.year if time.years_to is not None and time.year is not None else year
    month, last_month = time.months or (1, 12)
    first = date(first_year, month, 1)
    days = 29 if last_month == 2 and calendar.isleap(year) else _DAYS[last_month - 1]
    last = date(year, last_month, days)
    if time.day is not None and time.day <= last.day:
        first = last = date(year, month, time.day)
    if time.until:
        first = date(year, 1, 1)
    if time.since:
        last = date(year, 12, 31)
        if published is not None and published > last:
            # In January the news looks back on the year before.
            last = published if published.month > 1 else date(published.year - 1, 12, 31)
        elif published is not None and published > first:
            last = published
    return first, last
