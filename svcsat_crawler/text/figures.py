"""Numbers with their units in folded text (see :mod:`svcsat_crawler.text.width`).

A :class:`Quantity` is in the base unit of its dimension: hours stay ``hours`` and minutes stay
``minutes`` (a metric decides whether to convert), energy is kWh, power kW, money CNY.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

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


# printed scale -> power of ten
_SCALES = {
    "十": 1, "百": 2, "千": 3, "万": 4, "十万": 5, "百万": 6, "千万": 7, "亿": 8, "十亿": 9, "百亿": 10, "千亿": 11, "万亿": 12,
}  # fmt: skip

# printed unit -> (dimension, power of ten to the base unit of the dimension)
UNITS: dict[str, tuple[str, int]] = {
    "%": ("percent", 0), "个百分点": ("percentage_points", 0), "百分点": ("percentage_points", 0),
    "分": ("points", 0), "个点": ("points", 0),
    "个小时": ("hours", 0), "小时": ("hours", 0), "h": ("hours", 0), "个钟头": ("hours", 0),
    "分钟": ("minutes", 0), "min": ("minutes", 0), "秒": ("seconds", 0), "秒钟": ("seconds", 0),
    "个工作日": ("working_days", 0), "工作日": ("working_days", 0), "个工作天": ("working_days", 0),
    "天": ("days", 0), "个自然日": ("days", 0), "个日历天": ("days", 0), "日": ("days", 0),
    "个月": ("months", 0), "年": ("years", 0), "个年头": ("years", 0),
    "千瓦时": ("kWh", 0), "千瓦·时": ("kWh", 0), "千瓦小时": ("kWh", 0), "度": ("kWh", 0), "度电": ("kWh", 0),
    "kWh": ("kWh", 0), "兆瓦时": ("kWh", 3), "MWh": ("kWh", 3), "GWh": ("kWh", 6),
    "千瓦": ("kW", 0), "kW": ("kW", 0), "兆瓦": ("kW", 3), "MW": ("kW", 3), "GW": ("kW", 6),
    "千伏安": ("kVA", 0), "kVA": ("kVA", 0), "千伏": ("kV", 0), "kV": ("kV", 0),
    "元/千瓦时": ("CNY/kWh", 0), "元/度": ("CNY/kWh", 0), "元每千瓦时": ("CNY/kWh", 0), "分/千瓦时": ("CNY/kWh", -2),
    "时户": ("customer_hours", 0), "户时": ("customer_hours", 0), "时·户": ("customer_hours", 0), "户·时": ("customer_hours", 0),
    "元": ("CNY", 0), "元人民币": ("CNY", 0), "块钱": ("CNY", 0),
    "次": ("times", 0), "倍": ("fold", 0),
    "公里": ("km", 0), "千米": ("km", 0), "米": ("m", 0), "平方米": ("m2", 0), "吨": ("t", 0),
    "位": ("places", 0), "名": ("places", 0), "个位次": ("places", 0), "位次": ("places", 0),
    "个名次": ("places", 0),
}  # fmt: skip
_COUNTERS = (
    "份", "封", "宗", "件", "户", "家", "个", "项", "人", "人次", "起", "条", "台", "座", "回", "套", "类", "大类", "例", "张", "组", "单",
    "笔", "通", "处", "批", "场", "所", "支", "间", "辆", "株", "大", "票", "卷", "样本", "种", "席", "届", "期", "段", "区",
    "县", "市", "镇", "村", "局", "行业", "城市", "地市",
)  # fmt: skip
UNITS.update({counter: ("count", 0) for counter in _COUNTERS if counter not in UNITS})
UNITS["名市民"] = UNITS["位市民"] = ("count", 0)

# A unit is none when these follow: 分公司, 分钟, 度夏, 次日, 元旦, 年度报告 …
_NOT_AFTER = {
    "分": "钟局公别析类布散享区支部管站行段批之子红裂解担为期享阶层摊项接", "度": "夏冬假过量数日周", "次": "日序要数级",
    "元": "旦素件月首", "大": "于小量部约", "天": "然气河津", "日": "均常报前起益", "米": "粉饭", "类": "似别型",
    "h": "abcdefghijklmnopqrstuvwxyz", "名": "列单义称字", "位": "于居列置次", "台": "账州风湾", "期": "间望",
    "所": "有以属在辖", "区": "域", "市": "场", "局": "面部", "年": "", "家": "庭", "秒": "", "村": "", "段": "",
    "单": "位", "张": "表牌网榜照贴嘴", "通": "过信报", "间": "", "座": "谈", "起": "", "支": "持撑", "场": "", "组": "织", "笔": "", "票": "",
}  # fmt: skip

# The first characters of all units before the units: most numbers in a text have none.
_UNIT = (
    f"(?=[{''.join(sorted({unit[0] for unit in UNITS}))}])(?:"
    + "|".join(
        re.escape(unit) + (f"(?![{_NOT_AFTER[unit]}])" if _NOT_AFTER.get(unit) else "")
        for unit in sorted(UNITS, key=len, reverse=True)
    )
    + ")"
)
# Behind the first digit: 1,234.5 or 98.5.
_MORE_DIGITS = r"[0-9]{0,2}(?:,[0-9]{3})+(?![0-9])(?:\.[0-9]+)?|[0-9]*(?:\.[0-9]+)?"
_SCALE = r"万亿|[十百千]?[万亿]|[十百千](?![瓦伏米克乏分])"
_HAN = "零〇一二两三四五六七八九十百千万亿"
# 一个男孩, 一条街: no number is meant.
_ARTICLE = "[条台位间份批件张名户座根盏本头边口样部幅]|个(?!百|月|工|小|钟)"
# A class of characters first, so that the scan skips the rest of the text; what follows looks back at it.
_QUANTITY = re.compile(
    rf"[0-9半{_HAN}](?:"
    r"(?<=[0-9一二两三四五六七八九])(?P<and_half>[0-9]?个半)(?:小时|钟头|工作日)"
    rf"|(?<=[0-9])(?P<digits>{_MORE_DIGITS})(?:(?P<more>[余多几])?(?P<scale>{_SCALE})?(?P<odd>[余多几])?(?P<unit>{_UNIT})?"
    rf"(?:(?<=小时)(?P<minutes>[1-5]?[0-9])分钟?(?![0-9])|/户·?次?|/户\.年|/年)?)"
    rf"|(?<=百)分之(?P<hundredth>[{_HAN}]{{1,5}}(?:点[{_HAN}]{{1,4}})?)(?!点)"
    rf"|(?<=[一二两三四五六七八九])(?P<tenths>成)(?P<rest>[一二三四五六七八九半])?(?![立为功员本长果熟效都交分绩就])"
    rf"|(?<=一)(?P<halved>半)(?:(?<=[短少低减缩降]一半)|(?<=[短少低减缩降][了近约]一半))"
    rf"|(?<=半)(?P<half_unit>个小时|小时|个钟头|分钟|个工作日|天)"
    rf"|(?<=半)(?P<half>(?:(?<=减半)|(?<=[短少低减缩降][近过]半))(?![年价数征收]))"
    rf"|(?<=[{_HAN}])(?<!一(?={_ARTICLE}))(?P<han>[{_HAN}]{{0,11}}(?:点[{_HAN}]{{1,4}})?)(?:(?P<han_more>[余多几])(?P<han_scale>[万亿])?)?(?P<han_unit>{_UNIT}))"
)
_PARTS = [_QUANTITY.groupindex[name] for name in ("digits", "more", "scale", "odd", "unit", "minutes")]
# Telephone numbers that are names; RS-1 is one too.
_NAMES = frozenset(("95598", "12398", "12345", "12315"))


class Quantity(Struct, gc=False):
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
    if len(text) == 1 and text in _DIGITS:
        return float(_DIGITS[text])
    whole, _, fraction = text.partition("点")
    value = chinese_number(whole)
    if value is None:
        return None
    if not fraction:
        return float(value)
    if any(char not in _DIGITS for char in fraction):
        return None
    return float(f"{value}." + "".join(str(_DIGITS[char]) for char in fraction))


def find_quantities(text: str) -> Iterator[Quantity]:
    """Yield every quantity of a folded text, left to right; ordinals (第3) are left out.

    >>> [(q.value, q.dimension) for q in find_quantities("问卷2.24万份,交易5.25万亿千瓦时,达98.5%")]
    [(22400.0, 'count'), (5250000000000.0, 'kWh'), (98.5, 'percent')]
    >>> [(q.value, q.dimension) for q in find_quantities("百分之九十八,九成八,半小时,3500千瓦,两千余份")]
    [(98.0, 'percent'), (98.0, 'percent'), (0.5, 'hours'), (3500.0, 'kW'), (2000.0, 'count')]
    >>> [(q.value, q.dimension) for q in find_quantities("两个半小时,2个半工作日,12个半小时")]
    [(2.5, 'hours'), (2.5, 'working_days'), (12.5, 'hours')]
    """
    for match in _QUANTITY.finditer(text):
        start, end = match.span()
        if start and text[start - 1] == "第":
            continue
        digits, more, scale, odd, unit, minutes = match.group(*_PARTS)
        if digits is not None:
            number = text[start] + digits
            if "," in digits:
                number = number.replace(",", "")
            if len(number) > _MAX_DIGITS:
                continue
            if not unit and (
                number in _NAMES or (text[start - 1 : start] == "-" and text[start - 2 : start - 1].isalpha())
            ):
                continue
            dimension, power = UNITS[unit] if unit else ("", 0)
            if scale:
                power += _SCALES[scale]
            value = float(f"{number}e{power}") if power else float(number)
            if minutes:
                value = round(value + int(minutes) / 60, 6)
            yield Quantity(start, end, value, dimension, unit or "", bool(more or odd))
        elif match["han_unit"]:
            count = _decimal_han(text[start] + match["han"])
            if count is not None:
                unit = match["han_unit"]
                dimension, power = UNITS[unit]
                power += _SCALES[match["han_scale"]] if match["han_scale"] else 0
                value = round(count * 10**power, 6)
                yield Quantity(start, end, value, dimension, unit, bool(match["han_more"]))
        else:
            yield from _spelled(match)


@lru_cache(maxsize=256)
def one_of(unit: str) -> Quantity | None:
    """Return one of a unit as it is printed, 100 million kilowatt-hours for 亿千瓦时, or None for what is no unit.

    >>> one_of("亿千瓦时").value, one_of("个工作日").dimension, one_of("售电量")
    (100000000.0, 'working_days', None)
    """
    found = list(find_quantities("1" + unit))
    whole = len(found) == 1 and found[0].end == len(unit) + 1 and bool(found[0].dimension)
    return found[0] if whole else None


def _spelled(match: re.Match[str]) -> Iterator[Quantity]:
    """Yield the quantity of 两个半小时, 百分之九十八, 九成八, 半小时, 缩短一半, 减半 or 下降近半."""
    start, end = match.span()
    if match["and_half"]:
        whole, _, unit = match[0].partition("个半")
        number = float(whole) if whole.isdecimal() and whole.isascii() else _DIGITS[whole]
        unit = f"个{unit}"
        yield Quantity(start, end, number + 0.5, UNITS[unit][0], unit)
        return
    if match["halved"] or match["half"] is not None:
        yield Quantity(start, end, 50.0, "percent", "半")
        return
    hundredth, tenths, rest, half = match.group("hundredth", "tenths", "rest", "half_unit")
    if hundredth:
        percent = _decimal_han(hundredth)
        if percent is not None:
            yield Quantity(start, end, percent, "percent", "%")
    elif tenths:
        share = _DIGITS[match[0][0]] * 10 + (5 if rest == "半" else _DIGITS[rest] if rest else 0)
        yield Quantity(start, end, float(share), "percent", "成")
    else:
        yield Quantity(start, end, 0.5, UNITS[half][0], half)
