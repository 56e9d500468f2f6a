"""Whole articles: title, summary and body state one fact once; the audit flags, never repairs."""

from __future__ import annotations

import datetime

import pytest

from svcsat_crawler import organisations
from svcsat_crawler.metrics import extract
from svcsat_crawler.metrics.check import kind_of
from svcsat_crawler.metrics.lexicon import metrics, word_index

TITLE = "九连冠!中山供电局供电服务满意度再居榜首"
BODY = (
    "中山供电局供电服务满意度85.12分,连续9年居全市公共服务首位。\n"
    "近日,2020年公众评价结果揭晓,中山供电局供电服务满意度得分85.12分,较2019年提高0.8分。\n"
    "全年供电可靠率达99.99%,客户平均停电时间0.53小时。"
)


def test_title_summary_and_body_are_mentions_of_one_fact() -> None:
    facts = {fact.metric: fact for fact in extract(BODY, title=TITLE, published=datetime.date(2020, 12, 20))}
    assert facts["satisfaction_score"].evidence.mentions == 2
    assert facts["satisfaction_score"].comparison is not None
    assert facts["satisfaction_streak"].evidence.mentions == 2
    assert facts["satisfaction_streak"].evidence.where == "body"
    assert facts["saidi"].subject is not None
    assert facts["saidi"].subject.id == "csg-gd-zhongshan"


def test_what_only_the_title_states_points_into_the_title() -> None:
    title = "江门供电局客户平均停电时间降至2.5小时"
    (fact,) = extract("活动现场气氛热烈。", title=title)
    assert fact.evidence.where == "title"
    assert title[fact.evidence.start : fact.evidence.end] == fact.evidence.sentence


def test_a_title_printed_again_as_first_line_is_no_second_mention() -> None:
    title = "2020年江门供电局客户平均停电时间降至2.5小时"
    (fact,) = extract(f"{title}\n活动现场气氛热烈。", title=title)
    assert (fact.evidence.where, fact.evidence.mentions) == ("body", 1)


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("河源供电局供电服务满意度在全省20个地市供电局中排名第25位。", "rank_above_of"),
        ("河源供电局供电可靠率达199.9%。", "out_of_range"),
    ],
)
def test_the_impossible_is_flagged_and_kept(text: str, flag: str) -> None:
    (fact,) = extract(text)
    assert flag in [kind_of(text) for text in fact.flags]


def test_empty_text_states_nothing() -> None:
    assert extract("") == []
    assert extract("", title="", published=datetime.date(2020, 1, 1)) == []


def test_every_bureau_is_found_by_each_of_its_names() -> None:
    for organisation in organisations.organisations():
        for name in (organisation.name, organisation.full, *organisation.aliases):
            found = organisations.lookup(name)
            assert found is not None, name
            if organisation.level == "prefecture":
                assert found.id == organisation.id, name


def test_parents_are_in_the_table() -> None:
    for organisation in organisations.organisations():
        for parent in organisation.parents:
            assert organisations.get(parent.id) is not None


def test_lexicon_names_only_metrics_that_take_a_number() -> None:
    for metric in metrics().values():
        if metric.names or metric.patterns:
            assert metric.accepts, metric.id
    assert list(word_index().scan("满意度"))
