"""The scheduler when things fail, with a real store; scrapyd is replaced only to force its faults."""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from svcsat_crawler.schedule.decisions import Jobs, State
from svcsat_crawler.schedule.lease import Held, Lease
from svcsat_crawler.schedule.memory import Memory
from svcsat_crawler.schedule.runner import Runner
from svcsat_crawler.schedule.scrapyd import Scrapyd, ScrapydAway, ScrapydError, ScrapydRefused
from svcsat_crawler.schedule.timetable import Entry, ScheduleError
from svcsat_crawler.storage import embedded
from svcsat_crawler.storage.documents import now
from svcsat_crawler.storage.live_runs import CLOCK_SET, FOREIGN_RUN, alive
from svcsat_crawler.storage.mongo import Store
from svcsat_crawler.terminal.schedule import File
from tests.building import ROOT, settings
from tests.schedule.conftest import free_port, wait_for

HOUR = timedelta(hours=1)


class Troubled(Scrapyd):
    """A scrapyd that answers as it is told and keeps what it was asked for."""

    def __init__(self) -> None:
        super().__init__("http://127.0.0.1:1")
        self.known = Jobs({}, {}, frozenset())
        self.trouble: ScrapydError | None = None
        self.asked: list[tuple[str, str, dict[str, str]]] = []

    def jobs(self) -> Jobs:
        return self.known

    def schedule(
        self, spider: str, job: str, arguments: Mapping[str, str], settings: Mapping[str, str]
    ) -> None:
        self.asked.append((spider, job, dict(arguments)))
        if self.trouble:
            raise self.trouble


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("store") / "data"
    yield folder
    embedded.stop(folder)


@pytest.fixture
def store(data: Path) -> Iterator[Store]:
    with Store.from_environment({"SVCSAT_DATA_DIR": str(data), "SVCSAT_STORE_IDLE": "60"}) as opened:
        opened.database.client.drop_database(opened.database)
        opened.prepare()
        yield opened


@pytest.fixture
def memory(store: Store) -> Memory:
    return Memory(store)


@pytest.fixture
def scrapyd() -> Troubled:
    return Troubled()


def due(memory: Memory, name: str = "a", spider: str = "ep18") -> Entry:
    """Return an entry that came due an hour ago and is remembered from before that."""
    planned = now() - HOUR
    entry = Entry(name, spider, f"{planned.minute} {planned.hour} * * *", "UTC", arguments={"since": "2021"})
    memory.save(State(name, spider, entry.times, planned - HOUR), now())
    return entry


def runner(entries: list[Entry], store: Store, scrapyd: Scrapyd) -> Runner:
    made = Runner(lambda: entries, store, scrapyd)
    made.lease.take(now())
    return made


def test_what_scrapyd_refuses_is_said_once_and_asked_for_until_it_is_taken(
    store: Store, memory: Memory, scrapyd: Troubled, caplog: pytest.LogCaptureFixture
) -> None:
    made = runner([due(memory)], store, scrapyd)
    scrapyd.trouble = ScrapydRefused("spider 'ep18' not found")
    for _ in range(3):
        made.look()
    assert len(scrapyd.asked) == 3
    assert [record.message for record in caplog.records] == ["a: refused: spider 'ep18' not found"]
    state = memory.states()["a"]
    assert (state.phase, state.job, state.waits) == ("idle", None, "spider 'ep18' not found")
    scrapyd.trouble = None
    made.look()
    state = memory.states()["a"]
    assert (state.phase, state.waits, state.asks) == ("asked", "", 1)
    assert scrapyd.asked[-1] == ("ep18", state.job, {"since": "2021"})
    made.look()
    assert len(scrapyd.asked) == 4


def test_an_ask_without_an_answer_is_not_repeated_while_it_may_have_arrived(
    store: Store, memory: Memory, scrapyd: Troubled
) -> None:
    made = runner([due(memory), due(memory, "b")], store, scrapyd)
    scrapyd.trouble = ScrapydAway("no answer")
    made.look()
    scrapyd.trouble = None
    made.look()
    assert len(scrapyd.asked) == 1
    state = memory.states()["a"]
    assert (state.phase, state.missing is None) == ("asked", False)
    assert memory.states()["b"].waits == f"ep18 is under way as {state.job}"
    assert state.job
    scrapyd.known = Jobs({state.job: "ep18"}, {}, frozenset())
    made.look()
    assert memory.states()["a"].missing is None
    events = list(store.database.events.find({"kind": "schedule", "key": "a"}))
    assert [event["title"].partition("; ")[2] for event in events] == ["no answer (no answer)"]


def test_a_kill_between_remembering_and_asking_loses_nothing(
    store: Store, memory: Memory, scrapyd: Troubled
) -> None:
    entries = [due(memory)]

    class Killed(BaseException):
        pass

    def killed(*_: object) -> None:
        raise Killed

    scrapyd.schedule = killed  # type: ignore[method-assign]
    first = runner(entries, store, scrapyd)
    with pytest.raises(Killed):
        first.look()
    assert memory.states()["a"].phase == "asked"
    first.lease.release()
    later = Troubled()
    second = Runner(lambda: entries, store, later, lambda: now() + HOUR)
    second.lease.take(now() + HOUR)
    second.look()
    assert later.asked == []
    third = Runner(lambda: entries, store, later, lambda: now() + 2 * HOUR)
    second.lease.release()
    third.lease.take(now() + 2 * HOUR)
    third.look()
    assert [spider for spider, _, _ in later.asked] == ["ep18"]


def waiting(*words: str) -> subprocess.Popen[bytes]:
    """Start a process whose command line holds *words* and that does nothing."""
    process = subprocess.Popen(
        [sys.executable, "-c", "print(flush=True); input()", *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout
    process.stdout.readline()  # its command line is not there from the first moment on
    return process


def test_a_crawl_that_somebody_began_by_hand_is_waited_for(
    store: Store, memory: Memory, scrapyd: Troubled
) -> None:
    with waiting("crawl", "ep18") as hand:
        record = {"host": socket.gethostname(), "pid": hand.pid, "started": now(), "finished": None}
        store.database.runs.insert_one(
            {"_id": "by-hand", "spider": "ep18", "verdict": "running", "cause": "", **record}
        )
        made = runner([due(memory)], store, scrapyd)
        made.look()
        assert memory.states()["a"].waits == "ep18 is under way as by-hand"
        hand.kill()
    made.look()
    assert len(scrapyd.asked) == 1


def test_which_process_is_a_run() -> None:
    at = now()
    record = {"_id": "a-1", "spider": "ep18", "host": socket.gethostname(), "pid": os.getpid(), "started": at}
    assert not alive(record, at)  # the number is that of another program now
    assert not alive({**record, "pid": 2**22 + 1}, at)
    for word, found in (("_job=a-1", True), ("_job=a-2", False)):
        with waiting("crawl", "ep18", "-a", word) as process:
            here = {**record, "pid": process.pid}
            assert alive(here, at) is found
            assert not alive({**here, "started": at - CLOCK_SET - timedelta(minutes=1)}, at)
            process.kill()
    elsewhere = {**record, "host": "elsewhere"}
    assert alive(elsewhere, at)
    assert not alive(elsewhere, at + FOREIGN_RUN)


def test_a_wrong_timetable_leaves_the_one_of_before(
    store: Store, memory: Memory, scrapyd: Troubled, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "schedule")
    entries = [due(memory)]
    wrong = False

    def read() -> list[Entry]:
        if wrong:
            raise ScheduleError("[a] has no cron")
        return list(entries)

    made = Runner(read, store, scrapyd)
    made.lease.take(now())
    wrong = True
    made.look()
    made.look()
    assert len(scrapyd.asked) == 1
    wrong = False
    entries.append(due(memory, "b", "finews"))
    made.look()
    assert [spider for spider, _, _ in scrapyd.asked] == ["ep18", "finews"]
    said = [record.message for record in caplog.records]
    assert said.count("timetable: [a] has no cron; the timetable of before counts") == 1
    assert "timetable: works again" in said
    assert "the timetable has changed: a, b" in said


def test_a_store_that_goes_away_is_said_once_and_brought_back(
    tmp_path: Path, scrapyd: Troubled, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    data = tmp_path / "data"
    with Store.from_environment({"SVCSAT_DATA_DIR": str(data), "SVCSAT_STORE_IDLE": "60"}) as own:
        own.prepare()
        made = runner([due(Memory(own))], own, scrapyd)
        embedded.stop(data)
        made.look()
        assert scrapyd.asked == []
        made.look()
        assert len(scrapyd.asked) == 1
    embedded.stop(data)
    said = [record.message for record in caplog.records if record.name != "schedule"]
    assert [" away: " in message for message in said if message.startswith("the store")] == [True, False]


def test_one_scheduler_at_a_time(memory: Memory) -> None:
    at = now()
    first, second = Lease(memory), Lease(memory)
    first.take(at)
    with pytest.raises(Held, match=rf"runs on {socket.gethostname()} \(process {os.getpid()}, since"):
        second.take(at)
    first.renew(at + HOUR)
    with pytest.raises(Held):
        second.take(at + HOUR)
    second.take(at + 2 * HOUR)  # the first has been silent for an hour
    with pytest.raises(Held, match="has taken over"):
        first.renew(at + 2 * HOUR)
    first.release()
    with pytest.raises(Held):
        Lease(memory).take(at + 2 * HOUR)
    second.release()
    Lease(memory).take(at)


def test_a_killed_scheduler_holds_nobody_up(store: Store, memory: Memory) -> None:
    Lease(memory).take(now())
    with subprocess.Popen(["true"]) as gone:
        gone.wait()
    store.database.meta.update_one({"_id": "scheduler"}, {"$set": {"pid": gone.pid}})
    Lease(memory).take(now())


def test_of_many_that_start_at_once_one_runs(store: Store) -> None:
    taken: list[bool] = []
    start = threading.Barrier(8)

    def take() -> None:
        lease = Lease(Memory(store))
        start.wait()
        try:
            lease.take(now())
        except Held:
            taken.append(False)
        else:
            taken.append(True)

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [False] * 7 + [True]


def schedule(
    *words: str,
    data: Path,
    folder: Path,
    name: str = "table.toml",
    text: str = '[a]\nspider = "ep18"\ncron = "0 6 * * *"',
) -> subprocess.Popen[str]:
    """Start ``scrapy schedule`` on a timetable of its own, with a scrapyd that is not there."""
    (folder / name).write_text(text)
    return subprocess.Popen(
        [sys.executable, "-m", "scrapy", "schedule", *words, "--file", str(folder / name)],
        cwd=ROOT,
        env={**os.environ, "SVCSAT_DATA_DIR": str(data), "SCRAPYD_URL": f"http://127.0.0.1:{free_port()}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_the_command(store: Store, memory: Memory, data: Path, tmp_path: Path) -> None:
    """Started, a second one refused, shown, told to stop."""
    first = schedule("run", "--every", "0.5", data=data, folder=tmp_path)
    wait_for(lambda: store.database.meta.find_one({"_id": "scheduler"}), 60)
    second = schedule("run", data=data, folder=tmp_path)
    wrong = schedule("check", data=data, folder=tmp_path, name="wrong.toml", text="[a]")
    out, err = wrong.communicate(timeout=60)
    assert (wrong.returncode, out) == (2, "")
    assert err == "scrapy schedule: wrong.toml: [a] has no spider: an entry needs spider and cron\n"
    out, err = second.communicate(timeout=60)
    assert (second.returncode, out, err.count("\n")) == (1, "", 1)
    assert f"another scheduler runs on {socket.gethostname()} (process {first.pid}" in err
    later = now() - 9 * HOUR
    memory.save(
        State(
            "a",
            "ep18",
            "x",
            now(),
            "done",
            later,
            "a-1",
            1,
            later,
            skipped=now(),
            verdict="incomplete",
            cause="why",
        ),
        now(),
    )
    shown = schedule("show", data=data, folder=tmp_path)
    out, err = shown.communicate(timeout=60)
    assert (shown.returncode, err) == (0, "")
    for word in ("last run", "next run", "06:00", "incomplete – why", "skipped", f"process {first.pid}"):
        assert word in out
    assert max(map(len, out.splitlines())) <= 80
    first.send_signal(signal.SIGTERM)
    out, err = first.communicate(timeout=60)
    assert (first.returncode, out) == (0, "")
    assert err.splitlines()[-1].endswith("INFO: stopped")
    assert err.count("does not answer") == 1
    assert store.database.meta.find_one({"_id": "scheduler"}) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[a]\nspider = "ep19"\ncron = "0 6 * * *"', "[a] spider = 'ep19': unknown, there are ep18, finews"),
        (
            '[a]\nspider = "ep18"\ncron = "0 6 * * *"\narguments = { max_pages = 0 }',
            "[a] arguments: max_pages='0' is no whole number from 1",
        ),
    ],
)
def test_what_the_spider_would_refuse_is_refused_before(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "table.toml").write_text(text)
    with pytest.raises(ScheduleError) as caught:
        File(tmp_path / "table.toml", settings()).entries()
    assert str(caught.value).startswith(f"table.toml: {said}")
    assert "\n" not in str(caught.value)


def test_a_timetable_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ScheduleError, match=f"{tmp_path}/none.toml cannot be read: No such file"):
        File(tmp_path / "none.toml", settings()).entries()
