"""A program to act in: a desk on a database, clocks that stand where a test sets them, and short verbs."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import select

from bot.actions import checklists, closing, items, requests, teams, workflows
from bot.actions.desk import Asked, Clocks, Configured, Desk, Turn
from bot.actions.items import Place
from bot.actions.teams import TeamEntry
from bot.actions.workflows import Beginning, Correction
from bot.domain.checklists import Checklist, Row
from bot.domain.facts import Denied, Fact, PhaseChanged, ProofSeen
from bot.domain.items import ItemKey
from bot.domain.people import Actor, FreeText, Person
from bot.domain.playbook import PhaseName
from bot.domain.requests import Request
from bot.domain.statuses import Status
from bot.domain.teams import Team
from bot.domain.ticking import Given
from bot.domain.workflows import Outcome, Role, Workflow
from store import Database, Store, View, audit
from store.tables.ledger import outbox
from store.verification import Verification, verify
from tests.cast import MONDAY, SCHEDULER, SetClock, Workspace, handle_of

P = ParamSpec("P")
T = TypeVar("T")

NAME = "refunds_agent"


@dataclass(frozen=True, slots=True)
class Posted:
    """One thing that waits in the outbox."""

    kind: str
    target: str


class Program:
    """A desk on a database, and verbs for what people do there; `by` names one of the cast."""

    def __init__(self, database: Database) -> None:
        self.database, self.name = database, NAME
        self.clock, self.real = SetClock(MONDAY), SetClock(MONDAY)
        self.workspace = Workspace()
        clocks = Clocks(effective=self.clock, real=self.real)
        configured = Configured(admins=("UADA",), approvers=("SAPPROVERS",))
        self.desk = Desk(Store(database), clocks, self.workspace, configured)

    @property
    def at(self) -> datetime:
        """The time by which things are judged."""
        return self.clock.at

    def later(self, **spans: float) -> None:
        """Both clocks moved on, by `days=3` for instance."""
        self.clock.at += timedelta(**spans)
        self.real.at += timedelta(**spans)

    def actor(self, who: str | Actor) -> Actor:
        """One of the cast as they stand in Slack now."""
        return who if isinstance(who, Actor) else self.desk.actor(handle_of(who))

    def person(self, name: str) -> Person:
        """One of the cast as a person."""
        return self.desk.person(handle_of(name))

    def do(self, by: str | Actor, act: Callable[Concatenate[Turn, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `act` returns, done by one of the cast."""
        return self.desk.do(Asked(self.actor(by)), act, *args, **kwargs)

    # Teams and workflows

    def team(self, name: str = "Support", **entry: Any) -> Team:
        """A team led by lea, with bea and cem as approvers."""
        standard = TeamEntry(
            name=name,
            channel=f"C{name.upper()}",
            lead=self.person("lea"),
            approvers=(self.person("bea"), self.person("cem")),
            zone="Europe/Lisbon",
        )
        made = self.do("lea", teams.make, replace(standard, **entry))
        return self.ask(lambda view: view.team_by_id(made.team_id))

    def start(self, name: str | None = None, *, by: str = "ana", team: Team | None = None, **given: Any) -> Workflow:
        """A workflow of Support (made if need be), owned by ana with stu as its steward unless told otherwise."""
        roles = {Role(role): self.person(given.pop(role)) for role in list(given) if role in tuple(Role)}
        preset = {Role.OWNER: self.person("ana"), Role.STEWARD: self.person("stu")}
        of = team or self.ask(lambda view: view.team_named("Support")) or self.team()
        purpose = given.pop("purpose", "Drafts refunds for a person to send.")
        self.do(by, workflows.start, Beginning(name or self.name, purpose, team=of, roles=preset | roles, **given))
        return self.workflow(name)

    def pause(self, by: str = "ana", *, reason: str = "The vendor is down.", freeze: bool = False) -> Workflow:
        """The workflow paused."""
        self.do(by, workflows.pause, self.workflow(), reason, freeze=freeze)
        return self.workflow()

    def resume(self, by: str = "ana", *, reason: str = "It is back.") -> Workflow:
        """The workflow going on."""
        self.do(by, workflows.resume, self.workflow(), reason)
        return self.workflow()

    def edit(self, by: str = "ana", **fields: Any) -> Workflow:
        """The workflow corrected."""
        before = self.workflow()
        self.do(by, workflows.edit, before, Correction(**fields))
        return self.ask(lambda view: view.workflow_by_id(before.id))

    def close(self, by: str = "ana", outcome: Outcome = Outcome.STOPPED, reason: str = "No budget.") -> Workflow:
        """The workflow ended."""
        self.do(by, closing.close, self.workflow(), outcome, reason)
        return self.workflow()

    def give(self, role: Role, to: str, by: str = "ana") -> None:
        """A role in someone's hands."""
        self.do(by, workflows.give_role, self.workflow(), role, self.person(to))

    def vacate(self, role: Role, whose: str, by: str = "ana") -> None:
        """A role in nobody's hands."""
        self.do(by, workflows.vacate_role, self.workflow(), role, self.person(whose))

    def enter(self, phase: PhaseName) -> None:
        """The workflow in another phase, as a gate would write it."""
        here = self.workflow()
        self.write(
            PhaseChanged(
                workflow_id=here.id, seen_version=here.version, left=here.phase, entered=phase, because="sample"
            )
        )

    def see(self, kind: str, summary: str = "seen") -> None:
        """A proof of that kind, seen now."""
        self.write(ProofSeen(workflow_id=self.workflow().id, kind=kind, seen_at=self.at, summary=FreeText(summary)))

    def write(self, fact: Fact) -> None:
        """A fact as some later use case would record it."""

        def record(turn: Turn) -> None:
            turn.record(fact)

        self.do(SCHEDULER if isinstance(fact, ProofSeen) else "ana", record)

    # Items and requests

    def place(self, item: str, seen: int | None = None) -> Place:
        """Where an item of the workflow stands."""
        return Place(self.workflow().id, ItemKey.parse(item), seen)

    def check(self, item: str, by: str = "ana", *, evidence: str = "", note: str = "", seen: int | None = None) -> None:
        """An item ticked."""
        self.do(by, items.check, self.place(item, seen), Given(evidence, note))

    def block(self, item: str, by: str = "ana", *, reason: str = "No access yet.", seen: int | None = None) -> None:
        """An item blocked."""
        self.do(by, items.block, self.place(item, seen), reason)

    def reopen(self, item: str, by: str = "ana", *, note: str = "", seen: int | None = None) -> None:
        """An item opened again."""
        self.do(by, items.reopen, self.place(item, seen), note)

    def restore(self, item: str, by: str = "ana", *, seen: int | None = None) -> None:
        """An item as it was before its last change."""
        self.do(by, items.restore, self.place(item, seen))

    def assign(self, item: str, to: str, by: str = "ana", *, seen: int | None = None) -> None:
        """An item in someone's hands."""
        self.do(by, items.assign, self.place(item, seen), self.person(to))

    def ask_skip(self, item: str, by: str = "ana", *, days: int = 30, reason: str = "Not needed here.") -> str:
        """The id of a request to skip an item for so many days."""
        until = self.at.date() + timedelta(days=days)
        return self.do(by, requests.ask_skip, self.place(item), reason, until).request_id

    def ask_start(self, start_on: date, by: str = "ana", reason: str = "It began later.") -> str:
        """The id of a request for another start date."""
        return self.do(by, requests.ask_start_date, self.workflow(), start_on, reason).request_id

    def approve(self, request_id: str, by: str = "bea") -> None:
        """A request approved."""
        self.do(by, requests.approve, request_id, saw_no_data=True)

    def decline(self, request_id: str, by: str = "bea", reason: str = "It is needed.") -> None:
        """A request declined."""
        self.do(by, requests.decline, request_id, reason)

    def withdraw(self, request_id: str, by: str = "ana") -> None:
        """A request taken back."""
        self.do(by, requests.withdraw, request_id)

    def skip(self, item: str, *, days: int = 30) -> None:
        """An item skipped: ana asked and bea approved."""
        self.approve(self.ask_skip(item, days=days))

    def lapse(self) -> tuple[str, ...]:
        """The requests that lapse now, by their ids."""
        return tuple(fact.request_id for fact in self.do(SCHEDULER, requests.lapse))

    # Looks

    def ask(self, question: Callable[[View], T]) -> T:
        """The answer to one question to the store."""
        with self.desk.reading() as view:
            return question(view)

    def workflow(self, name: str | None = None) -> Workflow:
        """The workflow of that name, else the one that this program is about."""
        return self.ask(lambda view: view.workflow(name or self.name))

    def status(self) -> Status:
        """The status of the workflow."""
        with self.desk.reading() as view:
            return checklists.status_of(view, view.workflow(self.name), self.at)

    def kept(self) -> Status:
        """The same as this process remembers it, as long as it thinks that nothing changed."""
        with self.desk.reading() as view:
            look = self.desk.looks.at(view.marks(self.name), self.at)
            found: Status | None = look.known("status")
            return found or look.keep("status", checklists.status_of(view, view.workflow(self.name), self.at))

    def checklist(self) -> Checklist:
        """The checklist of the workflow."""
        return self.status().checklist

    def row(self, item: str) -> Row:
        """One row of it."""
        return self.checklist().row(ItemKey.parse(item))

    def request(self, request_id: str) -> Request:
        """A request as it stands."""
        return self.ask(lambda view: view.request(request_id))

    def chain(self) -> tuple[dict[str, Any], ...]:
        """Every audit record, oldest first."""
        with self.database.reading() as connection:
            return tuple(audit.export(connection))

    def facts(self) -> tuple[str, ...]:
        """The codes of everything recorded so far."""
        return tuple(record["fact"] for record in self.chain())

    def denials(self) -> int:
        """How many denials were recorded."""
        return self.facts().count(Denied.__name__.lower())

    def verify(self) -> Verification:
        """What a walk along the chain finds."""
        with self.database.reading() as connection:
            return verify(connection)

    def posted(self) -> tuple[Posted, ...]:
        """What was put into the outbox so far, in no telling order."""
        wanted = select(outbox.c.kind, outbox.c.target).order_by(outbox.c.kind, outbox.c.target)
        with self.database.reading() as connection:
            return tuple(Posted(row.kind, row.target) for row in connection.execute(wanted))
