"""The switch: a Scrapy add-on that has a crawl shared when ``SVCSAT_REDIS`` is set, and else does nothing."""

from __future__ import annotations

from scrapy.settings import Settings

# Seconds until a call is given up.  A worker that cannot reach Redis ends rather than wait.
_SECONDS = 10


class SharedAddon:
    """Puts the shared scheduler, start and pace in the places of the ones that know of one process only."""

    def update_settings(self, settings: Settings) -> None:
        if not settings["SVCSAT_REDIS"] or not settings.getbool("SVCSAT_SHARES"):
            return
        from svcsat_crawler.shared.start import SharedStart  # noqa: PLC0415 - brings the packages along

        settings.set("REDIS_URL", settings["SVCSAT_REDIS"], "addon")
        # A call is never sent twice: the second one could find what the first one has done.
        limits = {"socket_timeout": _SECONDS, "socket_connect_timeout": _SECONDS, "health_check_interval": 30}
        settings.set("REDIS_PARAMS", limits, "addon")
        settings.set("SCHEDULER", "svcsat_crawler.shared.scheduler.SharedScheduler", "addon")
        # An add-on's word counts less than the settings file's, which names the pace of one process.
        settings.set("SVCSAT_PACE", "svcsat_crawler.shared.pace.SharedPace", "cmdline")
        settings.setdefault_in_component_priority_dict("SPIDER_MIDDLEWARES", SharedStart, 10)
