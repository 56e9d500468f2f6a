"""The figures of the supply itself: outages, load, market, connection, complaints."""

from __future__ import annotations

from tests.replica.stories.draft import Draft
from tests.replica.stories.figures import before, change, now, percent_change, printer


@printer
def saidi(d: Draft) -> str:
    d.note("saidi", now(d).saidi, "hours", f"{now(d).saidi:g}小时")
    return f"{now(d).saidi:g}小时"


@printer
def saidi_minutes(d: Draft) -> str:
    minutes = round(now(d).saidi * 60, 1)
    d.note("saidi", round(minutes / 60, 4), "hours", f"{minutes:g}分钟")
    return f"{minutes:g}分钟"


@printer
def saidi_change(d: Draft) -> str:
    size = percent_change(now(d).saidi, before(d).saidi)
    comparison, text = change(d, size, "percent", "{}%")
    d.note("saidi", now(d).saidi, "hours", f"{now(d).saidi:g}小时", comparison=comparison)
    return text


@printer
def saifi(d: Draft) -> str:
    d.note("saifi", now(d).saifi, "interruptions", f"{now(d).saifi:g}次")
    return f"{now(d).saifi:g}次"


@printer
def saifi_change(d: Draft) -> str:
    size = percent_change(now(d).saifi, before(d).saifi)
    comparison, text = change(d, size, "percent", "{}%")
    d.note("saifi", now(d).saifi, "interruptions", f"{now(d).saifi:g}次", comparison=comparison)
    return text


@printer
def asai(d: Draft) -> str:
    value = round(100 - now(d).saidi / 87.6, 4)
    d.note("asai", value, "percent", f"{value:.4f}%")
    return f"{value:.4f}%"


@printer
def peak(d: Draft) -> str:
    d.note("peak_load", round(now(d).peak * 1e4), "kW", f"{now(d).peak:g}万千瓦")
    return f"{now(d).peak:g}万千瓦"


@printer
def peak_change(d: Draft) -> str:
    size = percent_change(now(d).peak, before(d).peak)
    comparison = {"kind": "yoy", "direction": "up", "value": size, "unit": "percent"}
    d.note("peak_load", round(now(d).peak * 1e4), "kW", f"{now(d).peak:g}万千瓦", comparison=comparison)
    return f"增长{size:g}%"


@printer
def traded(d: Draft) -> str:
    d.note("energy_traded", round(now(d).traded * 1e8), "kWh", f"{now(d).traded:g}亿千瓦时")
    return f"{now(d).traded:g}亿千瓦时"


@printer
def users(d: Draft) -> str:
    d.note("market_users", now(d).users, "count", f"{now(d).users}户")
    return f"{now(d).users}户"


@printer
def bill(d: Draft) -> str:
    d.note("bill_saved", round(now(d).bill * 1e8), "CNY", f"{now(d).bill:g}亿元")
    return f"{now(d).bill:g}亿元"


@printer
def saved(d: Draft) -> str:
    d.note("investment_saved", now(d).saved * 10000, "CNY", f"{now(d).saved}万元")
    return f"{now(d).saved}万元"


@printer
def high(d: Draft) -> str:
    value = max(40 - (d.year - 2013) * 2 + len(d.bureau.city), 12)
    d.note("connection_time", value, "working_days", f"{value}个工作日", part="high", segment="high_voltage")
    return f"{value}个工作日"


@printer
def low(d: Draft) -> str:
    value = max(9 - (d.year - 2013) // 2, 2)
    d.note("connection_time", value, "working_days", f"{value}个工作日", part="low", segment="low_voltage")
    return f"{value}个工作日"


@printer
def next_day(d: Draft) -> str:
    value = 900 + now(d).saved % 3100
    d.note("next_day_connections", value, "count", f"{value}宗")
    return f"{value}宗"


@printer
def complaints(d: Draft) -> str:
    """投诉 … 下降32.5%: a change without a level."""
    size = 12 + (d.year * 7 + len(d.seed)) % 31 + 0.5
    comparison = {"kind": "yoy", "direction": "down", "value": size, "unit": "percent"}
    d.note("complaints", None, "count", f"{size:g}%", comparison=comparison)
    return f"{size:g}%"
