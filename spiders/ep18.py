"""电力18 (ep18.cn): topic lists of an EmpireCMS site."""

import re

from svcsat_crawler.sources.topic_list import TopicListSpider


class Ep18Spider(TopicListSpider):
    """电力18 topic lists: -a lists= (names or addresses), since, until, max_pages, keywords, full."""

    name = "ep18"
    key_prefix = "ep18"
    allowed_domains = ["ep18.cn"]
    hosts = ("ep18.cn", "www.ep18.cn")
    article_path = re.compile(r"^/(?:[\w-]+/)+\d{4}-\d{1,2}-\d{1,2}/(?P<id>\d+)(?:_(?P<page>\d+))?\.html$")
