"""Numbers that no metric claims: kept apart, each with its noun, and counted."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from svcsat_crawler.items import Unclaimed
from svcsat_crawler.metrics import extract, read
from svcsat_crawler.metrics.others import MOST, Noun, tally
from tests import gold
from tests.metrics.test_words import sentences

BODY = (
    "2021年，江门供电局为充电汽车服务点配备光伏组件1200块钱，组织技能比武36场。\n"
    "窗外下着雨，附近3个乡镇的老人收到了慰问品。全年售电量310亿千瓦时，同比增长5%。"
)


@pytest.mark.parametrize(
    ("text", "head", "value", "unit"),
    [
        ("截至去年底，全市分布式光伏板达到1.2万台。", "分布式光伏板", 12000, "台"),
        ("供电局组织技能比武36场。", "技能比武", 36, "场"),
        ("巡线人员走过35公里山路。", "山路", 35, "km"),
        ("仓库里备着120台应急发电机，随时出发。", "应急发电机", 120, "台"),
        ("窗口满意评价器点击率98.6%。", "窗口满意评价器点击率"[-8:], 98.6, "percent"),
        ("慰问金发放近3.5亿元。", "慰问金", 350000000, "CNY"),
        ("水库库容约为460吨。", "水库库容", 460, "t"),
        ("施工单耗优于3.2吨。", "施工单耗", 3.2, "t"),
    ],
)
def test_a_number_with_its_noun(text: str, head: str, value: float, unit: str) -> None:
    (other,) = read(text, others=True).others
    assert (other.metric, other.head, other.value, other.unit) == ("other_quantity", head, value, unit)


@pytest.mark.parametrize(
    "text",
    [
        "2021年江门供电局客户平均停电时间4.1小时，同比下降31%。",
        "江门供电局客户平均停电时间由5小时降至4小时。",
        "2021年江门供电局供电服务满意度在20个地市局中排名第六。",
        "他今年58岁，在110千伏岭头站工作了30年。",
        "一位老人、两个孩子和三名师傅。",
        "第3批、2021年12月29日10时30分。",
        "同比增长5%，比上年提高1.2个百分点。",
        "编号0750123456，共3页。",
    ],
)
def test_what_a_metric_claims_or_has_no_noun_is_none(text: str) -> None:
    assert read(text, others=True).others == []


def test_subject_period_status_and_evidence_as_of_a_fact() -> None:
    text = "江门供电局计划2022年架设光缆85公里。"
    (other,) = read(text, title="简讯", published=datetime.date(2021, 12, 1), others=True).others
    assert other.subject is not None
    assert other.subject.id == "csg-gd-jiangmen"
    assert other.period is not None
    assert other.period.end == "2022-12-31"
    assert other.status == "planned"
    assert (other.raw, text[other.evidence.start : other.evidence.end]) == ("85公里", other.evidence.sentence)


def test_facts_are_the_same_with_and_without_the_others() -> None:
    plain, reading = extract(BODY), read(BODY, others=True)
    assert reading.facts == plain
    assert {fact.metric for fact in plain} == {"energy_sold"}
    assert {other.head for other in reading.others} >= {"技能比武", "乡镇"}
    assert read(BODY).others == []


@pytest.mark.parametrize("article", gold.articles(), ids=lambda article: article["id"])
def test_labelled_articles_hold_the_same_facts_with_and_without_them(article: dict[str, Any]) -> None:
    text = f"{article['text']}\n周一有3辆车、12个人上山，走了35公里。\n客户全年意外停电1.4分钟"
    assert read(text).facts == read(text, others=True).facts == extract(text)


def test_every_sentence_of_the_tests_holds_the_same_facts_with_and_without_them() -> None:
    for text in sentences():
        assert read(text, others=True).facts == extract(text), text


def test_an_article_counts_them_by_noun_and_keeps_an_example() -> None:
    text = "周一架设光缆8公里。周二架设光缆12公里，更换杆塔3座。"
    assert read(text).unclaimed == [
        Unclaimed(head="光缆", unit="km", n=2, example="周一架设光缆8公里。"),
        Unclaimed(head="杆塔", unit="座", n=1, example="周二架设光缆12公里，更换杆塔3座。"),
    ]


def test_a_table_does_not_fill_the_store() -> None:
    nouns = [f"{first}{second}仪" for first in "甲乙丙丁戊己庚辛" for second in "子丑寅卯辰巳午未"]
    found = read("。".join(f"采购{noun}{number}台" for number, noun in enumerate(nouns, 2))).unclaimed
    assert len(found) == MOST
    assert all(len(entry.example) <= 160 for entry in found)


def test_nouns_of_many_articles_add_up() -> None:
    entries = [
        [
            Unclaimed(head="光缆", unit="km", n=2, example="一"),
            Unclaimed(head="杆塔", unit="座", n=1, example="二"),
        ],
        [Unclaimed(head="光缆", unit="km", n=1, example="三")],
    ]
    assert tally(entries) == [Noun("光缆", "km", 3, 2, "一"), Noun("杆塔", "座", 1, 1, "二")]
