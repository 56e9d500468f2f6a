"""Addresses that lead to a sentence."""

from __future__ import annotations

from urllib.parse import quote, urldefrag

ENDS = 12  # characters of the first and last part of a sentence that find it


def sentence_link(url: str, sentence: str) -> str:
    """Return the address of the article, with a text fragment that browsers scroll to and mark.

    Only both ends of the sentence are named, so that line breaks of the page inside it do no harm; a browser
    that does not know such fragments opens the article.

    >>> sentence_link("http://a.cn/1.html", "得分,81.57")
    'http://a.cn/1.html#:~:text=%E5%BE%97%E5%88%86%2C81.57'
    >>> sentence_link("http://a.cn/1.html#top", "ab-" * 10)
    'http://a.cn/1.html#:~:text=ab%2Dab%2Dab%2Dab%2D,ab%2Dab%2Dab%2Dab%2D'
    """
    words = sentence.strip()
    ends = [words] if len(words) <= 2 * ENDS and "\n" not in words else [words[:ENDS], words[-ENDS:]]
    written = ",".join(quote(" ".join(end.split()), safe="").replace("-", "%2D") for end in ends)
    return f"{urldefrag(url).url}#:~:text={written}" if words else url
