"""Single decisions, and what becomes of a group in which not all agree."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from svcsat_crawler.clusters import Features, Member, decide, features, group
from svcsat_crawler.clusters.features import PHRASES_WITH_FIGURES, PHRASES_WITHOUT, from_document, to_document

DAY = datetime(2021, 12, 29, 8, tzinfo=UTC)
STORY = (
    "12月29日，清远供电局通报，2021年供电服务满意度得分84.57分，连续13年居全市公共服务首位。\n"
    "2021年，清远供电局客户平均停电时间3.33小时，同比下降21.4%；全年带电作业1187次，减少停电时户数26.4万时户。\n"
    "在英德一处茶园，合作社的老板说，今年炒茶季没有跳过一次闸，夜里两点打电话也有人接，师傅半小时就到。\n"
    "营业厅把办电材料减到一张纸，全年“当日申请、次日接电”办了2577宗，为客户节省投资1677万元。"
)


def read(body: str, published: datetime | None = DAY, title: str = "") -> Features:
    return features(title, body, published)


def next_year(text: str) -> str:
    for old, new in (
        ("2021", "2022"),
        ("84.57", "85.11"),
        ("13年", "14年"),
        ("3.33", "2.96"),
        ("2577", "3020"),
    ):
        text = text.replace(old, new)
    return text


def said(a: Features, b: Features) -> tuple[bool, str]:
    verdict = decide(a, b)
    return verdict.same, verdict.why


def test_a_copy_of_half_the_text_is_one() -> None:
    half = "\n".join(STORY.splitlines()[:2])
    assert said(read(STORY), read(half, DAY + timedelta(days=3))) == (True, "figures agree")


@pytest.mark.parametrize("published", [DAY, None])
def test_next_years_story_is_another(published: datetime | None) -> None:
    assert said(read(STORY), read(next_year(STORY), published)) == (False, "year")


def test_the_story_of_another_bureau_is_another() -> None:
    other = STORY.replace("清远", "韶关").replace("英德", "南雄")
    assert said(read(STORY), read(other)) == (False, "bureau")


def test_other_figures_make_another_story() -> None:
    other = STORY
    for old, new in (
        ("84.57", "83.90"),
        ("3.33", "4.15"),
        ("21.4", "8.7"),
        ("1187", "960"),
        ("2577", "1866"),
    ):
        other = other.replace(old, new)
    assert said(read(STORY), read(other)) == (False, "figures")


def test_one_changed_figure_is_a_change_of_a_copy() -> None:
    assert decide(read(STORY), read(STORY.replace("26.4", "26.5"))).same


def test_a_streak_that_has_grown_is_another_year() -> None:
    undated = STORY.replace("2021年，", "").replace("2021年", "")
    assert said(read(undated), read(undated.replace("连续13年", "连续14年"))) == (False, "year")


def test_the_same_text_much_later_is_printed_anew() -> None:
    assert said(read(STORY), read(STORY, DAY + timedelta(days=61))) == (False, "dates")
    assert said(read(STORY), read(STORY, None)) == (True, "same text")


def test_a_short_notice_is_never_a_copy() -> None:
    notice = "因设备检修，12月30日8时至18时城西线停电，请相互转告。"
    assert said(read(notice), read(notice)) == (False, "too short")


def test_a_round_up_is_no_copy_of_its_parts() -> None:
    other = STORY.replace("清远", "韶关").replace("英德", "南雄").replace("84.57", "80.15")
    assert said(read(STORY), read(f"{STORY}\n{other}")) == (False, "bureau")


def test_features_survive_the_store() -> None:
    found = read(STORY, title="清远供电满意度再居首位")
    assert from_document(to_document(found)) == found
    assert len(found.phrases) == PHRASES_WITH_FIGURES + PHRASES_WITHOUT
    assert all(0 <= phrase < 1 << 63 for phrase in found.phrases)


def test_a_part_of_a_text_chooses_phrases_of_the_whole() -> None:
    whole, part = read(STORY), read("\n".join(STORY.splitlines()[1:3]))
    assert len(set(whole.phrases) & set(part.phrases)) >= 5


def linked(texts: dict[str, Features]) -> dict[str, Member]:
    """Make members of *texts*, linked where they are decided to be copies."""
    links: dict[str, set[str]] = {key: set() for key in texts}
    for one, other in itertools.permutations(texts, 2):
        if decide(texts[one], texts[other]).same:
            links[one].add(other)
    return {key: Member(texts[key], frozenset(links[key])) for key in texts}


def test_the_first_printer_names_the_cluster_whatever_the_order() -> None:
    texts = {
        "undated": read(STORY, None),
        "later": read("\n".join(STORY.splitlines()[:3]), DAY + timedelta(days=2)),
        "first": read(STORY + "\n来源：南方日报", DAY - timedelta(hours=1)),
        "next year": read(next_year(STORY), DAY + timedelta(days=1)),
    }
    for order in itertools.permutations(texts):
        clusters = group(linked({key: texts[key] for key in order}))
        assert clusters == {"undated": "first", "later": "first", "first": "first", "next year": "next year"}


def test_a_copy_without_names_is_no_bridge_between_two_bureaus() -> None:
    plain = STORY.splitlines()[2] + "\n" + STORY.splitlines()[3]
    texts = {
        "a": read(STORY.replace("英德", "城郊")),
        "b": read(STORY.replace("清远", "韶关").replace("英德", "城郊"), DAY + timedelta(hours=1)),
        "bridge": read(plain.replace("英德", "城郊"), DAY + timedelta(days=1)),
    }
    members = linked(texts)
    assert members["bridge"].links == {"a", "b"}
    clusters = group(members)
    assert clusters["a"] != clusters["b"]
    assert clusters["bridge"] in ("a", "b")


def test_width_and_script_do_not_count() -> None:
    other = (
        STORY.replace("，", ",")
        .replace("供电局", "供電局")
        .replace("84.57", "８４．５７")
        .replace("英德", "英 德")
    )
    assert said(read(STORY), read(other))[0]
    assert read(STORY.replace("供电", "供電")).places == read(STORY).places


@pytest.mark.parametrize(
    "body",
    [
        "",
        "。",
        "𠮷野" * 60,
        "9" * 6000,
        "\ud800" * 200,
        "供电" * 5000,
        "第" + "一" * 300 + "名",
        "第一一一一一一一一一一一一一名",
    ],
)
def test_odd_texts_are_read_and_kept(body: str) -> None:
    found = read(body)
    assert from_document(to_document(found)) == found
    assert decide(found, read(STORY)).same is False
