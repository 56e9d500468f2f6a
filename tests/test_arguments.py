"""Spider arguments: typed when right, refused in one line that says what is right."""

from datetime import date

import pytest

from svcsat_crawler.sources.arguments import ArgumentError, parse
from svcsat_crawler.sources.options import OptionsError, load


def test_right_arguments_are_typed() -> None:
    found = parse(
        {
            "lists": "企业风采，其他",
            "since": "2016",
            "until": "2016-12",
            "max_pages": "3",
            "full": "1",
            "_job": "x",
        },
        lists_name="lists",
    )
    assert found.chosen == ("企业风采", "其他")
    assert (found.since, found.until) == (date(2016, 1, 1), date(2016, 12, 31))
    assert (found.max_pages, found.full, found.browser) == (3, True, False)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"list": "x"}, "unknown argument 'list': this spider takes lists, since"),
        ({"since": "last year"}, "since='last year' is no date: write 2021, 2021-12 or 2021-12-29"),
        ({"since": "2021-02-30"}, "since='2021-02-30' is no date"),
        ({"until": "2021-13"}, "until='2021-13' is no date"),
        ({"since": "2022", "until": "2021"}, "since=2022 is later than until=2021"),
        ({"max_pages": "0"}, "max_pages='0' is no whole number from 1"),
        ({"max_pages": "two"}, "max_pages='two' is no whole number from 1"),
        ({"recheck": "0"}, "recheck='0' is no whole number of days from 1"),
        ({"recheck": "30d"}, "recheck='30d' is no whole number of days from 1"),
        ({"recheck": "30", "warc": "a.warc"}, "recheck= asks the site again and warc= asks nobody"),
        ({"full": "yes"}, "full='yes' is neither 0 nor 1"),
        ({"keywords": " "}, "keywords= is empty"),
    ],
)
def test_wrong_arguments_are_refused(given: dict[str, str], said: str) -> None:
    with pytest.raises(ArgumentError) as refusal:
        parse(given, lists_name="lists")
    assert said in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_options_of_the_user_change_the_packaged_ones(tmp_path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('[ep18.lists]\n"其他" = "http://ep18.cn/web/other/"\n', "utf-8")
    lists = load("ep18", str(file))["lists"]
    assert lists["其他"] == "http://ep18.cn/web/other/"
    assert "企业风采" in lists


@pytest.mark.parametrize(
    ("text", "said"),
    [("[ep18", "is no TOML"), ("[ep19]\nx = 1", "unknown site [ep19], known are ep18, nanfangplus, finews")],
)
def test_wrong_options_name_the_file(tmp_path, text: str, said: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(OptionsError) as refusal:
        load("ep18", str(file))
    assert said in str(refusal.value)
    assert str(file) in str(refusal.value)


def test_a_missing_options_file_is_named(tmp_path) -> None:
    with pytest.raises(OptionsError, match="cannot be read: No such file"):
        load("ep18", str(tmp_path / "none.toml"))
