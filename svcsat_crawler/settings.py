"""Scrapy settings: only what differs from Scrapy's default, with the reason and the default.

Addresses and secrets come from the environment (``MONGODB_URI``, ``SVCSAT_*``), never from here.
"""

import dataclasses
import importlib.util
import os

from svcsat_crawler.items import Article
from svcsat_crawler.sources.loop import event_loop

BOT_NAME = "svcsat_crawler"
SPIDER_MODULES = ["spiders"]
NEWSPIDER_MODULE = "spiders"
COMMANDS_MODULE = "svcsat_crawler.commands"

# Who is asking, and how to reach them: honest, set by whoever runs the crawl.
SVCSAT_CONTACT = os.environ.get("SVCSAT_CONTACT", "set SVCSAT_CONTACT")
USER_AGENT = f"svcsat_crawler/0.1 (news figures for research; contact: {SVCSAT_CONTACT})"

DEFAULT_REQUEST_HEADERS = {  # default: English pages are asked for
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9",
}

# Politeness (defaults: robots ignored, 8 at once, no delay, half of it at random, AutoThrottle off).
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "svcsat_crawler"
CONCURRENT_REQUESTS_PER_DOMAIN = 2
DOWNLOAD_DELAY = 1.0
DOWNLOAD_DELAY_JITTER = 0.0  # a delay is one only if every gap is as long
SVCSAT_LONGEST_WAIT = 300.0  # seconds of a Retry-After; a host that asks for more is left alone
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 1.0
AUTOTHROTTLE_MAX_DELAY = 30.0

# A web archive serves everybody: one request at a time, a gap after each.
DOWNLOAD_SLOTS = {"rescue": {"concurrency": 1, "delay": 4.0, "jitter": 0.0}}

# Limits (defaults: 1 GiB a page, 180 s, certificates unchecked, 20 redirects).
DOWNLOAD_MAXSIZE = 8 * 1024 * 1024
DOWNLOAD_WARNSIZE = 2 * 1024 * 1024
DOWNLOAD_TIMEOUT = 30
DOWNLOAD_VERIFY_CERTIFICATES = True
REDIRECT_MAX_TIMES = 3
RETRY_GIVE_UP_LOG_LEVEL = "WARNING"  # default ERROR; the failure is recorded and said at the end
# Pages taken in but not yet stored (default 5 MB): what a kill makes the next run fetch again.
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 1_000_000
CONCURRENT_ITEMS = 1  # default 100: makes 100 tasks a response; a page of ours is one item at most

# Only http and https, through the replica switch and, when asked for, a browser.
DOWNLOAD_HANDLERS = {
    "http": "svcsat_crawler.sources.handler.SwitchingDownloadHandler",
    "https": "svcsat_crawler.sources.handler.SwitchingDownloadHandler",
    "file": None,
    "ftp": None,
    "data": None,
    "s3": None,
}
SVCSAT_REPLICA = os.environ.get("SVCSAT_REPLICA", "")
# A name of the sites that leads into a private network is not connected to.
if not os.environ.get("SVCSAT_PRIVATE_ADDRESSES"):
    TWISTED_DNS_RESOLVER = "svcsat_crawler.sources.guard.PublicResolver"
SVCSAT_PACE = "svcsat_crawler.sources.pace.Pace"
# One crawl by several processes: all that name the same Redis, spider, arguments and store.
SVCSAT_REDIS = os.environ.get("SVCSAT_REDIS", "")
SVCSAT_SHARES = False  # `scrapy crawl` does; a replay or a look at a site's health never
SVCSAT_REDIS_LEASE = 30.0  # seconds of silence after which a worker's requests are given to others
ADDONS = {"svcsat_crawler.shared.addon.SharedAddon": 0}
SVCSAT_ANSWERS = True  # a crawl ends by bringing ledger, audit and gaps up to date
SVCSAT_SITES = os.environ.get("SVCSAT_SITES", "")
SVCSAT_CHROMIUM = os.environ.get("SVCSAT_CHROMIUM", "")

# Nothing listens and nothing runs code for others (both on by default).
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

# Not needed by these sites: each costs CPU on every page (all on by default).
COOKIES_ENABLED = False
REFERER_ENABLED = False
METAREFRESH_ENABLED = False
HTTPPROXY_ENABLED = False
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,
}
ASYNCIO_EVENT_LOOP = event_loop()  # default None: the slower standard loop

DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "svcsat_crawler.sources.guard.GuardMiddleware": 50,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "svcsat_crawler.sources.robots.RobotsMiddleware": 100,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "svcsat_crawler.sources.retry.PatientRetryMiddleware": 550,
    "svcsat_crawler.sources.recorded.WarcMiddleware": 10,
    "svcsat_crawler.sources.stored.StoredPageMiddleware": 20,
    "svcsat_crawler.sources.charset.CharsetMiddleware": 580,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "svcsat_crawler.sources.redirect.PlainRedirectMiddleware": 600,
}
ITEM_PIPELINES = {
    "pipelines.clean.CleanPipeline": 100,
    "pipelines.deduplicate.DeduplicatePipeline": 200,
    "pipelines.extract_metrics.ExtractMetricsPipeline": 300,
    "pipelines.archive.ArchivePipeline": 400,
    "pipelines.store.StorePipeline": 500,
}
EXTENSIONS = {
    "svcsat_crawler.sources.session.SessionExtension": 10,
    "svcsat_crawler.extensions.run_record.RunRecordExtension": 20,
    "svcsat_crawler.extensions.progress.ProgressExtension": 30,
    "svcsat_crawler.extensions.metrics_port.MetricsPortExtension": 40,
    "svcsat_crawler.extensions.aftermath.AftermathExtension": 50,
    "scrapy.extensions.logstats.LogStats": None,  # progress says the same, per source
}
DEFAULT_DROPITEM_LOG_LEVEL = "INFO"  # default WARNING
LOG_LEVEL = os.environ.get("SVCSAT_LOG_LEVEL", "INFO")  # default DEBUG
LOG_SHORT_NAMES = True
# Default None: all fields; the raw bytes of pages are for the archive.
FEED_EXPORT_FIELDS = [field.name for field in dataclasses.fields(Article) if field.name != "pages"]
FEED_EXPORT_ENCODING = "utf-8"  # default: \u escapes in JSON


def _roots() -> set[str]:
    """Return the folders (or eggs) that the three packages come from."""
    found = set()
    for name in ("svcsat_crawler", "spiders", "pipelines"):
        spec = importlib.util.find_spec(name)
        if spec is None or spec.origin is None:
            raise ImportError(f"package {name!r} is missing beside svcsat_crawler: broken checkout or egg")
        found.add(os.path.dirname(os.path.dirname(os.path.abspath(spec.origin))))  # noqa: PTH100, PTH120
    return found


# scrapyd appends the egg to sys.path, so any other package named "spiders" or "pipelines" would win
# silently and run stale code.
if len(_roots()) != 1:
    raise ImportError(
        f"svcsat_crawler, spiders and pipelines come from different places: {sorted(_roots())}; "
        "run from one checkout, or deploy into a place that has no such packages"
    )
