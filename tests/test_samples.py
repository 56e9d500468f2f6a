"""The main job on real input: the two real articles, as their sites would hand them out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from svcsat_crawler.storage import embedded
from svcsat_crawler.storage.documents import beijing
from tests import sample_sites
from tests.crawls.conftest import Line

pytestmark = pytest.mark.skipif(
    not sample_sites.SAMPLES.is_dir(), reason="the sites' dossiers do not lie beside this checkout"
)
DATA = sample_sites.SHARED / "data"


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    with sample_sites.serving() as address:
        line = Line(tmp_path_factory.mktemp("samples") / "data", address)
        for spider, arguments in (("ep18", ["lists=http://ep18.cn/web/dianwang/qiye/"]), ("finews", [])):
            result = line.crawl(spider, *arguments)
            assert "verdict:" in result.stdout, result.stderr[-2000:]
        yield line
        embedded.stop(line.data)


def words(text: str) -> str:
    """Fold what the copies beside the checkout do not keep: widths, blanks."""
    wide = dict(zip("，：；（）！？％", ",:;()!?%", strict=True))
    return re.sub(r"\s+", "", "".join(wide.get(sign, sign) for sign in text))


def body_of(file: Path, first: str, last: str) -> str:
    text = re.sub("<[^>]+>", "", file.read_text("utf-8"))
    return words(text[text.index(first) : text.index(last) + len(last)])


def facts(line: Line, article: str) -> dict[str, list[dict]]:
    found: dict[str, list[dict]] = {}
    for fact in line.documents("metrics", {"article": article, "status": "measured"}):
        assert fact["raw"] in fact["evidence"]["sentence"]
        found.setdefault(fact["metric"], []).append(fact)
    return found


def test_dongguan_2016(crawled: Line) -> None:
    (article,) = crawled.documents("articles", {"_id": "ep18:717288"})
    assert article["title"] == "东莞供电客户满意度实现六连冠成绩斐然"
    moment = beijing(article["published"])
    assert moment and moment.isoformat() == "2016-12-21T00:00:00+08:00"
    assert (article["published_precision"], article["url_date"]) == ("day", "2016-12-22")
    printed = body_of(DATA / "ep18-2016-12-22-717288.txt", "日前,广东省省情", "满足客户的报装需求。")
    assert words(article["body"]) == printed
    found = facts(crawled, "ep18:717288")
    (score,) = found["satisfaction_score"]
    assert (score["value"], score["subject"]["name"], score["year"]) == (81.57, "东莞供电局", 2016)
    assert (score["comparison"]["direction"], score["comparison"]["value"]) == ("up", 1.57)
    (rank,) = found["satisfaction_rank"]
    assert (rank["value"], rank["subject"]["name"], rank["year"]) == (1, "东莞供电局", 2016)
    (streak,) = found["satisfaction_streak"]
    assert (streak["value"], streak["subject"]["name"], streak["year"]) == (6, "东莞供电局", 2016)


def test_qingyuan_2021(crawled: Line) -> None:
    key = "finews:NW202112292230310598"
    (article,) = crawled.documents("articles", {"_id": key})
    assert article["title"] == "13连冠！清远供电局公共服务评价稳居榜首"
    moment = beijing(article["published"])
    assert moment and moment.isoformat() == "2021-12-29T20:06:31+08:00"
    source = DATA / "nanfangplus-NW202112292230310598.md"
    assert words(article["body"]) == body_of(source, "速读", "用电营商环境贡献力量。")
    found = facts(crawled, key)
    assert [fact["value"] for fact in found["satisfaction_score"]] == [84.61]
    ranks = {fact["value"]: fact for fact in found["satisfaction_rank"]}
    assert set(ranks) == {1, 9}
    assert (ranks[9]["rank"]["of"], ranks[9]["comparison"]["base"]) == (20, 13)
    assert [fact["value"] for fact in found["satisfaction_streak"]] == [13]
    saidi = next(fact for fact in found["saidi"] if fact["value"] == 3.33)
    assert (saidi["comparison"]["direction"], saidi["comparison"]["value"]) == ("down", 50)
    assert (saidi["period"]["start"], saidi["period"]["end"]) == ("2021-01-01", "2021-11-30")
    (saifi,) = found["saifi"]
    assert (saifi["value"], saifi["comparison"]["value"]) == (0.97, 37)
    for fact in (found["satisfaction_score"][0], ranks[9], saidi, saifi):
        assert (fact["subject"]["name"], fact["year"]) == ("清远供电局", 2021)
