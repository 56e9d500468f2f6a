"""What people type is found exactly or refused in one line that says what would be right."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import Any

import pytest

from svcsat_crawler.metrics import labels
from svcsat_crawler.metrics.lexicon import metrics
from svcsat_crawler.storage.queries import Asked, Bureau, Years
from svcsat_crawler.storage.queries.metric_order import CHIEF
from svcsat_crawler.terminal import asking, query
from svcsat_crawler.terminal.asking import AskingError
from svcsat_crawler.terminal.nothing import nothing
from svcsat_crawler.terminal.others import ASK
from tests.queries.conftest import Filled

SOURCES = ["ep18", "finews", "nanfangplus"]


def options(**given: str) -> argparse.Namespace:
    names = ("bureau", "province", "year", "metric", "survey", "source", "limit", "format", "output")
    return argparse.Namespace(**{name: given.get(name) for name in names})


@pytest.mark.parametrize(
    "typed",
    [
        "清远",
        "清远供电局",
        "csg-gd-qingyuan",
        "南方电网广东清远供电局",
        "清远市供电局",
        "清远市",
        "CSG-GD-QINGYUAN",
        " 清远供電局 ",
    ],
)
def test_a_bureau_is_found_by_id_name_and_variants(filled: Filled, typed: str) -> None:
    assert asking.bureau(filled.database, typed) == Bureau("csg-gd-qingyuan", "清远供电局")


def test_who_is_in_no_table_is_found_among_the_stored(filled: Filled) -> None:
    found = Bureau("name:国网邯郸供电公司", "国网邯郸供电公司")
    assert asking.bureau(filled.database, "国网邯郸供电公司") == found
    assert asking.bureau(filled.database, "邯郸") == found


def test_an_ambiguous_name_is_refused_and_its_meanings_are_listed(filled: Filled) -> None:
    like = filled.facts[0]
    twin = {**like, "_id": "twin", "subject_key": "name:邯郸市"}
    filled.database.metrics.insert_one(twin)
    try:
        with pytest.raises(
            AskingError, match=r"^--bureau '邯郸' may be 国网邯郸供电公司, 邯郸市: name one of them$"
        ):
            asking.bureau(filled.database, "邯郸")
    finally:
        filled.database.metrics.delete_one({"_id": "twin"})


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("清源供电局", "清远供电局"),
        ("清", "清远供电局"),
        ("国网邯", "国网邯郸供电公司"),
        ("xyz", "try e.g. 清远供电局 or 清远"),
    ],
)
def test_an_unknown_bureau_is_never_guessed(filled: Filled, typed: str, near: str) -> None:
    with pytest.raises(AskingError, match=near):
        asking.bureau(filled.database, typed)


def test_a_name_cannot_become_an_operator(filled: Filled) -> None:
    for typed in ('{"$ne": null}', "$where", ".*", "name:", "\x00"):
        with pytest.raises(AskingError):
            asking.bureau(filled.database, typed)
        with pytest.raises(AskingError):
            asking.survey(filled.database, typed)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("满意度", ("satisfaction_score", "satisfaction_rate", "satisfaction_rank", "satisfaction_streak")),
        ("停电时间", ("saidi",)),
        ("SAIDI", ("saidi",)),
        ("供电可靠率，停电次数", ("asai", "saifi")),
        ("saidi,saidi", ("saidi",)),
    ],
)
def test_metrics_are_known_by_id_and_by_chinese_name(typed: str, meant: tuple[str, ...]) -> None:
    assert asking.metrics(typed) == meant


def test_every_label_belongs_to_a_metric_and_the_chief_ones_have_one() -> None:
    assert set(labels._labels()) <= set(metrics())
    assert all(labels.label(metric) != metric for metric in CHIEF)
    names = [labels.label(metric) for metric in metrics()]
    assert len(names) == len(set(names)), "two metrics are shown by one name"


def test_a_survey_is_known_by_id_name_and_variant(filled: Filled) -> None:
    for typed in ("gd-province-conditions", "广东省省情调查研究中心", "省情中心"):
        assert asking.survey(filled.database, typed) == "gd-province-conditions"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"year": "21"}, "--year '21' is no year: right is e.g. 2021, 2016-2021 or 2016-"),
        ({"year": "2021-2016"}, "--year '2021-2016' is no year"),
        ({"year": "-"}, "--year '-' is no year"),
        ({"year": "1066"}, "--year '1066' is no year"),
        ({"metric": "saidy"}, "--metric 'saidy' is unknown: did you mean saidi"),
        ({"metric": "qqqqqq"}, "voltage_pass_rate"),
        ({"province": "广冻"}, "--province '广冻' is unknown: there are 北京, "),
        ({"source": "ep19"}, "--source 'ep19' is unknown: there are ep18, finews, nanfangplus"),
        ({"limit": "0"}, "--limit '0' is no whole number from 1"),
        ({"limit": "many"}, "--limit 'many' is no whole number from 1"),
        ({"format": "xls"}, "--format 'xls' tells no format: there are csv, jsonl, xlsx, parquet"),
        ({"output": "a.doc"}, "-o 'a.doc' tells no format"),
        ({"format": "xlsx"}, "--format xlsx needs -o FILE.xlsx"),
        ({"format": "table", "output": "a.csv"}, "a table is for the screen"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_line(given: dict[str, str], said: str) -> None:
    with pytest.raises(AskingError) as refused:
        asking.checked(options(**given), SOURCES)
    assert said in str(refused.value) and "\n" not in str(refused.value)


def test_the_file_tells_the_format_unless_it_is_said() -> None:
    read = asking.checked(options(output="a.XLSX"), SOURCES)
    assert (read.format, read.output) == ("xlsx", Path("a.XLSX"))
    assert asking.checked(options(output="a.txt", format="csv"), SOURCES).format == "csv"
    assert asking.checked(options(), SOURCES).format == "table"
    assert asking.checked(options(year="2016-"), SOURCES).filters.years == Years(
        2016, asking.years("2016-").last
    )


def test_an_empty_answer_says_what_was_looked_for_and_what_there_is(filled: Filled) -> None:
    row = next(row for row in filled.answers.ledger if row["metric"] == "saidi")
    bureau = Bureau(row["subject_key"], row["subject"]["name"])
    told = nothing(
        filled.database, "series", Asked(bureau=bureau, metrics=("saidi",), years=Years(1995, 1996))
    )
    assert told.startswith(f"no saidi of {bureau.name} in 1995–1996; years there: ")
    assert str(row["year"]) in told or "–" in told
    told = nothing(
        filled.database,
        "series",
        Asked(bureau=bureau, metrics=("market_users", "saifi"), years=Years(1995, 1995)),
    )
    assert "\n" not in told
    told = nothing(filled.database, "facts", Asked(metrics=("satisfaction_score",), survey="org:零点"))
    assert told.startswith("no satisfaction_score by 零点; survey there: no named survey, 中电数据调查中心, ")
    told = nothing(filled.database, "facts", Asked(source="finews", survey="org:零点"))
    assert told == "no facts by 零点 from finews"
    told = nothing(filled.database, "gaps", Asked(metrics=("saidi",), province="西藏"))
    assert told.startswith("no gaps with saidi in 西藏; metrics there: ")


@pytest.mark.parametrize("question", list(ASK))
def test_an_empty_answer_of_every_kind_says_what_there_is_instead(filled: Filled, question: str) -> None:
    told = nothing(filled.database, question, Asked(years=Years(1991, 1991)))
    assert re.search(r" in 1991; years there(, for example)?: .*(19|20)\d\d", told), told


def test_the_filter_to_leave_out_is_found(filled: Filled) -> None:
    gap = filled.answers.gaps[0]
    bureau = Bureau(gap["subject_key"], gap["subject"]["name"])
    told = nothing(filled.database, "gaps", Asked(bureau=bureau, metrics=("market_users",)))
    assert f"{gap['metric']} " in told.partition("; metrics there: ")[2]
    told = nothing(filled.database, "runs", Asked(source="nobody"))
    assert "; source there: ep18" in told


def test_an_empty_store_says_what_is_to_be_done(filled: Filled) -> None:
    empty: Any = filled.database.client["nothing_here"]
    for question in ASK:
        assert nothing(empty, question, Asked()).endswith(": nothing is stored yet; run scrapy crawl")
    assert nothing(empty, "series", Asked()).endswith("the store holds none at all; run scrapy crawl")


@pytest.mark.parametrize(
    ("question", "typed", "told"),
    [
        ("audit", {"source": "ep18"}, "audit takes no --source: .+; right are --bureau, --province, --year, --metric, --survey"),
        ("watch", {"survey": "省情中心"}, "watch takes no --survey: .+; right are .+--source"),
        ("streaks", {"metric": "saidi"}, "streaks takes no --metric: .+"),
        ("runs", {"bureau": "清远"}, "runs takes no --bureau: .+; right are --year, --source"),
    ],
)  # fmt: skip
def test_a_filter_that_would_be_ignored_is_refused(question: str, typed: dict[str, str], told: str) -> None:
    with pytest.raises(AskingError, match=f"^{told}$"):
        asking.suited(question, options(**typed))
    asking.suited(question, options(year="2021"))
    asking.suited("series", options(**typed))


@pytest.mark.parametrize(
    "name", ["bureau", "province", "year", "metric", "survey", "source", "limit", "format", "output"]
)
def test_an_option_without_a_value_is_refused_and_not_left_out(name: str) -> None:
    for value in ("", " "):
        with pytest.raises(AskingError, match=f"^--{name} is empty: give a value or leave the option out$"):
            asking.checked(options(**{name: value}), SOURCES)


def test_a_survey_that_fits_none_names_those_that_are_stored(filled: Filled) -> None:
    database: Any = filled.database.client["of_surveys"]
    keys = ["name:当地公共服务评价", "name:当地公共服务评价", "org:零点", "gd-statistics", ""]
    database.ledger.insert_many([{"survey_key": key} for key in keys])
    try:
        assert asking.stored_surveys(database) == ["当地公共服务评价", "零点"]
        with pytest.raises(AskingError, match=r"did you mean 当地公共服务评价\? there are gd-province"):
            asking.survey(database, "公共服务")
        with pytest.raises(
            AskingError, match="there are .*; by other names the store holds 当地公共服务评价, 零点$"
        ):
            asking.survey(database, "zzzz")
    finally:
        filled.database.client.drop_database("of_surveys")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["league", "清远"], "'清远' after league is unknown: filters have names, e.g. --bureau 清远"),
        (["leage"], "'leage' is no question: ask for one of series, "),
        ([], "ask for one of series, "),
    ],
)
def test_words_that_are_no_question_are_named(
    capsys: pytest.CaptureFixture[str], words: list[str], told: str
) -> None:
    assert query.run(words, options(), SOURCES) == 2
    assert capsys.readouterr().err.startswith(f"scrapy query: {told}")


def test_no_header_stands_above_no_runs(filled: Filled, capsys: pytest.CaptureFixture[str]) -> None:
    chosen = asking.checked(options(year="1991"), SOURCES)
    query._answer("runs", filled.database, chosen, asking.asked(chosen, filled.database))
    assert capsys.readouterr().out.startswith("no runs in 1991; years there: ")
