"""The list row of a stored article: kept with it since schema 2, put together from its fields before."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from svcsat_crawler.storage.documents import beijing

_VIDEO = 2


def row_record(article: dict[str, Any]) -> dict[str, Any]:
    """Return the record of the row that a stored *article* was read with.

    Put together from the article, reading its pages again gives the same article: what the page itself
    says comes first, and for the rest the row said what the article holds.
    """
    if article.get("row"):
        return dict(article["row"])
    published, updated = beijing(article.get("published")), beijing(article.get("updated"))
    parts = urlsplit(article["url"]).path.split("/")
    return {
        "key": article["_id"],
        "url": article["url"],
        "title": article["title"],
        "listed": published.date().isoformat() if published else None,
        "signature": next(iter(article.get("listed_as") or ()), ""),
        "kind": "article",
        "reason": "",
        "data": {
            "type": None if article.get("body") else _VIDEO,
            "summary": article.get("summary") or "",
            "source": article.get("origin") or "",
            "column": article.get("column") or "",
            "column_id": article.get("column_id") or "",
            "released": published.isoformat() if published else None,
            "updated": updated.isoformat() if updated else None,
            "date": article.get("url_date"),
            "code": article["_id"].partition(":")[2],
            "category": parts[1] if len(parts) > 1 else "",
        },
    }
