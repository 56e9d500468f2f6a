"""Redirects without the Referer header, which this project never sends."""

from __future__ import annotations

from scrapy import Request
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.http import Response


class PlainRedirectMiddleware(RedirectMiddleware):
    """Scrapy's redirects; the Referer middleware, at work on every request, is not needed for them."""

    def handle_referer(self, request: Request, response: Response) -> None:
        """Do nothing: there is no Referer to keep or to take away."""
