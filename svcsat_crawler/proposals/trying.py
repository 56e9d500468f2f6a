"""Selectors tried out: what a site's own parser reads with them from archived pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from parsel import Selector

from svcsat_crawler.items import Article
from svcsat_crawler.proposals.archive import Archived
from svcsat_crawler.proposals.choosing import Broken, Candidate, candidates, rules
from svcsat_crawler.proposals.finding import text_box
from svcsat_crawler.sources import options
from svcsat_crawler.sources.failures import Unusable
from svcsat_crawler.sources.news import NewsSpider

# Share of the longest text of a page that a reading has to hold: captions and by-lines may go.
_WHOLE = 0.7

Rules = dict[str, list[dict[str, str]]]


class Proposal(NamedTuple):
    """Selectors, what each was found on, and what the parser makes of them.

    *read* of *broken* pages become articles by a selector, *same* of *old* articles read as before.
    """

    rules: Rules
    found: dict[str, list[Candidate]]
    read: int
    broken: int
    same: int
    old: int


def propose(spider: NewsSpider, broken: Sequence[Archived], good: Sequence[Archived]) -> Proposal | None:
    """Return the selectors that read most of the *broken* pages and change least of the *good* ones.

    None when there is nothing on these pages that the parser does not know.
    """
    own = spider.options
    titled = [Broken(each.response.url, each.response.text, _title(each)) for each in broken]
    found = candidates(titled)
    proposals = []
    try:
        before = [_read(spider, each) for each in good]
        for first in (False, True):
            merged = rules(found, own["article"], first=first)
            if not merged:
                return None
            spider.options = options.merge(own, {"article": merged})
            read = sum(_is_whole(_read(spider, each), each) for each in broken)
            same = sum(_same(then, _read(spider, each)) for then, each in zip(before, good, strict=True))
            proposals.append(Proposal(merged, found, read, len(broken), same, len(good)))
    finally:
        spider.options = own
    return max(proposals, key=lambda each: (each.read, each.same))


def _title(page: Archived) -> str:
    """Return the title that the list gives, else what stands before the site's name in ``<title>``."""
    if page.row.title:
        return page.row.title
    return (Selector(page.response.text).xpath("//title/text()").get() or page.title).split("_")[0].strip()


def _read(spider: NewsSpider, page: Archived) -> Article | None:
    try:
        return spider.read_article([page.response], page.row)
    except Unusable:
        return None


def _is_whole(article: Article | None, page: Archived) -> bool:
    if article is None or article.read_by == "generic" or not article.title:
        return False
    box = text_box(Selector(page.response.text).root)
    return box is None or len("".join(article.body.split())) >= _WHOLE * len("".join(box.text.split()))


def _same(then: Article | None, now: Article | None) -> bool:
    return then is not None and now is not None and (then.title, then.body) == (now.title, now.body)
