"""finews: the mirror of financial media that carries 南方Plus."""

from svcsat_crawler.sources.category_page import CategoryPageSpider


class FinewsSpider(CategoryPageSpider):
    """南方Plus posts of finews: -a categories=, posts= (codes of dropped ones), since, until, keywords."""

    name = "finews"
    key_prefix = "finews"
    allowed_domains = ["finews.withounder.com", "raw.githubusercontent.com"]
