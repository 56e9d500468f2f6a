"""What a crawl loads before its first request: Scrapy imports every command at every start."""

from __future__ import annotations

import json
import subprocess
import sys

from tests.building import ROOT, spider_names

# For answers, files, messages, other commands, or the table at the end.
LATER = """
rich.table rich.progress svcsat_crawler.answers svcsat_crawler.clusters xlsxwriter arro3 cronsim smtplib prometheus_client trafilatura playwright multiprocessing
svcsat_crawler.export svcsat_crawler.health svcsat_crawler.notifying
svcsat_crawler.proof.workers svcsat_crawler.proposals svcsat_crawler.schedule svcsat_crawler.storage.migrate
svcsat_crawler.storage.transfer svcsat_crawler.terminal.answers svcsat_crawler.terminal.tables
""".split()
START = """
import json, sys
from scrapy.cmdline import _get_commands_dict
from scrapy.utils.misc import load_object
from scrapy.utils.project import get_project_settings
settings = get_project_settings()
commands = _get_commands_dict(settings, inproject=True)
import svcsat_crawler.terminal.checks
for name in ("EXTENSIONS", "DOWNLOADER_MIDDLEWARES", "ITEM_PIPELINES", "DOWNLOAD_HANDLERS"):
    for path, place in settings.getwithbase(name).items():
        if path and place is not None:
            load_object(place if isinstance(place, str) else path)
for name in %r:
    __import__("spiders." + name)
print(json.dumps({"commands": sorted(commands), "modules": sorted(sys.modules)}))
"""


def test_a_crawl_loads_only_what_it_needs() -> None:
    code = START % (spider_names(),)
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    assert {"crawl", "query", "ledger", "schedule"} <= set(found["commands"])
    loaded = {name for name in LATER if name in found["modules"]}
    assert loaded == set()
