"""Names of several places are listed and get no id."""

from __future__ import annotations

import pytest

from svcsat_crawler.metrics import extract
from svcsat_crawler.organisations.ambiguous import AmbiguousName, ambiguous_names

NAMES = {entry.name: entry for entry in ambiguous_names()}
SUPPLIERS = ("供电局", "供电公司", "市供电公司", "区供电局")


def test_well_known_ones_are_listed() -> None:
    assert {"朝阳", "鼓楼", "海州", "白云", "清河"} <= set(NAMES)
    assert NAMES["鼓楼"].places == ("江苏南京鼓楼区", "江苏徐州鼓楼区", "河南开封鼓楼区", "福建福州鼓楼区")


def test_a_place_within_its_own_namesake_makes_no_ambiguity() -> None:
    assert "清远" not in NAMES
    assert not any("朝阳县" in place for place in NAMES["朝阳"].places)


@pytest.mark.parametrize("entry", NAMES.values(), ids=NAMES)
def test_a_supplier_of_such_a_name_gets_no_guessed_id(entry: AmbiguousName) -> None:
    for ending in SUPPLIERS:
        facts = extract(f"2021年，{entry.name}{ending}客户平均停电时间4小时。")
        assert {fact.subject.id for fact in facts if fact.subject} <= {None, entry.id}, ending


def test_the_province_of_such_a_name_is_not_guessed_either() -> None:
    facts = extract("2021年，朝阳供电公司客户平均停电时间4小时。全省供电可靠率99.9%。")
    assert [fact.subject.name for fact in facts if fact.subject] == ["朝阳供电公司", "朝阳供电公司"]
