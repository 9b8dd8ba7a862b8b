"""Ticks of items: how many a second, and how long the longest takes."""

import random
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field

from bot.actions import items
from bot.actions.desk import Asked, Clocks, Configured, Desk
from bot.actions.items import Place
from bot.clock import SystemClock
from bot.domain.items import ItemKey, ItemState
from bot.domain.people import Membership
from bot.domain.ticking import Given
from bot.ports import Account, Channel
from store import Database, Store
from tests.bench.figures import judge, ms, percentile, show
from tests.bench.program import Ground, Program, actor, person, workflow_name

SEED = 7
FOR_S = 3.0
THREADS = (1, 8)
PAUSE_S = 0.05
ITEM = ItemKey("scope_credentials")


class Everyone:
    """A directory in which everybody is a member, and which answers at once."""

    def account(self, handle: str, *, fresh: bool = False) -> Account:
        """The account of one of the sample people."""
        del fresh
        return Account(handle, person(int(handle[2:])).name, "Europe/Lisbon", Membership.MEMBER)

    def group_members(self, group: str) -> tuple[str, ...]:
        """Nobody."""
        del group
        return ()

    def channel(self, channel: str) -> Channel | None:
        """None."""
        del channel
        return None

    def link(self, channel: str, ts: str) -> str | None:
        """None: nobody says anything here."""
        del channel, ts
        return None


@dataclass(slots=True)
class Ticks:
    """The ticks done so far: how long each took."""

    began_s: float = field(default_factory=time.perf_counter)
    waits_s: list[float] = field(default_factory=list)

    @property
    def per_s(self) -> float:
        """How many were done a second until now."""
        return len(self.waits_s) / (time.perf_counter() - self.began_s)


def desk_on(database: Database) -> Desk:
    """A desk on that database, with the machine's clock."""
    clock = SystemClock()
    return Desk(Store(database), Clocks(clock, clock), Everyone(), Configured())


def tick(desk: Desk, number: int) -> None:
    """The item of that workflow ticked by its owner, or opened again if it was."""
    owner = actor(number)
    with desk.reading() as view:
        workflow = view.workflow(workflow_name(number))
        records = view.known((workflow.id,))[workflow.id].records
    place = Place(workflow.id, ITEM)
    if any(record.key == ITEM and record.state is ItemState.DONE for record in records):
        desk.do(Asked(owner), items.reopen, place, "")
    else:
        desk.do(Asked(owner), items.check, place, Given("https://wiki.example.org/credentials"))


@contextmanager
def ticking(program: Program) -> Iterator[Ticks]:
    """Ticks in the background, some twenty a second, from another process than the bot's."""
    over, ticks = threading.Event(), Ticks()

    def work(desk: Desk) -> None:
        while not over.wait(PAUSE_S):
            begun_s = time.perf_counter()
            tick(desk, len(ticks.waits_s) % program.size)
            ticks.waits_s.append(time.perf_counter() - begun_s)

    with closing(Database(program.url)) as database, ThreadPoolExecutor(1) as pool:
        working = pool.submit(work, desk_on(database))
        try:
            yield ticks
        finally:
            over.set()
            working.result()


def run(ground: Ground) -> None:
    """Prints ticks a second with one thread and with eight."""
    rows: list[tuple[object, ...]] = []
    longest_s = 0.0
    for threads in THREADS:
        ticks = _ticks(ground.program(100), threads)
        longest_s = max(ticks.waits_s)
        waits = (ms(percentile(ticks.waits_s, share)) for share in (0.5, 0.99))
        rows.append((threads, f"{len(ticks.waits_s) / FOR_S:.0f}", *waits, ms(longest_s)))
    show(
        "writes: ticking an item through Desk.do on SQLite (a look, the rules, the record, the audit, the commit)",
        f"100 workflows at random (seed {SEED}), {FOR_S} s; every commit waits for the disk",
        ("threads", "ticks/s", "p50 ms", "p99 ms", "max ms"),
        rows,
    )
    judge(f"longest wait under 250 ms with {THREADS[-1]} writers", met=longest_s < 0.25, figure=f"{ms(longest_s)} ms")


def _ticks(program: Program, threads: int) -> Ticks:
    with closing(Database(program.url)) as database, ThreadPoolExecutor(threads) as pool:
        desk, ticks = desk_on(database), Ticks()
        end_s = ticks.began_s + FOR_S

        def work(first: int) -> None:
            # Each thread has workflows of its own: what is measured is the wait for the database, not conflicts.
            mine = range(first, program.size, threads)
            choice = random.Random(SEED + first)
            while time.perf_counter() < end_s:
                begun_s = time.perf_counter()
                tick(desk, choice.choice(mine))
                ticks.waits_s.append(time.perf_counter() - begun_s)

        for done in [pool.submit(work, first) for first in range(threads)]:
            done.result()
        return ticks
