"""What the stored articles count that no metric claims, added up by the store as Python adds it up."""

from __future__ import annotations

from svcsat_crawler.items import Unclaimed
from svcsat_crawler.metrics.others import tally
from svcsat_crawler.storage.documents import plain
from svcsat_crawler.storage.mongo import Store
from svcsat_crawler.storage.unclaimed import unclaimed_nouns

ARTICLES = {
    "ep18:1": [
        Unclaimed(head="光缆", unit="km", n=2, example="周一架设光缆8公里。"),
        Unclaimed(head="杆塔", unit="座", n=1, example="更换杆塔3座。"),
        Unclaimed(head="光缆", unit="条", n=1, example="光缆3条。"),
    ],
    "ep18:2": [
        Unclaimed(head="杆塔", unit="座", n=4, example="更换杆塔5座。"),
        Unclaimed(head="光缆", unit="km", n=1, example="架设光缆1公里。"),
    ],
    "ep18:3": [],
}


def test_the_store_adds_up_as_python_does(store: Store) -> None:
    for key, entries in ARTICLES.items():
        store.database.articles.insert_one({"_id": key, "unclaimed": [plain(entry) for entry in entries]})
    store.database.articles.insert_one({"_id": "ep18:4"})  # of a version that did not count
    assert unclaimed_nouns(store.database, 50) == tally(ARTICLES.values())
    assert unclaimed_nouns(store.database, 1) == tally(ARTICLES.values())[:1]
