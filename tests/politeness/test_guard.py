"""No request leaves for anywhere but the spider's own hosts, whatever a page or an answer says."""

import re
from pathlib import Path

import pytest
from twisted.internet import reactor
from twisted.internet.error import DNSLookupError

from svcsat_crawler.sources import guard
from tests.crawls.conftest import Line
from tests.replica.server import Replica

OWN = ("http://ep18.cn/a.html", "https://www.ep18.cn/", "http://EP18.cn:80/x?y=1", "https://ep18.cn:443/")
# Where a redirect, a row or a pager could lead: other hosts, this machine, other protocols, tricks.
ELSEWHERE = (
    "http://127.0.0.1/",
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://017700000001/",
    "http://0.0.0.0/",
    "http://localhost/",
    "http://localhost.localdomain/admin",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://169.254.169.254/latest/meta-data/",
    "http://[fd00:ec2::254]/latest/",
    "http://metadata.google.internal/computeMetadata/v1/",
    "http://10.0.0.1/",
    "http://192.168.1.1/",
    "https://example.com/",
    "http://ep18.cn.example.com/",
    "http://notep18.cn/",
    "http://ep18.cn@127.0.0.1/",
    "http://ep18.cn:80@127.0.0.1/",
    "http://127.0.0.1@ep18.cn/",
    "http://user:password@ep18.cn/",
    "http://127.0.0.1\\@ep18.cn/",
    "http://ep18.cn\\@127.0.0.1/",
    "http://ep18。cn/",
    "http://ｅｐ18.cn/",
    "http://еp18.cn/",
    "http://ep18.cn:22/",
    "http://ep18.cn:6379/",
    "http://ep18.cn%2f@127.0.0.1/",
    "//127.0.0.1/",
    "file:///etc/passwd",
    "ftp://ep18.cn/a.html",
    "data:text/html,<h1>x</h1>",
    "gopher://ep18.cn/",
    "http://",
    "http://ep18.cn:99999/",
)


@pytest.mark.parametrize("url", OWN)
def test_own_hosts_pass(url: str) -> None:
    assert guard.refusal(url, ["ep18.cn"]) is None


@pytest.mark.parametrize("url", ELSEWHERE)
def test_everything_else_is_refused_with_a_reason(url: str) -> None:
    assert guard.refusal(url, ["ep18.cn"])


def test_no_redirect_leads_a_crawl_elsewhere(line: Line, replica: Replica) -> None:
    lists = ("/web/dianwang/qiye/", "/web/dianwang/qiye/index_2.html")
    found = "".join(replica.page("ep18.cn", path).body.decode() for path in lists)
    rows = re.findall(
        r'<li><a href="(?:http://(?:www\.)?ep18\.cn)?(/web/dianwang/qiye/\d[^"]+\.html)"', found
    )
    tricks = dict(zip(dict.fromkeys(rows), ELSEWHERE, strict=False))
    assert len(tricks) == len(ELSEWHERE)
    for path, target in tricks.items():
        to = {"Location": target.encode().decode("latin-1")}
        replica.put("ep18.cn", path, b"", status=302, headers=to)
    # The first answer is a 503: a request that is tried again is no less guarded.
    replica.fault("ep18.cn", rows[0], status=503, times=1)
    result = line.crawl("ep18", "max_pages=2")
    assert result.returncode == 3
    assert {seen.host for seen in replica.requests} <= {"ep18.cn", "www.ep18.cn"}
    sent = {seen.path for seen in replica.requests}
    assert not any(word in path for path in sent for word in ("passwd", "latest", "admin", "computeMetadata"))
    failures = {document["row"]["url"]: document["reason"] for document in line.documents("quarantine")}
    for path in tricks:
        assert failures[f"http://ep18.cn{path}"], path
    reasons = list(failures.values())
    assert sum("none of this spider's hosts" in reason for reason in reasons) >= 15
    assert sum("is no plain host name" in reason for reason in reasons) >= 6


def test_a_name_that_leads_to_this_machine_is_not_connected_to() -> None:
    resolver = guard.PublicResolver(reactor, 0, 5.0)
    with pytest.raises(DNSLookupError, match="no public address"):
        resolver._public("127.0.0.1", "ep18.cn")
    assert "ep18.cn resolves to 127.0.0.1" in str(guard.why_unresolved("ep18.cn"))
    assert resolver._public("127.0.0.1", "127.0.0.1") == "127.0.0.1"
    assert resolver._public("8.8.8.8", "www.ep18.cn") == "8.8.8.8"
    guard.PublicResolver.refused.clear()


def test_a_live_crawl_says_that_its_site_resolves_to_this_machine(line: Line, tmp_path: Path) -> None:
    """The real resolver in a real crawl: ``localhost`` stands for a site's name gone astray."""
    spider = tmp_path / "astray.py"
    spider.write_text(
        "from spiders.ep18 import Ep18Spider\n"
        "class Astray(Ep18Spider):\n"
        "    name = 'ep18'\n"
        "    allowed_domains = ['localhost']\n"
        "    hosts = ('localhost',)\n",
        "utf-8",
    )
    line.replica = ""
    line.environment["PYTHONPATH"] = str(tmp_path)
    quick = ("-s", "RETRY_TIMES=0", "-s", "DOWNLOAD_DELAY=0")
    modules = ("-s", "SPIDER_MODULES=astray", "-a", "lists=http://localhost/web/dianwang/qiye/")
    result = line.scrapy("crawl", "ep18", *modules, *quick)
    assert result.returncode == 4
    assert "localhost resolves to 127.0.0.1" in " ".join(result.stdout.split())
