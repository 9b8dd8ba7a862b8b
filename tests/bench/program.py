"""A program to measure on: many workflows, each half-way through its playbook."""

import shutil
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from bot.actions import workflows
from bot.actions.authority import Deciders
from bot.actions.checklists import playbook_of
from bot.actions.desk import Turn
from bot.actions.teams import TeamEntry
from bot.actions.workflows import Beginning
from bot.clock import SystemClock
from bot.domain.facts import ItemBlocked, ItemDone, PhaseChanged, ProofSeen
from bot.domain.items import ItemState
from bot.domain.people import Actor, FreeText, Person, PrincipalKind, Through
from bot.domain.playbook import DoneWhen, Item, PhaseName, Playbook
from bot.domain.workflows import GATE_ROLES, Workflow
from store import Change, Circumstances, Database, Store
from store.migrating import upgrade

SIZES = (10, 100, 1000)
HALF_WAY = timedelta(days=44)
"""How long ago the workflows started: today is day 45 of 90."""

RECORDS = 20
"""How many items of each workflow somebody touched; the last two are blocked, the others done."""

PEOPLE = 40
PER_TEAM = 10
PER_TRANSACTION = 50
_PROOFS = (
    DoneWhen.ROLES, DoneWhen.SUCCESS_METRIC, DoneWhen.GUARDRAIL_METRIC, DoneWhen.SPEC, DoneWhen.KICKOFF_MEMO,
    DoneWhen.RED_LINES,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Program:
    """A SQLite file with `size` workflows."""

    size: int
    file: Path

    @property
    def url(self) -> str:
        """The database's address."""
        return f"sqlite:///{self.file}"

    @property
    def names(self) -> tuple[str, ...]:
        """The workflows' names."""
        return tuple(workflow_name(number) for number in range(self.size))


def workflow_name(number: int) -> str:
    """What the workflow with that number is called."""
    return f"agent_{number:04}"


def user(number: int) -> str:
    """The Slack user id of one of the sample people."""
    return f"U0{number % PEOPLE:04}"


def person(number: int) -> Person:
    """One of the sample people."""
    return Person("", user(number), f"Person {number % PEOPLE}", "Europe/Lisbon")


def actor(number: int) -> Actor:
    """The same, acting through Slack."""
    who = person(number)
    return Actor(PrincipalKind.HUMAN, user(number), who.name, Through.SLACK, who.zone)


def outsider() -> Actor:
    """Someone who has to do with no team."""
    return Actor(PrincipalKind.HUMAN, "U1OUTSIDE", "Someone", Through.SLACK, "Europe/Lisbon")


class Ground:
    """Where the bench works: a folder of its own, with a program of each size, made when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._growing = folder / "growing.db"
        self._there = 0
        self._copies = 0

    def program(self, size: int) -> Program:
        """A fresh copy of the program of that size; smaller ones are the beginning of larger ones."""
        kept = self.folder / f"kept-{size}.db"
        if not kept.exists():
            self._grow(size)
            shutil.copy(self._growing, kept)
        self._copies += 1
        file = self.folder / f"program-{self._copies}.db"
        shutil.copy(kept, file)
        return Program(size, file)

    def url(self, name: str) -> str:
        """The address of a database that does not exist yet."""
        return f"sqlite:///{self.folder / name}.db"

    def _grow(self, size: int) -> None:
        for each in SIZES:
            if self._there < each <= size:
                with closing(Database(f"sqlite:///{self._growing}")) as database:
                    upgrade(database)
                    fill(Store(database), range(self._there, each))
                self._there = each
                shutil.copy(self._growing, self.folder / f"kept-{each}.db")


def fill(store: Store, numbers: range) -> None:
    """Starts the workflows with those numbers, and records on each what half a playbook's work leaves behind."""
    now = SystemClock().now()
    for first in range(numbers.start, numbers.stop, PER_TRANSACTION):
        some = range(first, min(first + PER_TRANSACTION, numbers.stop))
        for at, act in ((now - HALF_WAY, _start), (now - HALF_WAY / 3, _work)):
            store.change(Circumstances(actor(0), at, now), partial(act, at=at, numbers=some))


def _start(change: Change, at: datetime, numbers: range) -> None:
    turn = Turn(change, actor(0), at, Deciders())
    for number in numbers:
        team = change.team_named(f"Team {number // PER_TEAM}")
        new = None if team else TeamEntry(f"Team {number // PER_TEAM}", f"C0{number:04}", person(number // PER_TEAM))
        roles = {role: person(number + place) for place, role in enumerate(GATE_ROLES)}
        workflows.start(
            turn,
            Beginning(
                name=workflow_name(number),
                purpose="Drafts answers to refund requests; a person sends them.",
                team=team,
                new_team=new,
                start_on=at.date(),
                roles=roles,
            ),
        )


def _work(change: Change, at: datetime, numbers: range) -> None:
    for number in numbers:
        workflow = change.workflow(workflow_name(number))
        done = _by_hand(playbook_of(change, workflow))[:RECORDS]
        for item in done[:-2]:
            change.record(_ticked(workflow, item))
        for item in done[-2:]:
            why = FreeText("Waits for the vendor's answer; Person 3 knows whom to ask.")
            change.record(
                ItemBlocked(workflow_id=workflow.id, item=item.id, seen_version=0, before=ItemState.OPEN, note=why)
            )
        for kind in _PROOFS:
            change.record(
                ProofSeen(workflow_id=workflow.id, kind=kind, seen_at=at, summary=FreeText(f"{kind} was seen"))
            )
        change.record(
            PhaseChanged(
                workflow_id=workflow.id,
                seen_version=workflow.version,
                left=PhaseName.PILOT,
                entered=PhaseName.PRODUCTION,
                because="the bench's sample program",
            )
        )


def _by_hand(playbook: Playbook) -> list[Item]:
    """The items that people tick themselves, in the order of the playbook."""
    windows = (window for phase in playbook.phases for window in phase.windows)
    return [item for window in windows for item in window.items if item.done_when is None]


def _ticked(workflow: Workflow, item: Item) -> ItemDone:
    return ItemDone(
        workflow_id=workflow.id,
        item=item.id,
        seen_version=0,
        before=ItemState.OPEN,
        evidence_kind=item.evidence,
        evidence=FreeText(f"https://wiki.example.org/{workflow.name}/{item.id}") if item.evidence else None,
    )
