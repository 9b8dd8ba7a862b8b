"""The stage: a desk on a throwaway database, a clock that the play sets, and the company of the plan."""

import io
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from bot.actions import signals, teams
from bot.actions.desk import Asked, Clocks, Configured, Desk, Turn
from bot.actions.teams import TeamEntry
from bot.domain.digests.audiences import LeadersPlace
from bot.domain.people import Actor, Membership, PrincipalKind, Through
from bot.intake import lines_of
from bot.ports import Account, Channel
from bot.simulation.figures import Told
from bot.simulation.hands import Member
from bot.simulation.plans import TeamPlan
from store import Database, Store
from store.migrating import upgrade

P = ParamSpec("P")
T = TypeVar("T")

SOURCES = Actor(PrincipalKind.SERVICE, "service:sources", "sources", Through.API)
AGENT = Actor(PrincipalKind.AGENT, "agent:house", "the agent", Through.API)


@dataclass(slots=True)
class PlayClock:
    """A clock that shows the instant that the play has reached."""

    at: datetime

    def now(self) -> datetime:
        """That instant."""
        return self.at


@dataclass(slots=True)
class Company:
    """The directory of the plan's people; whoever left is deactivated."""

    members: dict[str, Member]
    gone: set[str] = field(default_factory=set)

    def account(self, handle: str, *, fresh: bool = False) -> Account:
        """The account of somebody in the plan."""
        del fresh
        membership = Membership.DEACTIVATED if handle in self.gone else Membership.MEMBER
        return Account(handle, self.members[handle].name, "UTC", membership)

    def group_members(self, group: str) -> tuple[str, ...]:
        """Nobody: there are no groups."""
        del group
        return ()

    def channel(self, channel: str) -> Channel | None:
        """Every channel exists."""
        return Channel(channel, channel.lower())

    def link(self, channel: str, ts: str) -> str | None:
        """None: nothing is said anywhere."""
        del channel, ts
        return None


@dataclass(slots=True)
class Stage:
    """Where everything happens; `known` are ids of what was made, by workflow and by what the plan calls it.

    `waiting` are signals that were sent and not taken in yet: they are brought together, since each bringing is a
    change of its own.
    """

    desk: Desk
    clock: PlayClock
    company: Company
    known: dict[tuple[str, str], str] = field(default_factory=dict)
    waiting: list[Told] = field(default_factory=list)

    def do(self, by: str | Actor, act: Callable[Concatenate[Turn, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `act` returns, done by somebody of the company, or by an agent or a service."""
        actor = by if isinstance(by, Actor) else self.desk.actor(by)
        return self.desk.do(Asked(actor), act, *args, **kwargs)

    def send(self, told: Iterable[Told]) -> None:
        """Signals on their way, to be taken in before anything rests on them."""
        self.waiting += told

    def take_in(self, workflow: str | None = None) -> None:
        """Every signal of before now, or those about one workflow, taken in as one batch."""
        now = self.clock.now().isoformat()
        due = [each for each in self.waiting if _is_due(each, now, workflow)]
        if not due:
            return
        self.waiting = [each for each in self.waiting if not _is_due(each, now, workflow)]
        lines = "".join(f"{json.dumps(each)}\n" for each in due)
        taken = signals.take_in(self.desk, Asked(SOURCES), lines_of(io.StringIO(lines)))
        if taken.rejected or taken.duplicate:
            raise ValueError(f"Of the signals of the simulation {taken.rejected or taken.duplicate} were not new.")

    def make_team(self, plan: TeamPlan) -> None:
        """A team, made by its lead."""
        people = [self.desk.person(each.handle) for each in plan.approvers]
        entry = TeamEntry(
            name=plan.name,
            channel=plan.channel,
            lead=self.desk.person(plan.lead.handle),
            approvers=tuple(people),
            zone=plan.zone,
            hours=plan.hours,
        )
        self.do(plan.lead.handle, teams.make, entry)


def _is_due(told: Told, now: str, workflow: str | None) -> bool:
    return str(told["at"]) <= now and workflow in (None, told.get("workflow"))


@contextmanager
def raised(file: Path, company: Company, leaders: LeadersPlace, at: datetime) -> Iterator[Stage]:
    """A stage on a new database in that file, whose loss in a power cut would be no loss."""
    with closing(Database(f"sqlite:///{file}", is_durable=False)) as database:
        upgrade(database)
        clock = PlayClock(at)
        desk = Desk(Store(database), Clocks(clock, clock), company, Configured(leaders=leaders))
        yield Stage(desk, clock, company)
