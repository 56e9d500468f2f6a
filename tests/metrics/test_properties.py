"""What holds for any text: offsets, evidence, no exception, linear time."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svcsat_crawler.metrics import extract
from svcsat_crawler.metrics.lexicon import metrics
from svcsat_crawler.text.width import fold, squeeze

PIECES = (
    "清远供电局 佛山供电局 该局 全市 全省 供电服务 满意度 客户满意率 得分为 排名第一 第9位 首位 连续13年 六连冠 力争 平均停电时间 供电可靠率 售电量 最高负荷 高压 低压 "
    "居民 接电时间 压减至 由 从 下降 同比 增长 较2019年 4.12小时 98.5% 1.2个百分点 84.61分 20个地市局中 6个局 8个工作日 5亿千瓦时 1.7万千瓦 3亿元 节约电费 2021年 "
    "1-11月 今年 去年 , 。 ; 、 分别 和 ( ) “ ” ： 以内 超过 约 不低于 零成本 办电 有效问卷 2.4万份 \n \u3000 ８ 電 "
).split(" ")
SENTENCES = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)
ANYTHING = st.text(alphabet=st.characters(codec=None), max_size=200)


def check(text: str, title: str = "") -> None:
    for fact in extract(text, title=title):
        evidence = fact.evidence
        source = text if evidence.where == "body" else title
        assert source[evidence.start : evidence.end] == evidence.sentence
        assert fact.raw
        assert fact.raw in evidence.sentence
        assert fact.metric in metrics()
        assert evidence.mentions >= 1
        assert 0.0 < fact.confidence <= 1.0
        assert fact.value is not None or fact.comparison is not None


@settings(max_examples=300, deadline=None)
@given(SENTENCES, SENTENCES)
def test_evidence_holds_the_number_where_it_says(text: str, title: str) -> None:
    check(text, title)


@settings(max_examples=200, deadline=None)
@given(ANYTHING)
def test_any_unicode_is_read_without_error(text: str) -> None:
    check(text)
    check("2021年清远供电局平均停电时间" + text + "4.12小时")


@given(ANYTHING)
def test_folding_keeps_every_offset(text: str) -> None:
    folded = fold(text)
    plain, offsets = squeeze(folded)
    assert len(folded) == len(text)
    assert len(offsets) == len(plain)
    assert all(folded[offset] == char for offset, char in zip(offsets, plain, strict=True))


def test_lone_surrogates_and_nul() -> None:
    facts = extract("\ud800\x00清远供电局客户平均停电时间4.12小时\udfff。\x00")
    assert [fact.value for fact in facts] == [4.12]


def test_same_text_same_facts() -> None:
    text = "2021年清远供电局供电可靠率99.97%,客户平均停电时间4.12小时,同比下降50%。"
    assert extract(text) == extract(text)


def test_a_change_in_points_carries_no_unit_to_the_next_number() -> None:
    facts = extract("供电可靠率同比提升0.02个百分点。2020年提高到1.2个百分点。")
    assert all(fact.unit != "percentage_points" for fact in facts)


NASTY = {
    "digits": "1",
    "commas": "，",
    "ordinals": "第",
    "numerals": "一",
    "streaks": "连续",
    "ranks": "第1名",
    "levels": "平均停电时间3小时，",
    "times": "2021年",
    "names": "清远供电局、",
    "savings": "节约",
    "satisfaction": "满意度",
    "list": "1小时、",
    "order": "由高到低",
    "blanks": "1 ",
    "ahead": "展望。",
    "quotes": "“评价",
    "numerals in words": "一百",
    "rows": "停电时间\n广州 1.2\n深圳 2.1\n",
    "units in headings": "停电时间(单位:小时):广州1.2,",
    "headings": "办电时间\n",
    "unknown names": "停电时间:石龙1.1小时,",
    "averages": "奎文停电3小时,全市平均1.2小时,",
}


def seconds(text: str) -> float:
    start = time.process_time()
    extract(text)
    return time.process_time() - start


@pytest.mark.parametrize("unit", NASTY.values(), ids=NASTY.keys())
def test_time_grows_with_length_only(unit: str) -> None:
    extract(unit)
    short = unit * (12_500 // len(unit))
    small = min(seconds(short) for _ in range(2))
    large = min(seconds(short * 8) for _ in range(2))
    # Eight times the text: linear is 8, quadratic 64; the constant forgives a busy machine.
    assert large < 28 * small + 0.25
