"""The sources' own schedule: side by side, never twice at once, and in nobody's way."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from bot.actions.readings import Readings
from bot.schedule import JOBS, Schedule
from bot.sources.seam import Portion, Source
from store import Database
from tests.program import Program

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])


@dataclass
class Held:
    """A strand that is read as long as a test holds it."""

    key: str = "acme/macros"
    workflow: str = "refunds_agent"
    free: threading.Event = field(default_factory=threading.Event)
    runs: int = 0

    def read(self, cursor: str | None, until: datetime) -> Iterator[Portion]:
        """One empty portion, once it is let go."""
        del cursor, until
        self.runs += 1
        self.free.wait()
        yield Portion((), "a")


class Noting(ThreadPoolExecutor):
    """Threads that keep what was begun in them."""

    def __init__(self, threads: int) -> None:
        super().__init__(threads)
        self.runs: list[Future[Any]] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """The same, kept."""
        self.runs.append(super().submit(fn, *args, **kwargs))
        return self.runs[-1]


class Broken(Held):
    """A strand with a fault of ours."""

    def read(self, cursor: str | None, until: datetime) -> Iterator[Portion]:
        """Nothing."""
        del cursor, until
        raise ZeroDivisionError


@pytest.fixture
def program(database: Database) -> Program:
    """refunds_agent on its first day."""
    made = Program(database)
    made.start()
    return made


def state(program: Program) -> dict[str, tuple[bool, str]]:
    """Whether each source was read, and why not."""
    return {
        each.name: (each.read_at is not None, each.why_not or "") for each in program.ask(lambda v: v.sources.all())
    }


def test_a_slow_source_holds_up_neither_the_others_nor_the_schedule(program: Program) -> None:
    slow, quick = Held(), Held()
    quick.free.set()
    with Noting(2) as executor:
        try:
            readings = Readings(program.desk, lambda: (Source("slow", (slow,)), Source("quick", (quick,))), executor)
            program.desk.read_sources = readings.begin
            schedule = Schedule(program.desk, lambda: None)
            schedule.tick()
            executor.runs[1].result(timeout=30)
            program.later(minutes=15)
            schedule.tick()
            executor.runs[2].result(timeout=30)
            assert (quick.runs, len(executor.runs)) == (2, 3)
            assert state(program)["slow"] == (False, "")
        finally:
            slow.free.set()
    assert slow.runs == 1
    assert state(program) == {"slow": (True, ""), "quick": (True, "")}
    assert [job.every for job in JOBS if job.name == "read the sources"] == [timedelta(minutes=15)]


def test_a_fault_of_ours_is_said_with_a_reference_and_the_next_run_goes_on(program: Program) -> None:
    broken = Broken()
    with ThreadPoolExecutor(1) as executor:
        readings = Readings(program.desk, lambda: (Source("example", (broken,)),), executor)
        readings.begin()
    read, why = state(program)["example"]
    assert not read
    assert why.startswith("Something went wrong that Rollout did not expect (reference ")
    with ThreadPoolExecutor(1) as executor:
        mended = Held()
        mended.free.set()
        Readings(program.desk, lambda: (Source("example", (mended,)),), executor).begin()
    assert state(program)["example"] == (True, "")


def test_a_source_that_is_configured_no_more_is_no_gap(program: Program) -> None:
    held = Held()
    held.free.set()
    for configured in ((Source("one", (held,)),), ()):
        with ThreadPoolExecutor(1) as executor:
            Readings(program.desk, partial(tuple, configured), executor).begin()
    assert [each.name for each in program.ask(lambda view: view.sources.configured())] == []


def test_what_is_mapped_while_a_source_is_read_is_read_after_the_pause(program: Program) -> None:
    first, added = Held("acme/macros"), Held("acme/refunds")
    strands = [first]
    with Noting(1) as executor:
        try:
            readings = Readings(program.desk, lambda: (Source("github", tuple(strands)),), executor)
            readings.begin()
            strands.append(added)
            readings.begin()
        finally:
            first.free.set()
            added.free.set()
        executor.runs[0].result(timeout=30)
        assert (first.runs, added.runs) == (1, 0)
        program.later(seconds=30)
        readings.catch_up()
        executor.runs[1].result(timeout=30)
    assert (first.runs, added.runs) == (2, 1)
