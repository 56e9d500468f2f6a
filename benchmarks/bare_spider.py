"""The peer of ``make bench``: what a bare Scrapy + parsel spider does with the same pages.

``scrapy runspider`` with Scrapy's own settings, politeness off: list pages, then title, date and body of
each article.  Nothing is cleaned, stored, archived or checked.
"""

import re

import scrapy


class BareSpider(scrapy.Spider):
    name = "bare"
    count = 0

    async def start(self):
        yield self.ask(f"{self.base}{self.path}", self.parse)

    def ask(self, url, callback):
        """Go to the stand-in whatever host a link names."""
        path = re.sub(r"^https?://[^/]+", "", url)
        return scrapy.Request(self.base + path, callback, headers={"Host": self.host})

    def parse(self, response):
        for href in response.xpath("//li[span]/a/@href").getall():
            if re.search(r"/\d+\.html$", href):
                yield self.ask(response.urljoin(href), self.parse_article)
        following = response.xpath("//a[normalize-space()='下一页']/@href").get()
        if following:
            yield self.ask(response.urljoin(following), self.parse)

    def parse_article(self, response):
        self.count += 1
        yield {
            "title": response.css("h1::text").get(),
            "date": response.xpath("//div[contains(text(), '来源')]/text()").re_first(r"\d{4}-\d\d-\d\d"),
            "body": "\n".join(response.css("#text p::text").getall()),
        }

    def closed(self, reason):
        print(f"articles {self.count}")
