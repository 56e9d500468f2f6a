"""R12: ways in which a site breaks, each named in the first run that meets it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest

from tests.breakages.conftest import Change, Sites
from tests.replica.answers import Answer

API = ("nfplusapi.nfnews.com", "api.nfapp.southcn.com")
ARTICLE = re.compile(r"/\d{4}-\d\d-\d\d/\d+(_\d+)?\.html|/c\d+\.html")
STATIC = re.compile(r"/c\d+\.html")
LIST = re.compile(r"/web/dianwang/qiye/(?:index(_\d+)?\.html)?$")


def pages(pattern: re.Pattern[str], edit: Callable[[str], str]) -> Change:
    """Return a change of the text of the pages whose path fits *pattern*."""

    def change(host: str, target: str, answer: Answer) -> Answer:
        if answer.status != 200 or not pattern.search(target):
            return answer
        return Answer(edit(answer.body.decode()).encode(), 200, answer.headers)

    return change


def instead(pattern: re.Pattern[str], answer: Answer) -> Change:
    """Return a change that answers with the same for all paths that fit."""
    return lambda host, target, usual: answer if pattern.search(target) else usual


def damaged(host: str, target: str, answer: Answer) -> Answer:
    """Lose a byte out of every fifth character, as a broken proxy does."""
    if not ARTICLE.search(target):
        return answer
    body = re.sub(r"([\u4e00-\u9fff]{4})([\u4e00-\u9fff])", "\\1\x01", answer.body.decode()).encode()
    return Answer(body.replace(b"\x01", b"\xe4\xbd"), 200, answer.headers)


def twice_encoded(host: str, target: str, answer: Answer) -> Answer:
    if not ARTICLE.search(target):
        return answer
    return Answer(answer.body.decode("latin-1").encode(), answer.status, answer.headers)


def api(host: str, target: str, answer: Answer) -> Answer:
    """Rename a key of the interface."""
    if host not in API or answer.status != 200 or b'"list"' not in answer.body:
        return answer
    body = json.loads(answer.body)
    body["data"] = {"records": body["data"].pop("list"), **body["data"]}
    return Answer(json.dumps(body).encode(), 200, answer.headers)


def static_by_script(host: str, target: str, answer: Answer) -> Answer:
    """Leave static pages without text; the pc pages that are asked for then are not there any more."""
    if host.startswith("pc."):
        return page("404", 404)
    return pages(STATIC, lambda text: re.sub(r"<p\b.*</p>", "", text, flags=re.DOTALL))(host, target, answer)


def page(text: str, status: int = 200, **headers: str) -> Answer:
    return Answer(text.encode(), status, {"Content-Type": "text/html; charset=utf-8", **headers})


ANY = re.compile("^/(?!robots)")
NOTICE = "<html><head><title>信息提示</title></head><body>您要查看的链接不存在！</body></html>"
ERROR = "<html><head><title>信息提示</title></head><body>数据库连接错误</body></html>"
DOOR = "<html><head><title>访问验证</title></head><body>请完成安全验证</body></html>"
UNSPAN = (r"<span[^>]*>[（(\[]?\d{4}-\d\d-\d\d[)\]）]?</span>", "")

BREAKAGES: dict[str, tuple[str, str, Change]] = {
    "forbidden": ("ep18", "blocked", instead(ANY, page("403", 403))),
    "firewall status": ("ep18", "blocked", instead(ANY, page("418", 418))),
    "firewall page": ("ep18", "blocked", instead(ANY, page(DOOR))),
    "firewall on articles": ("ep18", "blocked", instead(ARTICLE, page(DOOR))),
    "server error": ("ep18", "server_error", instead(ANY, page("500", 500))),
    "robots forbid": ("ep18", "robots", instead(re.compile("robots"), page("User-agent: *\nDisallow: /"))),
    "robots unavailable": ("ep18", "robots", instead(re.compile("robots"), page("503", 503))),
    "moved": ("ep18", "moved", instead(ANY, page("", 301, Location="https://www.ep18-new.com/"))),
    "rows without dates": ("ep18", "layout", pages(LIST, lambda text: re.sub(*UNSPAN, text))),
    "dates in another form": (
        "ep18",
        "layout",
        pages(LIST, lambda text: re.sub(r"(\d{4})-(\d\d)-(\d\d)(?=[)\]）]?</span>)", r"\1年\2月\3日", text)),
    ),
    "empty list": (
        "ep18",
        "empty_list",
        pages(LIST, lambda text: re.sub(r"<li>.*?</li>", "", text, flags=re.S)),
    ),
    "pager gone": (
        "ep18",
        "pager_lost",
        pages(LIST, lambda text: re.sub(r'<div class="epages">.*?</div>', "", text, flags=re.S)),
    ),
    "body renamed": (
        "ep18",
        "layout",
        pages(ARTICLE, lambda text: re.sub(r' (class|id)="[^"]*"', "", text.replace("电力18讯", ""))),
    ),
    "body by script": (
        "ep18",
        "layout",
        pages(ARTICLE, lambda text: re.sub(r"<p\b.*</p>|<br.*<br[^>]*>", "", text, flags=re.S)),
    ),
    "damaged bytes": ("ep18", "charset", damaged),
    "encoded twice": ("ep18", "charset", twice_encoded),
    "soft 404": ("ep18", "soft_404", instead(ARTICLE, page(NOTICE))),
    "error page": ("ep18", "soft_404", instead(ARTICLE, page(ERROR))),
    "sent home": ("ep18", "soft_404", instead(ARTICLE, page("", 302, Location="http://ep18.cn/"))),
    "articles gone": ("ep18", "gone", instead(ARTICLE, page("404", 404))),
    "key renamed": ("nanfangplus", "api_renamed", api),
    "page for JSON": (
        "nanfangplus",
        "api_renamed",
        instead(re.compile("article/list"), page("<html>App</html>")),
    ),
    "interface forbidden": ("nanfangplus", "blocked", instead(re.compile("article/list"), page("", 405))),
    "static page renamed": (
        "nanfangplus",
        "layout",
        pages(re.compile(r"/c\d+\.html"), lambda text: re.sub(r'(class|id)="[^"]*"', "", text)),
    ),
    "static page by script, no pc page": ("nanfangplus", "layout", static_by_script),
    "posts by script": (
        "finews",
        "empty_list",
        pages(ANY, lambda text: re.sub(r"<a\b.*?</a>", "", text, flags=re.S)),
    ),
}


@pytest.mark.parametrize("name", BREAKAGES)
def test_a_breakage_is_named_by_the_first_run(sites: Sites, name: str) -> None:
    spider, kind, change = BREAKAGES[name]
    sites.change(change)
    result = sites.line.crawl(spider)
    run = sites.line.last_run(spider)
    assert result.returncode in (3, 4), result.stdout
    assert kind in [cause["kind"] for cause in run["causes"]], run["cause"]


def test_a_static_page_that_cannot_be_read_is_kept_though_the_pc_page_is_gone(sites: Sites) -> None:
    sites.change(static_by_script)
    sites.line.crawl("nanfangplus")
    failures = sites.line.documents("quarantine", {"spider": "nanfangplus", "resolved": None})
    kept = [failure for failure in failures if STATIC.search(failure["url"]) and failure["kind"] == "page"]
    assert kept
    assert all(failure["page"] and "fallback" not in failure["row"]["data"] for failure in kept)
    assert {failure["attempts"] for failure in kept} == {1}
    gone = [failure["reason"] for failure in failures if failure["kind"] == "gone"]
    assert gone and not [reason for reason in gone if "has no text" in reason], gone
    run = sites.line.last_run("nanfangplus")
    assert run["tally"]["failures"]["layout"] == run["counts"]["quarantined"] >= len(kept)

    sites.change(lambda host, target, answer: answer)
    sites.line.crawl("nanfangplus")
    ids = [failure["_id"] for failure in kept]
    assert all(failure["resolved"] for failure in sites.line.documents("quarantine", {"_id": {"$in": ids}}))


@pytest.mark.parametrize(
    ("fault", "options", "kind"),
    [
        ({"close": True}, (), "host_gone"),
        ({"delay": 4.0}, ("-s", "DOWNLOAD_TIMEOUT=1"), "slow"),
    ],
)
def test_a_silent_host_is_named(sites: Sites, fault: dict, options: tuple[str, ...], kind: str) -> None:
    sites.replica.fault("ep18.cn", "/web", **fault)
    result = sites.line.scrapy("crawl", "ep18", "-s", "DOWNLOAD_DELAY=0", "-s", "RETRY_TIMES=0", *options)
    assert result.returncode == 4
    assert [cause["kind"] for cause in sites.line.last_run("ep18")["causes"]] == [kind]


def test_a_pager_that_repeats_is_named(sites: Sites) -> None:
    first = sites.replica.page("ep18.cn", "/web/dianwang/qiye/index_2.html").body
    sites.replica.put("ep18.cn", "/web/dianwang/qiye/index_3.html", first)
    assert sites.line.crawl("ep18", "full=1").returncode == 3
    assert "pager_loops" in [cause["kind"] for cause in sites.line.last_run("ep18")["causes"]]
