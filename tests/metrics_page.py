"""The generated half of ``docs/metrics.md``: every metric of the lexicon with an example that the engine reads.

``python -m tests.metrics_page`` writes it anew.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import NamedTuple

from svcsat_crawler.metrics import extract
from svcsat_crawler.metrics.lexicon import Metric, metrics
from svcsat_crawler.organisations.ambiguous import ambiguous_names
from svcsat_crawler.storage.documents import plain
from svcsat_crawler.terminal.facts import fact_year, number

PAGE = Path(__file__).resolve().parent.parent / "docs" / "metrics.md"
BEGIN, END = "<!-- metrics: written by `make docs` -->", "<!-- end of metrics -->"
SENTENCES = tomllib.loads(Path(__file__).with_name("metrics").joinpath("beside.toml").read_text("utf-8"))
SHOWN = 8


class Entry(NamedTuple):
    """What a reader needs beside the lexicon: Chinese name, an example, and phrases for its patterns and rules."""

    name: str
    example: str
    phrases: tuple[str, ...] = ()


ENTRIES = {
    "satisfaction_score": Entry(
        "供电服务满意度得分",
        "2022年，江门供电局供电服务满意度得分85.4分，同比提高0.6分。",
        ("满意度得分", "满意度"),
    ),
    "satisfaction_rate": Entry("客户满意率", "2015年，国网岳阳供电公司客户满意率98.2%。", ("满意率",)),
    "satisfaction_rank": Entry(
        "满意度排名",
        "2022年，江门供电局供电服务满意度在全省20个地市局中排名第六，较上年上升2位。",
        ("排名", "第六"),
    ),
    "satisfaction_streak": Entry(
        "连续第一的年数",
        "2022年，江门供电局供电服务满意度连续13年位居全市公共服务首位。",
        ("连续13年", "首位"),
    ),
    "first_place_count": Entry(
        "排名第一的单位数",
        "2022年，江门供电局所辖7个县区局中有6个供电服务满意度位列当地公共服务第一。",
        ("6个", "第一"),
    ),
    "first_place_share_rank": Entry(
        "第一占比的排名",
        "2022年，江门供电局6个县区局居当地公共服务满意度第一位，排名第一占比居全省第三。",
        ("第一占比",),
    ),
    "survey_issued": Entry(
        "发放问卷", "2019年满意度调查共发放问卷1.8万份，供电服务得分83.2分。", ("发放问卷",)
    ),
    "survey_valid": Entry("有效问卷", "2019年满意度调查回收有效问卷17,264份，供电服务得分83.2分。"),
    "survey_cities": Entry(
        "调查覆盖的地市", "2019年满意度调查在全省21个地市开展，供电服务得分83.2分。", ("21个地市",)
    ),
    "survey_service_categories": Entry(
        "评价的服务大类",
        "2019年满意度调查涉及公共交通、公共教育等10大类公共服务领域，供电服务得分83.2分。",
        ("10大类",),
    ),
    "survey_service_items": Entry(
        "评价的服务项目", "2019年满意度调查评价40项具体公共服务，供电服务得分83.2分。", ("40项",)
    ),
    "survey_years_running": Entry(
        "调查开展的年数", "这项满意度评价调查已连续开展12年，2019年供电服务得分83.2分。", ("连续开展12年",)
    ),
    "saidi": Entry("客户平均停电时间", "2021年，梅州供电局客户平均停电时间6.18小时，同比下降31%。"),
    "saifi": Entry("客户平均停电次数", "2021年，梅州供电局客户平均停电次数1.42次/户。"),
    "asai": Entry("供电可靠率", "2021年，国网宁波供电公司城市供电可靠率99.997%。"),
    "connection_time": Entry(
        "接电时间",
        "2023年，国网温州供电公司高压客户平均接电时间16.5个工作日。",
        ("接电时间", "办电时长", "报装用时"),
    ),
    "connection_time_reduction": Entry(
        "接电时间压减", "2023年，百色供电局客户接电时间平均压缩35%。", ("接电时间", "压缩35%")
    ),
    "connection_cost": Entry(
        "办电成本", "2023年，百色供电局低压客户办电成本为1200元。", ("办电成本", "接电费用")
    ),
    "connection_cost_reduction": Entry(
        "办电成本压减", "2023年，百色供电局客户办电成本平均降低28%。", ("办电成本", "降低28%")
    ),
    "complaints": Entry("投诉量", "2023年，遵义供电局受理客户投诉205件，同比下降33.4%。"),
    "peak_load": Entry("最高负荷", "2023年8月2日，广西电网最高负荷达3180万千瓦，同比增长4.8%。"),
    "energy_consumed": Entry("全社会用电量", "2023年，江西全社会用电量2030亿千瓦时，同比增长2.4%。"),
    "energy_supplied": Entry("供电量", "2023年，玉林供电局供电量152.7亿千瓦时。"),
    "energy_sold": Entry("售电量", "2023年，国网苏州供电公司售电量1590亿千瓦时。"),
    "energy_traded": Entry("交易电量", "2023年，云南市场化交易电量1683亿千瓦时，同比增长15.8%。"),
    "energy_generated": Entry("发电量", "2023年，青海发电量1008亿千瓦时。"),
    "bill_saved": Entry(
        "节约电费", "2023年，玉溪供电局为客户节约电费1.06亿元。", ("节约电费", "减少用电成本")
    ),
    "investment_saved": Entry(
        "节约办电投资", "2023年，玉溪供电局为客户节约办电投资4200万元。", ("节约办电投资",)
    ),
    "customer_savings": Entry(
        "其他客户节支", "2023年，玉溪供电局“能效管家”为客户节省费用860万元。", ("节省费用",)
    ),
    "market_users": Entry(
        "市场化用户数", "2023年，宁夏电力市场交易用户达1.86万户。", ("参与市场化交易的用户",)
    ),
    "fast_supply_plans": Entry(
        "极速答复供电方案", "2023年，百色供电局完成极速答复供电方案146宗。", ("极速答复供电方案",)
    ),
    "next_day_connections": Entry("次日接电", "2023年，百色供电局实现“当日报装、次日接电”1852宗。"),
}
# Their examples are the first sentences of the table that tests them.
BESIDE = {
    "voltage_pass_rate": "电压合格率",
    "line_loss_rate": "线损率",
    "live_line_work": "带电作业次数",
    "live_line_share": "不停电作业率",
    "outage_avoided": "减少停电时户数",
    "automation_coverage": "配电自动化覆盖率",
    "smart_meter_coverage": "智能电表覆盖率",
    "charging_piles": "充电桩",
    "charging_stations": "充电站",
    "charging_energy": "充电量",
    "grid_investment": "电网投资",
    "grid_projects": "电网项目",
    "substations": "变电站",
    "line_length": "线路长度",
    "transformer_capacity": "变电容量",
    "installed_capacity": "装机容量",
    "connection_capacity": "报装容量",
    "new_connections": "新装户数",
    "customers": "客户总数",
    "low_voltage_customers": "低压客户数",
    "hotline_calls": "热线话务量",
    "hotline_answered": "热线接通率",
    "hotline_satisfaction": "客服满意度",
    "complaints_settled": "投诉办结率",
    "arrival_time": "到场时间",
    "repair_time": "抢修时间",
    "repairs_in_time": "抢修及时率",
    "online_service_rate": "线上办电率",
    "electricity_price": "电价",
    "green_power_share": "清洁能源占比",
    "renewables_used": "新能源利用率",
    "energy_substituted": "替代电量",
    "energy_saved": "节约电量",
    "adjustable_load": "可调节负荷",
}
ENTRIES |= {id: Entry(name, SENTENCES[id]["reads"][0][0]) for id, name in BESIDE.items()}


def render() -> str:
    """Return the sections of all metrics and the ambiguous names; KeyError for a metric without an entry."""
    missing = set(metrics()) - set(ENTRIES)
    if missing:
        raise KeyError(f"write an Entry in tests/metrics_page.py for {', '.join(sorted(missing))}")
    core, beside = ([id for id in ENTRIES if metrics()[id].core is kind] for kind in (True, False))
    return "\n\n".join(
        [
            *(section(metrics()[id], ENTRIES[id]) for id in core),
            "## Beside the core",
            *(section(metrics()[id], ENTRIES[id]) for id in beside),
            "## Names of several places",
            ambiguous(),
        ]
    )


def ambiguous() -> str:
    """Return the table of names that several places bear."""
    rows = [
        f"| {entry.name} | {'、'.join(entry.places)} | {f'`{entry.id}`' if entry.id else ''} |"
        for entry in ambiguous_names()
    ]
    return "\n".join(
        [
            "A supplier or place of such a name keeps it as printed and gets no `id`; only the one organisation of our",
            "table whose own name it is has one. `scrapy metrics ambiguous` prints the same.",
            "",
            "| name | places | id |",
            "|---|---|---|",
            *rows,
        ]
    )


def section(metric: Metric, entry: Entry) -> str:
    """Return one metric: what it is, its cues, its example, and what the engine reads in it."""
    better = {"high": "; higher is better", "low": "; lower is better", None: ""}[metric.better]
    limits = f"; flagged outside {metric.limits[0]:g} to {metric.limits[1]:g}" if metric.limits else ""
    return (
        f"### `{metric.id}` {entry.name}\n\n"
        f"{metric.title[0].upper()}{metric.title[1:]}, in {metric.unit}{better}{limits}.\n"
        f"Cues: {cues(metric, entry)}.\n\n> {entry.example}\n\nReads: {reading(metric, entry)}"
    )


def cues(metric: Metric, entry: Entry) -> str:
    """Return the first names of the lexicon, its weak ones with their company, and the entry's phrases."""
    shown = list(dict.fromkeys((*metric.names[:SHOWN], *entry.phrases)))
    if metric.weak:
        shown.append(f"{'/'.join(metric.weak)} (beside {'/'.join(metric.needs[:4])} …)")
    return "、".join(shown)


def reading(metric: Metric, entry: Entry) -> str:
    """Return what the engine reads in the example; ValueError when it reads no such metric."""
    for fact in map(plain, extract(entry.example)):
        if fact["metric"] == metric.id:
            subject = (fact["subject"] or {}).get("name", "no subject")
            return f"{number(fact)}, {subject}, {fact_year(fact) or 'no year'}"
    raise ValueError(f"{metric.id}: not read in {entry.example!r}")


def generated(page: str) -> str:
    """Return the generated part of the page."""
    return page[page.index(BEGIN) + len(BEGIN) : page.index(END)].strip()


def main() -> None:
    page = PAGE.read_text("utf-8")
    head, tail = page.split(BEGIN)[0], page.split(END)[1]
    PAGE.write_text(f"{head}{BEGIN}\n\n{render()}\n\n{END}{tail}", "utf-8")


if __name__ == "__main__":
    main()
