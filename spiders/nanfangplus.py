"""南方Plus (南方+): columns of a JSON interface, static article pages."""

import re

from svcsat_crawler.sources.column_api import ColumnApiSpider
from svcsat_crawler.text.urls import canonical


class NanfangplusSpider(ColumnApiSpider):
    """南方Plus columns: -a columns= (numbers, names or m.* addresses), keywords, since, until, browser."""

    name = "nanfangplus"
    key_prefix = "nfplus"
    allowed_domains = [
        "nfplusapi.nfnews.com",
        "api.nfapp.southcn.com",
        "static.nfnews.com",
        "static.nfapp.southcn.com",
        "pc.nfnews.com",
        "pc.nfapp.southcn.com",
        "www.nfnews.com",
        "m.nfnews.com",
        "m.nfapp.southcn.com",
    ]
    script_hosts = ("m.nfnews.com", "m.nfapp.southcn.com")
    article_address = (
        re.compile(r"//static\.(?:nfnews|nfapp\.southcn)\.com/content/\d{6}/\d{2}/c(?P<id>\d+)\.html"),
        re.compile(r"//pc\.(?:nfapp\.southcn|nfnews)\.com/\d+/(?P<id>\d+)\.html"),
        re.compile(r"[?&]articleId=(?P<id>\d+)"),
    )

    def canonical(self, url: str) -> str:
        """Two hosts serve each page under the same path; queries only tell where a reader came from."""
        host = re.sub(r"(?<=//)(static|pc)\.nfapp\.southcn\.com", r"\1.nfnews.com", url).split("/")[2]
        return canonical(url, host=host, scheme="https", query="articleId=" in url)
