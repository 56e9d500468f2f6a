"""One message for each change of state, on the real store, to every channel that does not know it yet."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from svcsat_crawler.notifying import memory
from svcsat_crawler.notifying.channels import configured
from svcsat_crawler.notifying.telling import Told, tell
from svcsat_crawler.storage.documents import now
from svcsat_crawler.storage.mongo import Store
from tests.notifying.conftest import Robots

BEGIN = datetime(2026, 10, 22, 6, tzinfo=UTC)
LAYOUT = [{"kind": "layout", "text": "the page layout has changed: 5 of 5 articles"}]
CHARSET = [{"kind": "charset", "text": "charset: 4 pages hold bytes that fit none"}]


class Runs:
    """Puts one run after the other into the store and tells."""

    def __init__(self, store: Store, robots: Robots) -> None:
        self.store, self.robots, self.number = store, robots, 0
        self.environment = robots.environment

    def add(self, verdict: str, causes: list[dict[str, str]] | None = None, **more: Any) -> None:
        self.number += 1
        started = BEGIN + timedelta(hours=self.number)
        walk = {"name": "企业风采", "url": "http://ep18.cn/a/", "last_url": "http://ep18.cn/a/2.html"}
        run = {
            "spider": "ep18",
            "verdict": verdict,
            "cause": "; ".join(cause["text"] for cause in causes or ()),
            "causes": causes or [],
            "started": started,
            "finished": started + timedelta(minutes=5),
            "counts": {"new": 3, "facts": 12},
            "lists": [{**walk, "pages": 1, "stopped": "failed" if causes else "end"}],
            **more,
        }
        self.store.database.runs.insert_one({"_id": f"ep18-{self.number}", **run})

    def tell(self) -> list[Told]:
        return tell(self.store, configured(self.environment), waits=(0.0,))

    def then(self, *run: Any, **more: Any) -> list[str]:
        """Add a run, tell, and return the new texts that came to the plain webhook."""
        before = len(self.robots.texts("/plain"))
        self.add(*run, **more)
        self.tell()
        return self.robots.texts("/plain")[before:]


@pytest.fixture
def runs(store: Store, robots: Robots) -> Runs:
    return Runs(store, robots)


def test_one_message_for_each_change(runs: Runs) -> None:
    assert runs.then("good") == []
    [broken] = runs.then("broken", LAYOUT)
    assert runs.then("broken", LAYOUT) == []
    assert runs.then("broken", LAYOUT) == []
    [other] = runs.then("broken", [*LAYOUT, *CHARSET])
    [good] = runs.then("no news")
    assert runs.then("good") == []
    assert "【采集故障】ep18：网页版式已改变" in broken
    for text in (
        "企业风采 第 2 页",
        "http://ep18.cn/a/2.html",
        "新增 3 · 指标 12",
        "ep18-2",
        "scrapy propose ep18",
    ):
        assert text in broken
    assert "2026-10-22 16:05" in broken  # the end of the run that showed it first, in Beijing time
    assert "网页编码无法识别" in other
    assert "已恢复正常" in good
    for path in ("/cgi-bin", "/robot", "/open-apis"):
        assert len(runs.robots.texts(path)) == 3


def test_changes_are_events(runs: Runs) -> None:
    runs.then("broken", LAYOUT)
    runs.then("good")
    events = list(runs.store.database.events.find({"kind": "state_changed"}).sort("at", 1))
    assert [(event["job"], event["name"]) for event in events] == [
        ("ep18-1", "broken: layout"),
        ("ep18-2", "good"),
    ]


def test_a_failed_sending_is_tried_next_time_on_that_channel_alone(runs: Runs) -> None:
    right = runs.environment
    runs.environment = {**right, "SVCSAT_NOTIFY_FEISHU_SECRET": "wrong"}
    assert len(runs.then("broken", LAYOUT)) == 1
    runs.environment = right
    [told] = runs.tell()
    assert [(result.channel.name, result.reason) for result in told.results] == [("feishu", "")]
    assert runs.tell() == []
    assert len(runs.robots.texts("/plain")) == 1


def test_who_never_heard_of_the_trouble_hears_nothing_of_its_end(runs: Runs) -> None:
    right = runs.environment
    runs.environment = {**right, "SVCSAT_NOTIFY_FEISHU_SECRET": "wrong"}
    runs.then("broken", LAYOUT)
    runs.environment = right
    assert len(runs.then("good")) == 1
    assert len(runs.robots.texts("/open-apis")) == 1  # the one that was refused


def test_replays_and_running_ones_say_nothing_of_the_site(runs: Runs) -> None:
    runs.then("broken", LAYOUT)
    assert runs.then("good", lists=[]) == []
    assert runs.then("running") == []


def test_a_killed_run_is_a_state_of_its_own(runs: Runs) -> None:
    runs.add("incomplete")
    record = {"cause": "the process ended without a word (killed?)", "finished": None}
    runs.store.database.runs.update_one(
        {}, {"$set": record, "$unset": {"causes": 1, "lists": 1, "counts": 1}}
    )
    [told] = runs.tell()
    assert told.state.key == "incomplete: stopped"
    assert "killed?" in runs.robots.texts("/plain")[0]


def test_while_one_process_tells_no_other_does(runs: Runs) -> None:
    runs.then("broken", LAYOUT)
    runs.add("good")
    assert memory.claim(runs.store.database, "ep18", now())
    assert runs.tell() == []
    runs.store.database.meta.update_one({"_id": "notify:ep18"}, {"$set": {"busy_until": BEGIN}})
    assert len(runs.tell()) == 1  # the one that held it was killed
