"""Redirects that lose no article and send no Referer."""

from __future__ import annotations

from typing import Any

from scrapy import Request
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.http import Response


class PlainRedirectMiddleware(RedirectMiddleware):
    """Scrapy's redirects, of which the second to one address is dropped without a word.

    Sites send all their deleted articles to one page: each of them is to be judged and recorded.
    """

    def _redirect(self, redirected: Request, request: Request, reason: Any) -> Request:
        following = super()._redirect(redirected, request, reason)
        following.dont_filter = True
        return following

    def handle_referer(self, request: Request, response: Response) -> None:
        """Do nothing: the Referer middleware, at work on every request, is switched off."""
