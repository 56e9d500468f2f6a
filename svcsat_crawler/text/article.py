"""The clean step of one article, shared by the crawl and by all that reads archived pages again."""

from __future__ import annotations

from collections import Counter

from svcsat_crawler.items import Article
from svcsat_crawler.text.clean import clean_text
from svcsat_crawler.text.fingerprint import text_hash


def clean_article(article: Article, *, trailing_editor: bool) -> Counter[str]:
    """Take boilerplate, credits, byline and editor out of the body, in place; return what was changed.

    *trailing_editor*: the site's articles end with the bare name of the source's editor.
    """
    cleaned = clean_text(article.body, trailing_editor=trailing_editor, title=article.title)
    article.body = cleaned.body
    article.byline = article.byline or cleaned.byline
    article.editor = article.editor or cleaned.editor
    article.credits += cleaned.credits
    article.text_hash = text_hash(article.body)
    return cleaned.counts
