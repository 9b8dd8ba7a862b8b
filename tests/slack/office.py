"""A workplace for conversations: the local workspace, and the real bot connected to it on a database of its own."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import inspect

from bot.actions import workflows
from bot.actions.checklists import checklist_of
from bot.actions.desk import Asked, Desk
from bot.actions.teams import TeamEntry
from bot.actions.workflows import Beginning
from bot.domain.checklists import Row
from bot.domain.items import ItemKey
from bot.domain.people import Person
from bot.domain.workflows import Role, Workflow
from bot.ports import Draft, unsaved
from bot.sandbox.cast import Channel
from bot.sandbox.clock import MovableClock
from bot.sandbox.delivery import Ack, Parcel, ParcelKind
from bot.sandbox.faults import Fault
from bot.sandbox.rooms import Room
from bot.sandbox.server import Server
from bot.sandbox.workspace import Workspace
from bot.settings import Settings
from bot.slack.directory import SlackDirectory
from bot.slack.pace import Pace
from bot.wiring import Bot, build
from store.outbox import oldest_due
from tests.slack.cast import ANA, EVERYONE, make_cast, rollout_app
from tests.slack.conversation import PATIENCE_S, Someone
from tests.slack.hiring import LEASE_S, Busy, environ_for, with_lease
from tests.slack.reading import Json

MONDAY = datetime(2026, 3, 9, 10, tzinfo=UTC)
"""When every office opens: no weekend is near, and in Lisbon it is the same date."""

_LEDGER = frozenset({"audit", "audit_head", "texts", "people", "marks", "idempotency", "replayed", "drafts"})
"""What a refusal may leave behind: its record, who asked, the mark that someone was met, and what they had typed."""


@dataclass(frozen=True, slots=True)
class Case:
    """A workflow that exists when a test begins, and the channel of its team."""

    office: "Office"
    id: str
    name: str
    room: str

    @property
    def workflow(self) -> Workflow:
        """The workflow as it stands."""
        with self.office.desk.reading() as view:
            return view.workflow_by_id(self.id)

    def row(self, item: str) -> Row:
        """One line of its checklist as it stands."""
        with self.office.desk.reading() as view:
            found = checklist_of(view, view.workflow_by_id(self.id), self.office.clock.now())
        return found.row(ItemKey.parse(item))


class Office:
    """The workspace and its bot; `problems` are the rules of Slack's that the bot broke."""

    def __init__(self, folder: Path, mode: Literal["socket", "http"] = "socket", **settings: str) -> None:
        """`settings` are environment variables in place of the usual ones."""
        self.app = rollout_app()
        if mode == "http":
            self.app = replace(self.app, socket_mode=False)
        self.clock = MovableClock(MONDAY)
        self.workspace = Workspace(make_cast(self.app), self.clock, retry_delays_s=(0.0,))
        self.server = Server(self.workspace)
        self.server.start()
        self.database_url = f"sqlite:///{folder / 'rollout.db'}"
        self.settings = Settings.read(environ_for(self.server.url, self.app, self.database_url, mode, **settings))
        self.draft: Draft | None = None
        self._numbers = count(1)
        self._expected: list[str] = []
        self._tolerated: list[str] = []
        self._judged = 0
        self.bot = self.hire()

    def hire(self) -> Bot:
        """A bot that has begun to work here."""
        parts = with_lease(build(self.settings, self.clock), LEASE_S)
        parts.desk.draft = self.draft or parts.desk.draft
        self.busy = Busy(parts.executors)
        self.bot = Bot(parts)
        self.bot.start()
        if self.bot.web and parts.settings.mode == "http":
            self.workspace.request_urls[self.app.id] = f"http://127.0.0.1:{self.bot.web.port}/slack/events"
        else:
            self.until(lambda: self.app.id in self.workspace.connected, "the bot's connection")
        return self.bot

    def dismiss(self) -> None:
        """The bot stopped, the workspace still there."""
        connection = self.bot._socket
        if connection is not None:
            # The SDK waits up to three seconds for a last frame before it lets go, unless the other end does so first.
            connection.client.auto_reconnect_enabled = connection.client.default_auto_reconnect_enabled = False
            self.server.run(self.server.delivery.sockets.hang_up("abrupt"))
            session = connection.client.current_session
            self.until(lambda: session is None or session.sock is None, "the end of the connection")
            connection.client.message_queue.put('{"type": "hello"}')
        self.bot.stop()

    def close(self) -> None:
        """Everything stopped."""
        self.dismiss()
        self.server.stop()

    # Who and where

    @property
    def desk(self) -> Desk:
        """Where the bot's changes begin, for what a test needs to find done."""
        return self.bot.parts.desk

    @property
    def pace(self) -> Pace:
        """How fast people may go."""
        return self.bot.parts.pace

    def person(self, user: str) -> Someone:
        """Someone who begins to talk now, with no window open."""
        self.workspace.views.clear(user)
        return Someone(self.server, user, self.app.id)

    def reader(self, case: Case, user: str = ANA) -> Someone:
        """Someone with a workflow's checklist in front of them."""
        return self.person(user).types(f"/rollout checklist {case.name}", in_=case.room)

    def room(
        self,
        name: str = "support",
        *,
        without_bot: bool = False,
        members: tuple[str, ...] = EVERYONE,
        private: bool = False,
        shared: bool = False,
    ) -> str:
        """A new channel, public unless it is `private`, where nobody has spoken yet; `shared` with a partner."""
        number = next(self._numbers)
        inside = members if without_bot else (*members, self.app.bot_user)
        channel = Channel(f"C{number:07d}", f"{name}-{number}", inside, private=private, ext_shared=shared)

        async def make() -> None:
            self.workspace.rooms[channel.id] = Room.from_channel(channel, self.workspace.now_s())

        self.server.run(make())
        return channel.id

    def fresh(self, stem: str = "refunds") -> str:
        """A workflow's name that nobody has used."""
        return f"{stem}_{next(self._numbers)}"

    def case(
        self,
        *,
        day: int = 1,
        stem: str = "refunds",
        playbook: str = "ninety_day",
        roles: Mapping[Role, str] | None = None,
        approvers: tuple[str, ...] = (),
        room: str | None = None,
    ) -> Case:
        """A workflow of Ana's on its `day`, with a team and a channel of its own; its announcement is read already."""
        at = room or self.room(stem)
        name = self.fresh(stem)
        ana = self.desk.actor(ANA)
        everyone = {Role.OWNER: ANA, Role.STEWARD: ANA, **(roles or {})}
        today = self.clock.now().date()
        beginning = Beginning(
            name=name,
            purpose="Proposes refunds.",
            playbook=playbook,
            new_team=TeamEntry(
                name=f"Team of {name}",
                channel=at,
                approvers=tuple(self._known(user) for user in approvers),
                zone="Europe/Lisbon",
            ),
            start_on=today - timedelta(days=day - 1),
            roles={role: self._known(user) for role, user in everyone.items()},
        )
        _, started = self.desk.do(Asked(ana), workflows.start, beginning)
        self.settle()
        return Case(self, started.workflow_id, name, at)

    def _known(self, user: str) -> Person:
        return unsaved(self.desk.directory.account(user))

    def passes(self, **time: float) -> None:
        """Lets time go by, as for `timedelta`, once the bot is at rest; then its clock ticks."""
        self.settle()
        self.clock.advance(timedelta(**time).total_seconds())
        self.bot.parts.schedule.tick()

    def day_after(self, days: int) -> date:
        """The date that many days from now."""
        return self.clock.now().date() + timedelta(days=days)

    # Faults, forgery, and waiting

    def fails(self, method: str, kind: Any, **more: Any) -> None:
        """The next calls of a method go wrong."""
        self.workspace.faults.add(Fault(method, kind, **more))

    def forges(self, kind: ParcelKind, payload: Json) -> Ack:
        """Sends the bot a payload that no client of Slack's would, and gives its acknowledgement."""
        return self.server.run(self.server.delivery.ask(self.app, Parcel(kind, payload), "forgery"))

    def forget_people(self) -> None:
        """Makes the bot ask Slack anew who everyone is, and forget how fast they went in the test before."""
        directory = self.desk.directory
        assert isinstance(directory, SlackDirectory)
        lookups: tuple[Any, ...] = (directory._accounts, directory._groups)
        for kept in lookups:
            for key, (_, value) in tuple(kept._values.items()):
                kept.put(key, value, 0.0)
        directory._silent_until_s = 0.0
        self.pace._buckets.clear()

    def until(self, holds: Callable[[], object], what: str) -> None:
        """Returns as soon as `holds()`; AssertionError naming `what` if that takes too long."""
        end = time.monotonic() + PATIENCE_S
        while not holds():
            assert time.monotonic() < end, f"{what} did not come."
            time.sleep(0.01)

    def settle(self) -> None:
        """Returns when the bot has nothing under way and nothing to tell that is due."""
        self.until(lambda: self.busy.is_idle() and not self._untold(), "the end of the bot's work")

    def _untold(self) -> bool:
        parts = self.bot.parts
        with parts.desk.store.database.reading() as connection:
            waiting = oldest_due(connection, self.clock.now()) is not None
        if waiting:
            parts.courier.wake()
        return waiting

    # What is kept

    def rows(self) -> dict[str, tuple[str, ...]]:
        """Every row of every table, so that two looks can be compared."""
        with self.desk.store.database.reading() as connection:
            return {
                name: tuple(sorted(repr(row) for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"')))
                for name in inspect(connection).get_table_names()
            }

    @contextmanager
    def nothing_changes(self) -> Iterator[None]:
        """Makes sure that no row changes meanwhile but those that record a refusal."""
        self.settle()
        before = self.rows()
        yield
        self.settle()
        after = self.rows()
        changed = {name for name in before if before[name] != after[name]} - _LEDGER
        assert not changed, f"Rows changed in {sorted(changed)}."
        news = set(after["audit"]) - set(before["audit"])
        assert all("'denied'" in row for row in news), f"More than a refusal was recorded: {sorted(news)}"

    # What Slack thought of it

    def expects_problem(self, *words: str) -> None:
        """Says that this test makes the bot break a rule; the log's sentence about it holds one of these words."""
        self._expected += words

    def tolerates_problem(self, *words: str) -> None:
        """Says that a rule may be broken in this test, or may not: that is left to chance."""
        self._tolerated += words

    def judge(self) -> None:
        """Fails if the bot broke a rule of Slack's since the last time, or one was expected and did not come."""
        problems = self.workspace.journal.problems
        news = [entry.summary for entry in problems[self._judged :]]
        self._judged = len(problems)
        expected, self._expected = self._expected, []
        tolerated, self._tolerated = self._tolerated, []
        unexpected = [one for one in news if not any(part in one for part in (*expected, *tolerated))]
        missed = [part for part in expected if not any(part in one for one in news)]
        assert not unexpected, "Slack's rules were broken:\n" + "\n".join(unexpected)
        assert not missed, f"These problems were expected and did not come: {missed}"
