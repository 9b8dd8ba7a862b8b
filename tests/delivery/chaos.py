"""`python -m tests.delivery.chaos --rounds 200 --engine postgresql`: real bots killed while digests are due.

Each round is one `kill -9` of a bot; digests are due to fifty teams a week, week after week, until all rounds are done.
Slack misbehaves too. It prints how many digests were due, stood twice, or never came. `--order naive` runs the same
bots without the look before a post, and must find doubles: it proves that the harness sees them.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

from sqlalchemy import func, select

from bot.actions import teams
from bot.actions.desk import Asked, Clocks, Configured, Desk
from bot.actions.teams import TeamEntry
from bot.clock import SystemClock
from bot.domain.digests.slots import latest_slot, slot_after
from bot.sandbox.cast import Channel
from bot.sandbox.clock import MovableClock
from bot.sandbox.faults import Fault
from bot.sandbox.server import Server
from bot.sandbox.web_api import WebApi
from bot.sandbox.workspace import Workspace
from bot.slack.directory import SlackDirectory
from bot.slack.messenger import slack_client
from store import Database, Store
from store.migrating import upgrade
from store.tables.digests import digests
from store.tables.ledger import outbox
from store.verification import verify
from tests.delivery.mortal import LEASE_S
from tests.delivery.strikes import Strikes
from tests.postgres import installed, running
from tests.slack.cast import ANA, EVERYONE, make_cast, rollout_app
from tests.slack.hiring import environ_for

ROOT = Path(__file__).parents[2]
EVE = datetime(2026, 3, 9, 8, 58, tzinfo=UTC)
ZONE = "UTC"
AUDIENCES = 50
KILLS_A_WEEK = 6
REPLICAS = {"sqlite": 1, "postgresql": 2}
PATIENCE_S = 60.0
FAULTS = ("http_500_before", "http_500_after", "drop_before", "drop_after", "truncated", "html", "ratelimited")


@dataclass(frozen=True, slots=True)
class Figures:
    """What came of it: `doubled` and `left` count second copies before and after the sweeps."""

    engine: str
    order: str
    seed: int
    rounds: int
    freezes: int
    due: int
    doubled: int
    left: int
    missing: int
    chain_whole: bool
    took_s: float


class Bots:
    """The bots that are at work, each replaced as soon as it is dead."""

    def __init__(self, nursery: subprocess.Popen[str], order: dict[str, object], count: int) -> None:
        self._nursery = nursery
        self._order = order
        self.alive = [self._born() for _ in range(count)]

    def _born(self) -> int:
        environ = self._order["environ"]
        assert isinstance(environ, dict)
        mine = environ | {"ROLLOUT_PORT": environ_port()}
        assert self._nursery.stdin
        assert self._nursery.stdout
        self._nursery.stdin.write(json.dumps(self._order | {"environ": mine}) + "\n")
        self._nursery.stdin.flush()
        return int(self._nursery.stdout.readline())

    def replace_the_dead(self) -> None:
        """As many bots as there should be."""
        self.alive = [bot if _lives(bot) else self._born() for bot in self.alive]

    def end(self) -> None:
        """No bot any more."""
        for bot in self.alive:
            if _lives(bot):
                os.kill(bot, signal.SIGCONT)
                os.kill(bot, signal.SIGKILL)


def environ_port() -> str:
    """A port on which nobody listens."""
    return environ_for("", rollout_app(), "", "http")["ROLLOUT_PORT"]


def _lives(bot: int) -> bool:
    try:
        os.kill(bot, 0)
    except ProcessLookupError:
        return False
    return True


class Newsroom:
    """A workspace with fifty teams that read digests, and the bots that post them."""

    def __init__(self, folder: Path, url: str, seed: int) -> None:
        self.folder, self.url = folder, url
        self.chance = random.Random(seed)
        self.strikes = Strikes(self.chance)
        self.freezes = 0
        app = rollout_app()
        self.app = replace(app, socket_mode=False)
        self.clock = MovableClock(EVE)
        rooms = tuple(Channel(f"C0TEAM{n:02d}", f"team-{n}", (*EVERYONE, app.bot_user)) for n in range(AUDIENCES))
        cast = make_cast(self.app)
        self.workspace = Workspace(replace(cast, channels=(*cast.channels, *rooms)), self.clock)
        self.rooms = tuple(room.id for room in rooms)
        self.database = Database(url)
        self.stopped: dict[int, float] = {}

    def tell_time(self) -> None:
        """The bots' clocks as Slack's is."""
        ahead_s = (self.clock.now() - datetime.now(UTC)).total_seconds()
        new = self.folder / "clock.new"
        new.write_text(f"{ahead_s:.6f}", "ascii")
        new.replace(self.folder / "clock")

    def move(self, to: datetime) -> None:
        """All clocks at that moment, if it lies ahead."""
        if to > self.clock.now():
            self.clock.move_to(to)
        self.tell_time()

    def found_teams(self, server: Server) -> None:
        """Fifty teams, each with a digest of its own."""
        upgrade(self.database)
        client = slack_client(self.app.bot_token, f"{server.url}/api/")
        desk = Desk(Store(self.database), Clocks(self.clock, SystemClock()), SlackDirectory(client), Configured())
        ana = Asked(desk.actor(ANA))
        for number, room in enumerate(self.rooms):
            entry = TeamEntry(name=f"Team {number}", channel=room, lead=desk.person(ANA), zone=ZONE)
            made = desk.do(ana, teams.make, entry)
            with desk.reading() as view:
                team = view.team_by_id(made.team_id)
            desk.do(ana, teams.edit, team, TeamEntry(digest=True))

    # A week

    def week(self, bots: Bots, kills: int, *, freezing: bool) -> tuple[int, int, int]:
        """One Monday with so many kills: second copies before and after the sweeps, and digests that did not come."""
        at = slot_after(latest_slot(ZONE, self.clock.now())).at
        before = self.strikes.kills
        self.strikes.plan(kills)
        self._misbehave()
        self.move(at)
        end = time.monotonic() + PATIENCE_S
        while not self._is_all_told(at, before + kills) and time.monotonic() < end:
            time.sleep(self.chance.uniform(0.02, 0.15))
            self._strike_anywhere(bots, before + kills, freezing=freezing)
            bots.replace_the_dead()
            # Waiting for Slack goes by the product's clock, which may run faster here.
            self.move(self.clock.now() + timedelta(seconds=1))
        self.strikes.waiting.clear()
        self.workspace.faults.clear()
        self._thaw(bots, everyone=True)
        doubled = self._extra(at)
        for minutes in (3, 16, 61):
            self.move(at + timedelta(minutes=minutes + 20))
            self._wait_for_sweeps(bots)
        self.move(slot_after(latest_slot(ZONE, self.clock.now())).at - timedelta(minutes=10))
        self._wait_for_sweeps(bots)
        return doubled, self._extra(at), sum(not self._copies(room, at) for room in self.rooms)

    def _misbehave(self) -> None:
        self.workspace.faults.clear()
        for _ in range(3):
            method = self.chance.choice(("chat.postMessage", "chat.postMessage", "conversations.history"))
            self.workspace.faults.add(Fault(method, self.chance.choice(FAULTS)))  # type: ignore[arg-type]

    def _strike_anywhere(self, bots: Bots, enough: int, *, freezing: bool) -> None:
        bot = self.chance.choice(bots.alive)
        draw = self.chance.random()
        self._thaw(bots)
        if self.strikes.kills < enough and draw < 0.06:
            if self.strikes.waiting:
                self.strikes.waiting.pop()
            self.strikes.kill(bot)
        elif freezing and draw > 0.98 and bot not in self.stopped and _lives(bot):
            os.kill(bot, signal.SIGSTOP)
            self.stopped[bot] = time.monotonic() + self.chance.uniform(0.5, 3) * LEASE_S
            self.freezes += 1

    def _thaw(self, bots: Bots, *, everyone: bool = False) -> None:
        now = time.monotonic()
        for bot, until in list(self.stopped.items()):
            if everyone or until < now:
                del self.stopped[bot]
                if _lives(bot):
                    os.kill(bot, signal.SIGCONT)

    def _copies(self, room: str, at: datetime) -> int:
        since = at.timestamp() - 1
        told = [one for one in tuple(self.workspace.rooms[room].messages.values()) if float(one["ts"]) >= since]
        return sum(str(one.get("text", "")).startswith("Digest ") for one in told)

    def _extra(self, at: datetime) -> int:
        return sum(max(0, self._copies(room, at) - 1) for room in self.rooms)

    def _is_all_told(self, at: datetime, kills: int) -> bool:
        with self.database.reading() as connection:
            posted = connection.scalar(select(func.count()).where(digests.c.slot_at == at, digests.c.state == "posted"))
            waiting = connection.scalar(
                select(func.count()).where(outbox.c.kind == "digest", outbox.c.state.in_(("pending", "sending")))
            )
        return (posted, waiting) == (AUDIENCES, 0)

    def _wait_for_sweeps(self, bots: Bots) -> None:
        end = time.monotonic() + PATIENCE_S
        now = self.clock.now()
        open_ = outbox.c.state.in_(("pending", "sending")) & (outbox.c.not_before <= now)
        due = select(func.count()).where(outbox.c.kind == "digest_sweep", open_)
        while time.monotonic() < end:
            bots.replace_the_dead()
            with self.database.reading() as connection:
                if not connection.scalar(due):
                    return
            time.sleep(0.05)


@contextmanager
def nursery() -> Iterator[subprocess.Popen[str]]:
    """The process that forks bots."""
    command = [sys.executable, "-m", "tests.delivery.mortal"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        try:
            yield process
        finally:
            process.terminate()


def run(engine: str, url: str, rounds: int, *, order: str = "careful", seed: int = 1, freezing: bool = True) -> Figures:
    """What came of so many kills on one database, which is empty."""
    begun_s = time.perf_counter()
    handle = WebApi.handle
    with ExitStack() as held, tempfile.TemporaryDirectory(prefix="rollout-chaos-") as folder:
        room = Newsroom(Path(folder), url, seed)
        held.enter_context(closing(room.database))
        WebApi.handle = room.strikes.around(handle)  # type: ignore[method-assign, assignment]
        held.callback(setattr, WebApi, "handle", handle)
        server = Server(room.workspace)
        server.start()
        held.callback(server.stop)
        room.tell_time()
        room.found_teams(server)
        environ = environ_for(server.url, room.app, url, "http")
        asked: dict[str, object] = {
            "environ": environ,
            "clock": f"{folder}/clock",
            "order": order,
            "log": f"{folder}/log",
        }
        bots = Bots(held.enter_context(nursery()), asked, REPLICAS[engine])
        held.callback(bots.end)
        weeks, sums = 0, Counter[str]()
        while room.strikes.kills < rounds and weeks < rounds:
            kills = min(KILLS_A_WEEK, rounds - room.strikes.kills)
            doubled, left, missing = room.week(bots, kills, freezing=freezing)
            sums.update(doubled=doubled, left=left, missing=missing)
            weeks += 1
        with room.database.reading() as connection:
            whole = verify(connection).ok
        return Figures(
            engine, order, seed, room.strikes.kills, room.freezes, weeks * AUDIENCES,
            sums["doubled"], sums["left"], sums["missing"], whole, round(time.perf_counter() - begun_s, 1),
        )  # fmt: skip


@contextmanager
def empty_database(engine: str) -> Iterator[str]:
    """The address of a database of its own."""
    if engine == "sqlite":
        with tempfile.TemporaryDirectory(prefix="rollout-chaos-") as folder:
            yield f"sqlite:///{folder}/rollout.db"
        return
    programs = installed()
    if programs is None:
        raise SystemExit("PostgreSQL is not installed (no initdb found); install it, or take --engine sqlite.")
    with running(programs) as server:
        yield server.url(server.create())


def main() -> None:
    """Run and print the figures; the exit status is 1 where a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=100, help="how many bots are killed")
    parser.add_argument("--engine", choices=tuple(REPLICAS), default="sqlite")
    parser.add_argument("--order", choices=("careful", "naive"), default="careful")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-freezes", action="store_true", help="kill only, never freeze")
    given = parser.parse_args()
    with empty_database(given.engine) as url:
        figures = run(
            given.engine, url, given.rounds, order=given.order, seed=given.seed, freezing=not given.no_freezes
        )
    out: IO[str] = sys.stdout
    print(json.dumps(asdict(figures)), file=out)
    kept = not figures.left and not figures.missing and figures.chain_whole
    sys.exit(0 if kept == (given.order == "careful") else 1)


if __name__ == "__main__":
    main()
