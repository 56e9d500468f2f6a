"""Numbers with their units in folded text (see :mod:`svcsat_crawler.text.width`).

A :class:`Quantity` is in the base unit of its dimension: hours stay ``hours`` and minutes stay
``minutes`` (a metric decides whether to convert), energy is kWh, power kW, money CNY.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

_DIGITS = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_TENS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10_000, "亿": 100_000_000}
# A run of digits longer than this is a serial number, not a quantity.
_MAX_DIGITS = 16


def chinese_number(text: str) -> int | None:
    """Return the value of a Chinese numeral, or None when it is none.

    >>> chinese_number("十三"), chinese_number("二十一"), chinese_number("两千零五"), chinese_number("二〇二一")
    (13, 21, 2005, 2021)
    >>> chinese_number("三万二千"), chinese_number("万"), chinese_number("")
    (32000, None, None)
    """
    if not text:
        return None
    if all(char in _DIGITS for char in text):
        return int("".join(str(_DIGITS[char]) for char in text)) if len(text) <= _MAX_DIGITS else None
    total = section = digit = 0
    seen = False
    for char in text:
        if char in _DIGITS:
            digit, seen = _DIGITS[char], True
        elif char in _TENS:
            section += (digit or 1) * _TENS[char]
            digit, seen = 0, True
        elif char in _MYRIADS and seen:
            total = (total + section + digit) * _MYRIADS[char]
            section = digit = 0
        else:
            return None
    return total + section + digit if seen else None


def whole_number(text: str) -> int | None:
    """Return an Arabic or Chinese whole number.

    >>> whole_number("13"), whole_number("十七"), whole_number("3.5")
    (13, 17, None)
    """
    if text.isdecimal():
        return int(text) if len(text) <= _MAX_DIGITS else None
    return chinese_number(text)


_SCALES = {
    "": 1, "十": 10, "百": 100, "千": 1000, "万": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7,
    "亿": 10**8, "十亿": 10**9, "百亿": 10**10, "千亿": 10**11, "万亿": 10**12,
}  # fmt: skip

# printed unit -> (dimension, factor to the base unit of the dimension)
UNITS: dict[str, tuple[str, str]] = {
    "%": ("percent", "1"), "个百分点": ("percentage_points", "1"), "百分点": ("percentage_points", "1"),
    "分": ("points", "1"), "个点": ("points", "1"),
    "个小时": ("hours", "1"), "小时": ("hours", "1"), "h": ("hours", "1"), "个钟头": ("hours", "1"),
    "分钟": ("minutes", "1"), "min": ("minutes", "1"), "秒": ("seconds", "1"), "秒钟": ("seconds", "1"),
    "个工作日": ("working_days", "1"), "工作日": ("working_days", "1"), "个工作天": ("working_days", "1"),
    "天": ("days", "1"), "个自然日": ("days", "1"), "个日历天": ("days", "1"), "日": ("days", "1"),
    "个月": ("months", "1"), "年": ("years", "1"), "个年头": ("years", "1"),
    "千瓦时": ("kWh", "1"), "千瓦·时": ("kWh", "1"), "千瓦小时": ("kWh", "1"), "度": ("kWh", "1"), "度电": ("kWh", "1"),
    "kWh": ("kWh", "1"), "兆瓦时": ("kWh", "1000"), "MWh": ("kWh", "1000"), "GWh": ("kWh", "1000000"),
    "千瓦": ("kW", "1"), "kW": ("kW", "1"), "兆瓦": ("kW", "1000"), "MW": ("kW", "1000"), "GW": ("kW", "1000000"),
    "千伏安": ("kVA", "1"), "kVA": ("kVA", "1"), "千伏": ("kV", "1"), "kV": ("kV", "1"),
    "元": ("CNY", "1"), "元人民币": ("CNY", "1"), "块钱": ("CNY", "1"),
    "次": ("times", "1"), "倍": ("fold", "1"),
    "公里": ("km", "1"), "千米": ("km", "1"), "米": ("m", "1"), "平方米": ("m2", "1"), "吨": ("t", "1"),
    "位": ("places", "1"), "名": ("places", "1"), "个位次": ("places", "1"), "位次": ("places", "1"),
    "个名次": ("places", "1"),
}  # fmt: skip
_COUNTERS = (
    "份", "宗", "件", "户", "家", "个", "项", "人", "人次", "起", "条", "台", "座", "回", "套", "类", "大类", "例", "张", "组", "单",
    "笔", "通", "处", "批", "场", "所", "支", "间", "辆", "株", "大", "万户", "票", "卷", "样本", "种", "席", "届", "期", "段", "区",
    "县", "市", "镇", "村", "局", "行业", "城市", "地市",
)  # fmt: skip
UNITS.update({counter: ("count", "1") for counter in _COUNTERS if counter not in UNITS})
UNITS["名市民"] = UNITS["位市民"] = ("count", "1")

# A unit is none when these follow: 分公司, 分钟, 度夏, 次日, 元旦, 年度报告 …
_NOT_AFTER = {
    "分": "钟局公别析类布散享区支部管站行段批之子红裂解担为期享阶层摊项接", "度": "夏冬假过量数日周", "次": "日序要数级",
    "元": "旦素件月首", "大": "于小量部约", "天": "然气河津", "日": "均常报前起益", "米": "粉饭", "类": "似别型",
    "h": "abcdefghijklmnopqrstuvwxyz", "名": "列单义称字", "位": "于居列置次", "台": "账州风湾", "期": "间望",
    "所": "有以属在辖", "区": "域", "市": "场", "局": "面部", "年": "", "家": "庭", "秒": "", "村": "", "段": "",
    "单": "位", "通": "过信报", "间": "", "座": "谈", "起": "", "支": "持撑", "场": "", "组": "织", "笔": "", "票": "",
}  # fmt: skip

_UNIT = "|".join(
    re.escape(unit) + (f"(?![{_NOT_AFTER[unit]}])" if _NOT_AFTER.get(unit) else "")
    for unit in sorted(UNITS, key=len, reverse=True)
)
_ARABIC = r"\d{1,3}(?:,\d{3})+(?![\d])(?:\.\d+)?|\d+(?:\.\d+)?"
_SCALE = r"万亿|[十百千]?[万亿]|[十百千](?![瓦伏米克乏])"
_HAN = "零〇一二两三四五六七八九十百千万亿"
_QUANTITY = re.compile(
    rf"(?=[\d半{_HAN}])(?:"
    r"(?P<hours>\d{1,4})个?小时(?P<minutes>[1-5]?\d)分钟?(?!\d)"
    rf"|(?P<number>{_ARABIC})(?:(?P<more>[余多几])?(?P<scale>{_SCALE})?(?P<odd>[余多几])?(?P<unit>{_UNIT})?"
    rf"(?P<per>/户·?次?|/户\.年|/年)?)"
    rf"|百分之(?P<hundredth>[{_HAN}]{{1,5}}(?:点[{_HAN}]{{1,4}})?)(?!点)"
    rf"|(?P<tenths>[一二三四五六七八九])成(?P<rest>[一二三四五六七八九半])?(?![立为功员本长果熟效都交分绩就])"
    rf"|(?P<half>半)(?P<half_unit>个小时|小时|个工作日|天)"
    rf"|(?P<han>[{_HAN}]{{1,12}}(?:点[{_HAN}]{{1,4}})?)(?P<han_more>[余多几])?(?P<han_unit>{_UNIT}))"
)
_NOT_BEFORE = frozenset("第")


@dataclass(slots=True, frozen=True)
class Quantity:
    """A number with its unit as it stands in the text.

    ``dimension`` is ``""`` when no unit is printed; ``unit`` is the printed unit.
    """

    start: int
    end: int
    value: float
    dimension: str
    unit: str
    more: bool = False


def _decimal_han(text: str) -> float | None:
    whole, _, fraction = text.partition("点")
    value = chinese_number(whole)
    if value is None:
        return None
    if not fraction:
        return float(value)
    if any(char not in _DIGITS for char in fraction):
        return None
    return float(f"{value}." + "".join(str(_DIGITS[char]) for char in fraction))


def _scaled(number: str, scale: str, factor: str) -> float:
    return float(Decimal(number) * _SCALES[scale] * Decimal(factor))


def find_quantities(text: str) -> Iterator[Quantity]:
    """Yield every quantity of a folded text, left to right; ordinals (第3) are left out.

    >>> [(q.value, q.dimension) for q in find_quantities("问卷2.24万份,交易5.25万亿千瓦时,达98.5%")]
    [(22400.0, 'count'), (5250000000000.0, 'kWh'), (98.5, 'percent')]
    >>> [(q.value, q.dimension) for q in find_quantities("百分之九十八,九成八,半小时,3500千瓦,两千余份")]
    [(98.0, 'percent'), (98.0, 'percent'), (0.5, 'hours'), (3500.0, 'kW'), (2000.0, 'count')]
    """
    for match in _QUANTITY.finditer(text):
        start, end = match.span()
        if start and text[start - 1] in _NOT_BEFORE:
            continue
        kind = match.lastgroup
        number = match["number"]
        if match["hours"]:
            yield Quantity(
                start, end, round(int(match["hours"]) + int(match["minutes"]) / 60, 6), "hours", "小时"
            )
            continue
        if number is not None:
            number = number.replace(",", "")
            if len(number) > _MAX_DIGITS:
                continue
            unit = match["unit"] or ""
            dimension, factor = UNITS.get(unit, ("", "1"))
            value = _scaled(number, match["scale"] or "", factor)
            yield Quantity(start, end, value, dimension, unit, bool(match["more"] or match["odd"]))
        elif match["hundredth"]:
            percent = _decimal_han(match["hundredth"])
            if percent is not None:
                yield Quantity(start, end, percent, "percent", "%")
        elif match["tenths"]:
            rest = match["rest"]
            tenths = _DIGITS[match["tenths"]] * 10 + (5 if rest == "半" else _DIGITS[rest] if rest else 0)
            yield Quantity(start, end, float(tenths), "percent", "成")
        elif match["half"]:
            unit = match["half_unit"]
            yield Quantity(start, end, 0.5, UNITS[unit][0], unit)
        elif kind is not None:
            count = _decimal_han(match["han"])
            if count is not None:
                unit = match["han_unit"]
                dimension, factor = UNITS[unit]
                yield Quantity(start, end, count * float(factor), dimension, unit, bool(match["han_more"]))
